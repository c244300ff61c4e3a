import { AppError } from "../errors.ts";
import { gaussianTaps, mirrored, smoothLines } from "../smoothLines.ts";
import type { Range, SpikeTable } from "../types.ts";
import type { DredgeOptions } from "./options.ts";

/**
 * DREDge's picture of the spikes: amplitude per second and micrometre, smoothed.
 *
 *   H[t, d] = Σ |a| over the spikes of the cell (or their mean), cells half-open, the last of each axis closed;
 *   spikes outside are dropped. Then a Gaussian over depth and one over time: taps exp(−k²/2σ²), |k| ≤ floor(4σ + ½),
 *   normalised to sum 1. What lies beyond the ends, and the logarithm between, depend on the variant (options.ts).
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_utils.py; scipy.ndimage.gaussian_filter1d.
 */
export interface DredgeRaster {
  /** [T, D] */
  values: Float64Array;
  nTimes: number;
  nDepths: number;
  /** [T + 1] */
  timeEdgesSec: Float64Array;
  /** [D + 1] */
  depthEdgesUm: Float64Array;
  /** what the edges cover; they may reach a part of a bin beyond it */
  depthRangeUm: Range;
}

type RasterOptions = Pick<
  DredgeOptions,
  "variant" | "binSec" | "binUm" | "depthSmoothUm" | "timeSmoothSec" | "averageInBin"
>;

/** The cells of a raster, without their values. */
export type RasterGrid = Omit<DredgeRaster, "values">;

/**
 * probeRangeUm: depths of the lowest and the highest contact. lastSec: time of the recording's last sample.
 * Throws AppError when no spike lies in the range.
 */
export function dredgeRaster(
  spikes: SpikeTable,
  probeRangeUm: Range,
  lastSec: number,
  options: RasterOptions,
): DredgeRaster {
  const grid = rasterGrid(spikes, probeRangeUm, lastSec, options);
  return { ...grid, values: rasterRows(spikes, grid, options, 0, grid.nTimes) };
}

/** As `dredgeRaster`, but the cells alone. */
export function rasterGrid(
  spikes: SpikeTable,
  probeRangeUm: Range,
  lastSec: number,
  { variant, binSec, binUm }: RasterOptions,
): RasterGrid {
  const depthRangeUm = variant === "original" ? wholeRange(spikes.depthUm) : probeRangeUm;
  const timeEdgesSec = binEdges(0, lastSec, binSec);
  const depthEdgesUm = binEdges(depthRangeUm[0], depthRangeUm[1], binUm);
  const grid = { timeEdgesSec, depthEdgesUm, nTimes: timeEdgesSec.length - 1, nDepths: depthEdgesUm.length - 1 };
  for (let i = 0; i < spikes.nSpikes; i++) {
    if (binOf(timeEdgesSec, spikes.timeSec[i]) >= 0 && binOf(depthEdgesUm, spikes.depthUm[i]) >= 0)
      return { ...grid, depthRangeUm };
  }
  throw noneInside(spikes.nSpikes, depthEdgesUm);
}

/**
 * Time bins [from, to) of the raster, [to − from, D]: the same numbers as in the whole, from the spikes of these bins and
 * of the few around them that smoothing reaches. Times ascend.
 */
export function rasterRows(
  spikes: SpikeTable,
  grid: RasterGrid,
  options: RasterOptions,
  from: number,
  to: number,
): Float64Array {
  const { nTimes, nDepths } = grid;
  const original = options.variant === "original";
  const beyond = original ? "mirror" : "zero";
  const timeTaps = gaussianTaps(options.timeSmoothSec / options.binSec);
  const radius = timeTaps.length - 1;
  /** where the row at t comes from; −1 is a row of zeros */
  const sourceOf = (t: number) => {
    if (t >= 0 && t < nTimes) return t;
    return original ? mirrored(t, nTimes) : -1;
  };
  const sources = Array.from({ length: to - from + 2 * radius }, (_, k) => sourceOf(from - radius + k));
  const low = sources.reduce((least, t) => (t < 0 ? least : Math.min(least, t)), nTimes);
  const high = sources.reduce((most, t) => Math.max(most, t), 0) + 1;
  const depthTaps = gaussianTaps(options.depthSmoothUm / options.binUm);
  let rows = histogramRows(spikes, grid, low, high, options.averageInBin).values;
  rows = smoothLines(
    rows,
    { nLines: rows.length / nDepths, lineStep: nDepths, length: nDepths, step: 1 },
    depthTaps,
    beyond,
  );
  if (original) rows = rows.map(Math.log1p);
  const zeros = new Float64Array(nDepths);
  const rowOf = (k: number) => {
    const source = sources[k + radius] - low;
    return sources[k + radius] < 0 ? zeros : rows.subarray(source * nDepths, (source + 1) * nDepths);
  };
  const out = new Float64Array((to - from) * nDepths);
  for (let k = 0; k < to - from; k++) {
    const sum = out.subarray(k * nDepths, (k + 1) * nDepths);
    const middle = rowOf(k);
    for (let d = 0; d < nDepths; d++) sum[d] = timeTaps[0] * middle[d];
    for (let r = 1; r <= radius; r++) {
      const [before, after, tap] = [rowOf(k - r), rowOf(k + r), timeTaps[r]];
      for (let d = 0; d < nDepths; d++) sum[d] += tap * (before[d] + after[d]);
    }
  }
  return out;
}

