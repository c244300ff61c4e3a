import { type SoftGrid, tapRadius } from "../../core/softHistogram.ts";
import { Layout } from "./localizeTiles.ts";
import type { SimdPool } from "./pool.ts";

interface Placed {
  x: number;
  y: number;
  bin: number;
  grid: number;
  /** a histogram, or the gradient with respect to one */
  cells: number;
  /** [2, N] */
  result: number;
  scratch: number[];
}

/** Lay out one call, and copy in what both kernels read. */
function place(
  pool: SimdPool,
  xUm: Float32Array,
  yUm: Float32Array,
  bin: Int32Array,
  nCells: number,
  grid: SoftGrid,
): Placed {
  const n = xUm.length;
  const layout = new Layout(pool.heap);
  const at: Placed = {
    x: layout.take(4 * n),
    y: layout.take(4 * n),
    bin: layout.take(4 * n),
    grid: layout.take(40),
    cells: layout.take(4 * nCells),
    result: layout.take(8 * n),
    scratch: Array.from({ length: pool.nThreads }, () => layout.take(16 * (2 * tapRadius(grid) + 1))),
  };
  pool.reserve(layout.bytes);
  pool.floats(at.x, n).set(xUm);
  pool.floats(at.y, n).set(yUm);
  pool.ints(at.bin, n).set(bin);
  const { x0, y0, pitchUm, sigmaUm } = grid;
  pool.doubles(at.grid, 5).set([x0, y0, pitchUm, 1 / sigmaUm ** 2, Math.exp(-((pitchUm / sigmaUm) ** 2))]);
  return at;
}

/** What each thread is given: its share of `count` (bins or spikes), between the arguments both kernels begin and end with. */
function shares(pool: SimdPool, at: Placed, nSpikes: number, count: number, grid: SoftGrid): number[][] {
  const share = Math.ceil(count / pool.nThreads);
  return at.scratch.map((own, i) => [
    at.x,
    at.y,
    at.bin,
    nSpikes,
    at.cells,
    Math.min(count, i * share),
    Math.min(count, (i + 1) * share),
    grid.nx,
    grid.ny,
    tapRadius(grid),
    at.grid,
    own,
  ]);
}

/** The same meaning as core/softHistogram. Returns a view of the pool's memory. */
export function softHistogramTiles(
  pool: SimdPool,
  xUm: Float32Array,
  yUm: Float32Array,
  bin: Int32Array,
  nBins: number,
  grid: SoftGrid,
): Float32Array {
  const nCells = nBins * grid.nx * grid.ny;
  const at = place(pool, xUm, yUm, bin, nCells, grid);
  pool.run("softHistogramBins", shares(pool, at, xUm.length, nBins, grid));
  return pool.floats(at.cells, nCells);
}

/** The same meaning as core/softHistogram.softHistogramGrad, [2, N]. Returns a view of the pool's memory. */
export function softHistogramGradTiles(
  pool: SimdPool,
  xUm: Float32Array,
  yUm: Float32Array,
  bin: Int32Array,
  outGrad: Float32Array,
  grid: SoftGrid,
): Float32Array {
  const n = xUm.length;
  const at = place(pool, xUm, yUm, bin, outGrad.length, grid);
  pool.floats(at.cells, outGrad.length).set(outGrad);
  pool.run(
    "softHistogramSpikes",
    shares(pool, at, n, n, grid).map((args) => [...args, at.result]),
  );
  return pool.floats(at.result, 2 * n);
}
