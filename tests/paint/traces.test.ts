import { describe, expect, it } from "vitest";
import { areaOf, type Figure, type Layer, type Plot } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import type { RasterStore } from "../../src/paint/rasterPlot.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { columnExtremes, robustSdUv, rowsInDepth } from "../../src/paint/traceColumns.ts";
import type { TraceWindow } from "../../src/protocol/recordings.ts";
import { np1, np2, spikesOn, traceWindow } from "./recordings.ts";
import { view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const size = { widthPx: 900, heightPx: 500, pixelRatio: 1 };
const probe = np1();
const whole = { ...view, depthRangeUm: [0, 3840] as const };
const few = { ...view, depthRangeUm: [0, 60] as const }; // channels 0 to 7

function show(traces: TraceWindow | null, next: Partial<typeof view>, places: Parameters<typeof spikesOn>[1] = []) {
  const spikes = places.length > 0 ? prepareSpikes(spikesOn(probe, places)) : null;
  return buildPicture("traces", { ...noPaintData(), probe, spikes, traces }, { ...whole, ...next }, size);
}

function layersOf<K extends Layer["kind"]>(plot: Plot, kind: K): Extract<Layer, { kind: K }>[] {
  return plot.layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
}

/** A window with one sample of −500 µV on a channel, raw and processed. */
function withSpike(nChannels: number, nSamples: number, channel: number, sample: number): TraceWindow {
  const traces = traceWindow(nChannels, nSamples);
  traces.raw[sample * nChannels + channel] = -500;
  traces.processed[sample * nChannels + channel] = -500;
  return traces;
}

describe("what a picture can show of traces", () => {
  it("keeps the extremes of each column, also of one sample", () => {
    const values = new Float32Array(1000 * 3);
    values[777 * 3 + 2] = -80;
    values[778 * 3 + 2] = 60;
    const { nColumns, low, high } = columnExtremes(
      { values, nSamples: 1000, nChannels: 3 },
      Int32Array.of(0, 2),
      10,
      false,
    );
    expect(nColumns).toBe(10);
    expect([...low]).toEqual([...Array(15).fill(0), -80, 0, 0, 0, 0]);
    expect([...high]).toEqual([...Array(15).fill(0), 60, 0, 0, 0, 0]);
  });

  it("takes the next column's first sample where lines must join", () => {
    const traces = { values: Float32Array.of(1, 2, 3, 4), nSamples: 4, nChannels: 1 };
    expect([...columnExtremes(traces, Int32Array.of(0), 2, true).high]).toEqual([3, 4]);
    expect([...columnExtremes(traces, Int32Array.of(0), 2, false).high]).toEqual([2, 4]);
    expect(columnExtremes(traces, Int32Array.of(0), 100, false).nColumns).toBe(4);
  });

  it("estimates the noise whatever the spikes, and skips channels without values", () => {
    const traces = traceWindow(10, 2000, [3]);
    for (let i = 0; i < 100; i++) traces.processed[i * 200] = 5000;
    const sd = robustSdUv({ values: traces.processed, nSamples: 2000, nChannels: 10 }, Int32Array.of(0, 1, 2, 3, 4));
    expect(sd).toBeCloseTo(1.4826 * 7.5, 0); // the median of a uniform |v| up to 15
    const empty = { values: new Float32Array(10).fill(Number.NaN), nSamples: 10, nChannels: 1 };
    expect(robustSdUv(empty, Int32Array.of(0))).toBe(0.1);
  });

  it("chooses channels by depth, in the order of the window", () => {
    const channels = Int32Array.of(7, 6, 300, 0);
    expect([...rowsInDepth(channels, probe.positionsUm, [10, 100])]).toEqual([0, 1]);
    expect([...rowsInDepth(channels, [], [10, 100])]).toEqual([0, 1, 2, 3]);
  });
});

describe("picture of traces", () => {
  it("shows raw and processed side by side: equal areas, the same rows, time in s", () => {
    const [raw, processed] = show(traceWindow(384, 600), few).plots;
    const [a, b] = [areaOf(raw), areaOf(processed)];
    expect([a.width, a.height, a.top]).toEqual([b.width, b.height, b.top]);
    expect(b.left).toBeGreaterThan(a.left + a.width);
    expect([raw.title, processed.title]).toEqual(["Raw", "Processed"]);
    expect(raw.x).toEqual({ range: [10, 10.02], quantity: "Time", unit: "s" });
    expect([raw.y.range, processed.y.range]).toEqual([
      [0, 8],
      [0, 8],
    ]);
    expect(raw.y.ticks?.map(({ label }) => label)).toEqual(
      ["0 · 0", "1 · 0", "2 · 20", "3 · 20"].concat(["4 · 40", "5 · 40", "6 · 60", "7 · 60"]),
    );
    expect(layersOf(raw, "curve").filter(({ widthPx }) => widthPx === 1)).toHaveLength(8);
  });

  it("puts a sample where its time and value are, up for positive", () => {
    const traces = withSpike(384, 600, 3, 150);
    const line = layersOf(show(traces, few).plots[0], "curve")[3];
    const lowest = Math.min(...Array.from(line.y));
    const at = Array.from(line.y).indexOf(lowest);
    expect(line.x[at]).toBeCloseTo(10 + 150 / 30000, 9);
    expect(lowest).toBeLessThan(3.5 - 3); // −500 µV of noise ±15 leaves its row
  });

  it.each([6000, 400])("shows a spike of one sample among 384 channels, %i samples", (nSamples) => {
    const lit = (traces: TraceWindow) => {
      const [{ image }] = layersOf(show(traces, {}).plots[0], "image");
      return new Uint32Array(image.rgba.buffer).filter((pixel) => pixel >>> 24 === 255).length;
    };
    expect(lit(traceWindow(384, nSamples))).toBe(0); // noise alone is faint
    expect(lit(withSpike(384, nSamples, 200, 321))).toBeGreaterThan(3);
  });

  it("shows it as heat too, blue, centred at 0 and within stated limits", () => {
    const figure = show(withSpike(384, 6000, 200, 3210), { traceStyle: "heat" });
    for (const plot of figure.plots) {
      const [{ image }] = layersOf(plot, "image");
      const bar = plot.colourBar;
      expect(bar?.limits[0]).toBe(-(bar?.limits[1] ?? 0));
      expect(bar?.label).toContain("8 robust sd");
      const pixels = new Uint32Array(image.rgba.buffer);
      const at = pixels.indexOf(bar?.table[0] ?? 0);
      expect((at % image.widthPx) / image.widthPx).toBeCloseTo(3210 / 6000, 2);
      expect(1 - Math.floor(at / image.widthPx) / image.heightPx).toBeCloseTo(200.5 / 384, 2);
    }
  });

  it("greys what processing leaves out, and only there", () => {
    const figure = show(traceWindow(384, 600, [2, 5]), few);
    const words = figure.plots.map((plot) => layersOf(plot, "label").filter(({ text }) => text === "left out"));
    expect(words.map((labels) => labels.map(({ y }) => y))).toEqual([[], [2.5, 5.5]]);
    expect(figure.caption).toBe("Processed: 300 Hz high-pass, global median. Grey: left out, 2 of 8 channels.");
  });

  it("marks spikes of the window on their channels, the selected spike, channel and time", () => {
    const places = [
      [9.99, 3],
      [10.004, 3],
      [10.01, 300],
      [10.012, 6],
    ] as const;
    const marks = { selectedSpike: 3, selectedChannel: 6, cursorTimeSec: 10.005 };
    for (const plot of show(traceWindow(384, 600), { ...few, ...marks }, places).plots) {
      const [{ x, y }] = layersOf(plot, "points");
      expect([x, y]).toEqual([
        [10.004, 10.012],
        [3.5, 6.5],
      ]);
      expect(layersOf(plot, "ring").map((ring) => [ring.x, ring.y])).toEqual([[10.012, 6.5]]);
      expect(layersOf(plot, "rects").flatMap(({ rects }) => rects.map((r) => r.y))).toContainEqual([6, 7]);
      expect(layersOf(plot, "vertical").map((line) => line.x)).toEqual([10.005]);
    }
  });

  it("leaves out spikes of another segment", () => {
    const table = { ...spikesOn(probe, [[10.004, 3]]), segment: Int32Array.of(1) };
    const data = { ...noPaintData(), probe, spikes: prepareSpikes(table), traces: traceWindow(384, 600) };
    const [plot] = buildPicture("traces", data, { ...whole, ...few }, size).plots;
    expect(layersOf(plot, "points")[0].x).toHaveLength(0);
  });

  it("labels as many rows as fit, with their shank where there are several", () => {
    const data = { ...noPaintData(), probe: np2(), traces: traceWindow(384, 100) };
    const ticks = buildPicture("traces", data, whole, size).plots[0].y.ticks ?? [];
    expect(ticks.length).toBeGreaterThan(10);
    expect(ticks.length).toBeLessThan(30);
    expect(ticks[ticks.length - 1].label).toMatch(/^s3 \d+ · \d+$/);
  });

  it("has a scale bar of a round number of µV, as high as it says", () => {
    const [plot] = show(traceWindow(384, 600), few).plots;
    const label = layersOf(plot, "label").find(({ text }) => text.endsWith("µV"));
    const bar = layersOf(plot, "curve").find(({ widthPx, x }) => widthPx === 2 && x.length === 3);
    const spike = layersOf(show(withSpike(384, 600, 3, 150), few).plots[0], "curve")[3];
    const rowsPerUv = (3.5 - Math.min(...Array.from(spike.y))) / 500;
    expect((bar?.y[0] ?? 0) - (bar?.y[1] ?? 0)).toBeCloseTo(Number.parseFloat(label?.text ?? "") * rowsPerUv, 1);
  });

  it("names the unit of the file where nothing says how many µV that is", () => {
    const [plot] = show({ ...traceWindow(384, 600), unit: "units of the file" }, few).plots;
    const texts = layersOf(plot, "label").map(({ text }) => text);
    expect(texts.filter((text) => /^\d+ units of the file$/.test(text))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("µV"))).toEqual([]);
    const saved = layersOf(plot, "curve").flatMap(({ source }) => source?.().yLabel ?? []);
    expect(new Set(saved)).toEqual(new Set(["Potential (units of the file)"]));
  });

  it("draws the content again only for what changed it", () => {
    const data = { ...noPaintData(), probe, traces: traceWindow(384, 600) };
    const kept = new Map<string, unknown>();
    let nDrawn = 0;
    const store: RasterStore = {
      part: () => store,
      pixels: { take: () => ({ rgba: new Uint8ClampedArray(4), widthPx: 1, heightPx: 1 }) },
      remember: <T>(reasons: readonly unknown[], draw: () => T): T => {
        const key = JSON.stringify(reasons.slice(2));
        if (!kept.has(key)) nDrawn++;
        const drawn = (kept.get(key) as T | undefined) ?? draw();
        kept.set(key, drawn);
        return drawn;
      },
    };
    buildPicture("traces", data, whole, size, store);
    buildPicture("traces", data, { ...whole, cursorTimeSec: 10.01, selectedChannel: 4 }, size, store);
    expect(nDrawn).toBe(1);
    buildPicture("traces", data, { ...whole, traceStyle: "heat" }, size, store);
    buildPicture("traces", data, { ...whole, ...few }, size, store);
    expect(nDrawn).toBe(3);
  });

  it("is a document at any size, and says what is missing", () => {
    const documents = (figure: Figure) => checkXml(figureSvg(figure));
    const data = { ...noPaintData(), probe, traces: traceWindow(384, 100, [1]) };
    for (const traceStyle of ["lines", "heat"] as const) {
      for (const px of [1, 90, 700]) {
        documents(buildPicture("traces", data, { ...whole, traceStyle }, { widthPx: px, heightPx: px, pixelRatio: 2 }));
      }
    }
    expect(show(null, {}).plots[0].message).toContain("Open a recording");
    expect(show(traceWindow(384, 100), { depthRangeUm: [5000, 6000] }).plots[0].message).toContain("Zoom out");
  });
});
