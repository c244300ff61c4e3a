import { describe, expect, it } from "vitest";
import type { ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { type AnchorSources, tableAnchors } from "../../src/methods/sln/tableAnchors.ts";
import type { StoredWaveforms } from "../../src/protocol/methods.ts";
import type { WaveformSet } from "../../src/protocol/waveforms.ts";

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(1, 2),
  depthUm: Float64Array.of(10, 20),
  ampUv: Float32Array.of(-50, -60),
  channel: Int32Array.of(0, 2),
};
const positionsUm: [number, number][] = [
  [0, 0],
  [30, 0],
  [0, 20],
];
const probe: ProbeSites = {
  model: "",
  partNumber: "",
  nShanks: 1,
  positionsUm,
  shank: [0, 0, 0],
  connected: [true, true, true],
};
const from = (given: Partial<AnchorSources>) =>
  tableAnchors({ spikes, stored: null, set: null, probe: null, ...given });

function imported(said: Partial<WaveformSet>): WaveformSet {
  const never = () => Promise.reject(new Error("anchors need no waveforms"));
  const waveforms = { nSpikes: 2, nSlots: 2, nSamples: 90, readRange: never, readRows: never };
  const nothing = { rateHz: null, positionsUm: [], channel: null, anchorsUm: null, targetsUm: null, split: null };
  return { ...nothing, waveforms, waveformScale: null, ...said };
}

describe("anchors of a table of spikes", () => {
  it("are what the data set states, whatever else is known", () => {
    const anchorsUm = Float32Array.of(1, 2, 0, 3, 4, 0);
    expect(from({ set: imported({ anchorsUm }), probe }).anchorsUm).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it("are the middle of the channels of their waveforms", () => {
    const set = imported({ channel: Int32Array.of(1, 2), positionsUm });
    expect(from({ set }).anchorsUm).toEqual(Float32Array.of(15, 0, 0, 10));
    const stored = { nSlots: 2, slots: Int32Array.of(0, 2, 1, 0, 2, -1) } as unknown as StoredWaveforms;
    expect(from({ stored, probe }).anchorsUm).toEqual(Float32Array.of(0, 10, 0, 20));
  });

  it("are the middle of the contacts nearest to the peak channel where there are no waveforms", () => {
    const all = Math.fround(20 / 3);
    expect(from({ probe }).anchorsUm).toEqual(Float32Array.of(10, all, 10, all));
  });

  it("or a sentence says what is needed", () => {
    expect(from({ spikes: null }).missing).toContain("Open spikes");
    expect(from({ spikes: { ...spikes, channel: undefined }, probe }).missing).toContain("channel");
    expect(from({}).missing).toContain("contacts");
    expect(from({ set: imported({}) }).anchorsUm).toBeNull();
  });
});
