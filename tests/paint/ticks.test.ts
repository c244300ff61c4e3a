import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidthPx } from "../../src/paint/pen.ts";
import { horizontalTicks, logTicks, niceStep, tickLabel, ticksOf, verticalTicks } from "../../src/paint/ticks.ts";

describe("ticks", () => {
  it("step by 1, 2 or 5", () => {
    expect([0.11, 0.2, 0.21, 1, 3, 6, 10, 999].map(niceStep)).toEqual([0.2, 0.2, 0.5, 1, 5, 10, 10, 1000]);
  });

  it("stand at multiples of the step, inside the range", () => {
    expect(ticksOf([-592.9, 741.4], 8).map((t) => t.label)).toEqual(["−400", "−200", "0", "200", "400", "600"]);
    expect(ticksOf([0, 1], 5).map((t) => t.label)).toEqual(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"].slice(0, 6));
  });

  it("are none for a range without extent or with NaN", () => {
    expect(ticksOf([3, 3], 5)).toEqual([]);
    expect(ticksOf([0, Number.NaN], 5)).toEqual([]);
    expect(ticksOf([0, Number.POSITIVE_INFINITY], 5)).toEqual([]);
  });

  it("are few enough, in order and inside, whatever the range", () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 20 }), ([low, extent], most) => {
        const high = low + extent;
        const values = ticksOf([low, high], most).map((t) => t.value);
        expect(values.length).toBeLessThanOrEqual(most + 1);
        for (let i = 0; i < values.length; i++) {
          expect(values[i]).toBeGreaterThanOrEqual(low - 1e-6 * extent);
          expect(values[i]).toBeLessThanOrEqual(high + 1e-6 * extent);
          if (i > 0) expect(values[i]).toBeGreaterThan(values[i - 1]);
        }
      }),
    );
  });

  it("never touch along a horizontal axis, however narrow", () => {
    for (const widthPx of [20, 60, 150, 400, 1600]) {
      for (const range of [[0, 1800] as const, [1234.5, 1234.6] as const, [-295.4, -50.86] as const]) {
        const ticks = horizontalTicks(range, widthPx, 11);
        const at = ticks.map((t) => ((t.value - range[0]) / (range[1] - range[0])) * widthPx);
        for (let i = 1; i < ticks.length; i++) {
          const half = (textWidthPx(ticks[i].label, 11) + textWidthPx(ticks[i - 1].label, 11)) / 2;
          expect(at[i] - at[i - 1]).toBeGreaterThan(half);
        }
        if (widthPx >= 400) expect(ticks.length).toBeGreaterThan(1);
      }
    }
  });

  it("leave a line of text between labels of a vertical axis", () => {
    const ticks = verticalTicks([0, 3840], 200, 11);
    expect(ticks.length).toBeGreaterThan(2);
    expect(((ticks[1].value - ticks[0].value) / 3840) * 200).toBeGreaterThan(2 * 11);
  });

  it("write thousands as k, the same along the whole axis", () => {
    expect(ticksOf([0, 60000], 6).map((t) => t.label)).toEqual(["0", "10k", "20k", "30k", "40k", "50k", "60k"]);
    expect(tickLabel(10000, 2000, 12000)).toBe("10000");
  });

  it("follow 0, 1, 2, 5, 10 on a log scale and leave out what would touch", () => {
    const position = (v: number) => Math.log1p(v) / Math.log1p(100);
    expect(logTicks([0, 100], position, 600, 11).map((t) => t.label)).toEqual([
      "0",
      "1",
      "2",
      "5",
      "10",
      "20",
      "50",
      "100",
    ]);
    expect(logTicks([0, 100], position, 60, 11).length).toBeLessThan(5);
  });
});
