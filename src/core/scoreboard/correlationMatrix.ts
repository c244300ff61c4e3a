import type { SoftGrid } from "../softHistogram.ts";
import { TouchedHistogram } from "./repeatability.ts";

/**
 * The whole [T, T] matrix of correlations between the histograms of all time bins: what `repeatability` is the mean of.
 *
 *   ρ_ij = (h_i·h_j − V m_i m_j) / (‖c_i‖ ‖c_j‖),   m = mean(h), c = h − m, V voxels
 * 1 on the diagonal; 0 in the rows and columns of empty bins. Histograms are kept by the voxels they touch, as float32; rows
 * are taken eight at a time, spread out with their values side by side, and held against the lists of all later bins.
 * Memory: 8 bytes for each touched voxel, 4 T², 64 bytes per voxel of the grid.
 */
const ROWS = 8;

interface Lists {
  /** [T + 1] */
  start: Uint32Array;
  voxel: Int32Array;
  value: Float32Array;
  mean: Float64Array;
  /** ‖c‖, 0 for an empty bin */
  norm: Float64Array;
}

/** Arguments as of `repeatability`. Yields the number of rows done after every eight. */
export function* correlationMatrix(
  xUm: Float64Array | null,
  yUm: Float64Array,
  first: Uint32Array,
  grid: SoftGrid,
): Generator<number, Float32Array> {
  const nBins = first.length - 1;
  const nVoxels = grid.nx * grid.ny;
  const lists = touchedLists(xUm, yUm, first, grid);
  const { start, voxel, value, mean, norm } = lists;
  const matrix = new Float32Array(nBins * nBins);
  const rows = new Float64Array(nVoxels * ROWS);
  const dot = new Float64Array(ROWS);
  for (let top = 0; top < nBins; top += ROWS) {
    const nRows = Math.min(ROWS, nBins - top);
    for (let r = 0; r < nRows; r++) {
      for (let k = start[top + r]; k < start[top + r + 1]; k++) rows[voxel[k] * ROWS + r] = value[k];
    }
    for (let j = top; j < nBins; j++) {
      dotRows(rows, voxel, value, start[j], start[j + 1], dot);
      for (let r = 0; r < nRows && top + r <= j; r++) {
        const i = top + r;
        const scale = norm[i] * norm[j];
        const rho = scale === 0 ? 0 : i === j ? 1 : (dot[r] - nVoxels * mean[i] * mean[j]) / scale;
        matrix[i * nBins + j] = rho;
        matrix[j * nBins + i] = rho;
      }
    }
    for (let k = start[top]; k < start[top + nRows]; k++) rows.fill(0, voxel[k] * ROWS, voxel[k] * ROWS + ROWS);
    yield top + nRows;
  }
  return matrix;
}

/** ρ̄: mean of the pairs of two different bins, those of empty bins being 0; NaN when there is no pair. */
export function meanOffDiagonal(values: Float32Array, nBins: number): number {
  let sum = 0;
  for (let i = 0; i < nBins; i++) {
    for (let j = 0; j < nBins; j++) if (i !== j) sum += values[i * nBins + j];
  }
  return nBins > 1 ? sum / (nBins * (nBins - 1)) : Number.NaN;
}

/** Eight sums at once: entries [from, to) of one bin against the rows that are spread out. */
function dotRows(
  rows: Float64Array,
  voxel: Int32Array,
  value: Float32Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = from; k < to; k++) {
    const at = voxel[k] * ROWS;
    const w = value[k];
    a += w * rows[at];
    b += w * rows[at + 1];
    c += w * rows[at + 2];
    d += w * rows[at + 3];
    e += w * rows[at + 4];
    f += w * rows[at + 5];
    g += w * rows[at + 6];
    h += w * rows[at + 7];
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
  out[4] = e;
  out[5] = f;
  out[6] = g;
  out[7] = h;
}

/** Every bin's touched voxels. Filled twice, so that the lists are made at their size. */
function touchedLists(xUm: Float64Array | null, yUm: Float64Array, first: Uint32Array, grid: SoftGrid): Lists {
  const nBins = first.length - 1;
  const nVoxels = grid.nx * grid.ny;
  const histogram = new TouchedHistogram(grid);
  const fill = (t: number) => {
    histogram.clear();
    for (let i = first[t]; i < first[t + 1]; i++) histogram.add(xUm ? xUm[i] : grid.x0, yUm[i]);
  };
  const start = new Uint32Array(nBins + 1);
  for (let t = 0; t < nBins; t++) {
    fill(t);
    start[t + 1] = start[t] + histogram.nTouched;
  }
  const voxel = new Int32Array(start[nBins]);
  const value = new Float32Array(start[nBins]);
  const [mean, norm] = [new Float64Array(nBins), new Float64Array(nBins)];
  for (let t = 0; t < nBins; t++) {
    fill(t);
    let [mass, square] = [0, 0];
    for (let k = 0; k < histogram.nTouched; k++) {
      const at = histogram.touched[k];
      const w = Math.fround(histogram.values[at]);
      voxel[start[t] + k] = at;
      value[start[t] + k] = w;
      mass += w;
      square += w * w;
    }
    mean[t] = mass / nVoxels;
    norm[t] = Math.sqrt(Math.max(0, square - nVoxels * mean[t] ** 2));
  }
  return { start, voxel, value, mean, norm };
}
