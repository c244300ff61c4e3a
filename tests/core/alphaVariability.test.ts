import { describe, expect, it } from "vitest";
import { valueVariability, variabilityDefaults } from "../../src/core/alphaVariability.ts";
import { Random } from "../../src/core/random.ts";

const grid = { timeRangeSec: [0, 100] as const, depthRangeUm: [0, 100] as const, ...variabilityDefaults };

/** Spikes over 100 s and 0 to 100 µm, some of them without a value or a depth. */
function spikes(n: number) {
  const random = new Random(5);
  const column = (scale: number, missing: number) =>
    Float64Array.from({ length: n }, () => (random.uniform() < missing ? Number.NaN : scale * random.uniform()));
  return { timeSec: column(100, 0), depthUm: column(100, 0.02), value: Float32Array.from(column(4, 0.1)) };
}

describe("variability of a value over time at each depth", () => {
  it("is what reading all spikes for every cell gives", () => {
    const { timeSec, depthUm, value } = spikes(4000);
    const found = valueVariability(timeSec, depthUm, value, grid);
    expect([found.nTimes, found.nDepths, found.minCells]).toEqual([100, 5, 10]);
    for (let d = 0; d < 5; d++) {
      const means: number[] = [];
      for (let t = 0; t < 100; t++) {
        const inside = Array.from(value).filter(
          (v, i) => !Number.isNaN(v) && Math.floor(timeSec[i]) === t && Math.floor(depthUm[i] / 20) === d,
        );
        const mean = inside.length < 5 ? Number.NaN : inside.reduce((sum, v) => sum + v, 0) / inside.length;
        if (Number.isNaN(mean)) expect(found.mean[d * 100 + t]).toBeNaN();
        else expect(found.mean[d * 100 + t]).toBeCloseTo(mean, 5);
        if (!Number.isNaN(mean)) means.push(mean);
      }
      const middle = means.reduce((sum, v) => sum + v, 0) / means.length;
      const std = Math.sqrt(means.reduce((sum, v) => sum + (v - middle) ** 2, 0) / means.length);
      expect(found.nCells[d]).toBe(means.length);
      expect(found.std[d]).toBeCloseTo(std, 5);
    }
  });
  it("asks for five spikes in a cell and for a twentieth of the cells in a row, ten at least", () => {
    const timeSec = Float64Array.from({ length: 50 }, (_, i) => Math.floor(i / 5) + 0.5); // ten cells of five
    const depthUm = new Float64Array(50).fill(30);
    const value = Float32Array.from(timeSec, (t) => (Math.floor(t) % 2 === 0 ? 3 : 4));
    const of = (timeRangeSec: readonly [number, number], rows = 50) =>
      valueVariability(timeSec.subarray(0, rows), depthUm, value, { ...grid, timeRangeSec });
    expect(of([0, 100]).std[1]).toBeCloseTo(0.5, 12);
    expect(of([0, 220]).minCells).toBe(11);
    expect(of([0, 220]).std[1]).toBeNaN();
    const nine = of([0, 100], 49); // the last cell has four
    expect(nine.nCells[1]).toBe(9);
    expect(nine.std[1]).toBeNaN();
    expect(nine.mean[100 + 9]).toBeNaN();
  });
  it("has bins of depth that begin at multiples of 20 µm, below the tip too", () => {
    const found = valueVariability([0.5], [-3], [1], { ...grid, depthRangeUm: [-10, 30], minSpikes: 1 });
    expect([found.startUm, found.nDepths]).toEqual([-20, 3]);
    expect(found.mean[0]).toBe(1);
  });
});
