import { AppError } from "../errors.ts";
import type { DredgeOptions } from "./options.ts";
import type { DredgeRaster } from "./raster.ts";

/**
 * The stretches of depth that get a displacement of their own.
 *
 * Rigid: one window of equal weights. Otherwise, with margin m (−scale/2 unless given), low = min − m and
 * high = max + m of the depth range, n = floor((high − low) / step):
 *   centres low + ((high − low) mod step)/2 + k·step, k = 0 … n;
 *   weights exp(−(y − c)²/2σ²), or 1 within scale/2, or a triangle of that width; below 10⁻⁵ they are cut to 0;
 *   each window sums to 1. σ and the order of cutting and normalising depend on the variant (options.ts).
 *
 * Where the range holds no step (n < 1) the reference still makes two windows, the second beyond the probe. We make one,
 * in the middle, and say so.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_utils.py.
 */
export interface DredgeWindows {
  nWindows: number;
  nDepths: number;
  /** [B, D] */
  weights: Float64Array;
  /** [B] ascending */
  centersUm: Float64Array;
  /** non-rigid was asked for, but the probe is too short for more than one window */
  reduced: boolean;
}

type WindowOptions = Pick<
  DredgeOptions,
  "variant" | "rigid" | "windowShape" | "windowStepUm" | "windowScaleUm" | "windowMarginUm"
>;

const leastWeight = 1e-5;

export function dredgeWindows(
  raster: Pick<DredgeRaster, "depthEdgesUm" | "depthRangeUm">,
  options: WindowOptions,
): DredgeWindows {
  const edges = raster.depthEdgesUm;
  const nDepths = edges.length - 1;
  const depthUm = Float64Array.from({ length: nDepths }, (_, d) => (edges[d] + edges[d + 1]) / 2);
  if (options.rigid) {
    const centersUm = Float64Array.of((depthUm[0] + depthUm[nDepths - 1]) / 2);
    return { nWindows: 1, nDepths, weights: new Float64Array(nDepths).fill(1 / nDepths), centersUm, reduced: false };
  }
  const { centersUm, reduced } = windowCenters(raster.depthRangeUm, options);
  const weights = new Float64Array(centersUm.length * nDepths);
  centersUm.forEach((center, b) => {
    weights.set(windowWeights(depthUm, center, options), b * nDepths);
  });
  return { nWindows: centersUm.length, nDepths, weights, centersUm, reduced };
}

export function windowCenters(
  [lowest, highest]: DredgeRaster["depthRangeUm"],
  { windowStepUm, windowScaleUm, windowMarginUm }: WindowOptions,
): Pick<DredgeWindows, "centersUm" | "reduced"> {
  const marginUm = windowMarginUm ?? -windowScaleUm / 2;
  const low = lowest - marginUm;
  const extent = highest + marginUm - low;
  const nSteps = Math.floor(extent / windowStepUm);
  if (nSteps < 1) return { centersUm: Float64Array.of((lowest + highest) / 2), reduced: true };
  const border = (extent % windowStepUm) / 2;
  return {
    centersUm: Float64Array.from({ length: nSteps + 1 }, (_, k) => low + border + k * windowStepUm),
    reduced: false,
  };
}

/** [D] weights of one window over the depths of the bins. */
function windowWeights(depthUm: Float64Array, centerUm: number, options: WindowOptions): Float64Array {
  const { variant, windowShape, windowScaleUm } = options;
  const half = windowScaleUm / 2;
  const sigmaUm = variant === "original" ? half : windowScaleUm;
  let weights: Float64Array = depthUm.map((depth) => {
    const distance = Math.abs(depth - centerUm);
    if (windowShape === "gaussian") return Math.exp(-(distance * distance) / (2 * sigmaUm * sigmaUm));
    if (windowShape === "rect") return distance < half ? 1 : 0;
    return Math.max(0, 1 - distance / half);
  });
  if (variant === "original") weights = normalised(weights, centerUm);
  weights = weights.map((weight) => (weight < leastWeight ? 0 : weight));
  return normalised(weights, centerUm);
}

/** Throws AppError when there is nothing to normalise: the window is narrower than a bin, or lies beyond the range. */
function normalised(weights: Float64Array, centerUm: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total > 0) return weights.map((weight) => weight / total);
  throw new AppError(
    "bad-parameter",
    `DREDge: expected every window to cover a depth bin, found none under the window at ${centerUm} µm; make the window scale larger.`,
    { centerUm },
  );
}
