import { describe, expect, it } from "vitest";
import { packColumn, unpackColumn } from "../../src/core/packedColumn.ts";
import { Random } from "../../src/core/random.ts";
import { sampleSpikes } from "../../src/core/spikeSample.ts";
import { interactivePage, pageData } from "../../src/io/write/interactivePage.ts";
import type { PageContents, PagePositions } from "../../src/protocol/interactivePage.ts";
import { packTree, unpackTree } from "../../src/protocol/packedTree.ts";
import { anchorOf, placesOf, readContents, spikesAt, waveformOf } from "../../src/viewer/contents.ts";
import { nearestOf } from "../../src/viewer/nearest.ts";

const random = new Random(7);
const n = 400;
const column = (low: number, high: number) =>
  Float64Array.from({ length: n }, () => low + (high - low) * random.uniform());

function positions(id: string, hasAlpha: boolean): PagePositions {
  const depthUm = column(0, 3840);
  depthUm[3] = Number.NaN;
  const logAlpha = hasAlpha ? Float32Array.from(column(0, 4.5)) : null;
  return { id, title: id, depthUm, xUm: column(-60, 90), zUm: column(-5, 120), logAlpha, alphaOf: "monopolar" };
}

function contents(): PageContents {
  const chosen = Int32Array.of(2, 5, 399);
  const [nSlots, nSamples] = [4, 12];
  const samples = Float32Array.from({ length: chosen.length * nSlots * nSamples }, () => 40 * random.normal());
  samples.fill(Number.NaN, (nSlots - 1) * nSamples, nSlots * nSamples);
  const channels = Int32Array.of(1, 0, 2, -1, 3, 2, 1, 0, 0, 1, 2, 3);
  return {
    about: {
      driftscope: "0.0.0",
      commit: "abc",
      madeAt: "2026-01-01T00:00:00Z",
      seed: 4,
      nSpikes: 9000,
      name: "a </script> of <its> own & more",
      dataset: "a data set",
      inputs: [{ path: "a.ap.bin", bytes: 12, sha1OfFirstMb: "00" }],
      recipe: { driftscope: 1, title: "r", seed: 2, steps: [{ method: "detect-localize", params: { order: 3 } }] },
      compute: null,
    },
    spikes: {
      nSpikes: n,
      timeSec: column(0, 7200).sort(),
      ampUv: Float32Array.from(column(-900, -40)),
      channel: Int32Array.from(column(0, 384)),
    },
    rows: Int32Array.from({ length: n }, (_, i) => 20 * i + 3),
    chosen,
    positions: [positions("monopolar", true), positions("sln-cnn", false)],
    shownPositions: "sln-cnn",
    motions: [
      {
        id: "m1",
        title: "DREDge",
        colour: { dark: "#fff", light: "#000" },
        isActive: true,
        isTruth: false,
        motion: {
          displacementUm: column(-30, 30),
          timeBinCentersSec: Float64Array.from({ length: n / 4 }, (_, i) => i + 0.5),
          depthBinCentersUm: Float64Array.of(0, 1000, 2000, 3000),
          lateralUm: column(-3, 3).subarray(0, n / 4),
        },
      },
    ],
    shownMotion: "m1",
    scores: [{ positions: "sln-cnn", motion: "DREDge", rho: 0.6, grid: "of 4 µm" }],
    sorting: { units: [{ id: 3, nSpikes: 2, label: "good" }], amplitudeUnit: "Kilosort amplitude" },
    probe: null,
    anchors: Float32Array.from({ length: 2 * n }, (_, i) => 0.25 * i),
    waveforms: {
      rows: Int32Array.of(43, 103, 7983),
      nSlots,
      nSamples,
      samplesBefore: 4,
      rateHz: 30_000,
      channels,
      positionsUm: [
        [0, 0],
        [32, 0],
        [0, 20],
        [32, 20],
      ],
      raw: samples,
      denoised: samples.map((v) => v / 2),
      measured: undefined,
      unit: "µV",
      note: "",
    },
    whyNoWaveforms: "",
    look: {
      theme: "dark",
      colourMap: "inferno",
      rasterColour: "alpha",
      alphaScale: "fixed",
      bounds: { time: [0, 7200], depth: [0, 3840], amp: [-900, 0] },
    },
  };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) expect(Math.abs(found[i] - expected[i])).toBeLessThanOrEqual(tolerance);
    else expect(found[i]).toBeNaN();
  }
}

describe("packed columns", () => {
  it("keep every value to half a step, negative, large and absent ones too", () => {
    const values = Float64Array.of(0, -0.004, 0.006, Number.NaN, 7654.321, -12345.678, Number.POSITIVE_INFINITY, 1e9);
    for (const isDelta of [false, true])
      expectClose(unpackColumn(packColumn(values, 0.01, isDelta)), values, 0.005 + 1e-7);
  });

  it("take one byte a row where steps from row to row are small", () => {
    const values = Float64Array.from({ length: 300 }, (_, i) => 5000 + 3 * i);
    expect(packColumn(values.subarray(1), 1, false).nPlanes).toBe(2);
    const { nPlanes, bytes } = packColumn(
      values.map((v) => v - 5000),
      1,
      true,
    );
    expect(nPlanes).toBe(1);
    expect(new Set(bytes.subarray(1))).toEqual(new Set([7])); // 1 + 2 · 3
  });

  it("stand in a tree beside anything that JSON knows", () => {
    const tree = { a: [1, "ρ̄", null, { b: Int32Array.of(-1, 1 << 30) }], c: Float32Array.of(1.5, Number.NaN), d: true };
    expect(unpackTree(packTree(tree))).toEqual(tree);
  });
});

