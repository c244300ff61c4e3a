import { beforeEach, describe, expect, it } from "vitest";
import {
  nextColourMap,
  panBy,
  pictureView,
  resetView,
  setRanges,
  showBounds,
  useView,
  zoomCentre,
} from "../../src/app/viewStore.ts";
import { firstFigures } from "../../src/protocol/pictures.ts";

beforeEach(() => {
  showBounds({ time: [0, 1000], depth: [0, 4000], amp: [-500, 0] }, { amp: [-200, -20] });
});

describe("the shared view", () => {
  it("starts with everything on screen and amplitudes as asked", () => {
    expect(useView.getState().ranges).toEqual({ time: [0, 1000], depth: [0, 4000], amp: [-200, -20] });
  });
  it("changes only the ranges it is given, inside their bounds", () => {
    setRanges({ time: [900, 1100] });
    expect(useView.getState().ranges).toEqual({ time: [800, 1000], depth: [0, 4000], amp: [-200, -20] });
  });
  it("zooms about the centre and pans by a share of the screen", () => {
    zoomCentre(["time"], 0.5);
    expect(useView.getState().ranges.time).toEqual([250, 750]);
    panBy("time", 0.1);
    expect(useView.getState().ranges.time).toEqual([300, 800]);
    expect(useView.getState().ranges.depth).toEqual([0, 4000]);
  });
  it("stops zooming where nothing is left to see", () => {
    setRanges({ time: [10, 10.000001] });
    const [low, high] = useView.getState().ranges.time;
    expect(high - low).toBeCloseTo(0.01, 9);
  });
  it("shows everything again but keeps the amplitude limits", () => {
    setRanges({ time: [1, 2], depth: [10, 20] });
    resetView();
    expect(useView.getState().ranges).toEqual({ time: [0, 1000], depth: [0, 4000], amp: [-200, -20] });
  });
  it("goes through the colour maps and round again", () => {
    useView.setState({ colourMap: "inferno" });
    const seen = Array.from({ length: 5 }, () => {
      nextColourMap();
      return useView.getState().colourMap;
    });
    expect(seen).toEqual(["viridis", "plasma", "cividis", "greys", "inferno"]);
  });
  it("hands the paint worker every linked value", () => {
    useView.setState({
      cursorTimeSec: 5,
      selected: { index: 7, timeSec: 5, depthUm: 100, correctedDepthUm: null, ampUv: -80 },
      rasterColour: "count",
      showMotion: false,
      theme: "light",
      colourMap: "greys",
      selectedChannel: 3,
      traceStyle: "heat",
    });
    expect(pictureView(useView.getState())).toEqual({
      film: { kind: "recording", timeSec: 0, binSec: 1 },
      unit: null,
      timeRangeSec: [0, 1000],
      freeRanges: {},
      figures: firstFigures,
      depthRangeUm: [0, 4000],
      ampRangeUv: [-200, -20],
      rasterColour: "count",
      alphaScale: "fixed",
      strongestOnTop: false,
      colourMap: "greys",
      theme: "light",
      showMotion: false,
      cursorTimeSec: 5,
      selectedSpike: 7,
      selectedChannel: 3,
      traceStyle: "heat",
      waveformLayout: "auto",
      orbit: { azimuthDeg: 28, elevationDeg: 32, zoom: 1 },
      projectCorrected: true,
      editing: null,
    });
    useView.setState({ selected: null });
    expect(pictureView(useView.getState()).selectedSpike).toBeNull();
  });
});
