import { cutWindow, lagGeometry, lagMoments } from "./crossCorrelation.ts";

/**
 * Displacements of pairs between the bins of the raster: the summit of the parabola through the correlation at the best
 * lag and at its two neighbours. With c₋, c₀, c₊ it lies (c₋ − c₊) / (2·(c₋ − 2c₀ + c₊)) from the middle, at most half a
 * bin. Field potentials are smooth over depth but their rows are 15 to 20 µm apart: whole rows are too coarse. A best lag
 * at the end of the range stays as it is. The correlation is that of crossCorrelation.ts.
 */
export interface RefineRequest {
  /** [T, D] */
  raster: Float32Array;
  /** [D] of the window */
  weights: Float64Array;
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
  maxDisplacementBins: number;
  /** pairs that correlate less are left alone */
  minCorrelation: number;
}

const rowsAtOnce = 512;

/** correlation, shift: [R, C] of all pairs, in bins; `shift` is changed in place. Yields the share that is done. */
export function* refineShifts(
  { raster, weights, rows, columns: [first, end], maxDisplacementBins, minCorrelation }: RefineRequest,
  correlation: Float32Array,
  shift: Float32Array,
): Generator<number, void> {
  const geometry = lagGeometry(weights, maxDisplacementBins);
  const nLags = geometry.nLeft + geometry.nRight + 1;
  const nColumns = end - first;
  for (let from = rows[0]; from < rows[1]; from += rowsAtOnce) {
    const here = Array.from({ length: Math.min(rowsAtOnce, rows[1] - from) }, (_, k) => from + k);
    const cut = cutWindow(raster, weights, geometry, here, first, end);
    const moments = lagMoments(cut, here.length, nColumns, nLags);
    const length = geometry.stop - geometry.start;
    const frameLength = length + nLags - 1;
    const correlationAt = (i: number, j: number, lag: number): number => {
      let sum = 0;
      const frame = j * frameLength + lag;
      for (let k = 0; k < length; k++) sum += cut.weighted[i * length + k] * cut.frames[frame + k];
      const [row, column] = [lag * here.length + i, lag * nColumns + j];
      const covariance = sum / moments.total[lag] - moments.rowMean[row] * moments.frameMean[column];
      return covariance / (moments.rowSd[row] * moments.frameSd[column]);
    };
    for (let i = 0; i < here.length; i++) {
      for (let j = 0; j < nColumns; j++) {
        const at = (from - rows[0] + i) * nColumns + j;
        const lag = geometry.nLeft - shift[at];
        if (correlation[at] < minCorrelation || here[i] === first + j || lag < 1 || lag > nLags - 2) continue;
        const [below, above] = [correlationAt(i, j, lag - 1), correlationAt(i, j, lag + 1)];
        const bend = below - 2 * correlation[at] + above;
        if (bend < 0) shift[at] -= Math.max(-0.5, Math.min(0.5, (below - above) / (2 * bend)));
      }
      yield (from - rows[0] + i + 1) / (rows[1] - rows[0]);
    }
  }
}
