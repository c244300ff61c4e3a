import { describe, expect, it } from "vitest";
import { type Ranges, useView } from "../../src/app/viewStore.ts";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { countWithin, pictureInWords } from "../../src/ui/pictureWords.ts";
import { rangesByKey } from "../../src/ui/usePictureKeys.ts";

const area: PlotArea = {
  left: 40,
  top: 10,
  width: 400,
  height: 200,
  xRange: [0, 100],
  yRange: [-20, 60],
  xUnit: "s",
  yUnit: "µm",
  x: "time",
  y: "x",
};
const view = { ...useView.getState(), ranges: { time: [0, 100], depth: [0, 800], amp: [-200, 0] } as Ranges };

describe("a picture in words", () => {
  it("says its axes once each, the spikes in that time, and the selected one", () => {
    const selected = { index: 3, timeSec: 12.5, depthUm: 80, correctedDepthUm: null, ampUv: -90 };
    const other: PlotArea = { ...area, y: "localZ", yRange: [0, 50] };
    expect(pictureInWords([area, other], { ...view, selected }, [0, 50, 100, 150])).toBe(
      "Time 0 to 100 s, x −20 to 60 µm, z from the anchor 0 to 50 µm. 3 of 4 spikes are in this time. " +
        "Selected: spike 3: 12.500 s, depth 80.0 µm, −90.0 µV.",
    );
    expect(pictureInWords([], view, null)).toBe("");
  });
  it("counts by halving", () => {
    const timeSec = Float64Array.from([1, 2, 2, 2, 3, 7]);
    expect(countWithin(timeSec, [2, 3])).toBe(4);
    expect(countWithin(timeSec, [0, 10])).toBe(6);
    expect(countWithin(timeSec, [4, 6])).toBe(0);
    expect(countWithin(new Float64Array(0), [0, 1])).toBe(0);
  });
});

describe("keys of a picture", () => {
  it("move what is shown along its own axes", () => {
    expect(rangesByKey("ArrowRight", view, area)).toEqual({ time: [10, 110] });
    expect(rangesByKey("ArrowUp", view, area)).toEqual({ x: [-12, 68] });
    expect(rangesByKey("ArrowDown", view, { ...area, y: null })).toEqual({});
    expect(rangesByKey("q", view, area)).toBeNull();
  });
  it("zoom about the middle", () => {
    expect(rangesByKey("+", view, area)).toEqual({ time: [10, 90], x: [-12, 52] });
    expect(rangesByKey("-", view, area)).toEqual({ time: [-12.5, 112.5], x: [-30, 70] });
  });
});
