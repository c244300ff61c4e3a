import type { Range } from "../core/types.ts";
import { quantileOfPositive } from "./quantiles.ts";

/** Traces as they are stored: time first, channels side by side. */
export interface Traces {
  /** [nSamples, nChannels] µV; NaN where there is nothing to show */
  values: Float32Array;
  nSamples: number;
  nChannels: number;
}

/** Lowest and highest value of each row in each column of a picture, NaN for rows without values. */
export interface Extremes {
  nColumns: number;
  /** [nRows, nColumns] µV */
  low: Float32Array;
  high: Float32Array;
}

/**
 * What a picture `nColumns` wide can show of some channels, one row each: the lowest and the highest value per column, so
 * that a spike of one sample is seen at any zoom. Column c has the samples from floor(c · n / columns) to the next one's
 * first; `joins` adds that one, so that lines have no gaps. More columns than samples are reduced to one per sample.
 */
export function columnExtremes(traces: Traces, rows: ArrayLike<number>, columns: number, joins: boolean): Extremes {
  const { values, nSamples, nChannels } = traces;
  const nColumns = Math.max(1, Math.min(columns, nSamples));
  const nRows = rows.length;
  const low = new Float32Array(nRows * nColumns);
  const high = new Float32Array(nRows * nColumns);
  // one column's extremes, next to each other while samples pass in the order of memory
  const columnLow = new Float32Array(nRows);
  const columnHigh = new Float32Array(nRows);
  for (let c = 0; c < nColumns; c++) {
    columnLow.fill(Number.POSITIVE_INFINITY);
    columnHigh.fill(Number.NEGATIVE_INFINITY);
    const end = Math.floor(((c + 1) * nSamples) / nColumns);
    const to = joins ? Math.min(nSamples, end + 1) : end;
    for (let i = Math.floor((c * nSamples) / nColumns); i < to; i++) {
      const at = i * nChannels;
      for (let r = 0; r < nRows; r++) {
        const v = values[at + rows[r]];
        if (v < columnLow[r]) columnLow[r] = v;
        if (v > columnHigh[r]) columnHigh[r] = v;
      }
    }
    for (let r = 0; r < nRows; r++) {
      const isThere = columnLow[r] <= columnHigh[r];
      low[r * nColumns + c] = isThere ? columnLow[r] : Number.NaN;
      high[r * nColumns + c] = isThere ? columnHigh[r] : Number.NaN;
    }
  }
  return { nColumns, low, high };
}

/** Values that a robust spread is estimated from: enough for 1 %. */
const nSpreadValues = 20_000;

/**
 * Standard deviation of the noise on some channels, µV: 1.4826 × median |v|, as for a normal distribution around 0, from
 * values spread evenly over the window. At least 0.1 µV, also without values.
 */
export function robustSdUv({ values, nSamples, nChannels }: Traces, rows: ArrayLike<number>): number {
  const step = Math.max(1, Math.floor((nSamples * rows.length) / nSpreadValues));
  const picked = new Float32Array(Math.floor((nSamples * rows.length) / step));
  for (let k = 0; k < picked.length; k++) {
    const sample = Math.floor((k * step) / rows.length);
    picked[k] = Math.abs(values[sample * nChannels + rows[(k * step) % rows.length]]);
  }
  const median = quantileOfPositive(picked, 0.5);
  return Math.max(0.1, Number.isNaN(median) ? 0 : 1.4826 * median);
}

/** Indices of channels, in the order of the window, whose depth is in a range; all of them when depths are not known. */
export function rowsInDepth(
  channels: Int32Array,
  positionsUm: readonly (readonly [number, number])[],
  depth: Range,
): Int32Array {
  const isShown = (_: number, i: number) => {
    const site = positionsUm[channels[i]];
    return !site || (site[1] >= depth[0] && site[1] <= depth[1]);
  };
  return Int32Array.from(channels.keys()).filter((i) => isShown(i, i));
}
