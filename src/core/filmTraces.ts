import type { Motion } from "./types.ts";

/**
 * Numbers that run along below a film of a recording. Source of all three as a figure: evarol/spikeLocalizationNetwork
 * make_localization_movie (motion as its mean over depths, mean of each row of the correlation matrix off the diagonal,
 * entropy of each bin).
 */

/** [T] mean displacement over the depths of a motion, µm. */
export function meanOverDepths({ displacementUm, depthBinCentersUm, timeBinCentersSec }: Motion): Float64Array {
  const nDepths = depthBinCentersUm.length;
  return Float64Array.from(timeBinCentersSec, (_, t) => {
    let sum = 0;
    for (let d = 0; d < nDepths; d++) sum += displacementUm[t * nDepths + d];
    return sum / nDepths;
  });
}

/**
 * [nBins] mean of row i of a matrix of correlations over the other bins j ≠ i that have spikes; NaN for a bin without spikes,
 * whose row and column hold nothing but 0 or NaN, and where there is no other. values: [nBins, nBins].
 */
export function rowMeansOffDiagonal(values: ArrayLike<number>, nBins: number): Float64Array {
  const isFilled = Array.from({ length: nBins }, (_, i) => {
    for (let j = 0; j < nBins; j++)
      if (values[i * nBins + j] !== 0 && !Number.isNaN(values[i * nBins + j])) return true;
    return false;
  });
  return Float64Array.from({ length: nBins }, (_, i) => {
    if (!isFilled[i]) return Number.NaN;
    let sum = 0;
    let n = 0;
    for (let j = 0; j < nBins; j++) {
      if (j === i || !isFilled[j]) continue;
      sum += values[i * nBins + j];
      n++;
    }
    return n > 0 ? sum / n : Number.NaN;
  });
}

/** A curve at a moment: linear between its points, flat outside them; NaN without points. x ascending. */
export function valueAt(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  const n = x.length;
  if (n === 0) return Number.NaN;
  if (at <= x[0]) return y[0];
  if (at >= x[n - 1]) return y[n - 1];
  let [low, high] = [0, n - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((at - x[low]) / (x[high] - x[low])) * (y[high] - y[low]);
}
