/**
 * The layers of the CNN, forward and backward, channel by channel in time order: activations are [N, C, T]. Every `…Grad`
 * argument is added to; what a function returns is new.
 */
export interface Convolution {
  nIn: number;
  nOut: number;
  taps: number;
  /** time steps, before and after: zeros are padded on both sides */
  steps: number;
}

/**
 * The weights' tensors of one layer, or their gradients. weight: [nOut, nIn, taps] or [nOut, nIn]; bias: [nOut].
 */
export interface Affine {
  weight: Float64Array;
  bias: Float64Array;
}

/** Visit each tap that lies inside the trace: output step t reads input step t + k − ⌊taps/2⌋. */
function stepsOfTap(tap: number, { taps, steps }: Convolution): [from: number, to: number, shift: number] {
  const shift = tap - Math.floor(taps / 2);
  return [Math.max(0, -shift), Math.min(steps, steps - shift), shift];
}

/** z[n, o, t] = b[o] + Σ_i Σ_k w[o, i, k] · x[n, i, t + k − ⌊taps/2⌋]. x: [N, nIn, T]; returns [N, nOut, T]. */
export function convolve(x: Float64Array, { weight, bias }: Affine, shape: Convolution, n: number): Float64Array {
  const { nIn, nOut, taps, steps } = shape;
  const z = new Float64Array(n * nOut * steps);
  for (let row = 0; row < n * nOut; row++) {
    const o = row % nOut;
    const out = row * steps;
    z.fill(bias[o], out, out + steps);
    for (let i = 0; i < nIn; i++) {
      const from = (Math.floor(row / nOut) * nIn + i) * steps;
      for (let k = 0; k < taps; k++) {
        const w = weight[(o * nIn + i) * taps + k];
        const [first, last, shift] = stepsOfTap(k, shape);
        for (let t = first; t < last; t++) z[out + t] += w * x[from + t + shift];
      }
    }
  }
  return z;
}

/** From the gradient [N, nOut, T] of z those of weight, bias and x [N, nIn, T], which is returned. */
export function convolveBackward(
  zGrad: Float64Array,
  x: Float64Array,
  weight: Float64Array,
  grad: Affine,
  shape: Convolution,
  n: number,
): Float64Array {
  const { nIn, nOut, taps, steps } = shape;
  const xGrad = new Float64Array(n * nIn * steps);
  for (let row = 0; row < n * nOut; row++) {
    const o = row % nOut;
    const out = row * steps;
    for (let t = 0; t < steps; t++) grad.bias[o] += zGrad[out + t];
    for (let i = 0; i < nIn; i++) {
      const from = (Math.floor(row / nOut) * nIn + i) * steps;
      for (let k = 0; k < taps; k++) {
        const at = (o * nIn + i) * taps + k;
        const [first, last, shift] = stepsOfTap(k, shape);
        let sum = 0;
        for (let t = first; t < last; t++) {
          sum += zGrad[out + t] * x[from + t + shift];
          xGrad[from + t + shift] += weight[at] * zGrad[out + t];
        }
        grad.weight[at] += sum;
      }
    }
  }
  return xGrad;
}

/** Mean and (biased) variance of each channel over spikes and time. z: [N, C, T]. */
export function channelMoments(z: Float64Array, nChannels: number, steps: number): [Float64Array, Float64Array] {
  const count = z.length / nChannels;
  const mean = new Float64Array(nChannels);
  const variance = new Float64Array(nChannels);
  const channel = (i: number) => Math.floor(i / steps) % nChannels;
  for (let i = 0; i < z.length; i++) mean[channel(i)] += z[i] / count;
  for (let i = 0; i < z.length; i++) variance[channel(i)] += (z[i] - mean[channel(i)]) ** 2 / count;
  return [mean, variance];
}

