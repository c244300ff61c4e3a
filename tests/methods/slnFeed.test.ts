import { describe, expect, it } from "vitest";
import { packHalf } from "../../src/core/half.ts";
import { nearestSlots } from "../../src/core/neighbours.ts";
import { slotTables } from "../../src/core/slotOrder.ts";
import { denoiseTpca, fitTpca, projectTpca } from "../../src/core/tpca.ts";
import type { ProbeSites } from "../../src/core/types.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import type { MethodInputs } from "../../src/methods/defineMethod.ts";
import { openFeed } from "../../src/methods/sln/feed.ts";
import type { StoredWaveforms } from "../../src/protocol/methods.ts";
import { coefficientsFile } from "../../src/protocol/scratch.ts";
import { staggeredProbe } from "../cases/probes.ts";
import { slnSizes, syntheticSln } from "../cases/slnFolder.ts";
import { taughtSpikes } from "./slnRuns.ts";

const nSpikes = 300;
const { nChannels, nSlots, nSamples, samplesBefore } = slnSizes;
const positionsUm = staggeredProbe(nChannels);
const noShanks = new Int32Array(nChannels);
const wanted = slotTables(positionsUm, noShanks, nSlots)["depth-lateral"].channels;
const made = { distance: syntheticSln("distance", nSpikes), "depth-lateral": syntheticSln("depth-lateral", nSpikes) };
const auto = { slotOrder: "auto", scale: 0 } as const;
const rows = [7, 0, 299, 7];

const slotsOf = (channel: number) => wanted.slice(channel * nSlots, (channel + 1) * nSlots);
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), a.length === b.length ? 0 : Infinity);

/** What a channel recorded of some spikes on the slots of the network, [rows, 10, 90]. */
function recordedOn(of: readonly number[]): Float32Array {
  const { recorded, channel } = made.distance;
  const traces = of.flatMap((n) =>
    Array.from(slotsOf(channel[n]), (c) => {
      const at = (n * nChannels + c) * nSamples;
      return recorded.subarray(at, at + nSamples);
    }),
  );
  return Float32Array.from(traces.flatMap((trace) => [...trace]));
}

const scaled = (values: Float32Array, scale: number) => values.map((v) => v / scale);

/** The middle of each spike's channels. table: [C, 10] in any order */
function expectAnchors(anchorsUm: Float32Array, channel: Int32Array, table: Int32Array) {
  for (const n of rows) {
    const own = [...table.subarray(channel[n] * nSlots, (channel[n] + 1) * nSlots)].filter((c) => c >= 0);
    const mean = (axis: number) => own.reduce((sum, c) => sum + positionsUm[2 * c + axis], 0) / own.length;
    expect([...anchorsUm.subarray(2 * n, 2 * n + 2)]).toEqual([mean(0), mean(1)].map(Math.fround));
  }
}

describe.each(["distance", "depth-lateral"] as const)("imported waveforms, stored by %s", (order) => {
  it("come by depth and then across, over their standard deviation", async () => {
    const { inputs } = await taughtSpikes(nSpikes, made[order]);
    const feed = await openFeed(inputs, auto, 0);
    const all = recordedOn(Array.from({ length: nSpikes }, (_, n) => n));
    const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
    const sd = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
    expect(feed.scale).toBeCloseTo(sd, 3);
    expect(await feed.read(rows)).toEqual(scaled(recordedOn(rows), feed.scale));
    expect(feed.channelsOf!(299)).toEqual(slotsOf(made[order].channel[299]));
    expectAnchors(feed.anchorsUm, made[order].channel, wanted);
    expect(feed.positionsUm).toEqual(positionsUm);
    expect(feed.warnings.map(({ code }) => code)).toEqual(["slot-order"]);
    const ptp = await feed.ptp(rows);
    const peak = wanted.slice(made[order].channel[7] * nSlots).indexOf(made[order].channel[7]);
    expect(ptp).toHaveLength(40);
    expect(ptp.indexOf(Math.max(...ptp.subarray(0, 10)))).toBe(peak);
  });
});

