import { assert } from "./errors.ts";
import type { RasterGrid, RasterSums } from "./raster.ts";

/**
 * Spikes into the cells of a picture, as `raster` has them, where the value of a spike names a group: `sum` holds the group that
 * most spikes of a cell belong to. value: [N] whole numbers from 0. Group 0 is that of the spikes that belong nowhere: a cell has
 * it only where it has no other. Of equally many the lowest number. NaN in a cell without a spike. Exact: rows are sorted by cell,
 * then each cell counts its own, in O(N + cells).
 */
export function rasterMode(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  value: Float32Array,
  { xLow, xHigh, yLow, yHigh, nx, ny }: RasterGrid,
  from = 0,
  to = x.length,
): RasterSums {
  assert(xHigh > xLow && yHigh > yLow && nx > 0 && ny > 0, "a raster grid has extent");
  const kx = nx / (xHigh - xLow);
  const ky = ny / (yHigh - yLow);
  const ends = new Int32Array(nx * ny + 1);
  const cellOf = new Int32Array(Math.max(0, to - from));
  let highest = 0;
  for (let i = from; i < to; i++) {
    const xi = x[i];
    const yi = y[i];
    if (!(xi >= xLow && xi <= xHigh && yi >= yLow && yi <= yHigh)) {
      cellOf[i - from] = -1;
      continue;
    }
    // column by column: spikes come in order of time, so that those of a column stand together in memory
    const cell = Math.min(nx - 1, Math.floor((xi - xLow) * kx)) * ny + Math.min(ny - 1, Math.floor((yi - yLow) * ky));
    cellOf[i - from] = cell;
    ends[cell + 1]++;
    if (value[i] > highest) highest = value[i];
  }
  for (let cell = 0; cell < nx * ny; cell++) ends[cell + 1] += ends[cell];
  const byCell = new Int32Array(ends[nx * ny]);
  // filling moves the start of each cell to its end, which is the start of the next
  for (let i = from; i < to; i++) {
    const cell = cellOf[i - from];
    if (cell >= 0) byCell[ends[cell]++] = value[i];
  }
  return fullest(byCell, ends, nx, ny, highest);
}

/** byCell: groups, cell after cell, column by column; ends: one past the last of each cell. */
function fullest(byCell: Int32Array, ends: Int32Array, nx: number, ny: number, highest: number): RasterSums {
  const count = new Float32Array(nx * ny);
  const sum = new Float32Array(nx * ny).fill(Number.NaN);
  const tally = new Int32Array(highest + 1);
  let start = 0;
  for (let cell = 0; cell < nx * ny; cell++) {
    const end = ends[cell];
    if (end === start) continue;
    let best = 0;
    let most = 0;
    for (let k = start; k < end; k++) {
      const group = byCell[k];
      const n = ++tally[group];
      if (group > 0 && (n > most || (n === most && group < best))) {
        best = group;
        most = n;
      }
    }
    for (let k = start; k < end; k++) tally[byCell[k]] = 0;
    const out = (cell % ny) * nx + Math.floor(cell / ny);
    count[out] = end - start;
    sum[out] = best;
    start = end;
  }
  return { count, sum };
}
