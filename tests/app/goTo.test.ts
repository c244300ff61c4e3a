import { describe, expect, it } from "vitest";
import { placeInWords, placesIn, rangeAround } from "../../src/app/goTo.ts";

describe("places that are typed", () => {
  it("are understood with their name or their unit", () => {
    expect(placesIn("spike 1,234")).toEqual([{ kind: "spike", index: 1234 }]);
    expect(placesIn("time 12.5")).toEqual([{ kind: "time", at: 12.5, to: null }]);
    expect(placesIn("Depth 400 to 900 µm")).toEqual([{ kind: "depth", at: 400, to: 900 }]);
    expect(placesIn("ch 37")).toEqual([{ kind: "channel", index: 37 }]);
    expect(placesIn("−200..0 uV")).toEqual([{ kind: "amp", at: -200, to: 0 }]);
    expect(placesIn("3s")).toEqual([{ kind: "time", at: 3, to: null }]);
  });
  it("may be several for a bare number", () => {
    expect(placesIn("80").map(({ kind }) => kind)).toEqual(["spike", "time", "depth", "channel"]);
    expect(placesIn("80.5").map(({ kind }) => kind)).toEqual(["time", "depth"]);
  });
  it("are none for other words, and no row is negative or between two", () => {
    for (const text of ["", "raster 3", "spike", "spike -1", "spike 1.5", "spike 1 to 4", "1 2"])
      expect(placesIn(text)).toEqual([]);
  });
  it("are said back with their unit", () => {
    const said = ["spike 1234", "time 12.5", "depth 400 to 900"].flatMap(placesIn).map(placeInWords);
    expect(said).toEqual(["Go to spike 1,234", "Go to time 12.5 s", "Show depth 400 to 900 µm"]);
  });
});

describe("the range around a place", () => {
  it("keeps its width, but comes close where nearly all is shown", () => {
    expect(rangeAround(50, null, [0, 4], [0, 100], 10)).toEqual([48, 52]);
    expect(rangeAround(50, null, [0, 100], [0, 100], 10)).toEqual([45, 55]);
    expect(rangeAround(9, 3, [0, 100], [0, 100], 10)).toEqual([3, 9]);
  });
});
