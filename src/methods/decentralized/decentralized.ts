import {
  alignMedians,
  type PairwiseProblem,
  type RobustOptions,
  robustDisplacement,
  setZeroLevel,
} from "../../core/decentralized.ts";
import { amplitudeHistogram, binEdges } from "../../core/dredge/raster.ts";
import { AppError } from "../../core/errors.ts";
import { type MotionWindow, motionWindows } from "../../core/motionWindows.ts";
import { smoothRaster } from "../../core/smoothLines.ts";
import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { paced } from "../estimators/paced.ts";
import { correlateTiles } from "../estimators/pairTiles.ts";
import { extremes, type UsableSpikes, usableSpikes } from "../estimators/usableSpikes.ts";
import { oneWindow, windowOptions } from "../estimators/windowParams.ts";
import { params, presets, troubleshooting } from "./params.ts";

const title = "Decentralized (ancestor of DREDge)";

/** Pairs held at once: 4 tables of them take 2 GB. */
const mostPairs = 2 ** 27;
/** Of the time a window takes, as it looks in the progress. */
const correlationShare = 0.9;

interface Frames {
  /** [T, D] */
  raster: Float32Array;
  nTimes: number;
  nDepths: number;
  timeEdgesSec: Float64Array;
  depthUm: Float64Array;
}

/** The smoothed raster: spikes per cell, or their mean amplitude. */
function framesOf({ spikes, depthRangeUm: [low, high], lastSec }: UsableSpikes, params: ParamValues): Frames {
  const p = params as Record<string, number>;
  const timeEdgesSec = binEdges(0, lastSec, p.bin_s);
  const depthEdgesUm = binEdges(low - p.hist_margin_um, high + p.hist_margin_um, p.bin_um);
  const nTimes = timeEdgesSec.length - 1;
  const nDepths = depthEdgesUm.length - 1;
  const byAmplitude = params.weight_with_amplitude as boolean;
  const counted = byAmplitude ? spikes : { ...spikes, ampUv: new Float32Array(spikes.nSpikes).fill(1) };
  const values = amplitudeHistogram(counted, timeEdgesSec, depthEdgesUm, byAmplitude);
  const sigma = { depth: p.histogram_depth_smooth_um / p.bin_um, time: p.histogram_time_smooth_s / p.bin_s };
  const raster = Float32Array.from(smoothRaster(values, nTimes, nDepths, sigma));
  const depthUm = Float64Array.from({ length: nDepths }, (_, d) => (depthEdgesUm[d] + depthEdgesUm[d + 1]) / 2);
  return { raster, nTimes, nDepths, timeEdgesSec, depthUm };
}

function robustOptions(p: ParamValues): RobustOptions {
  return {
    softWeights: p.soft_weights as boolean,
    temporalPrior: p.temporal_prior as boolean,
    spatialPrior: p.spatial_prior as boolean,
    trim: p.trim as RobustOptions["trim"],
    nIterations: p.lsqr_robust_n_iter as number,
    trimSigma: p.robust_regression_sigma as number,
  };
}

/** D and W of one window. */
async function* pairsOf(
  { raster, nTimes, nDepths }: Frames,
  { start, stop, weights }: MotionWindow,
  p: Record<string, number>,
): AsyncGenerator<number, PairwiseProblem> {
  const length = stop - start;
  const cut = Float32Array.from({ length: nTimes * length }, (_, at) => {
    return raster[Math.floor(at / length) * nDepths + start + (at % length)];
  });
  const maxDisplacementBins = Math.min(Math.floor(length / 2), Math.floor(p.max_displacement_um / p.bin_um));
  const bandBins = Math.ceil(p.time_horizon_s / p.bin_s);
  const horizonBins = bandBins > 0 && bandBins < nTimes ? bandBins : nTimes;
  const whole = [0, nTimes] as const;
  const pairs = yield* correlateTiles({
    raster: cut,
    weights,
    rows: whole,
    columns: whole,
    maxDisplacementBins,
    horizonBins,
  });
  const displacementUm = new Float32Array(nTimes * nTimes);
  const kept = new Float32Array(nTimes * nTimes);
  for (let i = 0; i < nTimes; i++) {
    for (let j = 0; j < nTimes; j++) {
      // the reference's template is bin j, found in frame i
      const correlation = pairs.correlation[j * nTimes + i];
      displacementUm[i * nTimes + j] = -pairs.shift[j * nTimes + i] * p.bin_um;
      const counts = Math.abs(i - j) < horizonBins && correlation > p.corr_threshold;
      kept[i * nTimes + j] = counts ? correlation : 0;
    }
  }
  return { nWindows: 1, nTimes, displacementUm, weights: kept };
}

