import { assert } from "./errors.ts";
import { displacementAt, median, motionOfShank } from "./motion.ts";
import type { Motion } from "./types.ts";

/**
 * Motions side by side: all of them on one grid of times and depths, and how far each pair is apart.
 *
 * A motion has no absolute zero, so the median over time is taken out at each depth first. Times are those of the motion with
 * the finest bins, between the latest start and the earliest end; depths are `nDepths` across the range that all of them cover
 * (a rigid motion covers every depth). RMS and Pearson r are over all (time, depth) points.
 */
export interface ComparisonGrid {
  /** [T] s */
  timeSec: Float64Array;
  /** [D] µm */
  depthUm: Float64Array;
}

export interface PairComparison {
  /** places in the list of motions */
  a: number;
  b: number;
  rmsUm: number;
  meanAbsUm: number;
  maxAbsUm: number;
  /** NaN when one of them does not move */
  r: number;
  /** [T, D] µm: a − b, each without its median */
  differenceUm: Float64Array;
}

export interface MotionComparison {
  grid: ComparisonGrid;
  /** one per motion, [T, D] µm without the median over time at each depth: column d is the trace at depthUm[d] */
  fieldsUm: Float64Array[];
  /** every pair a < b, in order */
  pairs: PairComparison[];
}

export interface ComparisonOptions {
  /** default 9 */
  nDepths?: number;
  /** at most this many times, evenly out of the finest bins; default all */
  maxTimes?: number;
  /** compare the motions of this shank, where shanks were estimated apart */
  shank?: number;
}

/**
 * Compare two or more motions. Null when they share no time: the caller says so in words.
 */
export function compareMotions(
  motions: readonly Motion[],
  { nDepths = 9, maxTimes = Number.POSITIVE_INFINITY, shank }: ComparisonOptions = {},
): MotionComparison | null {
  assert(motions.length >= 1 && nDepths >= 1, "at least one motion and one depth");
  const chosen = motions.map((motion) => motionOfShank(motion, shank));
  const timeSec = thinned(commonTimes(chosen), maxTimes);
  if (timeSec.length === 0) return null;
  const grid = { timeSec, depthUm: commonDepths(chosen, nDepths) };
  const fieldsUm = chosen.map((motion) => fieldOn(motion, grid));
  const pairs = fieldsUm.flatMap((_, a) =>
    fieldsUm.slice(a + 1).map((_other, k) => comparePair(fieldsUm, a, a + 1 + k)),
  );
  return { grid, fieldsUm, pairs };
}

/** Times of the finest bins (by median distance) that lie inside every motion; a motion of one bin covers all times. */
export function commonTimes(motions: readonly Motion[]): Float64Array {
  const axes = motions.map((motion) => motion.timeBinCentersSec);
  const moving = axes.filter((t) => t.length > 1);
  if (moving.length === 0) return axes[0].slice(0, 1);
  const first = Math.max(...moving.map((t) => t[0]));
  const last = Math.min(...moving.map((t) => t[t.length - 1]));
  const step = (t: Float64Array) => median(t.subarray(1).map((v, i) => v - t[i]));
  const finest = moving.reduce((best, t) => (step(t) < step(best) ? t : best));
  return finest.filter((t) => t >= first && t <= last);
}

/** `n` depths across the range that all of them cover, less a margin; of motions that share none, across the gap between. */
export function commonDepths(motions: readonly Motion[], n: number, marginUm = 0): Float64Array {
  const ranges = motions.map((m) => m.depthBinCentersUm).filter((d) => d.length > 1);
  if (ranges.length === 0) return motions[0].depthBinCentersUm.slice(0, 1);
  const ends = [
    Math.max(...ranges.map((d) => d[0])) + marginUm,
    Math.min(...ranges.map((d) => d[d.length - 1])) - marginUm,
  ];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (n === 1 || high === low) return Float64Array.of(0.5 * (low + high));
  return Float64Array.from({ length: n }, (_, i) => low + (i / (n - 1)) * (high - low));
}

function thinned(timeSec: Float64Array, most: number): Float64Array {
  if (timeSec.length <= most) return timeSec;
  return Float64Array.from({ length: most }, (_, i) => timeSec[Math.floor((i * timeSec.length) / most)]);
}

/** A motion looked up on a grid, without its median over time at each depth: [T, D] µm. */
export function fieldOn(motion: Motion, { timeSec, depthUm }: ComparisonGrid): Float64Array {
  const [nTimes, nDepths] = [timeSec.length, depthUm.length];
  const field = new Float64Array(nTimes * nDepths);
  for (let d = 0; d < nDepths; d++) {
    const trace = Float64Array.from(timeSec, (t) => displacementAt(motion, t, depthUm[d]));
    const middle = median(trace);
    for (let t = 0; t < nTimes; t++) field[t * nDepths + d] = trace[t] - middle;
  }
  return field;
}

function comparePair(fieldsUm: readonly Float64Array[], a: number, b: number): PairComparison {
  const [left, right] = [fieldsUm[a], fieldsUm[b]];
  const n = left.length;
  const differenceUm = left.map((v, i) => v - right[i]);
  const [meanLeft, meanRight] = [left, right].map((field) => field.reduce((sum, v) => sum + v, 0) / n);
  let [square, absolute, largest, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const size = Math.abs(differenceUm[i]);
    square += size * size;
    absolute += size;
    largest = Math.max(largest, size);
    aa += (left[i] - meanLeft) ** 2;
    bb += (right[i] - meanRight) ** 2;
    ab += (left[i] - meanLeft) * (right[i] - meanRight);
  }
  return {
    a,
    b,
    rmsUm: Math.sqrt(square / n),
    meanAbsUm: absolute / n,
    maxAbsUm: largest,
    r: ab / Math.sqrt(aa * bb),
    differenceUm,
  };
}
