import type { Range } from "../core/types.ts";

/** Arithmetic of linked ranges: what a wheel, a drag or a key does to the part of the data that is on screen. */

export function span([low, high]: Range): number {
  return high - low;
}

/** Value at `fraction` of a range: 0 is its low end, 1 its high end. */
export function valueAt(range: Range, fraction: number): number {
  return range[0] + fraction * span(range);
}

/** Scale a range by `factor` (below 1 zooms in) so that the value `at` stays where it is on screen. */
export function zoomRange(range: Range, at: number, factor: number): Range {
  return [at + (range[0] - at) * factor, at + (range[1] - at) * factor];
}

/** Move a range by `delta` in its own unit. */
export function panRange(range: Range, delta: number): Range {
  return [range[0] + delta, range[1] + delta];
}

/**
 * Keep a range inside `bounds` without changing its span, unless it is wider than the bounds (then it becomes them) or
 * narrower than `minSpan` (then it grows around its centre). NaN or a reversed range gives the bounds.
 */
export function clampRange(range: Range, bounds: Range, minSpan: number): Range {
  const width = span(range);
  if (!(width > 0) || width >= span(bounds)) return bounds;
  let [low, high] = range;
  if (width < minSpan) {
    const centre = (low + high) / 2;
    low = centre - minSpan / 2;
    high = centre + minSpan / 2;
  }
  if (low < bounds[0]) return [bounds[0], bounds[0] + (high - low)];
  if (high > bounds[1]) return [bounds[1] - (high - low), bounds[1]];
  return [low, high];
}

/** Widen a range on both sides by `fraction` of its span; a range without extent becomes one unit wide. */
export function padRange([low, high]: Range, fraction: number): Range {
  const width = high - low;
  if (!(width > 0)) return [low - 0.5, low + 0.5];
  return [low - fraction * width, high + fraction * width];
}

/** The smallest range that holds both; null stands for "none". */
export function unionRange(a: Range | null, b: Range | null): Range | null {
  if (!a || !b) return a ?? b;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/**
 * Range between two quantiles of the finite values, from at most `maxSamples` of them taken at equal steps: limits for
 * colours and axes that a handful of outliers cannot stretch. Null when no value is finite.
 */
export function robustRange(
  values: ArrayLike<number>,
  lowQuantile: number,
  highQuantile: number,
  maxSamples = 20_000,
): Range | null {
  const stride = Math.max(1, Math.ceil(values.length / maxSamples));
  const picked: number[] = [];
  for (let i = 0; i < values.length; i += stride) if (Number.isFinite(values[i])) picked.push(values[i]);
  if (picked.length === 0) return null;
  const sorted = Float64Array.from(picked).sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return [at(lowQuantile), at(highQuantile)];
}