describe("imported waveforms", () => {
  it("of a data set that states a scale or anchors, or a scale that was chosen", async () => {
    const { inputs } = await taughtSpikes(nSpikes, made.distance);
    const anchorsUm = new Float32Array(3 * nSpikes).fill(3);
    const stated = { ...inputs, waveforms: { ...inputs.waveforms!, waveformScale: 9.5577, anchorsUm } };
    const feed = await openFeed(stated, auto, 0);
    expect(feed.scale).toBe(9.5577);
    expect([...feed.anchorsUm.subarray(0, 2)]).toEqual([3, 3]);
    expect((await openFeed(stated, { ...auto, scale: 4 }, 0)).scale).toBe(4);
  });

  it("of a subset without channels are taken as they stand, with a warning", async () => {
    const { inputs } = await taughtSpikes(nSpikes, made.distance);
    const anchorsUm = Float32Array.from({ length: 3 * nSpikes }, (_, i) => i);
    const subset = { ...inputs.waveforms!, channel: null, positionsUm: [], anchorsUm, waveformScale: 2 };
    const feed = await openFeed({ ...inputs, waveforms: subset }, auto, 0);
    expect(await feed.read(rows)).toEqual(scaled(await subset.waveforms.readRows(rows), 2));
    expect([...feed.anchorsUm.subarray(4, 6)]).toEqual([6, 7]);
    expect([feed.channelsOf, feed.positionsUm]).toEqual([null, null]);
    expect(feed.warnings[0].message).toMatch(/taken to stand by depth, then across/);
  });

  it("whose sampling is another say so", async () => {
    const { inputs } = await taughtSpikes(nSpikes, made.distance);
    const { waveforms: source } = inputs.waveforms!;
    const late = (values: Float32Array) => values.map((_, i) => values[i - (i % 90) + ((i + 80) % 90)]);
    const shifted = { ...source, readRows: async (of: ArrayLike<number>) => late(await source.readRows(of)) };
    const set = { ...inputs.waveforms!, rateHz: 25000, waveforms: shifted };
    const feed = await openFeed({ ...inputs, waveforms: set }, auto, 0);
    expect(feed.warnings.map(({ code }) => code)).toEqual(["slot-order", "sln-rate", "sln-peak"]);
    expect(feed.warnings[2].message).toContain("here most have it at sample 40");
  });

  it("that cannot be read by a network are refused, one sentence each", async () => {
    const { inputs } = await taughtSpikes(nSpikes, made.distance);
    const set = inputs.waveforms!;
    const open = (waveforms: MethodInputs["waveforms"], spikes = inputs.spikes) =>
      openFeed({ ...inputs, spikes, waveforms }, auto, 0);
    await expect(open(null)).rejects.toThrow(/Expected the waveforms of the spikes, found none: drop the recording/);
    const short = { ...set.waveforms, nSamples: 82 };
    await expect(open({ ...set, waveforms: short })).rejects.toThrow(/these waveforms have 10 channels of 82 samples/);
    await expect(open(set, { ...inputs.spikes!, nSpikes: 5 })).rejects.toThrow(/each of the 5 spikes, found 300/);
    await expect(open({ ...set, channel: null })).rejects.toThrow(
      /in spike_channels.npy, or .* anchors.npy, found neither/,
    );
    const same = (of: ArrayLike<number>) => Float32Array.from({ length: 900 * of.length }, (_, i) => (i % 90) - 30);
    const flat = { ...set.waveforms, readRows: async (of: ArrayLike<number>) => same(of) };
    await expect(open({ ...set, waveforms: flat })).rejects.toThrow(/do not tell in which order their channels stand/);
    expect(
      (await openFeed({ ...inputs, waveforms: { ...set, waveforms: flat } }, { ...auto, slotOrder: "distance" }, 0))
        .nSpikes,
    ).toBe(nSpikes);
    const silent = { ...flat, readRows: async (of: ArrayLike<number>) => new Float32Array(900 * of.length) };
    const anchorsUm = new Float32Array(3 * nSpikes);
    await expect(open({ ...set, channel: null, anchorsUm, waveforms: silent })).rejects.toThrow(
      /found nothing but zeros/,
    );
  });
});

