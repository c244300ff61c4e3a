import type { Range, SpikeTable } from "../core/types.ts";
import { openRange } from "./figure.ts";
import { quantileOfPositive } from "./quantiles.ts";

/** Spikes with what every picture of them needs, computed once when they are set. */
export interface SpikeData {
  spikes: SpikeTable;
  /** [N] |amplitude|, µV: strong is far from zero whatever the sign */
  absAmpUv: Float32Array;
  /** µV, 1st and 99th percentile of `absAmpUv`: ends of the colour scale */
  colourLimitsUv: Range;
  /** ranges of all spikes; widened where they have no extent */
  timeRangeSec: Range;
  depthRangeUm: Range;
  ampRangeUv: Range;
}

/** Prepare spikes for drawing. Does not change or copy the table. An empty table gives ranges around 0. */
export function prepareSpikes(spikes: SpikeTable): SpikeData {
  const absAmpUv = new Float32Array(spikes.nSpikes);
  for (let i = 0; i < spikes.nSpikes; i++) absAmpUv[i] = Math.abs(spikes.ampUv[i]);
  const low = quantileOfPositive(absAmpUv, 0.01);
  const high = quantileOfPositive(absAmpUv, 0.99);
  return {
    spikes,
    absAmpUv,
    colourLimitsUv: openRange(Number.isFinite(low) ? [low, high] : [0, 1]),
    timeRangeSec: rangeOf(spikes.timeSec),
    depthRangeUm: rangeOf(spikes.depthUm),
    ampRangeUv: rangeOf(spikes.ampUv),
  };
}

/** Smallest and largest finite value, widened where they coincide; around 0 when there is none. */
export function rangeOf(values: ArrayLike<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v < low && v > Number.NEGATIVE_INFINITY) low = v;
    if (v > high && v < Number.POSITIVE_INFINITY) high = v;
  }
  return low <= high ? openRange([low, high]) : openRange([0, 0]);
}

/** First row whose time is not below `timeSec`; N when there is none. Times ascending. */
export function firstAtOrAfter(times: Float64Array, timeSec: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < timeSec) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows [from, to) whose time lies in the range, both ends included. */
export function rowsWithin(times: Float64Array, [low, high]: Range): { from: number; to: number } {
  const from = firstAtOrAfter(times, low);
  let to = firstAtOrAfter(times, high);
  while (to < times.length && times[to] <= high) to++;
  return { from, to };
}