/** (z − mean) · inverseSd per channel: the normalised trace, before γ and β. Returns [N, C, T]. */
export function normalise(
  z: Float64Array,
  mean: Float64Array,
  inverseSd: Float64Array,
  nChannels: number,
  steps: number,
): Float64Array {
  return z.map((v, i) => {
    const c = Math.floor(i / steps) % nChannels;
    return (v - mean[c]) * inverseSd[c];
  });
}

/**
 * Gradient of z from that of y = γ·ẑ + β, [N, C, T]; γ's and β's go into `grad`. With `ofBatch` the moments are the batch's
 * own, so that a common shift and scale of a channel have no gradient:
 *   ∂z = γ/sd · (∂y − mean ∂y − ẑ · mean(∂y·ẑ)),  otherwise  ∂z = γ/sd · ∂y
 */
export function normaliseBackward(
  yGrad: Float64Array,
  normalised: Float64Array,
  gamma: Float64Array,
  inverseSd: Float64Array,
  grad: Affine,
  steps: number,
  ofBatch: boolean,
): Float64Array {
  const nChannels = gamma.length;
  const count = yGrad.length / nChannels;
  const gammaGrad = new Float64Array(nChannels);
  const betaGrad = new Float64Array(nChannels);
  const channel = (i: number) => Math.floor(i / steps) % nChannels;
  for (let i = 0; i < yGrad.length; i++) {
    gammaGrad[channel(i)] += yGrad[i] * normalised[i];
    betaGrad[channel(i)] += yGrad[i];
  }
  for (let c = 0; c < nChannels; c++) {
    grad.weight[c] += gammaGrad[c];
    grad.bias[c] += betaGrad[c];
  }
  return yGrad.map((g, i) => {
    const c = channel(i);
    const own = ofBatch ? g - betaGrad[c] / count - (normalised[i] * gammaGrad[c]) / count : g;
    return gamma[c] * inverseSd[c] * own;
  });
}

export interface Pooled {
  /** [rows, ⌊T/2⌋] */
  values: Float64Array;
  /** where each value stands in the input */
  from: Int32Array;
}

/** Largest of each two steps, the first of equals; an odd last step is left out. x: [rows, T]. */
export function maxPool(x: Float64Array, steps: number): Pooled {
  const half = Math.floor(steps / 2);
  const n = (x.length / steps) * half;
  const from = Int32Array.from({ length: n }, (_, i) => {
    const at = Math.floor(i / half) * steps + 2 * (i % half);
    return x[at + 1] > x[at] ? at + 1 : at;
  });
  return { values: Float64Array.from(from, (at) => x[at]), from };
}

/** y = x·Wᵀ + b. x: [N, nIn]; returns [N, nOut]. */
export function linear(x: Float64Array, { weight, bias }: Affine, n: number): Float64Array {
  const nOut = bias.length;
  const nIn = weight.length / nOut;
  const y = new Float64Array(n * nOut);
  for (let i = 0; i < n; i++) {
    for (let o = 0; o < nOut; o++) {
      let sum = bias[o];
      for (let k = 0; k < nIn; k++) sum += weight[o * nIn + k] * x[i * nIn + k];
      y[i * nOut + o] = sum;
    }
  }
  return y;
}

/** From the gradient [N, nOut] of y those of weight, bias and x [N, nIn], which is returned. */
export function linearBackward(
  yGrad: Float64Array,
  x: Float64Array,
  weight: Float64Array,
  grad: Affine,
  n: number,
): Float64Array {
  const nOut = yGrad.length / n;
  const nIn = x.length / n;
  const xGrad = new Float64Array(n * nIn);
  for (let i = 0; i < n; i++) {
    for (let o = 0; o < nOut; o++) {
      const g = yGrad[i * nOut + o];
      grad.bias[o] += g;
      for (let k = 0; k < nIn; k++) {
        grad.weight[o * nIn + k] += g * x[i * nIn + k];
        xGrad[i * nIn + k] += g * weight[o * nIn + k];
      }
    }
  }
  return xGrad;
}
