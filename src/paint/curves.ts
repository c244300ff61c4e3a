import { displacementAt } from "../core/motion.ts";
import type { Motion, Range } from "../core/types.ts";
import type { CurveSource } from "./figure.ts";

/** More curves than this cannot be told apart in one plot. */
export const mostCurves = 15;

export interface Curve {
  x: Float64Array;
  y: Float64Array;
  /** all of it, seen or not */
  source: () => CurveSource;
}

/**
 * A long curve reduced to what can be seen: rows of `x` (ascending) within `xRange` and one neighbour at each side; when
 * more than four points fall on one of `nColumns` columns, its first, lowest, highest and last are kept. NaN stay out
 * of a column that has numbers.
 */
export function visibleCurve(x: ArrayLike<number>, y: ArrayLike<number>, xRange: Range, nColumns: number): Curve {
  let from = 0;
  while (from + 1 < x.length && x[from + 1] < xRange[0]) from++;
  let to = x.length;
  while (to > from + 1 && x[to - 2] > xRange[1]) to--;
  const n = to - from;
  const source = () => ({ x, y });
  if (n <= 4 * nColumns) {
    return {
      x: Float64Array.from({ length: n }, (_, i) => x[from + i]),
      y: Float64Array.from({ length: n }, (_, i) => y[from + i]),
      source,
    };
  }
  const kept: number[] = [];
  for (let column = 0; column < nColumns; column++) {
    const start = from + Math.floor((column * n) / nColumns);
    const end = from + Math.floor(((column + 1) * n) / nColumns);
    let lowest = start;
    let highest = start;
    for (let i = start; i < end; i++) {
      if (y[i] < y[lowest] || Number.isNaN(y[lowest])) lowest = i;
      if (y[i] > y[highest] || Number.isNaN(y[highest])) highest = i;
    }
    const corners = [start, lowest, highest, end - 1].sort((a, b) => a - b);
    for (const i of corners) if (i !== kept[kept.length - 1]) kept.push(i);
  }
  return { x: Float64Array.from(kept, (i) => x[i]), y: Float64Array.from(kept, (i) => y[i]), source };
}

/** `n` depths evenly spread over a range, ends included; its middle for n = 1. */
export function levelsAcross([low, high]: Range, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (n === 1 ? (low + high) / 2 : low + (i / (n - 1)) * (high - low)));
}

/** Depths to draw a motion at: its own bin centres, or `most` of them spread evenly when there are more. */
export function motionLevels(motion: Motion, most: number): Float64Array {
  const depths = motion.depthBinCentersUm;
  if (depths.length <= most) return depths;
  return Float64Array.from({ length: most }, (_, i) => depths[Math.round((i * (depths.length - 1)) / (most - 1))]);
}

/** Displacement over time at one depth, µm: one value per time bin of the motion, looked up as everywhere. */
export function displacementAlong(motion: Motion, depthUm: number): Float64Array {
  return Float64Array.from(motion.timeBinCentersSec, (timeSec) => displacementAt(motion, timeSec, depthUm));
}

/** Mean over a window of `width` values centred on each value; shorter at the ends. One NaN spoils every mean after it: losses are finite, or the run has failed. */
export function runningMean(values: ArrayLike<number>, width: number): Float64Array {
  const half = Math.floor(width / 2);
  const before = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) before[i + 1] = before[i] + values[i];
  return Float64Array.from({ length: values.length }, (_, i) => {
    const from = Math.max(0, i - half);
    const to = Math.min(values.length, i + half + 1);
    return (before[to] - before[from]) / (to - from);
  });
}
