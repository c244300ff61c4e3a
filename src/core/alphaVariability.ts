import { assert } from "./errors.ts";
import type { Range } from "./types.ts";

/**
 * How steady a value of spikes (log10 α) is at each depth: its mean per cell of depth × time, and the standard deviation of
 * those means over time, which is small where the same neurons are seen all along and grows where drift brings others.
 *
 * mean[d, t] = Σ value / n over the spikes of the cell, where n ≥ `minSpikes`; std[d] = √(Σ_t (mean[d, t] − m_d)² / n_d) over the
 * n_d cells that hold a mean, where n_d ≥ max(10, T/20). Source: evarol/spikeLocalizationNetwork make_alpha_plots.py.
 */
export interface VariabilityGrid {
  timeRangeSec: Range;
  binSec: number;
  depthRangeUm: Range;
  binUm: number;
  minSpikes: number;
}

/** Cells of `make_alpha_plots.py`. */
export const variabilityDefaults = { binSec: 1, binUm: 20, minSpikes: 5 };

export interface Variability {
  nTimes: number;
  nDepths: number;
  /** first edge; bins of `binSec` and `binUm` follow, the last one may reach beyond the range */
  startSec: number;
  startUm: number;
  /** [nDepths, nTimes] mean value; NaN in cells of too few spikes */
  mean: Float32Array;
  /** [nDepths] cells with a mean */
  nCells: Int32Array;
  /** [nDepths] standard deviation over time; NaN in rows of too few cells */
  std: Float64Array;
  /** rows need as many cells */
  minCells: number;
}

/** Arrays of one entry per spike; those with a NaN among them, or outside the ranges, are left out. Depth bins begin at multiples of `binUm`. */
export function valueVariability(
  timeSec: ArrayLike<number>,
  depthUm: ArrayLike<number>,
  value: ArrayLike<number>,
  { timeRangeSec, binSec, depthRangeUm, binUm, minSpikes }: VariabilityGrid,
): Variability {
  assert(binSec > 0 && binUm > 0, "bins have extent");
  const startSec = timeRangeSec[0];
  const startUm = binUm * Math.floor(depthRangeUm[0] / binUm);
  const nTimes = Math.max(1, Math.ceil((timeRangeSec[1] - startSec) / binSec));
  const nDepths = Math.max(1, Math.ceil((depthRangeUm[1] - startUm) / binUm));
  const count = new Uint32Array(nTimes * nDepths);
  const sum = new Float64Array(nTimes * nDepths);
  for (let i = 0; i < timeSec.length; i++) {
    const t = Math.floor((timeSec[i] - startSec) / binSec);
    const d = Math.floor((depthUm[i] - startUm) / binUm);
    if (!(t >= 0 && t < nTimes && d >= 0 && d < nDepths) || Number.isNaN(value[i])) continue;
    count[d * nTimes + t]++;
    sum[d * nTimes + t] += value[i];
  }
  const mean = new Float32Array(count.length);
  for (let cell = 0; cell < mean.length; cell++)
    mean[cell] = count[cell] >= minSpikes ? sum[cell] / count[cell] : Number.NaN;
  const minCells = Math.max(10, nTimes / 20);
  const nCells = new Int32Array(nDepths);
  const std = new Float64Array(nDepths);
  for (let d = 0; d < nDepths; d++) {
    const row = mean.subarray(d * nTimes, (d + 1) * nTimes);
    const { n, deviation } = spread(row);
    nCells[d] = n;
    std[d] = n >= minCells ? deviation : Number.NaN;
  }
  return { nTimes, nDepths, startSec, startUm, mean, nCells, std, minCells };
}

/** Number and standard deviation of the values that are none of NaN. */
function spread(values: Float32Array): { n: number; deviation: number } {
  let [n, mean, square] = [0, 0, 0];
  for (const v of values) {
    if (Number.isNaN(v)) continue;
    n++;
    const step = v - mean;
    mean += step / n;
    square += step * (v - mean);
  }
  return { n, deviation: Math.sqrt(square / n) };
}
