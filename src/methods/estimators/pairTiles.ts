import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { lagGeometry } from "../../core/dredge/crossCorrelation.ts";
import { assert } from "../../core/errors.ts";
import { dredgeCorrelation } from "../../ops/dredgeCorrelation.ts";

/** Time bins at a time: a tile of pairs stays within some tens of milliseconds. */
const tileBins = 128;

export interface PairRequest {
  /** [T, D] */
  raster: Float32Array;
  /** [D] of the window, not all 0 */
  weights: Float64Array;
  /** the time bins i, half-open */
  rows: readonly [from: number, to: number];
  /** the time bins j, half-open */
  columns: readonly [first: number, end: number];
  maxDisplacementBins: number;
  /** pairs of tiles that are further apart are left at 0 */
  horizonBins: number;
}

export interface PairLagTable {
  /** [R, C] largest correlation of i with j over all lags; 0 beyond the horizon */
  correlation: Float32Array;
  /** [R, C] how many bins i lies above j there; 0 beyond the horizon */
  shift: Float32Array;
}

/** Correlate every row with every column, wherever tfjs computes. Yields the share that is done. */
export async function* correlateTiles(request: PairRequest): AsyncGenerator<number, PairLagTable> {
  const { raster, weights, rows, columns, maxDisplacementBins, horizonBins } = request;
  const nDepths = weights.length;
  const nColumns = columns[1] - columns[0];
  const size = (rows[1] - rows[0]) * nColumns;
  assert(raster.length % nDepths === 0, "a raster is [T, D]");
  const { nLeft } = lagGeometry(weights, maxDisplacementBins);
  const table: PairLagTable = { correlation: new Float32Array(size), shift: new Float32Array(size) };
  const frames = tensor2d(raster, [raster.length / nDepths, nDepths]);
  try {
    for (let i = rows[0]; i < rows[1]; i += tileBins) {
      for (let j = columns[0]; j < columns[1]; j += tileBins) {
        const [iEnd, jEnd] = [Math.min(rows[1], i + tileBins), Math.min(columns[1], j + tileBins)];
        if (Math.max(i - jEnd, j - iEnd) >= horizonBins) continue;
        const tile = { rows: [i, iEnd], columns: [j, jEnd], maxDisplacementBins } as const;
        const { correlation, lag } = await readTile(frames, weights, tile);
        for (let r = i; r < iEnd; r++) {
          for (let c = j; c < jEnd; c++) {
            const from = (r - i) * (jEnd - j) + c - j;
            const to = (r - rows[0]) * nColumns + c - columns[0];
            table.correlation[to] = correlation[from];
            table.shift[to] = nLeft - lag[from];
          }
        }
        yield ((i - rows[0]) * nColumns + (iEnd - i) * (jEnd - columns[0])) / size;
      }
    }
    return table;
  } finally {
    frames.dispose();
  }
}

async function readTile(
  frames: Tensor2D,
  weights: Float64Array,
  tile: Parameters<typeof dredgeCorrelation>[2],
): Promise<{ correlation: Float32Array; lag: Int32Array }> {
  const found = dredgeCorrelation(frames, weights, tile);
  try {
    const [correlation, lag] = await Promise.all([found.correlation.data(), found.lag.data()]);
    return { correlation: correlation as Float32Array, lag: lag as Int32Array };
  } finally {
    found.correlation.dispose();
    found.lag.dispose();
  }
}
