import { describe, expect, it } from "vitest";
import { fromFragment, type LinkedView, toFragment } from "../../src/app/viewFragment.ts";
import { firstOrbit } from "../../src/protocol/orbit.ts";

const view: LinkedView = {
  ranges: { time: [12.5, 1800], depth: [-20, 3840.25], amp: [-412.3, -18] },
  rasterColour: "count",
  alphaScale: "percentiles",
  strongestOnTop: true,
  colourMap: "viridis",
  theme: "light",
  showMotion: false,
  projectCorrected: false,
  traceStyle: "heat",
  waveformLayout: "roomy",
  orbit: { azimuthDeg: -120.5, elevationDeg: 15, zoom: 2 },
  positions: "sln-cnn",
  spike: 1234,
  channel: null,
  unit: 127,
  layout: "inspect",
};

describe("the view in the address", () => {
  it("comes back as it was written", () => {
    const { channel: _, ...given } = view;
    expect(fromFragment(`#${toFragment(view)}`)).toEqual(given);
    const zoomed = { ...view, ranges: { ...view.ranges, x: [-20, 40], localZ: [0, 90] } } satisfies LinkedView;
    expect(fromFragment(toFragment({ ...zoomed, channel: 7 }))).toEqual({ ...zoomed, channel: 7 });
  });
  it("keeps four decimals of a range", () => {
    const text = toFragment({ ...view, ranges: { ...view.ranges, time: [1 / 3, 2] } });
    expect(fromFragment(text).ranges.time).toEqual([0.3333, 2]);
  });
  it("leaves out what does not parse and takes the rest", () => {
    expect(
      fromFragment(
        "#t=9..3&d=0..x&a=1..2&by=colour&map=none&theme=red&motion=7&spike=-1&layout=<b>&channel=1.5&later=1",
      ),
    ).toEqual({
      ranges: { amp: [1, 2] },
    });
  });
  it("says nothing of a spike's pictures that stand as at the start, and keeps a turn within reach", () => {
    const text = toFragment({ ...view, waveformLayout: "auto", orbit: firstOrbit });
    expect(text).not.toMatch(/waves|orbit/);
    expect(fromFragment("orbit=200,99,1000").orbit).toEqual({ azimuthDeg: -160, elevationDeg: 90, zoom: 8 });
    for (const wrong of ["1,2", "1,2,", "1,2,x", "1,2,3,4"])
      expect(fromFragment(`orbit=${wrong}`).orbit).toBeUndefined();
  });
  it("reads an empty address as nothing", () => {
    expect(fromFragment("")).toEqual({ ranges: {} });
  });
  it("carries no file name and no data", () => {
    expect(toFragment(view)).toBe(
      "t=12.5..1800&d=-20..3840.25&a=-412.3..-18&by=count&map=viridis&theme=light&motion=0&corrected=0" +
        "&alpha=percentiles&strongest=1&traces=heat&waves=roomy&orbit=-120.5,15,2&positions=sln-cnn&spike=1234&unit=127&layout=inspect",
    );
  });
});
