import type { Motion } from "../types.ts";
import { bridged, curveOf, withCurves } from "./curves.ts";
import { smoothMotionOverTime } from "./smooth.ts";

/**
 * Excursions that are too fast to be tissue. Between bins t and t+1 a curve crosses the speed limit where
 * |p_{t+1} − p_t| / (time between their centres) > limit. Crossings are taken two by two: the bins from just after the
 * first to just before the second are an excursion, and are interpolated from the bins beside it. With an odd number of
 * crossings either the first or the last one is a step that stays: the pairing that cuts fewer bins is taken, and of two
 * equal ones the later. A single crossing is a step, and nothing is cut.
 *
 * Source: SpikeInterface sortingcomponents/motion/motion_cleaner.py (clean_motion_vector). There the second pairing of an
 * odd number is worked out but never used; here it is.
 */

/** Bins [from, to) of one curve. */
export interface Excursion {
  from: number;
  to: number;
}

/** Excursions of one curve [T], in order. */
export function excursionsOf(curve: Float64Array, timeSec: Float64Array, maxSpeedUmPerSec: number): Excursion[] {
  const crossings: number[] = [];
  for (let t = 1; t < curve.length; t++) {
    const speed = Math.abs(curve[t] - curve[t - 1]) / (timeSec[t] - timeSec[t - 1]);
    if (speed > maxSpeedUmPerSec) crossings.push(t);
  }
  const early = pairs(crossings);
  if (crossings.length % 2 === 0) return early;
  const late = pairs(crossings.slice(1));
  return nBins(early) < nBins(late) ? early : late;
}

function pairs(crossings: readonly number[]): Excursion[] {
  const found: Excursion[] = [];
  for (let i = 0; i + 1 < crossings.length; i += 2) found.push({ from: crossings[i], to: crossings[i + 1] });
  return found;
}

function nBins(excursions: readonly Excursion[]): number {
  return excursions.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** What `cleanMotion` cuts, over all depths, or over all depths of every shank. */
export function countExcursions(
  motion: Motion,
  maxSpeedUmPerSec: number,
): { nExcursions: number; nCutBins: number; nBins: number } {
  const counts = { nExcursions: 0, nCutBins: 0, nBins: 0 };
  for (const one of motion.byShank ?? [motion]) {
    counts.nBins += one.displacementUm.length;
    for (let s = 0; s < one.depthBinCentersUm.length; s++) {
      const excursions = excursionsOf(curveOf(one, s), one.timeBinCentersSec, maxSpeedUmPerSec);
      counts.nExcursions += excursions.length;
      counts.nCutBins += nBins(excursions);
    }
  }
  return counts;
}

/**
 * Cut the excursions of every depth, then smooth over time with a Gaussian of `smoothSec` (0: not at all; the lateral
 * displacement is smoothed with it). The reference pads with zeros when it smooths, which bends both ends towards 0; here
 * the kernel is normalised over the bins that are there.
 */
export function cleanMotion(motion: Motion, maxSpeedUmPerSec: number, smoothSec: number): Motion {
  const timeSec = motion.timeBinCentersSec;
  const clean = withCurves(
    motion,
    (curve) => {
      const cut = new Uint8Array(curve.length);
      for (const { from, to } of excursionsOf(curve, timeSec, maxSpeedUmPerSec)) cut.fill(1, from, to);
      return bridged(curve, timeSec, cut);
    },
    { lateral: false },
  );
  return smoothMotionOverTime(clean, smoothSec);
}
