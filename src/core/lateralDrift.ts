import { binEdges, binOf } from "./dredge/raster.ts";
import { assert } from "./errors.ts";
import type { Range } from "./types.ts";

/**
 * How far the tissue has moved across the probe, from histograms of x.
 *
 *   H[t, k]: spikes of time bin t with x in bin k; R[k] = Σ_t H[t, k]; both less their mean, divided by their deviation.
 *   c_t(s) = mean over the k where both are of H[t, k + s]·R[k], s = −m … m; lateral_t = the best s · binUm.
 * Positive: spikes of this bin lie at larger x than those of all bins, so corrected x = x − lateral (the sign of depth).
 * Between bins the summit of the parabola through c(s − 1), c(s), c(s + 1) is taken when `subBin`. Shifts of equal merit:
 * the one nearest to 0. Bins of fewer than `minSpikes` are NaN: nothing can be said of them.
 */
export interface LateralOptions {
  binUm: number;
  maxShiftUm: number;
  minSpikes: number;
  subBin: boolean;
}

export interface LateralDrift {
  /** [T] µm; NaN where there are too few spikes */
  lateralUm: Float64Array;
  /** [T] spikes that count */
  counts: Int32Array;
}

/** xUm: [N], NaN does not count. timeBin: [N], −1 does not count. */
export function lateralDrift(
  xUm: Float64Array,
  timeBin: Int32Array,
  nTimes: number,
  rangeUm: Range,
  { binUm, maxShiftUm, minSpikes, subBin }: LateralOptions,
): LateralDrift {
  assert(xUm.length === timeBin.length, "one x per spike");
  const edges = binEdges(rangeUm[0], rangeUm[1], binUm);
  const nBins = edges.length - 1;
  const histogram = new Float64Array(nTimes * nBins);
  const counts = new Int32Array(nTimes);
  for (let i = 0; i < xUm.length; i++) {
    const k = binOf(edges, xUm[i]);
    if (k < 0 || timeBin[i] < 0) continue;
    histogram[timeBin[i] * nBins + k]++;
    counts[timeBin[i]]++;
  }
  const total = new Float64Array(nBins);
  for (let at = 0; at < histogram.length; at++) total[at % nBins] += histogram[at];
  const reference = standardised(total);
  const most = Math.min(Math.floor(maxShiftUm / binUm), nBins - 1);
  const lateralUm = Float64Array.from({ length: nTimes }, (_, t) => {
    if (counts[t] < Math.max(1, minSpikes)) return Number.NaN;
    const here = standardised(histogram.subarray(t * nBins, (t + 1) * nBins));
    return binUm * bestShift(here, reference, most, subBin);
  });
  return { lateralUm, counts };
}

/** Less the mean, divided by the standard deviation; zeros where all are equal. */
function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return values.map((v) => (sd > 0 ? (v - mean) / sd : 0));
}

/** In bins. */
function bestShift(here: Float64Array, reference: Float64Array, most: number, subBin: boolean): number {
  const curve = Float64Array.from({ length: 2 * most + 1 }, (_, at) => {
    const shift = at - most;
    const first = Math.max(0, -shift);
    const end = Math.min(reference.length, reference.length - shift);
    let sum = 0;
    for (let k = first; k < end; k++) sum += here[k + shift] * reference[k];
    return sum / (end - first);
  });
  let best = most;
  for (let distance = 1; distance <= most; distance++) {
    for (const at of [most - distance, most + distance]) if (curve[at] > curve[best]) best = at;
  }
  const shift = best - most;
  if (!subBin || best === 0 || best === 2 * most) return shift;
  const bend = curve[best - 1] - 2 * curve[best] + curve[best + 1];
  return bend < 0 ? shift + (curve[best - 1] - curve[best + 1]) / (2 * bend) : shift;
}

/** NaNs become what lies between their neighbours, at the ends the nearest; all 0 when nothing is known. In place. */
export function interpolateUnknown(values: Float64Array): void {
  let before = -1;
  for (let t = 0; t <= values.length; t++) {
    if (t < values.length && Number.isNaN(values[t])) continue;
    for (let gap = before + 1; gap < t; gap++) {
      const low = before < 0 ? values[t] : values[before];
      const high = t === values.length ? low : values[t];
      const value = before < 0 ? high : low + ((gap - before) / (t - before)) * (high - low);
      values[gap] = Number.isFinite(value) ? value : 0;
    }
    before = t;
  }
}
