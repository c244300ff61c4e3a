import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exclusivePeaks, type PeakRules, type Peaks } from "../../src/core/exclusivePeaks.ts";
import { slotsWithin } from "../../src/core/neighbours.ts";
import { Random } from "../../src/core/random.ts";
import { detectionCutOut, detectionSettings } from "../cases/detectionFixture.ts";
import { integerNoise } from "../cases/exclusivePeaks.ts";
import { staggeredProbe } from "../cases/probes.ts";

const triples = ({ row, channel, amplitude }: Peaks) => Array.from(row, (r, i) => [r, channel[i], amplitude[i]]);

function rulesFor(nChannels: number, changes: Partial<PeakRules> = {}): PeakRules {
  return {
    thresholds: new Float32Array(nChannels).fill(3),
    neighbours: slotsWithin(staggeredProbe(nChannels), new Int32Array(nChannels), 25),
    sign: "neg",
    excludeSamples: 2,
    fromRow: 0,
    toRow: 1e6,
    ...changes,
  };
}

/** One channel's samples as a tile. */
const peaksOf = (samples: number[], changes: Partial<PeakRules> = {}) =>
  triples(exclusivePeaks(Float32Array.from(samples), rulesFor(1, changes)));

describe("locally exclusive detection by hand", () => {
  it("takes troughs at or below the threshold, the first sample of a plateau", () => {
    expect(peaksOf([0, -3, 0, 0, 0, -2.9, 0])).toEqual([[1, 0, -3]]);
    expect(peaksOf([0, -4, -4, -4, 0])).toEqual([[1, 0, -4]]);
    expect(peaksOf([0, -4, -5, -4, 0])).toEqual([[2, 0, -5]]);
  });

  it("counts zeros beyond the tile", () => {
    expect(peaksOf([-4, -3])).toEqual([[0, 0, -4]]);
    expect(peaksOf([-3, -4])).toEqual([[1, 0, -4]]);
  });

  it("knows both signs", () => {
    const samples = [0, 4, 0, 0, -5, 0, 0, 0];
    expect(peaksOf(samples, { sign: "pos" })).toEqual([[1, 0, 4]]);
    expect(peaksOf(samples, { sign: "both" })).toEqual([
      [1, 0, 4],
      [4, 0, -5],
    ]);
    expect(peaksOf(samples, { sign: "both", excludeSamples: 3 })).toEqual([[4, 0, -5]]);
  });

  it("prefers the larger, among equals the earlier", () => {
    expect(peaksOf([0, -4, 0, -5, 0])).toEqual([[3, 0, -5]]);
    expect(peaksOf([0, -4, 0, -4, 0])).toEqual([[1, 0, -4]]);
    expect(peaksOf([0, -4, 0, 0, -4, 0])).toHaveLength(2);
  });

  it("lets a candidate that falls itself beat others", () => {
    expect(peaksOf([0, -4, 0, -5, 0, -6, 0])).toEqual([[5, 0, -6]]);
  });

  it("keeps equals of one row on two channels", () => {
    expect(triples(exclusivePeaks(Float32Array.of(0, 0, -4, -4, 0, 0), rulesFor(2, { neighbours: both })))).toEqual([
      [1, 0, -4],
      [1, 1, -4],
    ]);
  });

  it("measures rivals against their own thresholds, and a channel that is off is none", () => {
    const traces = Float32Array.of(0, 0, -8, -10, 0, 0);
    const found = (second: number) =>
      triples(exclusivePeaks(traces, rulesFor(2, { neighbours: both, thresholds: Float32Array.of(3, second) })));
    expect(found(3)).toEqual([[1, 1, -10]]);
    expect(found(5)).toEqual([[1, 0, -8]]);
    expect(found(Infinity)).toEqual([[1, 0, -8]]);
  });
});

const both = { nSlots: 2, channels: Int32Array.of(0, 1, 1, 0) };

describe("locally exclusive detection by its properties", () => {
  it("finds the same peaks however the recording is cut", () => {
    const tile = fc.record({
      seed: fc.nat(),
      nChannels: fc.integer({ min: 1, max: 9 }),
      length: fc.integer({ min: 1 }),
    });
    fc.assert(
      fc.property(tile, ({ seed, nChannels, length }) => {
        const nRows = 120;
        const traces = integerNoise(new Random(seed), nRows * nChannels, 3);
        const rules = rulesFor(nChannels, { excludeSamples: 4, sign: "both" });
        const whole = triples(exclusivePeaks(traces, rules));
        const step = 1 + (length % 60);
        const margin = rules.excludeSamples + 1;
        const pieces = [];
        for (let from = 0; from < nRows; from += step) {
          const low = Math.max(0, from - margin);
          const high = Math.min(nRows, from + step + margin);
          const piece = traces.subarray(low * nChannels, high * nChannels);
          const found = exclusivePeaks(piece, { ...rules, fromRow: from - low, toRow: from + step - low });
          pieces.push(...triples(found).map(([row, channel, amplitude]) => [row + low, channel, amplitude]));
        }
        expect(pieces).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

describe("locally exclusive detection against SpikeInterface", () => {
  it.each(detectionSettings)("$name: every sample, channel and amplitude", async (setting) => {
    const { traces, rules, expected } = await detectionCutOut(setting);
    expect(expected.length).toBeGreaterThan(150);
    expect(triples(exclusivePeaks(traces, rules)).flat()).toEqual(expected);
  });
});
