import { describe, expect, it } from "vitest";
import { displacementsOf, strongestPerCell } from "../../src/core/displacement.ts";
import { Random } from "../../src/core/random.ts";

describe("displacements", () => {
  it("are target minus source where both have a place", () => {
    const source = { xUm: [0, 10, Number.NaN, 1], depthUm: [100, 200, 300, 400] };
    const target = { xUm: [3, 10, 5, 1], depthUm: [104, 195, 300, Number.NaN] };
    const { dxUm, dyUm, lengthUm, n } = displacementsOf(source, target);
    expect([...dxUm]).toEqual([3, 0, NaN, NaN]);
    expect([...dyUm]).toEqual([4, -5, NaN, NaN]);
    expect([...lengthUm]).toEqual([5, 5, NaN, NaN]);
    expect(n).toBe(2);
  });
});

describe("the strongest spike of a cell", () => {
  it("is the one that drawing them in order of strength leaves on top", () => {
    const random = new Random(9);
    const column = () => Float32Array.from({ length: 500 }, () => random.uniform());
    const [x, y] = [column(), column()];
    const strength = column().map((v, i) => (i % 11 === 0 ? Number.NaN : v));
    const grid = { xLow: 0.1, xHigh: 1, yLow: 0, yHigh: 0.8, nx: 7, ny: 5 };
    const canvas = new Int32Array(35).fill(-1);
    const isDrawn = (i: number) => x[i] >= 0.1 && y[i] <= 0.8 && !Number.isNaN(strength[i]);
    const inOrder = [...x.keys()].filter(isDrawn).sort((a, b) => strength[a] - strength[b]);
    for (const i of inOrder) canvas[Math.floor((y[i] / 0.8) * 5) * 7 + Math.floor(((x[i] - 0.1) / 0.9) * 7)] = i;
    expect(strongestPerCell(x, y, strength, grid)).toEqual({ rows: canvas, nSpikes: inOrder.length });
    expect(strongestPerCell(x, y, strength, grid, 10, 10)).toEqual({ rows: canvas.fill(-1), nSpikes: 0 });
  });
});
