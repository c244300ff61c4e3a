import { describe, expect, it } from "vitest";
import type { Ranges } from "../../src/app/viewStore.ts";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { boxRanges, dragBy, fractionOf, zoomAt } from "../../src/ui/pictureAxes.ts";

const area: PlotArea = {
  left: 50,
  top: 10,
  width: 200,
  height: 100,
  xRange: [0, 1000],
  yRange: [0, 4000],
  xUnit: "s",
  yUnit: "µm",
  x: "time",
  y: "depth",
};
const ranges: Ranges = { time: [0, 1000], depth: [0, 4000], amp: [-100, 0] };
const shown = { ranges, freeRanges: {} };

describe("fractionOf", () => {
  it("counts from the lower left corner of the data area, depth upward", () => {
    expect(fractionOf(area, { x: 50, y: 110 })).toEqual({ x: 0, y: 0 });
    expect(fractionOf(area, { x: 250, y: 10 })).toEqual({ x: 1, y: 1 });
  });
});

describe("zoomAt", () => {
  const point = { x: 100, y: 35 };
  it("zooms both axes about the value under the pointer", () => {
    expect(zoomAt(shown, area, point, 0.5, "both")).toEqual({ time: [125, 625], depth: [1500, 3500] });
  });
  it("zooms one axis alone", () => {
    expect(zoomAt(shown, area, point, 0.5, "y")).toEqual({ depth: [1500, 3500] });
    expect(zoomAt(shown, area, point, 0.5, "x")).toEqual({ time: [125, 625] });
  });
  it("leaves an axis alone that is not shared", () => {
    expect(zoomAt(shown, { ...area, y: null }, point, 0.5, "both")).toEqual({ time: [125, 625] });
  });
});

describe("an axis that only some pictures have", () => {
  const point = { x: 100, y: 35 };
  const depths: PlotArea = { ...area, x: "localX", xRange: [-40, 60] };
  it("starts from what the picture shows by itself, and goes on from where it was zoomed to", () => {
    expect(zoomAt(shown, depths, point, 0.5, "x")).toEqual({ localX: [-27.5, 22.5] });
    const zoomed = { ranges, freeRanges: { localX: [0, 8] as const } };
    expect(dragBy(zoomed, depths, 50, 0)).toEqual({ localX: [-2, 6], depth: [0, 4000] });
  });
});

describe("dragBy", () => {
  it("moves the data with the hand: right shows earlier times, down shows greater depths", () => {
    expect(dragBy(shown, area, 20, 10)).toEqual({ time: [-100, 900], depth: [400, 4400] });
  });
});

describe("boxRanges", () => {
  it("is the same whichever corner it starts from, and stays in the data area", () => {
    const a = { x: 100, y: 35 };
    const b = { x: 400, y: 85 };
    const expected = { time: [250, 1000], depth: [1000, 3000] };
    expect(boxRanges(shown, area, a, b)).toEqual(expected);
    expect(boxRanges(shown, area, b, a)).toEqual(expected);
  });
  it("takes a thin box for one axis, and a click for none", () => {
    expect(boxRanges(shown, area, { x: 100, y: 50 }, { x: 150, y: 51 })).toEqual({ time: [250, 500] });
    expect(boxRanges(shown, area, { x: 100, y: 50 }, { x: 101, y: 51 })).toBeNull();
  });
});
