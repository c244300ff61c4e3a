import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correctDepths, displacementAt, median } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import type { Motion } from "../../src/core/types.ts";

const motion: Motion = {
  displacementUm: Float64Array.of(0, 10, 20, 30, 40, 50),
  timeBinCentersSec: Float64Array.of(0.5, 1.5, 2.5),
  depthBinCentersUm: Float64Array.of(0, 100),
};

describe("motion lookup", () => {
  it("is exact at centres, bilinear between, flat outside", () => {
    expect(displacementAt(motion, 0.5, 0)).toBe(0);
    expect(displacementAt(motion, 1.5, 100)).toBe(30);
    expect(displacementAt(motion, 1, 50)).toBe(15);
    expect(displacementAt(motion, -9, -9)).toBe(0);
    expect(displacementAt(motion, 99, 999)).toBe(50);
  });

  it("takes one time bin, and one depth bin whatever the depth", () => {
    const still: Motion = {
      displacementUm: Float64Array.of(7),
      timeBinCentersSec: Float64Array.of(1),
      depthBinCentersUm: Float64Array.of(5),
    };
    expect(displacementAt(still, 100, -4)).toBe(7);
    const rigid: Motion = {
      displacementUm: Float64Array.of(0, 8),
      timeBinCentersSec: Float64Array.of(0, 2),
      depthBinCentersUm: Float64Array.of(5),
    };
    expect(displacementAt(rigid, 1, 4000)).toBe(4);
  });

  it("corrects by subtracting: tissue that moved up is put back down", () => {
    expect([...correctDepths(motion, Float64Array.of(2.5), Float64Array.of(100))]).toEqual([50]);
  });

  it("never leaves the range of the table", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: -500, max: 500, noNaN: true }),
        (t, d) => {
          const v = displacementAt(motion, t, d);
          return v >= 0 && v <= 50;
        },
      ),
    );
  });

  it("takes the median of finite values", () => {
    expect(median([3, Number.NaN, 1])).toBe(2);
    expect(Number.isNaN(median([]))).toBe(true);
  });
});

describe("motion score", () => {
  it("does not see an offset per depth, and sees everything else", () => {
    const shifted = { ...motion, displacementUm: motion.displacementUm.map((v, i) => v + (i % 2 ? 5 : -70)) };
    expect(scoreMotion(shifted, motion)).toMatchObject({ rmseUm: 0, meanAbsUm: 0 });
    expect(scoreMotion(shifted, motion).r).toBeCloseTo(1, 12);
    const half = { ...motion, displacementUm: motion.displacementUm.map((v) => v / 2) };
    const score = scoreMotion(half, motion);
    expect(score.gain).toBeCloseTo(0.5, 12);
    // centred truth is −20, 0, 20 at each depth; the half motion misses by 10, 0, 10
    expect(score.meanAbsUm).toBeCloseTo(20 / 3, 12);
    expect(score.rmseUm).toBeCloseTo(Math.sqrt(200 / 3), 12);
  });

  it("compares a rigid motion at every depth of the other", () => {
    const rigid: Motion = {
      displacementUm: Float64Array.of(0, 20, 40),
      timeBinCentersSec: motion.timeBinCentersSec,
      depthBinCentersUm: Float64Array.of(50),
    };
    expect(scoreMotion(rigid, motion).rmseUm).toBeCloseTo(0, 12);
    expect(scoreMotion(rigid, motion).depthsUm).toHaveLength(11);
  });
});

describe("motion score, the rest", () => {
  const times = Float64Array.from({ length: 41 }, (_, i) => i / 2);
  const along = (at: (t: number) => number, timeSec = times): Motion => ({
    displacementUm: timeSec.map(at),
    timeBinCentersSec: timeSec,
    depthBinCentersUm: Float64Array.of(0),
  });
  const wave = (t: number) => 20 * Math.sin(t);

  it("does not see a slow settling when a quadratic trend is taken out", () => {
    const settling = (t: number) => 9 + 3 * t - 0.2 * t * t;
    const estimate = along((t) => wave(t) + settling(t));
    expect(scoreMotion(estimate, along(wave)).rmseUm).toBeGreaterThan(2);
    const score = scoreMotion(estimate, along(wave), { detrend: "quadratic" });
    expect(score).toMatchObject({ rmseUm: expect.closeTo(0, 9), residualUm: expect.closeTo(0, 9) });
    expect(score.gain).toBeCloseTo(1, 12);
    // one or two times are all trend
    expect(scoreMotion(along(wave, Float64Array.of(1, 2)), along(wave), { detrend: "quadratic" }).nTimes).toBe(3);
  });

  it("tells what no scaling explains", () => {
    const score = scoreMotion(
      along((t) => wave(t) / 4),
      along(wave),
    );
    expect(score.gain).toBeCloseTo(0.25, 9);
    expect(score.residualUm).toBeCloseTo(0, 9);
    expect(score.peakToPeakUm).toBeCloseTo(10, 1);
    expect(score.rmseUm).toBeGreaterThan(8);
  });

  it("compares at the finer times of the overlap, so that coarse waypoints do not hide errors", () => {
    const waypoints = along((t) => 5 * t, Float64Array.of(4, 8, 12));
    const score = scoreMotion(
      along((t) => 5 * t),
      waypoints,
    );
    expect(score).toMatchObject({ nTimes: 17, overlapSec: [4, 12], rmseUm: expect.closeTo(0, 9) });
    const none = scoreMotion(
      along((t) => t),
      along((t) => t, Float64Array.of(90, 91)),
    );
    expect(none).toMatchObject({ nTimes: 0, overlapSec: null, rmseUm: Number.NaN, maxAbsUm: Number.NaN });
  });

  it("compares every shank with its own", () => {
    const apart = { ...along(wave), byShank: [along(wave), along((t) => -wave(t))] };
    expect(scoreMotion(apart, apart).rmseUm).toBe(0);
    expect(scoreMotion(along(wave), apart).rmseUm).toBeGreaterThan(10);
  });
});

describe("synthetic spikes", () => {
  const config = { ...syntheticDefaults, durationSec: 60, motion: zigzagMotion(60, 40, 20, 1500) };

  it("are the same for the same seed, sorted, and moved by the stated truth", () => {
    const a = syntheticSpikes(config);
    const b = syntheticSpikes(config);
    expect(a.spikes.depthUm).toEqual(b.spikes.depthUm);
    expect(a.spikes.timeSec.every((t, i) => i === 0 || t >= a.spikes.timeSec[i - 1])).toBe(true);
    expect(displacementAt(a.truth, 20.5, 0)).toBeCloseTo(config.motion(20.5, 0), 9);
    expect(syntheticSpikes({ ...config, seed: 2 }).spikes.nSpikes).not.toBe(a.spikes.nSpikes);
  });
});
