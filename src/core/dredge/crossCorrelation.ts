import { assert } from "../errors.ts";
import { type SlidingProducts, slidingProducts } from "./slidingProducts.ts";
import type { DredgeWindows } from "./windows.ts";

/**
 * How far time bin i lies above time bin j in each window, and how well the two agree: the lag that maximises the
 * normalised cross-correlation of their rasters under the window's weights w.
 *
 * Template: bin i on the window's support [s0, s1). Frame: bin j on [low, high), the support widened by the largest
 * displacement m and clipped to the raster, with `pad` zeros on *both* sides, as many as the worse clipped side lacks: so
 * on a side that was not clipped lags go beyond m. At lag l, with q_d = w_d where the frame has data and 0 elsewhere:
 *   N = Σq; E_i = Σq·A/N; E_j = Σq·X/N; v_i = Σq·A²/N − E_i²; v_j = Σq·X²/N − E_j²
 *   c = (Σq·A·X/N − E_i·E_j) / √(v_i·v_j), 0 where N = 0
 * C = max c, D = −(l* − nLeft)·bin, l* the first maximum: an estimate of p_i − p_j. All ordered pairs are computed: C is
 * not quite symmetric and D not quite antisymmetric.
 *
 * Beyond the ends the frame is 0, so Σq·A·X is one product of matrices per lag (slidingProducts.ts); the other sums are
 * small. Pairs of blocks of 512 time bins whose nearest bins are further apart than the horizon are left at 0.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py (xcorr_windows).
 */
export interface PairTable {
  /** [B, R, T] C of row i with every j */
  correlation: Float32Array;
  /** [B, R, T] D, µm */
  displacementUm: Float32Array;
}

export interface CorrelationOptions {
  binUm: number;
  maxDisplacementBins: number;
  /** time bins further apart need not be compared; Infinity compares all */
  horizonBins: number;
}

/** Where a window's templates and frames lie, in bins. Lags run from −nLeft to nRight. */
export interface LagGeometry {
  /** support of the window, half-open */
  start: number;
  stop: number;
  /** frame before padding, half-open */
  low: number;
  high: number;
  pad: number;
  nLeft: number;
  nRight: number;
}

const horizonBlock = 512;
/** Templates at a time: bounds the products in memory to lags × 16 × 512. */
const templateBlock = 16;

/** What rounding leaves of a variance that is 0, as a share of the mean square: such a row correlates with nothing. */
const leastVariance = 1e-12;

/** weights: [D] of one window. */
export function lagGeometry(weights: Float64Array, maxDisplacementBins: number): LagGeometry {
  const start = weights.findIndex((weight) => weight > 0);
  const stop = weights.findLastIndex((weight) => weight > 0) + 1;
  assert(start >= 0, "a window has weights");
  const low = Math.max(0, start - maxDisplacementBins);
  const high = Math.min(weights.length, stop + maxDisplacementBins);
  const pad = Math.max(low - (start - maxDisplacementBins), stop + maxDisplacementBins - high);
  return { start, stop, low, high, pad, nLeft: pad + start - low, nRight: pad + high - stop };
}

/** Rows i, and the columns j of [first, end), of all pairs of time bins. */
export interface PairTile {
  rows: readonly number[];
  columns: readonly [first: number, end: number];
  maxDisplacementBins: number;
}

export interface PairLags {
  /** [R, C] largest c over lags */
  correlation: Float32Array;
  /** [R, C] the first lag l* that has it, 0 … L − 1; D = (nLeft − l*)·bin */
  lag: Int32Array;
}

/** raster: [T, D]. `rows`: the time bins i to compute, all by default; R is their number. */
export function crossCorrelation(
  raster: ArrayLike<number>,
  nTimes: number,
  windows: DredgeWindows,
  { binUm, maxDisplacementBins, horizonBins }: CorrelationOptions,
  rows: readonly number[] = Array.from({ length: nTimes }, (_, t) => t),
  products: SlidingProducts = slidingProducts,
): PairTable {
  const { nWindows, nDepths } = windows;
  assert(raster.length === nTimes * nDepths, "a raster is [T, D]");
  const size = nWindows * rows.length * nTimes;
  const out = { correlation: new Float32Array(size), displacementUm: new Float32Array(size) };
  for (let b = 0; b < nWindows; b++) {
    const weights = windows.weights.subarray(b * nDepths, (b + 1) * nDepths);
    const { nLeft } = lagGeometry(weights, maxDisplacementBins);
    for (let first = 0; first < nTimes; first += horizonBlock) {
      const end = Math.min(nTimes, first + horizonBlock);
      const near = rows.map((_, r) => r).filter((r) => blocksApart(rows[r], first, nTimes) <= horizonBins);
      if (near.length === 0) continue;
      const tile: PairTile = { rows: near.map((r) => rows[r]), columns: [first, end], maxDisplacementBins };
      const { correlation, lag } = correlatePairs(raster, weights, tile, products);
      near.forEach((r, i) => {
        const to = (b * rows.length + r) * nTimes + first;
        const from = i * (end - first);
        out.correlation.set(correlation.subarray(from, from + end - first), to);
        for (let j = 0; j < end - first; j++) out.displacementUm[to + j] = (nLeft - lag[from + j]) * binUm;
      });
    }
  }
  return out;
}

/** Distance between the nearest time bins of the block that holds `row` and the block that starts at `first`. */
function blocksApart(row: number, first: number, nTimes: number): number {
  const start = row - (row % horizonBlock);
  const last = Math.min(nTimes, start + horizonBlock) - 1;
  const end = Math.min(nTimes, first + horizonBlock) - 1;
  return Math.max(0, start - end, first - last);
}

