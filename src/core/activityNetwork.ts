import { assert } from "./errors.ts";

/**
 * MEDiCINe's activity network: how likely a spike of amplitude a at tissue depth y is real rather than drawn uniformly.
 *
 *   features(y, a) = [y, sin y, sin 2y, … sin 32y, a, sin a, … sin 32a]       (14; sines only, no 2π)
 *   h ← ReLU(h·W + b) per hidden layer;  p = sigmoid(h·w + b)
 *
 * y and a in [0, 1] over the data. Oracle of shaders/activity*.wgsl, dense*.wgsl and of the SIMD kernel `activityTiles`.
 * Source: jazlab/medicine@43d9ebe0 medicine/model.py (ActivityNetwork, Trainer).
 *
 * Parameters are one flat vector: for each layer the weights [in, out] row-major, then the bias [out].
 */
export const nFeatures = 14;
const frequencies = [1, 2, 4, 8, 16, 32];
/** Added inside the logarithms of the loss. */
export const lossEpsilon = 1e-4;

export interface Layer {
  nIn: number;
  nOut: number;
  /** offset of the weights [nIn, nOut] in the flat vector */
  weights: number;
  /** offset of the bias [nOut] */
  bias: number;
}

export function activityLayers(hidden: readonly number[]): Layer[] {
  const sizes = [nFeatures, ...hidden, 1];
  let at = 0;
  return sizes.slice(1).map((nOut, i) => {
    const layer = { nIn: sizes[i], nOut, weights: at, bias: at + sizes[i] * nOut };
    at = layer.bias + nOut;
    return layer;
  });
}

export function nActivityParameters(hidden: readonly number[]): number {
  return activityLayers(hidden).reduce((n, l) => n + l.nIn * l.nOut + l.nOut, 0);
}

/** Write the 14 features of one spike at `out[at…]`. */
export function activityFeatures(y: number, a: number, out: Float64Array, at: number): void {
  out[at] = y;
  out[at + 7] = a;
  for (let f = 0; f < 6; f++) {
    out[at + 1 + f] = Math.sin(frequencies[f] * y);
    out[at + 8 + f] = Math.sin(frequencies[f] * a);
  }
}

/** Activations of every layer for N spikes: [0] the features [N, 14], … the last the logits [N, 1]. */
function forward(
  params: ArrayLike<number>,
  layers: Layer[],
  y: ArrayLike<number>,
  a: ArrayLike<number>,
): Float64Array[] {
  const n = y.length;
  let x: Float64Array = new Float64Array(n * nFeatures);
  for (let i = 0; i < n; i++) activityFeatures(y[i], a[i], x, i * nFeatures);
  const activations = [x];
  layers.forEach((layer, l) => {
    x = denseForward(x, params, layer, n, l < layers.length - 1);
    activations.push(x);
  });
  return activations;
}

/** y = x·W + b, rectified when asked. x: [N, nIn]; returns [N, nOut]. */
export function denseForward(
  x: ArrayLike<number>,
  params: ArrayLike<number>,
  layer: Layer,
  n: number,
  rectify: boolean,
): Float64Array {
  const { nIn, nOut, weights, bias } = layer;
  const out = new Float64Array(n * nOut);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < nOut; j++) out[i * nOut + j] = params[bias + j];
    for (let k = 0; k < nIn; k++) {
      const v = x[i * nIn + k];
      if (v === 0) continue;
      for (let j = 0; j < nOut; j++) out[i * nOut + j] += v * params[weights + k * nOut + j];
    }
    if (rectify) for (let j = 0; j < nOut; j++) if (out[i * nOut + j] < 0) out[i * nOut + j] = 0;
  }
  return out;
}

