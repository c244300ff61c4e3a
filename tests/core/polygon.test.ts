import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insidePolygon } from "../../src/core/polygon.ts";

/** The turns that a line makes around a place, by the angles of its corners as seen from there. */
function turns(xy: readonly number[], x: number, y: number): number {
  let sum = 0;
  for (let i = 0; i < xy.length; i += 2) {
    const j = (i + 2) % xy.length;
    const [a, b] = [Math.atan2(xy[i + 1] - y, xy[i] - x), Math.atan2(xy[j + 1] - y, xy[j] - x)];
    let turn = b - a;
    if (turn > Math.PI) turn -= 2 * Math.PI;
    if (turn < -Math.PI) turn += 2 * Math.PI;
    sum += turn;
  }
  return Math.round(sum / (2 * Math.PI));
}

describe("inside a closed line", () => {
  it("is what it winds around, for any line", () => {
    const coordinate = fc.integer({ min: 0, max: 400 });
    const line = fc.array(coordinate, { minLength: 6, maxLength: 60 }).map((xy) => xy.slice(0, 2 * (xy.length >> 1)));
    // places between the corners' grid are on no edge that is level or upright; those on slanted ones are left out
    const place = fc.tuple(coordinate, coordinate).map(([x, y]) => [x + 0.4142, y + 0.7182] as const);
    fc.assert(
      fc.property(line, fc.array(place, { minLength: 20, maxLength: 20 }), (xy, places) => {
        const isInside = insidePolygon(xy);
        for (const [x, y] of places) expect(isInside(x, y)).toBe(turns(xy, x, y) !== 0);
      }),
      { numRuns: 200 },
    );
  });

  it("has no hole where a hand crosses its own line", () => {
    const twice = [0, 0, 10, 0, 10, 10, 0, 10, 0, 0, 10, 0, 10, 10, 0, 10];
    expect(insidePolygon(twice)(5, 5)).toBe(true);
  });

  it("is nothing for fewer than three corners, for a flat line and for NaN", () => {
    expect(insidePolygon([0, 0, 5, 5])(2, 2)).toBe(false);
    expect(insidePolygon([0, 3, 5, 3, 9, 3])(2, 3)).toBe(false);
    expect(insidePolygon([0, 0, 9, 0, 9, 9])(Number.NaN, 2)).toBe(false);
  });
});
