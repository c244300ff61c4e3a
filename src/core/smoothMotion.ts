/**
 * MEDiCINe's motion table, bounded and smoothed over time. Oracle of shaders/smoothMotion.wgsl and smoothMotionGrad.wgsl.
 *
 *   s = β·tanh(M);  y = (s ⋆ k) / (1 ⋆ k);  out = y − mean_t(y)
 *
 * k is a symmetric triangle 1 − |i|/h, |i| < h, h = kernel width / 2 in bins; ⋆ is the zero-padded "same" convolution, so
 * the division removes the fall-off at the ends. The mean over time is subtracted but held constant in the gradient.
 * Source: jazlab/medicine@43d9ebe0 medicine/model.py (MotionFunction).
 */

/** One half of the triangle, centre first: [1, 1−1/h, …]; a kernel narrower than one bin is [1]. */
export function triangularTaps(kernelWidthSec: number, binSec: number): Float32Array {
  const half = (0.5 * kernelWidthSec) / binSec;
  const taps: number[] = [1];
  for (let i = 1; 1 - i / half > 0; i++) taps.push(1 - i / half);
  return Float32Array.from(taps);
}

function weightAt(taps: ArrayLike<number>, nTimes: number, t: number): number {
  let weight = taps[0];
  for (let i = 1; i < taps.length; i++) weight += (t - i >= 0 ? taps[i] : 0) + (t + i < nTimes ? taps[i] : 0);
  return weight;
}

function smoothAt(row: ArrayLike<number>, taps: ArrayLike<number>, nTimes: number, t: number): number {
  let sum = taps[0] * row[t];
  for (let i = 1; i < taps.length; i++) {
    sum += taps[i] * ((t - i >= 0 ? row[t - i] : 0) + (t + i < nTimes ? row[t + i] : 0));
  }
  return sum;
}

/** table, result: [K, T] in units of the depth range; bound β in the same unit; taps from `triangularTaps`. */
export function smoothMotion(
  table: ArrayLike<number>,
  nLevels: number,
  nTimes: number,
  bound: number,
  taps: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(nLevels * nTimes);
  const row = new Float64Array(nTimes);
  for (let k = 0; k < nLevels; k++) {
    for (let t = 0; t < nTimes; t++) row[t] = bound * Math.tanh(table[k * nTimes + t]);
    let mean = 0;
    for (let t = 0; t < nTimes; t++) {
      const value = smoothAt(row, taps, nTimes, t) / weightAt(taps, nTimes, t);
      out[k * nTimes + t] = value;
      mean += value / nTimes;
    }
    for (let t = 0; t < nTimes; t++) out[k * nTimes + t] -= mean;
  }
  return out;
}

/** Gradient with respect to `table`, given the gradient [K, T] with respect to the result. */
export function smoothMotionGrad(
  table: ArrayLike<number>,
  outGrad: ArrayLike<number>,
  nLevels: number,
  nTimes: number,
  bound: number,
  taps: ArrayLike<number>,
): Float64Array {
  const grad = new Float64Array(nLevels * nTimes);
  const row = new Float64Array(nTimes);
  for (let k = 0; k < nLevels; k++) {
    for (let t = 0; t < nTimes; t++) row[t] = outGrad[k * nTimes + t] / weightAt(taps, nTimes, t);
    for (let t = 0; t < nTimes; t++) {
      const tanh = Math.tanh(table[k * nTimes + t]);
      grad[k * nTimes + t] = smoothAt(row, taps, nTimes, t) * bound * (1 - tanh * tanh);
    }
  }
  return grad;
}
