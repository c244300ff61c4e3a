import { describe, expect, it } from "vitest";
import { monopolarResidual } from "../../src/core/monopolarResidual.ts";
import { Random } from "../../src/core/random.ts";

const contactUm = [0, 0, 32, 0, 16, 20, 48, 20, 0, 40, 32, 40, 16, 60, 48, 60, 0, 80, 32, 80];
const nSlots = contactUm.length / 2;

const pointSource = ([x, y, z]: number[], alpha: number) =>
  Float64Array.from(
    { length: nSlots },
    (_, k) => alpha / Math.hypot(x - contactUm[2 * k], y - contactUm[2 * k + 1], z),
  );

describe("the residual of a point source", () => {
  it("is nothing where the source is, on either side of the probe, whatever its strength", () => {
    for (const z of [25, -25]) {
      const found = monopolarResidual([20, 37, z], pointSource([20, 37, 25], 3000), contactUm, nSlots);
      for (const value of found) expect(Math.abs(value)).toBeLessThan(1e-15);
    }
  });

  it("is that of a hand count for two contacts", () => {
    // at equal distance of both, α q is their mean: 1 − ¾ and ½ − ¾
    const [value] = monopolarResidual([0, 10, 7], [2, 1], [0, 0, 0, 20], 2);
    expect(value).toBeCloseTo(0.25 ** 2, 15);
  });

  it("has the gradient of finite differences, and points away from the probe for a source that is too near", () => {
    const random = new Random(5);
    for (let n = 0; n < 20; n++) {
      const amplitude = Float64Array.from({ length: nSlots }, () => 20 + 100 * random.uniform());
      amplitude[3] = -1;
      const offset = [40 * random.uniform(), 80 * random.uniform(), (n % 2 ? -1 : 1) * (3 + 30 * random.uniform())];
      const grad = monopolarResidual(offset, amplitude, contactUm, nSlots).slice(1);
      for (let axis = 0; axis < 3; axis++) {
        const at = (by: number) =>
          monopolarResidual(
            offset.map((v, i) => (i === axis ? v + by : v)),
            amplitude,
            contactUm,
            nSlots,
          )[0];
        expect(grad[axis]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 8);
      }
    }
    const [, , , toZ] = monopolarResidual([20, 37, 8], pointSource([20, 37, 25], 1), contactUm, nSlots);
    expect(toZ).toBeLessThan(0);
  });

  it("is zero, and never NaN, where there is nothing to explain", () => {
    for (const amplitude of [new Float64Array(nSlots), new Float64Array(nSlots).fill(Number.NaN)]) {
      expect([...monopolarResidual([1, 2, 3], amplitude, contactUm, nSlots)]).toEqual([0, 0, 0, 0]);
    }
    const unused = new Float64Array(nSlots).fill(-1);
    expect([...monopolarResidual([1, 2, 3], unused, contactUm, nSlots)]).toEqual([0, 0, 0, 0]);
    const above = monopolarResidual([0, 0, 0], pointSource([20, 37, 25], 10), contactUm, nSlots);
    expect(above.every(Number.isFinite)).toBe(true);
    expect(above[3]).toBe(0);
  });
});
