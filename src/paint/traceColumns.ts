import type { Range } from "../core/types.ts";
import { quantileOfPositive } from "./quantiles.ts";

/** Traces as they are stored: time first, channels side by side. */
export interface Traces {
  /** [nSamples, nChannels] µV, or in `unit`; NaN where there is nothing to show */
  values: Float32Array;
  nSamples: number;
  nChannels: number;
  unit?: string;
}

/** Lowest and highest value of each row in each column of a picture; NaN where one of its values is. */
export interface Extremes {
  nColumns: number;
  /** [nColumns, nRows] µV */
  low: Float32Array;
  high: Float32Array;
}

/**
 * What a picture `nColumns` wide can show of some channels, one row each: the lowest and the highest value per column, so
 * that a spike of one sample is seen at any zoom. Column c has the samples from floor(c · n / columns) to the next one's
 * first; `joins` adds that one, so that lines have no gaps. More columns than samples are reduced to one per sample.
 */
export function columnExtremes(traces: Traces, rows: Int32Array, columns: number, joins: boolean): Extremes {
  const { values, nSamples, nChannels } = traces;
  const nColumns = Math.max(1, Math.min(columns, nSamples));
  const nRows = rows.length;
  const low = new Float32Array(nColumns * nRows);
  const high = new Float32Array(nColumns * nRows);
  for (let c = 0; c < nColumns; c++) {
    const from = Math.floor((c * nSamples) / nColumns);
    const next = Math.floor(((c + 1) * nSamples) / nColumns);
    const to = joins ? Math.min(nSamples, next + 1) : next;
    const cell = c * nRows;
    // a column's samples of all channels fit the cache: one channel at a time needs no memory in between
    for (let r = 0; r < nRows; r++) {
      const end = to * nChannels;
      let lowest = values[from * nChannels + rows[r]];
      let highest = lowest;
      for (let at = (from + 1) * nChannels + rows[r]; at < end; at += nChannels) {
        const v = values[at];
        lowest = Math.min(lowest, v);
        highest = Math.max(highest, v);
      }
      low[cell + r] = lowest;
      high[cell + r] = highest;
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
export function robustSdUv({ values, nSamples, nChannels }: Traces, rows: Int32Array): number {
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