/** One tile of pairs under one window. raster: [T, D]; weights: [D]. */
export function correlatePairs(
  raster: ArrayLike<number>,
  weights: Float64Array,
  { rows, columns: [first, end], maxDisplacementBins }: PairTile,
  products: SlidingProducts = slidingProducts,
): PairLags {
  const nColumns = end - first;
  const geometry = lagGeometry(weights, maxDisplacementBins);
  const cut = cutWindow(raster, weights, geometry, rows, first, end);
  const nLags = geometry.nLeft + geometry.nRight + 1;
  const moments = lagMoments(cut, rows.length, nColumns, nLags);
  const length = geometry.stop - geometry.start;
  const size = rows.length * nColumns;
  const out = { correlation: new Float32Array(size), lag: new Int32Array(size) };
  for (let from = 0; from < rows.length; from += templateBlock) {
    const to = Math.min(rows.length, from + templateBlock);
    const templates = cut.weighted.subarray(from * length, to * length);
    const sums = products(templates, to - from, cut.frames, nColumns, nLags);
    bestLags(sums, moments, { from, to, nRows: rows.length, nColumns }, out);
  }
  return out;
}

interface CutWindow {
  /** [n] w on the support */
  weights: Float64Array;
  /** [R, n] w·A and w·A² */
  weighted: Float64Array;
  weightedSquares: Float64Array;
  /** [C, n + L − 1] X and X², zeros beyond the ends */
  frames: Float64Array;
  frameSquares: Float64Array;
  /** [n + L − 1] 1 where a frame has data */
  inside: Float64Array;
}

export function cutWindow(
  raster: ArrayLike<number>,
  weights: Float64Array,
  { start, stop, low, high, pad }: LagGeometry,
  rows: readonly number[],
  first: number,
  end: number,
): CutWindow {
  const nDepths = weights.length;
  const length = stop - start;
  const frameLength = high - low + 2 * pad;
  const weighted = new Float64Array(rows.length * length);
  const frames = new Float64Array((end - first) * frameLength);
  const weightedSquares = weighted.slice();
  rows.forEach((row, i) => {
    for (let k = 0; k < length; k++) {
      const value = raster[row * nDepths + start + k];
      weighted[i * length + k] = weights[start + k] * value;
      weightedSquares[i * length + k] = weights[start + k] * value * value;
    }
  });
  for (let t = first; t < end; t++) {
    const to = (t - first) * frameLength + pad - low;
    for (let d = low; d < high; d++) frames[to + d] = raster[t * nDepths + d];
  }
  const frameSquares = frames.map((value) => value * value);
  const inside = new Float64Array(frameLength).fill(1, pad, pad + high - low);
  return { weights: weights.subarray(start, stop), weighted, weightedSquares, frames, frameSquares, inside };
}

interface LagMoments {
  /** [L] N */
  total: Float64Array;
  /** [L, R] E_i and √v_i */
  rowMean: Float64Array;
  rowSd: Float64Array;
  /** [L, C] E_j and √v_j */
  frameMean: Float64Array;
  frameSd: Float64Array;
}

export function lagMoments(cut: CutWindow, nRows: number, nColumns: number, nLags: number): LagMoments {
  const { weights, inside } = cut;
  const total = slidingProducts(weights, 1, inside, 1, nLags);
  const row = meanAndSd(
    slidingProducts(cut.weighted, nRows, inside, 1, nLags),
    slidingProducts(cut.weightedSquares, nRows, inside, 1, nLags),
    total,
  );
  const frame = meanAndSd(
    slidingProducts(weights, 1, cut.frames, nColumns, nLags),
    slidingProducts(weights, 1, cut.frameSquares, nColumns, nLags),
    total,
  );
  return { total, rowMean: row.mean, rowSd: row.sd, frameMean: frame.mean, frameSd: frame.sd };
}

/** sums, squares: [L, n], overwritten; total: [L]. */
function meanAndSd(
  sums: Float64Array,
  squares: Float64Array,
  total: Float64Array,
): { mean: Float64Array; sd: Float64Array } {
  const n = sums.length / total.length;
  for (let at = 0; at < sums.length; at++) {
    const weight = total[Math.floor(at / n)];
    sums[at] = weight > 0 ? sums[at] / weight : 0;
    const square = weight > 0 ? squares[at] / weight : 0;
    const variance = square - sums[at] * sums[at];
    squares[at] = variance > leastVariance * square ? Math.sqrt(variance) : Number.POSITIVE_INFINITY; // c = 0
  }
  return { mean: sums, sd: squares };
}

/** Rows [from, to) of the R, all columns. */
interface PairBlock {
  from: number;
  to: number;
  nRows: number;
  nColumns: number;
}

/** sums: [L, to − from, C] Σq·A·X. Writes the maximum over lags and where it is. */
function bestLags(
  sums: Float64Array,
  { total, rowMean, rowSd, frameMean, frameSd }: LagMoments,
  { from, to, nRows, nColumns }: PairBlock,
  out: PairLags,
): void {
  const best = new Float64Array((to - from) * nColumns).fill(Number.NEGATIVE_INFINITY);
  const bestLag = out.lag.subarray(from * nColumns, to * nColumns);
  for (let lag = 0; lag < total.length; lag++) {
    for (let i = from; i < to; i++) {
      for (let j = 0; j < nColumns; j++) {
        const pair = (i - from) * nColumns + j;
        const row = lag * nRows + i;
        const frame = lag * nColumns + j;
        const mean = total[lag] > 0 ? sums[lag * best.length + pair] / total[lag] : 0;
        const c = (mean - rowMean[row] * frameMean[frame]) / (rowSd[row] * frameSd[frame]);
        if (c > best[pair]) {
          best[pair] = c;
          bestLag[pair] = lag;
        }
      }
    }
  }
  out.correlation.set(best, from * nColumns);
}
