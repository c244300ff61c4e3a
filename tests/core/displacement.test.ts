import { describe, expect, it } from "vitest";
import { displacementsOf } from "../../src/core/displacement.ts";

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
