import { describe, expect, it } from "vitest";
import { thin } from "../../src/app/thin.ts";

describe("thin", () => {
  it("leaves a short curve as it is", () => {
    expect(thin([3, 1, 2], 3)).toEqual([3, 1, 2]);
  });
  it("averages neighbours, the last group over what is left", () => {
    expect(thin([1, 3, 5, 7, 9], 3)).toEqual([2, 6, 9]);
  });
  it("never gives more points than asked", () => {
    for (const n of [1, 10, 1499, 1500, 1501, 9999]) {
      expect(thin(new Array<number>(n).fill(1), 1500).length).toBeLessThanOrEqual(1500);
    }
  });
});
