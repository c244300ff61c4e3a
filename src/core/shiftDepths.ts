/**
 * MEDiCINe's motion at spikes, added to their depth, with the noise of this step. Oracle of shaders/shiftDepths.wgsl and shiftDepthsGrad.wgsl.
 *
 *   out_n = y_n + noise_n + Σ_k c_k(y_n)·S[k, bin_n] / (1e-6 + Σ_k c_k),   c_k = max(0, δ − |y_n − k/(K−1)|)
 *
 * with δ = 1/max(1, K−1) + 1e-3: linear between levels, flat outside [0, 1], constant within a time bin. Depths in units
 * of the depth range. K = 1 has its level at 0. Source: jazlab/medicine@43d9ebe0 medicine/model.py (MotionFunction).
 */

/** The normalised weights of the K levels at depth y, written into `weights` (reused between calls). */
export function levelWeights(y: number, nLevels: number, weights: Float64Array): void {
  const gaps = Math.max(1, nLevels - 1);
  const reach = 1 / gaps + 1e-3;
  let sum = 1e-6;
  for (let k = 0; k < nLevels; k++) {
    const w = Math.max(0, reach - Math.abs(y - k / gaps));
    weights[k] = w;
    sum += w;
  }
  for (let k = 0; k < nLevels; k++) weights[k] /= sum;
}

/** smooth: [K, T]; timeBin, depth, noise: [N]. Returns [N]. */
export function shiftDepths(
  smooth: ArrayLike<number>,
  nLevels: number,
  nTimes: number,
  timeBin: ArrayLike<number>,
  depth: ArrayLike<number>,
  noise: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(depth.length);
  const w = new Float64Array(nLevels);
  for (let n = 0; n < out.length; n++) {
    levelWeights(depth[n], nLevels, w);
    let sum = depth[n] + noise[n];
    for (let k = 0; k < nLevels; k++) sum += w[k] * smooth[k * nTimes + timeBin[n]];
    out[n] = sum;
  }
  return out;
}

/** Spikes grouped by time bin: `order` lists them bin by bin, bin t being order[binStart[t] … binStart[t + 1]). */
export interface BinOrder {
  /** [N] indices, ascending within a bin */
  order: Int32Array;
  /** [T + 1] */
  binStart: Int32Array;
}

/** Counting sort of time bins, so that a gradient per bin is a gather without atomics and sums in a fixed order. */
export function orderByBin(timeBin: ArrayLike<number>, nTimes: number): BinOrder {
  const binStart = new Int32Array(nTimes + 1);
  for (let n = 0; n < timeBin.length; n++) binStart[timeBin[n] + 1]++;
  for (let t = 0; t < nTimes; t++) binStart[t + 1] += binStart[t];
  const next = binStart.slice(0, nTimes);
  const order = new Int32Array(timeBin.length);
  for (let n = 0; n < timeBin.length; n++) order[next[timeBin[n]]++] = n;
  return { order, binStart };
}

/** Gradient [K, T] with respect to `smooth`, given the gradient [N] with respect to the result. */
export function shiftDepthsGrad(
  outGrad: ArrayLike<number>,
  nLevels: number,
  depth: ArrayLike<number>,
  { order, binStart }: { order: ArrayLike<number>; binStart: ArrayLike<number> },
): Float64Array {
  const nTimes = binStart.length - 1;
  const grad = new Float64Array(nLevels * nTimes);
  const w = new Float64Array(nLevels);
  for (let t = 0; t < nTimes; t++) {
    for (let i = binStart[t]; i < binStart[t + 1]; i++) {
      const n = order[i];
      levelWeights(depth[n], nLevels, w);
      for (let k = 0; k < nLevels; k++) grad[k * nTimes + t] += w[k] * outGrad[n];
    }
  }
  return grad;
}