describe("the spikes of a page", () => {
  it("are two disjoint samples, ascending, the same for the same seed, and those chosen whatever the others", () => {
    const { rows, chosen } = sampleSpikes(5000, 100, 900, 1);
    expect(rows.length).toBe(1000);
    expect(chosen.length).toBe(100);
    expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
    const names = (sample: typeof rows, at: Int32Array) => [...at].map((i) => sample[i]);
    const more = sampleSpikes(5000, 100, 4900, 1);
    expect(names(more.rows, more.chosen)).toEqual(names(rows, chosen));
    expect(more.rows.length).toBe(5000);
    expect(names(...(Object.values(sampleSpikes(5000, 100, 900, 2)) as [Int32Array, Int32Array]))).not.toEqual(
      names(rows, chosen),
    );
    expect(sampleSpikes(10, 100, 60_000, 0).chosen.length).toBe(10);
  });

  it("are all alike in being taken: no part of the recording more often", () => {
    const { rows } = sampleSpikes(100_000, 0, 10_000, 3);
    const inFirstHalf = rows.filter((row) => row < 50_000).length;
    expect(Math.abs(inFirstHalf - 5000)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.9));
  });
});

describe("the data of a page", () => {
  it("come back as they were, to a hundredth of a µm, 10 µs and a few thousandths of the largest sample", () => {
    const given = contents();
    const back = readContents(pageData(given).join(""));
    expect(back.about).toEqual(given.about);
    expectClose(back.spikes.timeSec, given.spikes.timeSec, 0.5e-5 + 1e-9);
    expect([...back.spikes.timeSec]).toEqual([...back.spikes.timeSec].sort((a, b) => a - b));
    expect(back.spikes.channel).toEqual(given.spikes.channel);
    expectClose(back.spikes.ampUv, given.spikes.ampUv, 0.04);
    expect([back.rows, back.chosen]).toEqual([given.rows, given.chosen]);
    for (const [i, { depthUm, xUm, zUm, logAlpha }] of given.positions.entries()) {
      expectClose(back.positions[i].depthUm, depthUm, 0.0051);
      expectClose(back.positions[i].xUm!, xUm!, 0.0051);
      expectClose(back.positions[i].zUm!, zUm!, 0.0051);
      if (logAlpha) expectClose(back.positions[i].logAlpha!, logAlpha, 0.00051);
    }
    const [{ motion }] = back.motions;
    expectClose(motion.displacementUm, given.motions[0].motion.displacementUm, 0.0051);
    expect(motion.timeBinCentersSec).toEqual(given.motions[0].motion.timeBinCentersSec);
    const largest = Math.max(...given.waveforms!.raw.filter(Number.isFinite).map(Math.abs));
    expectClose(back.waveforms!.raw, given.waveforms!.raw, largest / 4000);
    expect(back.look).toEqual(given.look);
  });

  it("give each spike its waveform under its own number, without slots that are not there", () => {
    const page = contents();
    const waveform = waveformOf(page, 2)!;
    expect([waveform.index, waveform.number]).toEqual([2, 43]);
    expect([...waveform.channels]).toEqual([1, 0, 2]);
    expect(waveform.raw).toEqual(page.waveforms!.raw.subarray(0, 36));
    expect(waveform.locations["sln-cnn"][1]).toBe(page.positions[1].depthUm[2]);
    expect(anchorOf(page, 2)).toEqual([1, 1.25]);
    expect(waveformOf(page, 3)).toBeNull();
  });

  it("lend a network without α that of the fit it names", () => {
    const page = contents();
    const own = 10 ** page.positions[0].logAlpha![9];
    expect(spikesAt(page, page.positions[1]).alpha![9]).toBe(own);
    expect(placesOf(page, page.positions[1]).xyza[39]).toBe(Math.fround(own));
  });

  it("stand in a page that names nothing outside itself", async () => {
    const html = await (await interactivePage(contents(), 'const a = "</script><!-- ";')).text();
    expect(html).toContain("default-src 'none'");
    expect(html).toContain("a &lt;/script&gt; of &lt;its&gt; own &amp; more");
    expect(html.match(/<\/script>/g)!.length).toBe(2);
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\(/);
    const [, data] = html.match(/id="driftscope-data">([^<]*)</)!;
    expect(readContents(data).rows).toEqual(contents().rows);
  });
});

describe("a click on a page", () => {
  it("means the nearest of those that can be clicked, by px on unequal axes, however far it is", () => {
    const area = {
      ...{ left: 10, top: 20, width: 400, height: 100, xUnit: "s", yUnit: "µm", x: null, y: null },
      xRange: [0, 100] as const,
      yRange: [0, 4000] as const,
    };
    const [x, y] = [column(0, 100), column(0, 4000)];
    const chosen = Int32Array.from({ length: 40 }, (_, i) => 10 * i);
    for (let trial = 0; trial < 50; trial++) {
      const [atX, atY] = [10 + 400 * random.uniform(), 20 + 100 * random.uniform()];
      const away = (row: number) => Math.hypot(10 + 4 * x[row] - atX, 120 - y[row] / 40 - atY);
      const nearest = [...chosen].filter((row) => row >= 50 && row < 350).sort((a, b) => away(a) - away(b))[0];
      expect(nearestOf(chosen, { x, y, from: 50, to: 350 }, area, atX, atY)).toBe(nearest);
    }
    expect(nearestOf(new Int32Array(0), { x, y, from: 0, to: n }, area, 50, 50)).toBeNull();
  });
});
