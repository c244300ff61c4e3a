import type { Motion } from "../types.ts";
import { withCurves } from "./curves.ts";

/** Beyond this many standard deviations a Gaussian weighs less than 4e-4 of its middle. */
const REACH_SIGMAS = 4;

/**
 * Gaussian over time at every depth, and of the lateral displacement: p'_t = Σ_u w_tu p_u / Σ_u w_tu with
 * w_tu = exp(−(time between the centres)² / 2σ²) within 4 σ. Normalised over the bins that are there, so that a constant
 * stays what it is up to the ends. σ in s; 0 changes nothing.
 */
export function smoothMotionOverTime(motion: Motion, sigmaSec: number): Motion {
  if (sigmaSec === 0) return motion;
  const timeSec = motion.timeBinCentersSec;
  return withCurves(motion, (curve) => smoothed(curve, timeSec, sigmaSec), { lateral: true });
}

function smoothed(curve: Float64Array, timeSec: Float64Array, sigmaSec: number): Float64Array {
  const reachSec = REACH_SIGMAS * sigmaSec;
  let from = 0;
  return curve.map((_, t) => {
    while (timeSec[t] - timeSec[from] > reachSec) from++;
    let sum = 0;
    let weights = 0;
    for (let u = from; u < curve.length && timeSec[u] - timeSec[t] <= reachSec; u++) {
      const z = (timeSec[u] - timeSec[t]) / sigmaSec;
      const weight = Math.exp(-0.5 * z * z);
      sum += weight * curve[u];
      weights += weight;
    }
    return sum / weights;
  });
}