/** Several windows as one problem. */
function joined(parts: readonly PairwiseProblem[]): PairwiseProblem {
  const size = parts[0].weights.length;
  const displacementUm = new Float32Array(parts.length * size);
  const weights = new Float32Array(parts.length * size);
  parts.forEach((part, b) => {
    displacementUm.set(part.displacementUm, b * size);
    weights.set(part.weights, b * size);
  });
  return { nWindows: parts.length, nTimes: parts[0].nTimes, displacementUm, weights };
}

async function* estimate(
  frames: Frames,
  windows: readonly MotionWindow[],
  params: ParamValues,
): AsyncGenerator<number, Motion | null> {
  const p = params as Record<string, number>;
  const { nTimes, timeEdgesSec } = frames;
  const nWindows = windows.length;
  const options = robustOptions(params);
  const together = options.spatialPrior && nWindows > 1;
  const byWindow = new Float64Array(nWindows * nTimes);
  const parts: PairwiseProblem[] = [];
  for (let b = 0; b < nWindows; b++) {
    const share = (part: number) => (b + part) / nWindows;
    const problem = yield* scaled(pairsOf(frames, windows[b], p), (part) => share(correlationShare * part));
    if (together) {
      parts.push(problem);
      continue;
    }
    const solving = robustDisplacement(problem, { ...options, spatialPrior: false });
    const late = (part: number) => share(correlationShare + (1 - correlationShare) * part);
    byWindow.set(yield* scaled(solving, late), b * nTimes);
  }
  if (together) byWindow.set(yield* scaled(robustDisplacement(joined(parts), options), () => 1));
  else if (params.force_spatial_median_continuity) alignMedians(byWindow, nTimes);
  const bin = Math.min(nTimes - 1, Math.floor(p.reference_displacement_time_s / p.bin_s));
  const kind = params.reference_displacement as "median" | "mean" | "time";
  setZeroLevel(byWindow, nTimes, kind === "time" ? { kind, bin } : { kind });
  return {
    displacementUm: byWindow.map((_, at) => byWindow[(at % nWindows) * nTimes + Math.floor(at / nWindows)]),
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => (timeEdgesSec[t] + timeEdgesSec[t + 1]) / 2),
    depthBinCentersUm: Float64Array.from(windows, ({ centerUm }) => centerUm),
  };
}

/** The same computation, its share of the whole told otherwise. */
async function* scaled<Result>(
  work: Generator<number, Result> | AsyncGenerator<number, Result>,
  toWhole: (share: number) => number,
): AsyncGenerator<number, Result> {
  try {
    for (;;) {
      const next = await work.next();
      if (next.done) return next.value;
      yield toWhole(next.value);
    }
  } finally {
    await work.return(undefined as never); // closed in the middle: it frees what it holds
  }
}

async function* run(
  inputs: MethodInputs,
  given: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  yield { kind: "stage", name: "raster", title: "Counting spikes by time and depth" };
  const usable = usableSpikes(inputs, title, given.hist_margin_um as number);
  const frames = framesOf(usable, given);
  const { windows, reduced } = motionWindows(frames.depthUm, usable.depthRangeUm, windowOptions(given));
  const nPairs = frames.nTimes ** 2 * (given.spatial_prior ? windows.length : 1);
  if (nPairs > mostPairs)
    throw new AppError(
      "bad-parameter",
      `${title}: expected at most ${mostPairs} pairs of time bins, found ${nPairs} (${frames.nTimes} bins); make the time bins longer.`,
      { nTimes: frames.nTimes, nPairs },
    );
  const warnings = reduced ? [...usable.warnings, oneWindow] : usable.warnings;
  for (const message of warnings) yield { kind: "warning", code: "decentralized-data", message };
  yield { kind: "stage", name: "pairs", title: "Comparing time bins and solving for the motion" };
  const motion = yield* paced(estimate(frames, windows, given), context);
  if (!motion) return { metrics: {}, summary: {}, complete: false };
  yield { kind: "motion", motion };
  const [low, high] = extremes(motion.displacementUm);
  return {
    motion,
    metrics: {},
    summary: { n_spikes: usable.spikes.nSpikes, n_windows: windows.length, motion_range_um: high - low },
    complete: true,
  };
}

/** Motion from the displacement of every two time bins, solved robustly. */
export const decentralized = defineMethod({
  id: "decentralized",
  title,
  summary: "Finds how far every two time bins lie apart, and the motion that explains most of these displacements.",
  reference:
    "Varol et al., ICASSP 2021; Windolf et al., ICASSP 2023; SpikeInterface@a5f7dbb3 sortingcomponents/motion/decentralized.py",
  needs: ["spikes"],
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});
