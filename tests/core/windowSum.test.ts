import { expect, it } from "vitest";
import { windowSum } from "../../src/core/windowSum.ts";

it("sums the neighbours of each row and not the row", () => {
  const rows = [1, 10, 2, 20, 4, 40, 8, 80]; // [4, 2]
  expect([...windowSum(rows, 4, 1)]).toEqual([2, 20, 5, 50, 10, 100, 4, 40]);
  expect([...windowSum(rows, 4, 2)]).toEqual([6, 60, 13, 130, 11, 110, 6, 60]);
  for (const window of [3, 4, 100, Number.POSITIVE_INFINITY])
    expect([...windowSum(rows, 4, window)]).toEqual([14, 140, 13, 130, 11, 110, 7, 70]);
  expect([...windowSum(rows, 4, 0)]).toEqual(new Array(8).fill(0));
});
