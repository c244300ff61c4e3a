import { describe, expect, it } from "vitest";
import type { Ranges } from "../../src/app/viewStore.ts";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { boxRanges, dragBy, fractionOf, PICTURE_AXES, zoomAt } from "../../src/ui/pictureAxes.ts";

const area: PlotArea = {
  left: 50,
  top: 10,
  width: 200,
  height: 100,
  xRange: [0, 1000],
  yRange: [0, 4000],
  xUnit: "s",
  yUnit: "µm",
};
const ranges: Ranges = { time: [0, 1000], depth: [0, 4000], amp: [-100, 0] };
const raster = PICTURE_AXES["raster-raw"];

describe("fractionOf", () => {
  it("counts from the lower left corner of the data area, depth upward", () => {
    expect(fractionOf(area, { x: 50, y: 110 })).toEqual({ x: 0, y: 0 });
    expect(fractionOf(area, { x: 250, y: 10 })).toEqual({ x: 1, y: 1 });
  });
});

describe("zoomAt", () => {
  const point = { x: 100, y: 35 };
  it("zooms both axes about the value under the pointer", () => {
    expect(zoomAt(raster, ranges, area, point, 0.5, "both")).toEqual({ time: [125, 625], depth: [1500, 3500] });
  });
  it("zooms one axis alone", () => {
    expect(zoomAt(raster, ranges, area, point, 0.5, "y")).toEqual({ depth: [1500, 3500] });
    expect(zoomAt(raster, ranges, area, point, 0.5, "x")).toEqual({ time: [125, 625] });
  });
  it("leaves an axis alone that is not shared", () => {
    expect(zoomAt({ x: "time", y: null }, ranges, area, point, 0.5, "both")).toEqual({ time: [125, 625] });
  });
});

describe("dragBy", () => {
  it("moves the data with the hand: right shows earlier times, down shows greater depths", () => {
    expect(dragBy(raster, ranges, area, 20, 10)).toEqual({ time: [-100, 900], depth: [400, 4400] });
  });
});

describe("boxRanges", () => {
  it("is the same whichever corner it starts from, and stays in the data area", () => {
    const a = { x: 100, y: 35 };
    const b = { x: 400, y: 85 };
    const expected = { time: [250, 1000], depth: [1000, 3000] };
    expect(boxRanges(raster, ranges, area, a, b)).toEqual(expected);
    expect(boxRanges(raster, ranges, area, b, a)).toEqual(expected);
  });
  it("takes a thin box for one axis, and a click for none", () => {
    expect(boxRanges(raster, ranges, area, { x: 100, y: 50 }, { x: 150, y: 51 })).toEqual({ time: [250, 500] });
    expect(boxRanges(raster, ranges, area, { x: 100, y: 50 }, { x: 101, y: 51 })).toBeNull();
  });
});
