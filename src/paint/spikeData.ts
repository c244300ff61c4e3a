import type { Range, SpikeTable } from "../core/types.ts";
import { openRange } from "./figure.ts";
import { countValues, type QuantileCounts, quantileCounts, quantileOfCounted } from "./quantiles.ts";

/** Spikes with what every picture of them needs, computed once when they are set. */
export interface SpikeData {
  spikes: SpikeTable;
  /** [N] |amplitude|, µV: strong is far from zero whatever the sign */
  absAmpUv: Float32Array;
  /** of `absAmpUv`, so that more spikes need no second count of these */
  counts: QuantileCounts;
  /** µV, 1st and 99th percentile of `absAmpUv`: ends of the colour scale */
  colourLimitsUv: Range;
  /** smallest and largest finite value of all spikes; low above high when there is none */
  extents: Extents;
  /** the same, widened where they have no extent */
  timeRangeSec: Range;
  depthRangeUm: Range;
  ampRangeUv: Range;
  /** whose positions they are, where those are not the table's own */
  placedBy?: string;
}

export interface Extents {
  timeSec: Range;
  depthUm: Range;
  ampUv: Range;
}

/** Prepare spikes for drawing. Does not change or copy the table. An empty table gives ranges around 0. */
export function prepareSpikes(spikes: SpikeTable): SpikeData {
  const absAmpUv = absolute(spikes.ampUv);
  const counts = quantileCounts();
  countValues(counts, absAmpUv);
  return summarised(spikes, absAmpUv, counts, extentsOf(spikes));
}

export function absolute(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Math.abs(values[i]);
  return out;
}

/** What follows from the columns and what was counted over them. */
export function summarised(
  spikes: SpikeTable,
  absAmpUv: Float32Array,
  counts: QuantileCounts,
  extents: Extents,
): SpikeData {
  const low = quantileOfCounted(counts, absAmpUv, 0.01);
  const high = quantileOfCounted(counts, absAmpUv, 0.99);
  return {
    spikes,
    absAmpUv,
    counts,
    colourLimitsUv: openRange(Number.isFinite(low) ? [low, high] : [0, 1]),
    extents,
    timeRangeSec: visibleRange(extents.timeSec),
    depthRangeUm: visibleRange(extents.depthUm),
    ampRangeUv: visibleRange(extents.ampUv),
  };
}

export function extentsOf({ timeSec, depthUm, ampUv }: SpikeTable): Extents {
  return { timeSec: extentOf(timeSec), depthUm: extentOf(depthUm), ampUv: extentOf(ampUv) };
}

const logAlphas = new WeakMap<Float64Array, Float32Array>();

/** [N] log10 of α, at least 0; NaN where there is none. null for spikes without α. Computed once per column. */
export function logAlphaOf({ alpha }: SpikeTable): Float32Array | null {
  if (!alpha) return null;
  const known = logAlphas.get(alpha);
  if (known) return known;
  const values = new Float32Array(alpha.length);
  for (let i = 0; i < values.length; i++) values[i] = Math.log10(Math.max(alpha[i], 1)); // NaN stays NaN
  logAlphas.set(alpha, values);
  return values;
}

/** How many values a percentile is taken from: the error of rank is then below a quarter of a percent. */
const percentileValues = 40_000;

const centralRanges = new WeakMap<ArrayLike<number>, Map<string, Range | null>>();

/**
 * All but a share `beyond` of the finite values of rows [from, to) at either end, by values taken at even steps; null when there
 * are none. Computed once per column and rows.
 */
export function centralRange(values: ArrayLike<number>, beyond: number, from = 0, to = values.length): Range | null {
  const known = centralRanges.get(values) ?? new Map<string, Range | null>();
  centralRanges.set(values, known);
  const key = `${beyond} ${from} ${to}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const step = Math.max(1, Math.floor((to - from) / percentileValues));
  const some = new Float64Array(Math.ceil((to - from) / step));
  let n = 0;
  for (let i = from; i < to; i += step) if (Number.isFinite(values[i])) some[n++] = values[i];
  const sorted = some.subarray(0, n).sort();
  const range: Range | null =
    n > 0 ? [sorted[Math.floor(beyond * (n - 1))], sorted[Math.ceil((1 - beyond) * (n - 1))]] : null;
  if (known.size > 50) known.clear(); // row ranges of the past
  known.set(key, range);
  return range;
}

function extentOf(values: ArrayLike<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v < low && v > Number.NEGATIVE_INFINITY) low = v;
    if (v > high && v < Number.POSITIVE_INFINITY) high = v;
  }
  return [low, high];
}

function visibleRange([low, high]: Range): Range {
  return low <= high ? openRange([low, high]) : openRange([0, 0]);
}

/** Smallest and largest finite value, widened where they coincide; around 0 when there is none. */
export function rangeOf(values: ArrayLike<number>): Range {
  return visibleRange(extentOf(values));
}

/** First row whose time is not below `timeSec`; N when there is none. Times ascending. */
export function firstAtOrAfter(times: ArrayLike<number>, timeSec: number): number {
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
