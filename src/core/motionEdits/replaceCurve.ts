import { AppError } from "../errors.ts";
import { displacementAt } from "../motion.ts";
import type { Motion } from "../types.ts";
import { interpolated, withCurves } from "./curves.ts";

/** Displacement over time, drawn or pasted. Times in any order; of several at one time the last counts. */
export interface DrawnCurve {
  /** [n] s */
  timeSec: readonly number[];
  /** [n] µm */
  displacementUm: readonly number[];
}

/** Index of the bin whose centre is nearest to `depthUm`. */
export function nearestDepthBin({ depthBinCentersUm }: Motion, depthUm: number): number {
  let nearest = 0;
  depthBinCentersUm.forEach((center, s) => {
    if (Math.abs(center - depthUm) < Math.abs(depthBinCentersUm[nearest] - depthUm)) nearest = s;
  });
  return nearest;
}

/** Depth, µm, of the curve that passes nearest to a displacement at a time. */
export function depthOfCurveAt(motion: Motion, timeSec: number, displacementUm: number): number {
  const distance = (depthUm: number) => Math.abs(displacementAt(motion, timeSec, depthUm) - displacementUm);
  return motion.depthBinCentersUm.reduce((nearest, one) => (distance(one) < distance(nearest) ? one : nearest));
}

function inOrder({ timeSec, displacementUm }: DrawnCurve): { timeSec: Float64Array; displacementUm: Float64Array } {
  const byTime = new Map(timeSec.map((t, i) => [t, displacementUm[i]]));
  const points = [...byTime].sort(([a], [b]) => a - b);
  return {
    timeSec: Float64Array.from(points, ([t]) => t),
    displacementUm: Float64Array.from(points, ([, um]) => um),
  };
}

/**
 * Put a curve, linear between its points, in place of the displacement within its time span. `depthUm` says at which
 * depth (that of the nearest bin); null means all: their mean becomes the curve, and what sets them apart stays.
 * Throws AppError when no time bin has its centre within the span.
 */
export function replaceCurve(motion: Motion, drawn: DrawnCurve, depthUm: number | null): Motion {
  const points = inOrder(drawn);
  const centers = motion.timeBinCentersSec;
  const [first, last] = [points.timeSec[0], points.timeSec[points.timeSec.length - 1]];
  const isWithin = centers.map((t) => Number(t >= first && t <= last));
  if (!isWithin.includes(1)) {
    throw new AppError(
      "bad-parameter",
      `Expected a curve over at least one time bin of the motion (${centers[0]} to ${centers[centers.length - 1]} s), found one of ${points.timeSec.length} points from ${first} to ${last} s.`,
    );
  }
  const wanted = interpolated(points.timeSec, points.displacementUm, centers);
  const nDepths = motion.depthBinCentersUm.length;
  const only = depthUm === null ? null : nearestDepthBin(motion, depthUm);
  const offset = wanted.map((um, t) => {
    const row = motion.displacementUm.subarray(t * nDepths, (t + 1) * nDepths);
    return um - row.reduce((sum, v) => sum + v, 0) / nDepths;
  });
  return withCurves(
    motion,
    (curve, s) => {
      if (only !== null && s !== only) return curve;
      return curve.map((v, t) => (isWithin[t] ? (only === null ? v + offset[t] : wanted[t]) : v));
    },
    { lateral: false },
  );
}
