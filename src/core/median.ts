import { assert } from "./errors.ts";

/**
 * The value of rank k (from 0), by quickselect. In long ranges the pivot is the like rank of a sample around place k, which
 * leaves little to do after one pass. Reorders `values`. Source: Floyd and Rivest, Comm. ACM 18 (1975) 165.
 */
export function selectRank(values: Float32Array | Float64Array, k: number): number {
  assert(k >= 0 && k < values.length, "the rank is one of the values'");
  select(values, k, 0, values.length - 1);
  return values[k];
}

/** Ranges shorter than this are not sampled. */
const sampledLength = 600;

function select(values: Float32Array | Float64Array, k: number, from: number, to: number): void {
  let low = from;
  let high = to;
  while (low < high) {
    if (high - low > sampledLength) selectInSample(values, k, low, high);
    const pivot =
      high - low > sampledLength ? values[k] : medianOfThree(values[low], values[(low + high) >> 1], values[high]);
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
}

/** Leaves at place k a value near the rank k of [low, high]: n^(2/3) values around k, with a margin towards the middle. */
function selectInSample(values: Float32Array | Float64Array, k: number, low: number, high: number): void {
  const n = high - low + 1;
  const rank = k - low + 1;
  const size = 0.5 * n ** (2 / 3);
  const margin = 0.5 * Math.sqrt((Math.log(n) * size * (n - size)) / n) * Math.sign(rank - n / 2);
  const first = Math.max(low, Math.floor(k - (rank * size) / n + margin));
  const last = Math.min(high, Math.floor(k + ((n - rank) * size) / n + margin));
  select(values, k, first, last);
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

/** The quantile q of ascending values, linear between two of them (numpy's default); NaN when there are none. */
export function quantileOfSorted(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}
