import { describe, expect, it } from "vitest";
import { compareMotions } from "../../src/core/motionComparison.ts";
import type { Motion } from "../../src/core/types.ts";

/** Two depths, 0 and 100 µm; `at` gives the displacement in µm. */
function motion(timeSec: number[], at: (t: number, depth: number) => number, depths = [0, 100]): Motion {
  return {
    displacementUm: Float64Array.from(timeSec.flatMap((t) => depths.map((d) => at(t, d)))),
    timeBinCentersSec: Float64Array.from(timeSec),
    depthBinCentersUm: Float64Array.from(depths),
  };
}

const seconds = Array.from({ length: 11 }, (_, i) => i);

describe("comparison of motions", () => {
  it("finds a motion equal to itself moved by a constant", () => {
    const a = motion(seconds, (t, d) => t * (1 + d / 100));
    const b = motion(seconds, (t, d) => t * (1 + d / 100) + 40 - d);
    const result = compareMotions([a, b])!;
    expect(result.pairs).toHaveLength(1);
    expect(result.pairs[0].rmsUm).toBeCloseTo(0, 12);
    expect(result.pairs[0].r).toBeCloseTo(1, 12);
    expect(result.grid.depthUm).toHaveLength(9);
  });

  it("measures the difference by hand values", () => {
    const a = motion(seconds, (t) => 2 * t);
    const b = motion(seconds, (t) => t);
    const { pairs, fieldsUm, grid } = compareMotions([a, b], { nDepths: 3 })!;
    // without medians the traces are 2(t − 5) and t − 5, so they differ by t − 5
    const [pair] = pairs;
    expect(pair.rmsUm).toBeCloseTo(Math.sqrt(10), 12);
    expect(pair.meanAbsUm).toBeCloseTo(30 / 11, 12);
    expect(pair.maxAbsUm).toBe(5);
    expect(pair.r).toBeCloseTo(1, 12);
    expect([...pair.differenceUm.subarray(0, 3)]).toEqual([-5, -5, -5]);
    expect(fieldsUm[0][10 * 3 + 1]).toBe(10);
    expect([...grid.depthUm]).toEqual([0, 50, 100]);
  });

  it("takes the finest bins between the latest start and the earliest end", () => {
    const fine = motion(
      Array.from({ length: 41 }, (_, i) => i / 4),
      (t) => t,
    );
    const coarse = motion([2, 5, 8], (t) => t);
    const rigid = motion(seconds, (t) => t, [37]);
    const { grid, pairs } = compareMotions([coarse, fine, rigid])!;
    expect(grid.timeSec[0]).toBe(2);
    expect(grid.timeSec).toHaveLength(25);
    expect(grid.timeSec[24]).toBe(8);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    for (const pair of pairs) expect(pair.rmsUm).toBeCloseTo(0, 9);
    expect(compareMotions([coarse, fine], { maxTimes: 5 })!.grid.timeSec).toHaveLength(5);
  });

  it("says nothing of motions that share no time", () => {
    expect(compareMotions([motion([0, 1], (t) => t), motion([5, 6], (t) => t)])).toBeNull();
  });

  it("holds a motion of one bin against any other, and has no correlation with what stands still", () => {
    const still = motion([3], () => 7);
    const moving = motion(seconds, (t) => t);
    const [pair] = compareMotions([still, moving])!.pairs;
    expect(pair.rmsUm).toBeCloseTo(Math.sqrt(10), 12);
    expect(pair.r).toBeNaN();
  });

  it("takes the shank that is asked for", () => {
    const own = motion(seconds, (t) => 3 * t);
    const mean = { ...motion(seconds, (t) => t), byShank: [motion(seconds, () => 0), own] };
    expect(compareMotions([mean, own], { shank: 1 })!.pairs[0].rmsUm).toBeCloseTo(0, 12);
    expect(compareMotions([mean, own])!.pairs[0].rmsUm).toBeGreaterThan(1);
  });
});
