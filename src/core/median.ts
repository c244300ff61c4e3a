import { assert } from "./errors.ts";

/** The value of rank k (from 0), by Hoare's quickselect with the median of three as pivot. Reorders `values`. */
export function selectRank(values: Float32Array | Float64Array, k: number): number {
  assert(k >= 0 && k < values.length, "the rank is one of the values'");
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const swap = values[i];
        values[i++] = values[j];
        values[j--] = swap;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Exact median, the mean of the two middle values for an even count; NaN for none. Reorders `values`. */
export function medianInPlace(values: Float32Array | Float64Array): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  const upper = selectRank(values, n >> 1);
  if (n % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY; // selection leaves the smaller half on the left
  for (let i = 0; i < n >> 1; i++) lower = Math.max(lower, values[i]);
  return (lower + upper) / 2;
}
