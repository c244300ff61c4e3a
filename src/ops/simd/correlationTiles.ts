import type { LagGeometry, PairLags } from "../../core/dredge/crossCorrelation.ts";
import { powerOfTwo } from "../../core/fft.ts";
import type { SimdPool } from "./pool.ts";

/** Layout and calls of the SIMD kernels `dredgeTemplates`, `dredgeFrames` and `dredgePairs`. */

/** Templates whose spectra stay in the cache while the frames pass. */
const run = 8;
/** Frames that share a transform: four as its real part, four as its imaginary part. */
const lanes = 8;

export interface TransformPlan {
  /** a power of two, 16 or more */
  nFft: number;
  /** parts a template is cut into */
  nBlocks: number;
  /** bins of a part: nFft − L + 1 */
  step: number;
}

/**
 * The cheapest way to all lags of a template of `length` bins: longer transforms take fewer blocks. Operations per pair, two
 * pairs to a transform: 4·n a block for the products and 2.5·n·log2 n for the transform.
 */
export function transformPlan(length: number, nLags: number): TransformPlan {
  let best = { nFft: 0, nBlocks: 0, step: 0, cost: Number.POSITIVE_INFINITY };
  const most = Math.max(16, powerOfTwo(length + nLags - 1));
  for (let nFft = Math.max(16, powerOfTwo(nLags)); nFft <= most; nFft *= 2) {
    const step = nFft - nLags + 1;
    const nBlocks = Math.ceil(length / step);
    const cost = 4 * nFft * nBlocks + 2.5 * nFft * Math.log2(nFft);
    if (cost < best.cost) best = { nFft, nBlocks, step, cost };
  }
  return best;
}

const tables = new Map<number, Float64Array>();

/** Twiddles as assembly/transform.ts wants them: of stages of 16, 64, … points, then of one of two where log2 n is odd. */
function stageTwiddles(nFft: number): Float64Array {
  let table = tables.get(nFft);
  if (!table) {
    const values: number[] = [];
    const turn = (k: number, size: number) => {
      values.push(Math.cos((2 * Math.PI * k) / size), -Math.sin((2 * Math.PI * k) / size));
    };
    let size = 16;
    for (; size <= nFft; size *= 4) for (let p = 0; p < size / 4; p++) for (const k of [1, 2, 3]) turn(k * p, size);
    if (size / 2 === nFft) for (let p = 0; p < nFft / 2; p++) turn(p, nFft);
    table = Float64Array.from(values);
    tables.set(nFft, table);
  }
  return table;
}

/** Σq at every lag: of the weights [n] of a template, those that meet data in a frame of `inside` bins after `pad` zeros. */
function lagTotals(weights: Float32Array, inside: number, pad: number, nLags: number): Float64Array {
  const sum = (from: number, to: number) => weights.subarray(from, Math.max(from, to)).reduce((s, w) => s + w, 0);
  return Float64Array.from({ length: nLags }, (_, lag) =>
    sum(Math.max(0, Math.min(weights.length, pad - lag)), Math.min(weights.length, pad + inside - lag)),
  );
}

/** Hands out regions of the pool's memory in whole cache lines, then reserves them at once. */
function layOut(pool: SimdPool, bytes: number[]): number[] {
  let pointer = pool.heap;
  const pointers = bytes.map((n) => {
    const at = pointer;
    pointer += Math.ceil(n / 64) * 64;
    return at;
  });
  pool.reserve(pointer - pool.heap);
  return pointers;
}