/** The same spikes as a detection keeps them; channel 20 was left out, and rows lie in the order found. */
async function detected(change: Partial<StoredWaveforms> = {}) {
  const { channel, recorded } = made.distance;
  const nearest = nearestSlots(positionsUm, noShanks, nSlots).channels.map((c) => (c === 20 ? -1 : c));
  nearest.fill(-1, 20 * nSlots, 21 * nSlots);
  const traces = new Float32Array(nSpikes * nSlots * nSamples);
  for (let i = 0; i < nSpikes * nSlots; i++) {
    const n = Math.floor(i / nSlots);
    const c = nearest[channel[n] * nSlots + (i % nSlots)];
    if (c >= 0)
      traces.set(recorded.subarray((n * nChannels + c) * nSamples, (n * nChannels + c + 1) * nSamples), i * nSamples);
  }
  const model = fitTpca(traces, nSamples, 8);
  const coefficients = packHalf(projectTpca(traces, model));
  const order = Int32Array.from({ length: nSpikes }, (_, n) => nSpikes - 1 - n);
  const found = new Uint16Array(coefficients.length);
  order.forEach((row, n) => {
    found.set(coefficients.subarray(80 * n, 80 * n + 80), 80 * row);
  });
  const scratch = memoryScratch();
  await (await scratch.open("run")).append(coefficientsFile, new Uint8Array(found.buffer));
  const stored: StoredWaveforms = {
    ...{ key: "run", nSlots, nSamples, samplesBefore, nComponents: 8, slots: nearest, order },
    ...{ noiseUv: new Float64Array(nChannels).fill(5), mean: model.mean, components: model.components },
    ...change,
  };
  const sites = Array.from({ length: nChannels }, (_, c): [number, number] => [
    positionsUm[2 * c],
    positionsUm[2 * c + 1],
  ]);
  const probe: ProbeSites = {
    ...{ model: "", partNumber: "", nShanks: 1, positionsUm: sites },
    ...{ shank: Array.from(noShanks), connected: sites.map(() => true) },
  };
  const timeSec = Float64Array.from({ length: nSpikes }, (_, n) => n / 100);
  const table = { nSpikes, timeSec, depthUm: new Float64Array(nSpikes), ampUv: new Float32Array(nSpikes), channel };
  const inputs: MethodInputs = { spikes: table, recording: null, waveforms: null, stored, scratch, probe };
  return { inputs, denoised: denoiseTpca(projectTpca(traces, model), model), nearest };
}

describe("waveforms that a detection kept", () => {
  it("are made of their components, on the slots that are there, by depth and then across", async () => {
    const { inputs, denoised, nearest } = await detected();
    const { channel } = made.distance;
    const beside = Array.from({ length: nSpikes }, (_, n) => n).filter((n) =>
      nearest.subarray(channel[n] * nSlots, (channel[n] + 1) * nSlots).includes(-1),
    );
    const some = [...rows, beside.find((n) => channel[n] !== 20)!];
    const feed = await openFeed(inputs, { ...auto, scale: 2 }, 0);
    const waveforms = await feed.read(some);
    const ptp = await feed.ptp(some);
    some.forEach((n, i) => {
      const slots = feed.channelsOf!(n);
      const there = [...slots].filter((c) => c >= 0);
      expect(there).toEqual([...slotsOf(channel[n])].filter((c) => there.includes(c))); // in the same order
      expect([...slots].slice(there.length).every((c) => c === -1)).toBe(true);
      slots.forEach((c, k) => {
        const found = waveforms.subarray((i * nSlots + k) * nSamples, (i * nSlots + k + 1) * nSamples);
        const slot = nearest.subarray(channel[n] * nSlots, (channel[n] + 1) * nSlots).indexOf(c);
        const at = (n * nSlots + slot) * nSamples;
        const expected = c < 0 ? new Float64Array(nSamples) : denoised.subarray(at, at + nSamples);
        expect(
          worst(
            found,
            expected.map((v) => v / 2),
          ),
        ).toBeLessThan(0.2); // half precision of hundreds
        const [low, high] = [Math.min(...expected.subarray(15, 45)), Math.max(...expected.subarray(15, 45))];
        expect(Math.abs(ptp[nSlots * i + k] - (high - low))).toBeLessThan(0.5);
      });
    });
    expectAnchors(feed.anchorsUm, channel, nearest);
    expect(feed.warnings).toEqual([]);
    expect((await openFeed(inputs, auto, 0)).scale).toBeGreaterThan(10);
  });

  it("that a network cannot read are refused, one sentence each", async () => {
    const { inputs } = await detected();
    const open = (change: Partial<MethodInputs>) => openFeed({ ...inputs, ...change }, auto, 0);
    const stored = inputs.stored!;
    await expect(open({ stored: { ...stored, nSlots: 8 } })).rejects.toThrow(
      /have 8 channels of 90 samples: run the detection again with waveform_channels 10/,
    );
    await expect(open({ stored: { ...stored, samplesBefore: 45 } })).rejects.toThrow(
      /these have it at sample 45: run the detection/,
    );
    await expect(open({ stored: { ...stored, key: "gone" } })).rejects.toThrow(
      /kept waveforms of 300 spikes, found those of 0/,
    );
    await expect(open({ scratch: undefined })).rejects.toThrow(/found those of 0; run the detection again/);
    await expect(open({ probe: undefined })).rejects.toThrow(/where the contacts of the probe lie, found nothing/);
    await expect(open({ spikes: { ...inputs.spikes!, channel: undefined } })).rejects.toThrow(
      /peak channel of each spike, found none/,
    );
  });
});
