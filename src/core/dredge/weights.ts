import type { DredgeOptions, HeatThreshold } from "./options.ts";
import type { DredgeWindows } from "./windows.ts";

/**
 * How much each pair of time bins counts.
 *
 *   S = C² where C reaches `minCorrelation` and the bins are no further apart than the horizon, else 0
 *   h_b[t] = Σ_d w_b[d]·R[t, d], the heat; g = 0 below `heatLow`, ∞ above `heatHigh`, h between
 *   U = 1 / (1/g_i + 1/g_j + 1/S): S between two hot bins, 0 when one is cold
 *
 * As in the reference the horizon, in seconds, applies only where it is less than the *number* of time bins.
 * A threshold given as spikes and amplitude is log(1 + amplitude)·spikes·Σ_d w_b[d]/D.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py (weight_correlation_matrix).
 */

/** raster: [T, D]. Returns [B, T] in units of the raster. */
export function windowHeat(raster: ArrayLike<number>, nTimes: number, windows: DredgeWindows): Float64Array {
  const { nWindows, nDepths, weights } = windows;
  const heat = new Float64Array(nWindows * nTimes);
  for (let b = 0; b < nWindows; b++) {
    for (let t = 0; t < nTimes; t++) {
      let sum = 0;
      for (let d = 0; d < nDepths; d++) sum += weights[b * nDepths + d] * raster[t * nDepths + d];
      heat[b * nTimes + t] = sum;
    }
  }
  return heat;
}

/** heat: [B, T]. Returns g [B, T]: 0, the heat, or Infinity. */
export function gateHeat(
  heat: Float64Array,
  nTimes: number,
  windows: DredgeWindows,
  { heatLow, heatHigh }: Pick<DredgeOptions, "heatLow" | "heatHigh">,
): Float64Array {
  return heat.map((h, at) => {
    const window = Math.floor(at / nTimes);
    if (h < thresholdOf(heatLow, windows, window)) return 0;
    return h > thresholdOf(heatHigh, windows, window) ? Number.POSITIVE_INFINITY : h;
  });
}

function thresholdOf(threshold: HeatThreshold, { weights, nDepths }: DredgeWindows, window: number): number {
  if (typeof threshold === "number") return threshold;
  const total = weights.subarray(window * nDepths, (window + 1) * nDepths).reduce((sum, weight) => sum + weight, 0);
  return (Math.log1p(threshold.ampUv) * threshold.nSpikes * total) / nDepths;
}

/** correlation: C [B, T, T]; gate: g [B, T]. Returns U [B, T, T]. */
export function pairWeights(
  correlation: Float32Array,
  gate: Float64Array,
  nTimes: number,
  { minCorrelation, horizonSec, binSec }: Pick<DredgeOptions, "minCorrelation" | "horizonSec" | "binSec">,
): Float32Array {
  const nWindows = gate.length / nTimes;
  const limited = horizonSec > 0 && horizonSec < nTimes;
  const out = new Float32Array(correlation.length);
  for (let b = 0; b < nWindows; b++) {
    for (let i = 0; i < nTimes; i++) {
      for (let j = 0; j < nTimes; j++) {
        const at = (b * nTimes + i) * nTimes + j;
        const c = correlation[at];
        if (!(c >= minCorrelation) || (limited && Math.abs(i - j) * binSec > horizonSec)) continue;
        out[at] = 1 / (1 / gate[b * nTimes + i] + 1 / gate[b * nTimes + j] + 1 / (c * c));
      }
    }
  }
  return out;
}
