import { AppError } from "../errors.ts";
import { displacementAt } from "../motion.ts";
import type { Motion } from "../types.ts";
import { interpolated } from "./curves.ts";

/** More bins than this are a slip of the pen and would fill the memory. */
const MOST_VALUES = 50_000_000;

/**
 * The same motion on other bins: centres every `binSec` from the first one to the last one or just beyond it, and `nDepths`
 * depths evenly from the lowest bin to the highest (one: their middle). 0 keeps the bins there are. Values are looked up
 * as everywhere (linear between centres, flat outside), not averaged: smooth before going to longer bins.
 * Throws AppError when that would be more than 50 million values.
 */
export function resampleMotion(motion: Motion, binSec: number, nDepths: number): Motion {
  const t = motion.timeBinCentersSec;
  const d = motion.depthBinCentersUm;
  const spanSec = t[t.length - 1] - t[0];
  // a billionth of a bin is rounding, not time
  const nTimes = binSec === 0 ? t.length : Math.ceil(spanSec / binSec - 1e-9) + 1;
  const nLevels = nDepths === 0 ? d.length : nDepths;
  if (!(nTimes * nLevels <= MOST_VALUES)) {
    throw new AppError(
      "bad-parameter",
      `Bins of ${binSec} s over ${spanSec} s at ${nLevels} depths would be ${nTimes * nLevels} values; take longer bins.`,
    );
  }
  const times = binSec === 0 ? t : Float64Array.from({ length: nTimes }, (_, i) => t[0] + i * binSec);
  const levels = nDepths === 0 ? d : evenly(d[0], d[d.length - 1], nDepths);
  const displacementUm = new Float64Array(times.length * levels.length);
  times.forEach((timeSec, i) => {
    levels.forEach((depthUm, j) => {
      displacementUm[i * levels.length + j] = displacementAt(motion, timeSec, depthUm);
    });
  });
  const lateralUm = motion.lateralUm ? interpolated(t, motion.lateralUm, times) : undefined;
  return {
    ...motion,
    displacementUm,
    timeBinCentersSec: times,
    depthBinCentersUm: levels,
    ...(lateralUm ? { lateralUm } : {}),
  };
}

/** `n` values from low to high, ends included; equal ends give one. */
function evenly(low: number, high: number, n: number): Float64Array {
  if (n === 1 || low === high) return Float64Array.of((low + high) / 2);
  return Float64Array.from({ length: n }, (_, i) => low + (i / (n - 1)) * (high - low));
}