/** Everything the three kernels share, in place. */
function prepare(pool: SimdPool, raster: Float32Array, weights: Float32Array, tile: TileOfPairs) {
  const [nRows, nColumns] = [tile.rows[1] - tile.rows[0], tile.columns[1] - tile.columns[0]];
  const nDepths = weights.length;
  const { start, stop, low, high, pad, nLeft, nRight } = tile.geometry;
  const [length, nLags, inside] = [stop - start, nLeft + nRight + 1, high - low];
  const { nFft, nBlocks, step } = transformPlan(length, nLags);
  const twiddles = stageTwiddles(nFft);
  const nGroups = Math.ceil(nColumns / lanes);
  const perThread = (bytes: number) => Array<number>(pool.nThreads).fill(bytes);
  const spectrum = nFft * nBlocks * 8; // bytes of one in float32
  const regions = [
    ...[64, 4 * nRows * nDepths, 4 * nColumns * nDepths, 8 * length, 8 * nLags, 4 * twiddles.length],
    ...[
      8 * twiddles.length,
      nRows * spectrum,
      8 * nRows * (nLags + 1),
      nGroups * 4 * spectrum,
      64 * nGroups * (nLags + 1),
    ],
    ...[4 * nRows * nColumns, 4 * nRows * nColumns],
    ...perThread(64 * nFft + 64),
    ...perThread(2 * spectrum),
    ...perThread(4 * spectrum),
  ];
  const at = layOut(pool, regions);
  const [plan, rows, columns, weightsAt, totals, twiddles32, twiddles64, ...results] = at;
  pool.ints(plan, 10).set([nFft, nBlocks, step, nLags, length, start, nDepths, low, inside, pad]);
  pool.floats(rows, nRows * nDepths).set(raster.subarray(tile.rows[0] * nDepths, tile.rows[1] * nDepths));
  pool.floats(columns, nColumns * nDepths).set(raster.subarray(tile.columns[0] * nDepths, tile.columns[1] * nDepths));
  pool.doubles(weightsAt, length).set(weights.subarray(start, stop));
  pool.doubles(totals, nLags).set(lagTotals(weights.subarray(start, stop), inside, pad, nLags));
  pool.floats(twiddles32, twiddles.length).set(twiddles);
  pool.doubles(twiddles64, twiddles.length).set(twiddles);
  const [spectra, rowMoments, frames, frameMoments, correlation, lag, ...scratch] = results;
  const sizes = { nRows, nColumns, nGroups };
  const inputs = { plan, rows, columns, weights: weightsAt, totals, twiddles32, twiddles64 };
  return { ...sizes, inputs, spectra, rowMoments, frames, frameMoments, correlation, lag, scratch };
}

interface TileOfPairs {
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
  geometry: LagGeometry;
}

/** See core/dredge/crossCorrelation. raster: [T, D]; weights: [D]. Returns views of the pool's memory, [R, C]. */
export function correlationTiles(
  pool: SimdPool,
  raster: Float32Array,
  weights: Float32Array,
  tile: TileOfPairs,
): PairLags {
  const { nRows, nColumns, nGroups, inputs, scratch, ...at } = prepare(pool, raster, weights, tile);
  const { plan, rows, columns, totals, twiddles32, twiddles64 } = inputs;
  const { nThreads } = pool;
  const threads = Array.from({ length: nThreads }, (_, i) => i);
  const share = (n: number, i: number) => Math.floor((n * i) / nThreads);
  const results = [at.spectra, at.rowMoments];
  pool.run(
    "dredgeTemplates",
    threads.map((i) => [
      ...[plan, rows, inputs.weights, totals, twiddles32, share(nRows, i), share(nRows, i + 1), ...results, scratch[i]],
    ]),
  );
  pool.run(
    "dredgeFrames",
    threads.map((i) => [
      ...[plan, columns, nColumns, inputs.weights, totals, twiddles32, twiddles64, i, nThreads, at.frames],
      ...[at.frameMoments, scratch[i], scratch[nThreads + i], scratch[2 * nThreads + i]],
    ]),
  );
  const nItems = Math.ceil(nRows / run) * nGroups;
  pool.run(
    "dredgePairs",
    threads.map((i) => [
      ...[
        plan,
        rows,
        columns,
        inputs.weights,
        nRows,
        nColumns,
        run,
        twiddles32,
        ...results,
        at.frames,
        at.frameMoments,
      ],
      ...[share(nItems, i), share(nItems, i + 1), at.correlation, at.lag, scratch[i]],
    ]),
  );
  return {
    correlation: pool.floats(at.correlation, nRows * nColumns),
    lag: pool.ints(at.lag, nRows * nColumns),
  };
}
