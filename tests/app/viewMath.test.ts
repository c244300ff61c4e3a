import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clampRange,
  padRange,
  panRange,
  robustRange,
  span,
  unionRange,
  valueAt,
  zoomRange,
} from "../../src/app/viewMath.ts";
import type { Range } from "../../src/core/types.ts";

const range = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }))
  .map(([low, width]): Range => [low, low + width]);

describe("zoomRange", () => {
  it("halves a range about a value that keeps its place", () => {
    expect(zoomRange([0, 100], 25, 0.5)).toEqual([12.5, 62.5]);
  });
  it("leaves the value under the pointer where it was, for any range, place and factor", () => {
    fc.assert(
      fc.property(
        range,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (r, f, k) => {
          const at = valueAt(r, f);
          const zoomed = zoomRange(r, at, k);
          expect(Math.abs(valueAt(zoomed, f) - at)).toBeLessThan(1e-9 * (Math.abs(at) + span(r) * k + 1));
          expect(Math.abs(span(zoomed) - k * span(r))).toBeLessThan(1e-9 * (span(r) * k + Math.abs(at) + 1));
        },
      ),
    );
  });
});

describe("panRange", () => {
  it("moves both ends", () => {
    expect(panRange([1, 3], -2)).toEqual([-1, 1]);
  });
});

describe("clampRange", () => {
  it("shifts a range back inside without changing its span", () => {
    expect(clampRange([-10, 20], [0, 100], 1)).toEqual([0, 30]);
    expect(clampRange([90, 120], [0, 100], 1)).toEqual([70, 100]);
  });
  it("gives the bounds for what is wider than they are, reversed or not a number", () => {
    expect(clampRange([-10, 200], [0, 100], 1)).toEqual([0, 100]);
    expect(clampRange([5, 4], [0, 100], 1)).toEqual([0, 100]);
    expect(clampRange([Number.NaN, 4], [0, 100], 1)).toEqual([0, 100]);
  });
  it("grows what is too narrow about its centre", () => {
    expect(clampRange([50, 50.5], [0, 100], 2)).toEqual([49.25, 51.25]);
  });
  it("never leaves the bounds", () => {
    fc.assert(
      fc.property(range, range, (wanted, bounds) => {
        const [low, high] = clampRange(wanted, bounds, 1e-4);
        expect(low).toBeGreaterThanOrEqual(bounds[0] - 1e-6);
        expect(high).toBeLessThanOrEqual(bounds[1] + 1e-6);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });
});

describe("padRange and unionRange", () => {
  it("widens by a share of the span, and gives a point an extent", () => {
    expect(padRange([0, 10], 0.1)).toEqual([-1, 11]);
    expect(padRange([4, 4], 0.1)).toEqual([3.5, 4.5]);
  });
  it("joins two ranges and passes a lone one through", () => {
    expect(unionRange([0, 2], [1, 5])).toEqual([0, 5]);
    expect(unionRange(null, [1, 5])).toEqual([1, 5]);
    expect(unionRange(null, null)).toBeNull();
  });
});

describe("robustRange", () => {
  it("is not stretched by a few outliers", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i);
    values[500] = 1e9;
    expect(robustRange(values, 0.005, 0.995)).toEqual([5, 996]);
  });
  it("looks at no more values than asked, and skips what is not finite", () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i % 2 ? Number.NaN : i));
    expect(robustRange(values, 0, 1)).toEqual([0, 98]);
    expect(robustRange(values, 0, 1, 10)).toEqual([0, 90]);
    expect(robustRange([Number.NaN], 0, 1)).toBeNull();
  });
});
