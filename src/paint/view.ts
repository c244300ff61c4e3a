import { AppError } from "../core/errors.ts";
import type { PictureView } from "../protocol/pictures.ts";

/** Shown until the page sends its own. */
export const firstView: PictureView = {
  timeRangeSec: [0, 1],
  depthRangeUm: [0, 1],
  ampRangeUv: [0, 1],
  freeRanges: {},
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

/** Throws AppError bad-parameter for a range that is not two finite numbers, low first. */
export function checkView(view: PictureView): void {
  for (const name of ["timeRangeSec", "depthRangeUm", "ampRangeUv"] as const) {
    const [low, high] = view[name];
    if (Number.isFinite(high - low) && low <= high) continue;
    throw new AppError("bad-parameter", `The view's ${name} must be two numbers, low first; found ${low} to ${high}.`);
  }
}
