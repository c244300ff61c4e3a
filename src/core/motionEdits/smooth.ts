import type { Motion } from "../types.ts";

/** Beyond this many standard deviations a Gaussian weighs less than 4e-4 of its middle. */
const REACH_SIGMAS = 4;

/**
 * Gaussian over time at every depth, and of the lateral displacement: p'_t = Σ_u w_tu p_u / Σ_u w_tu with
 * w_tu = exp(−(time between the centres)² / 2σ²) within 4 σ. Normalised over the bins that are there, so that a constant
 * stays what it is up to the ends. σ in s; 0 changes nothing.
 */
export function smoothMotionOverTime(motion: Motion, sigmaSec: number): Motion {
  if (sigmaSec === 0) return motion;
  const { timeBinCentersSec: timeSec, depthBinCentersUm, displacementUm, lateralUm } = motion;
  return {
    ...motion,
    displacementUm: smoothedRows(displacementUm, depthBinCentersUm.length, timeSec, sigmaSec),
    ...(lateralUm ? { lateralUm: smoothedRows(lateralUm, 1, timeSec, sigmaSec) } : {}),
  };
}

/** rows, result: [T, nColumns]; the weights of a time are the same for all columns. */
function smoothedRows(rows: Float64Array, nColumns: number, timeSec: Float64Array, sigmaSec: number): Float64Array {
  const out = new Float64Array(rows.length);
  const reachSec = REACH_SIGMAS * sigmaSec;
  let from = 0;
  for (let t = 0; t < timeSec.length; t++) {
    while (timeSec[t] - timeSec[from] > reachSec) from++;
    let weights = 0;
    for (let u = from; u < timeSec.length && timeSec[u] - timeSec[t] <= reachSec; u++) {
      const z = (timeSec[u] - timeSec[t]) / sigmaSec;
      const weight = Math.exp(-0.5 * z * z);
      weights += weight;
      for (let s = 0; s < nColumns; s++) out[t * nColumns + s] += weight * rows[u * nColumns + s];
    }
    for (let s = 0; s < nColumns; s++) out[t * nColumns + s] /= weights;
  }
  return out;
}