/** Floor of the least to ceil of the greatest. */
function wholeRange(depthUm: Float64Array): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const depth of depthUm) {
    if (!Number.isFinite(depth)) continue;
    low = Math.min(low, depth);
    high = Math.max(high, depth);
  }
  if (low > high) throw new AppError("bad-data", "DREDge: expected spikes with a depth, found none.");
  return [Math.floor(low), Math.ceil(high)];
}

/** low, low + bin, … below high + bin: at least one bin, and the last may reach beyond `high`. */
export function binEdges(low: number, high: number, bin: number): Float64Array {
  const nEdges = Math.max(2, Math.ceil((high + bin - low) / bin));
  return Float64Array.from({ length: nEdges }, (_, k) => low + k * bin);
}

/** Which bin holds the value; −1 outside, and for NaN. */
export function binOf(edges: Float64Array, value: number): number {
  const nBins = edges.length - 1;
  if (!(value >= edges[0] && value <= edges[nBins])) return -1;
  let bin = Math.min(nBins - 1, Math.floor((value - edges[0]) / (edges[1] - edges[0])));
  while (value < edges[bin]) bin--; // the division may round across an edge
  while (bin < nBins - 1 && value >= edges[bin + 1]) bin++;
  return bin;
}

/** [T, D] sum of |amplitude| per cell, or its mean. Throws AppError when every spike lies outside. */
export function amplitudeHistogram(
  spikes: SpikeTable,
  timeEdgesSec: Float64Array,
  depthEdgesUm: Float64Array,
  average: boolean,
): Float64Array {
  const { values, nInside } = histogramRows(
    spikes,
    { timeEdgesSec, depthEdgesUm },
    0,
    timeEdgesSec.length - 1,
    average,
  );
  if (nInside === 0) throw noneInside(spikes.nSpikes, depthEdgesUm);
  return values;
}

function noneInside(nSpikes: number, depthEdgesUm: Float64Array): AppError {
  const [low, high] = [depthEdgesUm[0], depthEdgesUm[depthEdgesUm.length - 1]];
  return new AppError(
    "bad-data",
    `DREDge: expected spikes between the lowest and the highest contact (${low} to ${high} µm), found none of ${nSpikes} there; check that depths and probe belong together.`,
    { nSpikes, lowUm: low, highUm: high },
  );
}

/** Time bins [from, to) of the histogram. */
function histogramRows(
  spikes: SpikeTable,
  { timeEdgesSec, depthEdgesUm }: Pick<RasterGrid, "timeEdgesSec" | "depthEdgesUm">,
  from: number,
  to: number,
  average: boolean,
): { values: Float64Array; nInside: number } {
  const nDepths = depthEdgesUm.length - 1;
  const sum = new Float64Array((to - from) * nDepths);
  const count = new Int32Array(average ? sum.length : 0);
  let nInside = 0;
  // of a part only its own spikes; the whole does not ask for an order
  const whole = from === 0 && to === timeEdgesSec.length - 1;
  const first = whole ? 0 : firstNotBefore(spikes.timeSec, timeEdgesSec[from]);
  for (let i = first; i < spikes.nSpikes && (whole || spikes.timeSec[i] <= timeEdgesSec[to]); i++) {
    const t = binOf(timeEdgesSec, spikes.timeSec[i]);
    const d = binOf(depthEdgesUm, spikes.depthUm[i]);
    if (t < from || t >= to || d < 0) continue;
    const cell = (t - from) * nDepths + d;
    sum[cell] += Math.abs(spikes.ampUv[i]);
    if (average) count[cell]++;
    nInside++;
  }
  for (let cell = 0; cell < count.length; cell++) if (count[cell] > 0) sum[cell] /= count[cell];
  return { values: sum, nInside };
}

/** Index of the first value ≥ limit in ascending values. */
function firstNotBefore(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
