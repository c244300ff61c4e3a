import { describe, expect, it } from "vitest";
import { snippets } from "../../src/core/snippets.ts";
import { gaussianPrototype, spikePrototype } from "../../src/core/spikePrototype.ts";
import { prototypeProjection, waveformFeatures } from "../../src/core/waveformFeatures.ts";

describe("snippets by hand", () => {
  const traces = Float32Array.of(1, 10, 2, 20, 3, 30); // three samples of two channels
  const slots = { nSlots: 2, channels: Int32Array.of(0, 1, 1, -1) };

  it("hold the slots of the spike's channel around its row", () => {
    expect([...snippets(traces, 2, [1], [0], slots, 1, 3)]).toEqual([1, 2, 3, 10, 20, 30]);
  });

  it("hold zeros outside the tile and without a channel", () => {
    expect([...snippets(traces, 2, [0, 2], [1, 1], slots, 1, 3)]).toEqual([0, 10, 20, 0, 0, 0, 20, 30, 0, 0, 0, 0]);
    expect([...snippets(traces, 2, [-9, 50], [0, 0], slots, 1, 2)]).toEqual(new Array(8).fill(0));
  });
});

describe("waveform features by hand", () => {
  it("of one trace", () => {
    const trace = [9, 0, -4, 3, 0, -9];
    const { ptp, energy, peakVoltage } = waveformFeatures(trace, 6, { from: 1, to: 5, samplesBefore: 2 });
    expect([ptp[0], energy[0], peakVoltage[0]]).toEqual([7, 5, 4]);
    expect(prototypeProjection(trace, 6, [-1, 2], 2)[0]).toBe(10);
  });
});

describe("prototype of a spike", () => {
  it("is the median of waveforms scaled to their peaks", () => {
    const traces = [0, -2, 1, 4, -4, 0, 9, 0, 9, -1, -10, 5];
    expect([...spikePrototype(traces, 3, 1, 0)]).toEqual([0, -1, 0.5]);
  });

  it("repeats for a seed, and takes few of many", () => {
    const traces = Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 1 ? -10 : (i * 7919) % 13));
    expect(spikePrototype(traces, 3, 1, 5, 9)).toEqual(spikePrototype(traces, 3, 1, 5, 9));
    expect(spikePrototype(traces, 3, 1, 5, 9)).not.toEqual(spikePrototype(traces, 3, 1, 6, 9));
  });

  it("by default is a Gaussian of 0.25 ms", () => {
    const prototype = gaussianPrototype(30, 15, 30000);
    expect(prototype[15]).toBe(-1);
    expect(prototype[0]).toBeCloseTo(-Math.exp(-2), 7);
  });
});
