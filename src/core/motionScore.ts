import { displacementAt, median } from "./motion.ts";
import type { Motion } from "./types.ts";

/**
 * How far two motions differ, after removing the median over time at each depth (a motion has no absolute zero).
 * Compared at the reference's time bins that lie inside both, and at `nDepths` depths across the range both cover.
 * The metric of Watters et al. 2025: mean |difference| over 11 depths; gain as in motion scoring against imposed drift.
 */
export interface MotionScore {
  /** Pearson correlation over all (time, depth) points; NaN when one side does not move */
  r: number;
  /** ⟨estimate, truth⟩ / ⟨truth, truth⟩: 1 when the full motion is followed */
  gain: number;
  rmseUm: number;
  meanAbsUm: number;
  p95AbsUm: number;
  maxAbsUm: number;
  nTimes: number;
  depthsUm: number[];
}

export interface ScoreOptions {
  nDepths?: number;
  /** left out at both ends of the depth range */
  depthMarginUm?: number;
}

export function scoreMotion(
  estimate: Motion,
  truth: Motion,
  { nDepths = 11, depthMarginUm = 0 }: ScoreOptions = {},
): MotionScore {
  const depthsUm = commonDepths(estimate, truth, nDepths, depthMarginUm);
  const first = estimate.timeBinCentersSec[0];
  const last = estimate.timeBinCentersSec[estimate.timeBinCentersSec.length - 1];
  const timesSec = truth.timeBinCentersSec.filter((t) => t >= first && t <= last);
  const a: number[] = [];
  const b: number[] = [];
  for (const depthUm of depthsUm) {
    a.push(...centred(estimate, timesSec, depthUm));
    b.push(...centred(truth, timesSec, depthUm));
  }
  return { ...compare(a, b), nTimes: timesSec.length, depthsUm };
}

/** Depths both motions speak about; a rigid motion speaks about all. */
function commonDepths(a: Motion, b: Motion, n: number, marginUm: number): number[] {
  const ranges = [a, b].map((m) => m.depthBinCentersUm).filter((d) => d.length > 1);
  if (ranges.length === 0) return [a.depthBinCentersUm[0]];
  const low = Math.max(...ranges.map((d) => d[0])) + marginUm;
  const high = Math.min(...ranges.map((d) => d[d.length - 1])) - marginUm;
  return Array.from({ length: n }, (_, i) => (n === 1 ? 0.5 * (low + high) : low + (i / (n - 1)) * (high - low)));
}

function centred(motion: Motion, timesSec: Float64Array, depthUm: number): number[] {
  const values = Array.from(timesSec, (t) => displacementAt(motion, t, depthUm));
  const middle = median(values);
  return values.map((v) => v - middle);
}

function compare(estimate: number[], truth: number[]): Omit<MotionScore, "nTimes" | "depthsUm"> {
  const n = estimate.length;
  const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / n;
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
  errors.sort();
  return {
    r: sums.ab / Math.sqrt(sums.aa * sums.bb),
    gain: sums.cross / sums.truthSquare,
    rmseUm: Math.sqrt(sums.square / n),
    meanAbsUm: sums.abs / n,
    p95AbsUm: errors[Math.min(n - 1, Math.floor(0.95 * n))],
    maxAbsUm: errors[n - 1],
  };
}
