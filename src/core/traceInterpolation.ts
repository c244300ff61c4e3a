/**
 * Weighted sums over a few channels of each sample: what is left of an interpolation once its kernel is known (see
 * traceInterpolator.ts).
 */

/** Weights of every target on the channels it is read from, K each: a row of zeros is a target without a value. */
export interface SparseKernel {
  nTargets: number;
  /** K */
  nPerTarget: number;
  /** [nTargets, K] column of the traces */
  sources: Int32Array;
  /** [nTargets, K]; 0 where a target has fewer than K */
  weights: Float32Array;
}

/** Share of a row's sum of |weights| that may be left out together: 1e-4 of a bit where traces reach 100. */
const leftOut = 1e-6;

/** The weights that count. kernel: [nTargets, n]. */
export function sparseKernel(kernel: Float64Array, nTargets: number): SparseKernel {
  const n = nTargets === 0 ? 0 : kernel.length / nTargets;
  const rows = Array.from({ length: nTargets }, (_, i) => {
    const row = kernel.subarray(i * n, (i + 1) * n);
    const limit = smallestThatCounts(row);
    const places: number[] = [];
    for (let j = 0; j < n; j++) if (Math.abs(row[j]) > limit) places.push(j);
    return places;
  });
  const nPerTarget = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const sources = new Int32Array(nTargets * nPerTarget);
  const weights = new Float32Array(nTargets * nPerTarget);
  for (const [i, row] of rows.entries()) {
    for (const [k, j] of row.entries()) {
      sources[i * nPerTarget + k] = j;
      weights[i * nPerTarget + k] = kernel[i * n + j];
    }
  }
  return { nTargets, nPerTarget, sources, weights };
}

/** A bound such that all weights up to it together are at most `leftOut` of the row. */
function smallestThatCounts(row: Float64Array): number {
  let total = 0;
  for (const w of row) total += Math.abs(w);
  for (let limit = leftOut * total; limit > 1e-18 * total; limit /= 2) {
    let below = 0;
    for (const w of row) if (Math.abs(w) <= limit) below += Math.abs(w);
    if (below <= leftOut * total) return limit;
  }
  return 0;
}

/** traces: [T, C] → [T, nTargets], the weighted sum of each target's sources. */
export function interpolateTraces(traces: ArrayLike<number>, nChannels: number, kernel: SparseKernel): Float64Array {
  const { nTargets, nPerTarget, sources, weights } = kernel;
  const nRows = traces.length / nChannels;
  const out = new Float64Array(nRows * nTargets);
  for (let t = 0; t < nRows; t++) {
    for (let i = 0; i < nTargets; i++) {
      let sum = 0;
      for (let k = i * nPerTarget; k < (i + 1) * nPerTarget; k++)
        sum += weights[k] * traces[t * nChannels + sources[k]];
      out[t * nTargets + i] = sum;
    }
  }
  return out;
}
