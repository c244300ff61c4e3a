import { assert } from "./errors.ts";

/**
 * Spikes into the cells of a picture: the number of spikes per cell, and the sum of a value over them.
 *
 * cell = floor((v − low) / (high − low) · n) per axis; a value exactly at the high end belongs to the last cell, as in
 * numpy.histogram2d. Values outside the ranges, and NaN, are dropped. Row 0 is the low end of y.
 * The oracle of shaders/raster.wgsl, of sums.
 */
export interface RasterGrid {
  xLow: number;
  xHigh: number;
  yLow: number;
  yHigh: number;
  nx: number;
  ny: number;
}

export interface RasterSums {
  /** [ny, nx] spikes per cell */
  count: Float32Array;
  /** [ny, nx] sum of `value` per cell, or the largest where that was asked for */
  sum: Float32Array;
}

/**
 * What `sum` holds. The largest value is what a scatter plot shows whose points are drawn from the weakest to the strongest: a NaN
 * counts as a spike and is not the largest, and a cell of nothing else has NaN.
 */
export type CellHolds = "sum" | "largest";

/** x, y, value: [N] in any unit; value null counts only. `from`/`to` bound the rows visited. */
export function raster(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  value: ArrayLike<number> | null,
  grid: RasterGrid,
  from = 0,
  to = x.length,
  holds: CellHolds = "sum",
): RasterSums {
  const { xLow, xHigh, yLow, yHigh, nx, ny } = grid;
  assert(xHigh > xLow && yHigh > yLow && nx > 0 && ny > 0, "a raster grid has extent");
  const count = new Float32Array(nx * ny);
  const sum = new Float32Array(nx * ny);
  const isLargest = value !== null && holds === "largest";
  if (isLargest) sum.fill(Number.NaN);
  const kx = nx / (xHigh - xLow);
  const ky = ny / (yHigh - yLow);
  for (let i = from; i < to; i++) {
    const xi = x[i];
    const yi = y[i];
    if (!(xi >= xLow && xi <= xHigh && yi >= yLow && yi <= yHigh)) continue;
    const cx = Math.min(nx - 1, Math.floor((xi - xLow) * kx));
    const cy = Math.min(ny - 1, Math.floor((yi - yLow) * ky));
    const cell = cy * nx + cx;
    count[cell] += 1;
    if (!value) continue;
    const v = value[i];
    if (!isLargest) sum[cell] += v;
    else if (v > sum[cell] || Number.isNaN(sum[cell])) sum[cell] = v;
  }
  return { count, sum };
}

/** Mean value per cell, NaN where there is no spike. */
export function meanPerCell({ count, sum }: RasterSums): Float32Array {
  const mean = new Float32Array(count.length);
  for (let i = 0; i < mean.length; i++) mean[i] = count[i] > 0 ? sum[i] / count[i] : Number.NaN;
  return mean;
}
