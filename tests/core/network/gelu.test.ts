import { expect, it } from "vitest";
import { erf, gelu, geluDerivative } from "../../../src/core/network/gelu.ts";
import { outputLoss } from "../../../src/core/network/loss.ts";

it("has the error function's tabulated values, odd and without a seam", () => {
  // Abramowitz and Stegun, table 7.1, and Wolfram's digits
  const table = [
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
  ];
  for (const [x, value] of table) {
    expect(Math.abs(erf(x) - value)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  }
  expect(erf(3) - erf(3 - 1e-9)).toBeCloseTo((1e-9 * 2 * Math.exp(-9)) / Math.sqrt(Math.PI), 15);
  expect(erf(Infinity)).toBe(1);
  expect(erf(Number.NaN)).toBeNaN();
});

it("differentiates GELU", () => {
  for (const x of [-4, -1.3, -0.2, 0, 0.7, 2.5, 5]) {
    expect(geluDerivative(x)).toBeCloseTo((gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5, 9);
  }
  expect(gelu(1)).toBeCloseTo(0.8413447460685429, 15);
});

it("takes each loss as a mean over the block's entries", () => {
  const loss = { beta: 5, scale: [1, 1, 0.5], count: 2 };
  const out = [1, -10, 8];
  const target = [0, 0, 0];
  const huber = outputLoss(out, target, 3, { kind: "huber", ...loss });
  expect(huber.loss).toBeCloseTo((0.1 + 7.5 + 1.6) / 6, 14);
  expect([...huber.outGrad].map((g) => 6 * g)).toEqual([0.2, -1, 0.4].map((g) => expect.closeTo(g, 14)));
  const mse = outputLoss(out, target, 3, { kind: "mse", ...loss });
  expect(mse.loss).toBeCloseTo((1 + 100 + 16) / 6, 14);
  expect([...mse.outGrad].map((g) => 6 * g)).toEqual([2, -20, 4].map((g) => expect.closeTo(g, 13)));
  expect(outputLoss(out, [3, 4, 5], 3, { kind: "given", ...loss })).toEqual({
    loss: 0,
    outGrad: Float64Array.of(3, 4, 5),
  });
});
