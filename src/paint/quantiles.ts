import { assert } from "../core/errors.ts";

const infinityBits = 0x7f800000; // bits of +∞; NaN and everything negative are above

/** How many non-negative float32 values share their upper 16 bits, kept up to date while values are added. */
export interface QuantileCounts {
  n: number;
  /** [2^15] */
  upper: Uint32Array;
}

export function quantileCounts(): QuantileCounts {
  return { n: 0, upper: new Uint32Array(0x8000) };
}

/** Count values in addition to those before. Negative and non-finite ones are left out. */
export function countValues(counts: QuantileCounts, values: Float32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] >= infinityBits) continue;
    counts.upper[bits[i] >>> 16]++;
    counts.n++;
  }
}

/**
 * Exact quantiles of non-negative float32 values without sorting or copying them: the bits of such floats, read as
 * integers, are in the order of the values, so the upper 16 bits pick a bin and the lower 16 finish. `counts` are those
 * of all of `values`. The value returned is the element of rank floor(q · (n − 1)); NaN when none was counted.
 */
export function quantileOfCounted(counts: QuantileCounts, values: Float32Array, q: number): number {
  if (counts.n === 0) return Number.NaN;
  let rank = Math.floor(q * (counts.n - 1));
  let bin = 0;
  while (rank >= counts.upper[bin]) rank -= counts.upper[bin++];
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const lower = new Uint32Array(0x10000);
  for (let i = 0; i < bits.length; i++) if (bits[i] >>> 16 === bin) lower[bits[i] & 0xffff]++;
  let rest = 0;
  while (rest < lower.length && rank >= lower[rest]) rank -= lower[rest++];
  assert(rest < lower.length, "the counts are those of the values");
  return new Float32Array(Uint32Array.of((bin << 16) | rest).buffer)[0];
}

/** The same for values that are all there at once. */
export function quantileOfPositive(values: Float32Array, q: number): number {
  return quantilesOfPositive(values, [q])[0];
}

/** Several quantiles of the same values. */
export function quantilesOfPositive(values: Float32Array, qs: readonly number[]): number[] {
  const counts = quantileCounts();
  countValues(counts, values);
  return qs.map((q) => quantileOfCounted(counts, values, q));
}
