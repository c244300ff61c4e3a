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
 *   N = Σq; E_i = Σq·A/N; E_j = Σq·X/N; v_i = Σq·A²/N − E_i²; v_j = Σq·X²/N − E_j² (1 where no more than rounding is left)
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

/** raster: [T, D]. `rows`: the time bins i to compute, all by default; R is their number. */
export function crossCorrelation(
  raster: ArrayLike<number>,
  nTimes: number,
  windows: DredgeWindows,
  options: CorrelationOptions,
  rows: readonly number[] = Array.from({ length: nTimes }, (_, t) => t),
  products: SlidingProducts = slidingProducts,
): PairTable {
  const { nWindows, nDepths } = windows;
  assert(raster.length === nTimes * nDepths, "a raster is [T, D]");
  const size = rows.length * nTimes;
  const pairs = { correlation: new Float32Array(nWindows * size), displacementUm: new Float32Array(nWindows * size) };
  for (let b = 0; b < nWindows; b++) {
    const view = {
      correlation: pairs.correlation.subarray(b * size, (b + 1) * size),
      displacementUm: pairs.displacementUm.subarray(b * size, (b + 1) * size),
    };
    correlateWindow(
      raster,
      nTimes,
      windows.weights.subarray(b * nDepths, (b + 1) * nDepths),
      options,
      rows,
      products,
      view,
    );
  }
  return pairs;
}

/** One window; fills [R, T]. */
function correlateWindow(
  raster: ArrayLike<number>,
  nTimes: number,
  weights: Float64Array,
  options: CorrelationOptions,
  rows: readonly number[],
  products: SlidingProducts,
  out: PairTable,
): void {
  const geometry = lagGeometry(weights, options.maxDisplacementBins);
  const cut = cutWindow(raster, nTimes, weights, geometry, rows);
  const nLags = geometry.nLeft + geometry.nRight + 1;
  const moments = lagMoments(cut, rows.length, nTimes, nLags);
  const length = geometry.stop - geometry.start;
  const frameLength = length + nLags - 1;
  for (const [from, to] of templateBlocks(rows)) {
    const templates = cut.weighted.subarray(from * length, to * length);
    for (let first = 0; first < nTimes; first += horizonBlock) {
      const end = Math.min(nTimes, first + horizonBlock);
      if (blocksApart(rows[from], first, nTimes) > options.horizonBins) continue;
      const frames = cut.frames.subarray(first * frameLength, end * frameLength);
      const sums = products(templates, to - from, frames, end - first, nLags);
      bestLags(sums, moments, { from, to, first, end, nRows: rows.length, nTimes }, geometry.nLeft, options.binUm, out);
    }
  }
}

/** Distance between the nearest time bins of the block that holds `row` and the block that starts at `first`. */
function blocksApart(row: number, first: number, nTimes: number): number {
  const start = row - (row % horizonBlock);
  const last = Math.min(nTimes, start + horizonBlock) - 1;
  const end = Math.min(nTimes, first + horizonBlock) - 1;
  return Math.max(0, start - end, first - last);
}

/** Runs [from, to) of `rows` that are short and stay within one block of the horizon. */
function templateBlocks(rows: readonly number[]): [from: number, to: number][] {
  const blocks: [number, number][] = [];
  const blockOf = (n: number) => Math.floor(rows[n] / horizonBlock);
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && to - from < templateBlock && blockOf(to) === blockOf(from)) to++;
    blocks.push([from, to]);
    from = to;
  }
  return blocks;
}

interface CutWindow {
  /** [n] w on the support */
  weights: Float64Array;
  /** [R, n] w·A and w·A² */
  weighted: Float64Array;
  weightedSquares: Float64Array;
  /** [T, n + L − 1] X and X², zeros beyond the ends */
  frames: Float64Array;
  frameSquares: Float64Array;
  /** [n + L − 1] 1 where a frame has data */
  inside: Float64Array;
}

function cutWindow(
  raster: ArrayLike<number>,
  nTimes: number,
  weights: Float64Array,
  { start, stop, low, high, pad }: LagGeometry,
  rows: readonly number[],
): CutWindow {
  const nDepths = weights.length;
  const length = stop - start;
  const frameLength = high - low + 2 * pad;
  const weighted = new Float64Array(rows.length * length);
  const frames = new Float64Array(nTimes * frameLength);
  const weightedSquares = weighted.slice();
  rows.forEach((row, i) => {
    for (let k = 0; k < length; k++) {
      const value = raster[row * nDepths + start + k];
      weighted[i * length + k] = weights[start + k] * value;
      weightedSquares[i * length + k] = weights[start + k] * value * value;
    }
  });
  for (let t = 0; t < nTimes; t++) {
    for (let d = low; d < high; d++) frames[t * frameLength + pad + d - low] = raster[t * nDepths + d];
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
  /** [L, T] E_j and √v_j */
  frameMean: Float64Array;
  frameSd: Float64Array;
}

function lagMoments(cut: CutWindow, nRows: number, nTimes: number, nLags: number): LagMoments {
  const { weights, inside } = cut;
  const total = slidingProducts(weights, 1, inside, 1, nLags);
  const row = meanAndSd(
    slidingProducts(cut.weighted, nRows, inside, 1, nLags),
    slidingProducts(cut.weightedSquares, nRows, inside, 1, nLags),
    total,
  );
  const frame = meanAndSd(
    slidingProducts(weights, 1, cut.frames, nTimes, nLags),
    slidingProducts(weights, 1, cut.frameSquares, nTimes, nLags),
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
    squares[at] = variance > leastVariance * square ? Math.sqrt(variance) : 1;
  }
  return { mean: sums, sd: squares };
}

/** Rows [from, to) of the R and time bins [first, end) of the T. */
interface PairBlock {
  from: number;
  to: number;
  first: number;
  end: number;
  nRows: number;
  nTimes: number;
}

/** sums: [L, to − from, end − first] Σq·A·X. Writes the maximum over lags and where it is. */
function bestLags(
  sums: Float64Array,
  { total, rowMean, rowSd, frameMean, frameSd }: LagMoments,
  { from, to, first, end, nRows, nTimes }: PairBlock,
  nLeft: number,
  binUm: number,
  out: PairTable,
): void {
  const best = new Float64Array((to - from) * (end - first)).fill(Number.NEGATIVE_INFINITY);
  const bestLag = new Int32Array(best.length);
  for (let lag = 0; lag < total.length; lag++) {
    for (let i = from; i < to; i++) {
      for (let j = first; j < end; j++) {
        const pair = (i - from) * (end - first) + j - first;
        const row = lag * nRows + i;
        const frame = lag * nTimes + j;
        const mean = total[lag] > 0 ? sums[lag * best.length + pair] / total[lag] : 0;
        const c = (mean - rowMean[row] * frameMean[frame]) / (rowSd[row] * frameSd[frame]);
        if (c > best[pair]) {
          best[pair] = c;
          bestLag[pair] = lag;
        }
      }
    }
  }
  for (let i = from; i < to; i++) {
    for (let j = first; j < end; j++) {
      const pair = (i - from) * (end - first) + j - first;
      out.correlation[i * nTimes + j] = best[pair];
      out.displacementUm[i * nTimes + j] = (nLeft - bestLag[pair]) * binUm;
    }
  }
}
