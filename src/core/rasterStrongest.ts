import { assert } from "./errors.ts";
import type { RasterGrid, RasterSums } from "./raster.ts";

/**
 * Spikes into the cells of a picture as core/raster.ts puts them there, but `sum` holds the largest value of each cell in place
 * of their sum: what a scatter plot shows whose points are drawn from the weakest to the strongest. A NaN counts and is not the
 * largest; a cell of nothing else has NaN.
 */
export function rasterStrongest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  value: ArrayLike<number>,
  { xLow, xHigh, yLow, yHigh, nx, ny }: RasterGrid,
  from = 0,
  to = x.length,
): RasterSums {
  assert(xHigh > xLow && yHigh > yLow && nx > 0 && ny > 0, "a raster grid has extent");
  const count = new Float32Array(nx * ny);
  const sum = new Float32Array(nx * ny).fill(Number.NaN);
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
    const v = value[i];
    if (v > sum[cell] || Number.isNaN(sum[cell])) sum[cell] = v;
  }
  return { count, sum };
}
