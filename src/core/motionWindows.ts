import { windowCenters } from "./dredge/windows.ts";
import { AppError } from "./errors.ts";
import type { Range } from "./types.ts";

/**
 * Windows over depth whose weights are 1 at their centres (DREDge's own, in dredge/windows.ts, sum to 1), with the bins
 * that a window takes part with: those of a weight above 10⁻⁵ but the last, which the reference leaves out.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_utils.py (get_spatial_windows).
 */
export interface MotionWindow {
  centerUm: number;
  /** bins [start, stop) */
  start: number;
  stop: number;
  /** [stop − start] */
  weights: Float64Array;
}

export interface MotionWindowOptions {
  rigid: boolean;
  windowShape: "gaussian" | "rect" | "triangle";
  windowStepUm: number;
  windowScaleUm: number;
  /** how far windows reach beyond the depth range; null is −windowScaleUm / 2, inside it */
  windowMarginUm: number | null;
}

const leastWeight = 1e-5;

/**
 * depthUm: [D] centres of the bins. depthRangeUm: depths of the lowest and the highest contact. `reduced`: windows were
 * asked for, but the range holds only one. Throws AppError when a window covers no bin.
 */
export function motionWindows(
  depthUm: Float64Array,
  depthRangeUm: Range,
  options: MotionWindowOptions,
): { windows: MotionWindow[]; reduced: boolean } {
  if (options.rigid) {
    const centerUm = (depthUm[0] + depthUm[depthUm.length - 1]) / 2;
    return { windows: [cutWindow(new Float64Array(depthUm.length).fill(1), centerUm)], reduced: false };
  }
  const { centersUm, reduced } = windowCenters(depthRangeUm, { ...options, variant: "spikeinterface" });
  return { windows: Array.from(centersUm, (center) => cutWindow(shaped(depthUm, center, options), center)), reduced };
}

/** [D] weights before they are cut. */
function shaped(
  depthUm: Float64Array,
  centerUm: number,
  { windowShape, windowScaleUm }: MotionWindowOptions,
): Float64Array {
  const distance = depthUm.map((depth) => Math.abs(depth - centerUm));
  if (windowShape === "gaussian") return distance.map((d) => Math.exp(-(d * d) / (2 * windowScaleUm ** 2)));
  const half = windowScaleUm / 2;
  if (windowShape === "rect") return distance.map((d) => (d < half ? 1 : 0));
  const inside = distance.filter((d) => d <= half);
  const nearest = inside.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const farthest = inside.reduce((a, b) => Math.max(a, b), 0);
  if (farthest === nearest) return distance.map((d) => (d <= half ? 1 : 0));
  return distance.map((d) => (d <= half ? (farthest - d) / (farthest - nearest) : 0));
}

function cutWindow(weights: Float64Array, centerUm: number): MotionWindow {
  const start = weights.findIndex((weight) => weight > leastWeight);
  if (start < 0)
    throw new AppError(
      "bad-parameter",
      `Expected every window to cover a depth bin, found none under the window at ${centerUm} µm; make the window scale larger.`,
      { centerUm },
    );
  const stop = Math.max(
    start + 1,
    weights.findLastIndex((weight) => weight > leastWeight),
  );
  return { centerUm, start, stop, weights: weights.subarray(start, stop) };
}
