import { describe, expect, it } from "vitest";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { clampedTo, drawnBy, howBrushed, isBrush, lineOf, mayBegin, outlineOf } from "../../src/ui/stroke.ts";

const area: PlotArea = {
  left: 50,
  top: 10,
  width: 200,
  height: 100,
  xRange: [0, 100],
  yRange: [-10, 10],
  xUnit: "s",
  yUnit: "µm",
  x: "time",
  y: null,
};
const finish = () => undefined;

describe("a stroke", () => {
  it("has one value for each x: going back replaces what was drawn", () => {
    const drag = [10, 20, 30, 40, 25, 15, 35].map((x, y) => ({ x, y }));
    expect(lineOf(drag)).toEqual([
      { x: 10, y: 0 },
      { x: 15, y: 5 },
      { x: 35, y: 6 },
      { x: 40, y: 3 },
    ]);
    expect(
      lineOf([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toEqual([{ x: 1, y: 2 }]);
  });

  it("begins on the data and stays on it", () => {
    expect(mayBegin(area, { x: 40, y: 50 })).toBe(false);
    expect(mayBegin(area, { x: 60, y: 50 })).toBe(true);
    expect(clampedTo(area, { x: 900, y: -5 })).toEqual({ x: 250, y: 10 });
  });

  it("comes out in the units of the axes", () => {
    const drag = [
      { x: 150, y: 60 },
      { x: 50, y: 10 },
    ];
    expect(drawnBy({ shape: "range", finish }, area, drag, 4)).toEqual([
      { x: 0, y: 0 },
      { x: 50, y: 0 },
    ]);
    expect(drawnBy({ shape: "line", finish }, area, drag, 4)).toEqual([
      { x: 0, y: 10 },
      { x: 50, y: 0 },
    ]);
  });

  it("that is a click is none", () => {
    expect(
      drawnBy(
        { shape: "line", finish },
        area,
        [
          { x: 60, y: 20 },
          { x: 62, y: 90 },
        ],
        4,
      ),
    ).toBeNull();
  });
});

describe("a brush", () => {
  it("is closed along the hand's own line, or as the box between its ends", () => {
    const drag = [
      { x: 1, y: 2 },
      { x: 9, y: 9 },
      { x: 5, y: 7 },
    ];
    expect(outlineOf({ shape: "lasso" }, drag)).toEqual([1, 2, 9, 9, 5, 7]);
    expect(outlineOf({ shape: "box" }, drag)).toEqual([1, 2, 5, 2, 5, 7, 1, 7]);
    expect([isBrush({ shape: "box" }), isBrush({ shape: "line", finish })]).toEqual([true, false]);
  });

  it("adds with shift and takes away with alt", () => {
    const held = (shiftKey: boolean, altKey: boolean) => howBrushed({ shiftKey, altKey });
    expect([held(false, false), held(true, false), held(false, true), held(true, true)]).toEqual([
      "replace",
      "add",
      "remove",
      "remove",
    ]);
  });
});
