import { describe, expect, it } from "vitest";
import { displacementAlong, levelsAcross, motionLevels, runningMean, visibleCurve } from "../../src/paint/curves.ts";
import { densityImage, rowsNearest } from "../../src/paint/density.ts";
import { quantileOfPositive } from "../../src/paint/quantiles.ts";
import { rangeOf, rowsWithin } from "../../src/paint/spikeData.ts";
import { motionOf, scatteredSpikes } from "./synthetic.ts";

describe("quantiles", () => {
  it("are the elements a sort would give", () => {
    const values = scatteredSpikes(10_001).ampUv.map(Math.abs);
    const sorted = [...values].sort((a, b) => a - b);
    for (const q of [0, 0.01, 0.5, 0.99, 1]) expect(quantileOfPositive(values, q)).toBe(sorted[Math.floor(q * 10_000)]);
  });

  it("leave out what is not a finite number", () => {
    expect(quantileOfPositive(Float32Array.of(Number.NaN, 3, Number.POSITIVE_INFINITY, -1), 1)).toBe(3);
    expect(quantileOfPositive(new Float32Array(0), 0.5)).toBeNaN();
    expect(quantileOfPositive(Float32Array.of(0, 0), 0.5)).toBe(0);
  });
});

describe("rows", () => {
  const times = Float64Array.of(0, 1, 1, 2, 5, 9);

  it("within a range include both ends, repeated times too", () => {
    expect(rowsWithin(times, [1, 5])).toEqual({ from: 1, to: 5 });
    expect(rowsWithin(times, [-3, 100])).toEqual({ from: 0, to: 6 });
    expect(rowsWithin(times, [5.5, 8])).toEqual({ from: 5, to: 5 });
    expect(rowsWithin(new Float64Array(0), [0, 1])).toEqual({ from: 0, to: 0 });
  });

  it("nearest to a moment are the nearest, at the ends too", () => {
    expect(rowsNearest(times, 1.9, 3)).toEqual({ from: 1, to: 4 });
    expect(rowsNearest(times, -5, 2)).toEqual({ from: 0, to: 2 });
    expect(rowsNearest(times, 99, 2)).toEqual({ from: 4, to: 6 });
    expect(rowsNearest(times, 3, 50)).toEqual({ from: 0, to: 6 });
  });
});

describe("density", () => {
  const spikes = scatteredSpikes(4000);
  const grid = { nDepth: 40, nAmp: 25, depthRangeUm: [0, 1000] as const, ampRangeUv: [-200, -50] as const };

  it("of spread spikes is what the average cell holds", () => {
    const { values } = densityImage(spikes, { from: 0, to: 4000 }, grid, 1.2);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.abs(mean - 4)).toBeLessThan(0.1);
  });

  it("of one spike peaks in its cell and falls to all sides", () => {
    const one = { nSpikes: 1, timeSec: Float64Array.of(1), depthUm: Float64Array.of(262), ampUv: Float32Array.of(-80) };
    const { values } = densityImage(one, { from: 0, to: 1 }, grid, 1);
    const at = values.indexOf(Math.max(...values));
    expect([Math.floor(at / 25), at % 25]).toEqual([10, 20]);
    expect(values[at + 25]).toBeCloseTo(values[at] * Math.exp(-0.5), 5);
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 2);
  });
});

describe("curves", () => {
  it("keep lowest and highest of each column", () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => i);
    const y = x.map((i) => (i === 4321 ? 50 : i === 7777 ? -50 : Math.sin(i)));
    const seen = visibleCurve(x, y, [0, 9999], 100);
    expect(seen.x.length).toBeLessThanOrEqual(400);
    expect([Math.min(...seen.y), Math.max(...seen.y)]).toEqual([-50, 50]);
    expect([...seen.x]).toEqual([...seen.x].sort((a, b) => a - b));
    expect([seen.x[0], seen.x[seen.x.length - 1]]).toEqual([0, 9999]);
  });

  it("reach beyond the visible range by one neighbour", () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    expect([...visibleCurve(x, x, [10.5, 12.5], 50).x]).toEqual([10, 11, 12, 13]);
    expect([...visibleCurve(x, x, [200, 300], 50).x]).toEqual([99]);
  });

  it("follow the motion at a depth, up for up", () => {
    const motion = motionOf((t, d) => t * (d / 1000), [0, 1000]);
    expect(displacementAlong(motion, 500)[10]).toBeCloseTo(5.25, 12);
    expect([...levelsAcross([0, 10], 3)]).toEqual([0, 5, 10]);
    expect([...levelsAcross([0, 10], 1)]).toEqual([5]);
    const many = motionOf(
      () => 0,
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect([...motionLevels(many, 3)]).toEqual([0, 50, 99]);
  });

  it("average over a window that shrinks at the ends", () => {
    expect([...runningMean([1, 2, 3, 4, 9], 3)]).toEqual([1.5, 2, 3, 16 / 3, 6.5]);
  });

  it("know the range of what is finite", () => {
    expect(rangeOf([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
    expect(rangeOf([2])).toEqual([1.5, 2.5]);
    expect(rangeOf([])).toEqual([-0.5, 0.5]);
  });
});