/** Gradient with respect to x, zero where x itself was rectified away (`masked`). outGrad: [N, nOut]; returns [N, nIn]. */
export function denseBackwardInput(
  outGrad: ArrayLike<number>,
  params: ArrayLike<number>,
  layer: Layer,
  n: number,
  x: ArrayLike<number>,
  masked: boolean,
): Float64Array {
  const { nIn, nOut, weights } = layer;
  const grad = new Float64Array(n * nIn);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < nIn; k++) {
      if (masked && !(x[i * nIn + k] > 0)) continue;
      let sum = 0;
      for (let j = 0; j < nOut; j++) sum += outGrad[i * nOut + j] * params[weights + k * nOut + j];
      grad[i * nIn + k] = sum;
    }
  }
  return grad;
}

/** Add the gradients of weights and bias to the flat vector `grad`. x: [N, nIn], outGrad: [N, nOut]. */
export function denseBackwardWeights(
  x: ArrayLike<number>,
  outGrad: ArrayLike<number>,
  layer: Layer,
  n: number,
  grad: Float64Array,
): void {
  const { nIn, nOut, weights, bias } = layer;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < nOut; j++) grad[bias + j] += outGrad[i * nOut + j];
    for (let k = 0; k < nIn; k++) {
      const v = x[i * nIn + k];
      if (v === 0) continue;
      for (let j = 0; j < nOut; j++) grad[weights + k * nOut + j] += v * outGrad[i * nOut + j];
    }
  }
}

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Probability that each of N spikes is real. y, a: [N]. */
export function activityProbability(
  params: ArrayLike<number>,
  hidden: readonly number[],
  y: ArrayLike<number>,
  a: ArrayLike<number>,
): Float64Array {
  const logits = forward(params, activityLayers(hidden), y, a).at(-1)!;
  return logits.map(sigmoid);
}

export interface ActivityLoss {
  /** −mean log(1e-4 + p) over the real spikes */
  real: number;
  /** −mean log(1e-4 + 1 − p) over the drawn ones */
  fake: number;
  /** [P] gradient of real + fake with respect to the parameters */
  paramGrad: Float64Array;
  /** [N] gradient with respect to y */
  depthGrad: Float64Array;
}

/** Contrastive loss and gradients. y, a: [N]; the first nReal rows are real spikes, the rest drawn ones. */
export function activityLoss(
  params: ArrayLike<number>,
  hidden: readonly number[],
  y: ArrayLike<number>,
  a: ArrayLike<number>,
  nReal: number,
): ActivityLoss {
  const n = y.length;
  const nFake = n - nReal;
  assert(nReal > 0 && nFake > 0, "a batch has real and drawn spikes");
  const layers = activityLayers(hidden);
  const activations = forward(params, layers, y, a);
  let grad: Float64Array = new Float64Array(n);
  let real = 0;
  let fake = 0;
  for (let i = 0; i < n; i++) {
    const p = sigmoid(activations[layers.length][i]);
    if (i < nReal) real -= Math.log(lossEpsilon + p) / nReal;
    else fake -= Math.log(lossEpsilon + 1 - p) / nFake;
    grad[i] = p * (1 - p) * (i < nReal ? -1 / (lossEpsilon + p) / nReal : 1 / (lossEpsilon + 1 - p) / nFake);
  }
  const paramGrad = new Float64Array(nActivityParameters(hidden));
  for (let l = layers.length - 1; l >= 0; l--) {
    denseBackwardWeights(activations[l], grad, layers[l], n, paramGrad);
    grad = denseBackwardInput(grad, params, layers[l], n, activations[l], l > 0);
  }
  return { real, fake, paramGrad, depthGrad: activityFeaturesGrad(grad, y) };
}

/** Gradient with respect to y, given the gradient [N, 14] with respect to the features. */
export function activityFeaturesGrad(featureGrad: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const out = new Float64Array(y.length);
  for (let i = 0; i < out.length; i++) {
    let sum = featureGrad[i * nFeatures];
    for (let f = 0; f < 6; f++) {
      sum += featureGrad[i * nFeatures + 1 + f] * frequencies[f] * Math.cos(frequencies[f] * y[i]);
    }
    out[i] = sum;
  }
  return out;
}
