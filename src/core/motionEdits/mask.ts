import { AppError } from "../errors.ts";
import type { Motion, Range } from "../types.ts";
import { bridged, withCurves } from "./curves.ts";

/**
 * Stretches of time whose displacement is not to be believed: every bin with its centre in one of the ranges (s, ends
 * included) is interpolated linearly from the bins beside the stretch, flat at the ends of the recording, at every depth
 * and across the probe. Ranges may overlap, in any order. Throws AppError when they leave no bin at all.
 */
export function maskTimes(motion: Motion, rangesSec: readonly Range[]): Motion {
  const timeSec = motion.timeBinCentersSec;
  const cut = Uint8Array.from(timeSec, (t) => Number(rangesSec.some(([low, high]) => t >= low && t <= high)));
  if (cut.every((masked) => masked)) {
    throw new AppError(
      "bad-parameter",
      `The masks cover all ${timeSec.length} time bins of the motion; leave some of it to interpolate from.`,
    );
  }
  return withCurves(motion, (curve) => bridged(curve, timeSec, cut), { lateral: true });
}
