import { displacementAt, median, motionOfShank } from "./motion.ts";
import { commonDepths, commonTimes } from "./motionComparison.ts";
import type { Motion, Range } from "./types.ts";

/**
 * How far two motions differ, after removing the median over time at each depth (a motion has no absolute zero), or a
 * quadratic trend of time, which also takes out what a slow settling of the tissue adds to an imposed motion. Compared at
 * the finer of the two time axes where both overlap, and at `nDepths` depths across the range both cover, on every shank where
 * shanks were estimated apart.
 * The metric of Watters et al. 2025: mean |difference| over 11 depths; detrending, gain and residual as
 * evarol/spikelocalizationtensor scores motion against imposed drift.
 */
export interface MotionScore {
  /** Pearson correlation over all (time, depth) points; NaN when one side does not move */
  r: number;
  /** ⟨estimate, truth⟩ / ⟨truth, truth⟩: 1 when the full motion is followed */
  gain: number;
  /** rms of estimate − gain · truth: what no scaling of the truth explains */
  residualUm: number;
  /** largest minus smallest displacement of the estimate at any one depth */
  peakToPeakUm: number;
  rmseUm: number;
  meanAbsUm: number;
  p95AbsUm: number;
  maxAbsUm: number;
  nTimes: number;
  depthsUm: number[];
  /** first and last time compared, s; null when they share none: the numbers are then NaN */
  overlapSec: Range | null;
}

export interface ScoreOptions {
  nDepths?: number;
  /** left out at both ends of the depth range */
  depthMarginUm?: number;
  /** what is taken out of both at each depth first */
  detrend?: "median" | "quadratic";
}

export function scoreMotion(
  estimate: Motion,
  truth: Motion,
  { nDepths = 11, depthMarginUm = 0, detrend = "median" }: ScoreOptions = {},
): MotionScore {
  const depthsUm = Array.from(commonDepths([estimate, truth], nDepths, depthMarginUm));
  const timesSec = commonTimes([truth, estimate]);
  const remove = detrend === "median" ? withoutMedian : (trace: Float64Array) => withoutTrend(timesSec, trace);
  const trace = (motion: Motion, { shank, depthUm }: Place) =>
    remove(timesSec.map((timeSec) => displacementAt(motionOfShank(motion, shank), timeSec, depthUm)));
  const nShanks = Math.max(1, estimate.byShank?.length ?? 0, truth.byShank?.length ?? 0);
  const places = Array.from({ length: nShanks }, (_, shank) => depthsUm.map((depthUm) => ({ shank, depthUm }))).flat();
  const [a, b] = [0, 1].map(() => new Float64Array(places.length * timesSec.length));
  let peakToPeakUm = timesSec.length > 0 ? 0 : Number.NaN;
  for (const [k, place] of places.entries()) {
    const estimated = trace(estimate, place);
    const sorted = estimated.slice().sort();
    if (sorted.length > 0) peakToPeakUm = Math.max(peakToPeakUm, sorted[sorted.length - 1] - sorted[0]);
    a.set(estimated, k * timesSec.length);
    b.set(trace(truth, place), k * timesSec.length);
  }
  const overlapSec: Range | null = timesSec.length > 0 ? [timesSec[0], timesSec[timesSec.length - 1]] : null;
  return { ...compare(a, b), peakToPeakUm, nTimes: timesSec.length, depthsUm, overlapSec };
}

interface Place {
  shank: number;
  depthUm: number;
}

function withoutMedian(trace: Float64Array): Float64Array {
  const middle = median(trace);
  return trace.map((v) => v - middle);
}

/** Without the parabola of time that fits best (least squares, by orthogonal polynomials on the times themselves). */
function withoutTrend(timesSec: Float64Array, trace: Float64Array): Float64Array {
  const basis: Float64Array[] = [];
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i], 0);
  const n = timesSec.length;
  const half = n > 1 ? (timesSec[n - 1] - timesSec[0]) / 2 : 1;
  const clean = (values: Float64Array) =>
    basis.reduce((rest, q) => {
      const along = dot(rest, q);
      return rest.map((v, i) => v - along * q[i]);
    }, values);
  for (let power = 0; power < Math.min(3, n); power++) {
    const rest = clean(timesSec.map((t) => ((t - timesSec[0]) / half - 1) ** power));
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-9) basis.push(rest.map((v) => v / length));
  }
  return clean(trace);
}

function compare(
  estimate: Float64Array,
  truth: Float64Array,
): Omit<MotionScore, "nTimes" | "depthsUm" | "peakToPeakUm" | "overlapSec"> {
  const n = estimate.length;
  const mean = (v: Float64Array) => v.reduce((s, x) => s + x, 0) / n;
  const [ma, mb] = [mean(estimate), mean(truth)];
  const sums = { aa: 0, bb: 0, ab: 0, truthSquare: 0, cross: 0, square: 0, abs: 0 };
  const errors = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [estimate[i], truth[i]];
    sums.aa += (a - ma) ** 2;
    sums.bb += (b - mb) ** 2;
    sums.ab += (a - ma) * (b - mb);
    sums.truthSquare += b * b;
    sums.cross += a * b;
    errors[i] = Math.abs(a - b);
    sums.square += errors[i] ** 2;
    sums.abs += errors[i];
  }
  const gain = sums.cross / sums.truthSquare;
  const residual = estimate.reduce((sum, a, i) => sum + (a - gain * truth[i]) ** 2, 0);
  errors.sort();
  return {
    r: sums.ab / Math.sqrt(sums.aa * sums.bb),
    gain,
    residualUm: Math.sqrt(residual / n),
    rmseUm: Math.sqrt(sums.square / n),
    meanAbsUm: sums.abs / n,
    p95AbsUm: errors[Math.min(n - 1, Math.floor(0.95 * n))] ?? Number.NaN,
    maxAbsUm: errors[n - 1] ?? Number.NaN,
  };
}
