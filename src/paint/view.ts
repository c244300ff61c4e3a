import { AppError } from "../core/errors.ts";
import type { PictureKind, PictureView } from "../protocol/workers.ts";

/** Shown until the page sends its own. */
export const firstView: PictureView = {
  timeRangeSec: [0, 1],
  depthRangeUm: [0, 1],
  ampRangeUv: [0, 1],
  rasterColour: "amplitude",
  colourMap: "inferno",
  theme: "dark",
  showMotion: true,
  cursorTimeSec: null,
  selectedSpike: null,
  selectedChannel: null,
  traceStyle: "lines",
  editing: null,
};

/** The part of a view that a kind of picture depends on, as a text to compare: what differs must be redrawn. */
export function seenBy(kind: PictureKind, view: PictureView): string {
  const { timeRangeSec, depthRangeUm, ampRangeUv, rasterColour, colourMap, theme, showMotion, cursorTimeSec } = view;
  const { selectedChannel, traceStyle } = view;
  const selectedSpike = view.selectedSpike ?? null;
  const marks = [cursorTimeSec, selectedSpike];
  switch (kind) {
    case "raster-raw":
      return JSON.stringify([timeRangeSec, depthRangeUm, rasterColour, colourMap, theme, showMotion, marks]);
    case "raster-corrected":
      return JSON.stringify([timeRangeSec, depthRangeUm, rasterColour, colourMap, theme, marks]);
    case "motion":
      return JSON.stringify([timeRangeSec, theme, marks, view.editing ?? null]);
    case "activity":
      return JSON.stringify([depthRangeUm, ampRangeUv, theme]);
    case "amplitudes":
      return JSON.stringify([timeRangeSec, depthRangeUm, ampRangeUv, theme, selectedSpike]);
    case "probe":
      return JSON.stringify([timeRangeSec, depthRangeUm, colourMap, theme, selectedSpike, selectedChannel]);
    case "traces":
      return JSON.stringify([depthRangeUm, theme, traceStyle, marks, selectedChannel]);
    case "waveform":
    case "training":
      return theme;
    case "projections":
      return JSON.stringify([
        timeRangeSec,
        depthRangeUm,
        rasterColour,
        colourMap,
        theme,
        selectedSpike,
        view.projectCorrected ?? true,
      ]);
    case "correlation":
      return JSON.stringify([timeRangeSec, theme, colourMap]);
    case "compare-fields":
    case "compare-differences":
      return JSON.stringify([timeRangeSec, depthRangeUm, theme, cursorTimeSec]);
    case "compare-traces":
      return JSON.stringify([timeRangeSec, theme, cursorTimeSec]);
    case "compare-rasters":
      return JSON.stringify([timeRangeSec, depthRangeUm, rasterColour, colourMap, theme, cursorTimeSec]);
  }
}

/** Throws AppError bad-parameter for a range that is not two finite numbers, low first. */
export function checkView(view: PictureView): void {
  for (const name of ["timeRangeSec", "depthRangeUm", "ampRangeUv"] as const) {
    const [low, high] = view[name];
    if (Number.isFinite(high - low) && low <= high) continue;
    throw new AppError("bad-parameter", `The view's ${name} must be two numbers, low first; found ${low} to ${high}.`);
  }
}
