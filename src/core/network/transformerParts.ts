import { N_SLOTS, TRANSFORMER } from "./layout.ts";
import type { LinearPlace, NormPlace } from "./transformerPlaces.ts";

/** The parts of an encoder layer and their gradients for the tokens of one spike; rows are tokens, row-major. */
type Weights = ArrayLike<number>;
/** Factor of unit u: 0 where it is dropped, else 1/(1 − p). */
export type Mask = (unit: number) => number;

const { width, nHeads } = TRANSFORMER;
const headWidth = width / nHeads;
const attentionScale = 1 / Math.sqrt(headWidth);
/** Added to the variance in a LayerNorm. */
export const normEpsilon = 1e-5;

/** x·Wᵀ + b. x: [rows, nIn]; returns [rows, nOut]. */
export function linear(x: ArrayLike<number>, params: Weights, place: LinearPlace): Float64Array {
  const { nIn, nOut, weights, bias } = place;
  const rows = x.length / nIn;
  const out = new Float64Array(rows * nOut);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < nOut; j++) {
      let sum = params[bias + j];
      for (let k = 0; k < nIn; k++) sum += x[i * nIn + k] * params[weights + j * nIn + k];
      out[i * nOut + j] = sum;
    }
  }
  return out;
}

/** Adds the gradients of weights and bias to `grad` and returns that of x. outGrad: [rows, nOut]. */
export function linearBackward(
  x: ArrayLike<number>,
  outGrad: Float64Array,
  params: Weights,
  place: LinearPlace,
  grad: Float64Array,
): Float64Array {
  const { nIn, nOut, weights, bias } = place;
  const xGrad = new Float64Array(x.length);
  for (let i = 0; i * nIn < x.length; i++) {
    for (let j = 0; j < nOut; j++) {
      const g = outGrad[i * nOut + j];
      if (g === 0) continue;
      grad[bias + j] += g;
      for (let k = 0; k < nIn; k++) {
        grad[weights + j * nIn + k] += g * x[i * nIn + k];
        xGrad[i * nIn + k] += g * params[weights + j * nIn + k];
      }
    }
  }
  return xGrad;
}

export interface NormTrace {
  out: Float64Array;
  /** (x − mean)/√(variance + ε) */
  hat: Float64Array;
  /** [rows] 1/√(variance + ε) */
  inverse: Float64Array;
}

/** Each row to mean 0 and variance 1 (biased), then weight and bias per column. */
export function layerNorm(x: Float64Array, params: Weights, place: NormPlace): NormTrace {
  const rows = x.length / width;
  const trace = { out: new Float64Array(x.length), hat: new Float64Array(x.length), inverse: new Float64Array(rows) };
  for (let i = 0; i < rows; i++) {
    const row = x.subarray(i * width, (i + 1) * width);
    const mean = row.reduce((sum, v) => sum + v, 0) / width;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width;
    trace.inverse[i] = 1 / Math.sqrt(variance + normEpsilon);
    for (let k = 0; k < width; k++) {
      const hat = (row[k] - mean) * trace.inverse[i];
      trace.hat[i * width + k] = hat;
      trace.out[i * width + k] = hat * params[place.weight + k] + params[place.bias + k];
    }
  }
  return trace;
}

/** With ĝ = outGrad·weight: xGrad = (ĝ − mean ĝ − x̂·mean(ĝ·x̂))/√(variance + ε). Adds the parameters' gradients to `grad`. */
export function layerNormBackward(
  { hat, inverse }: NormTrace,
  outGrad: Float64Array,
  params: Weights,
  place: NormPlace,
  grad: Float64Array,
): Float64Array {
  const xGrad = new Float64Array(outGrad.length);
  inverse.forEach((scale, i) => {
    let mean = 0;
    let along = 0;
    for (let k = 0; k < width; k++) {
      const at = i * width + k;
      const g = outGrad[at] * params[place.weight + k];
      mean += g / width;
      along += (g * hat[at]) / width;
      grad[place.weight + k] += outGrad[at] * hat[at];
      grad[place.bias + k] += outGrad[at];
    }
    for (let k = 0; k < width; k++) {
      const at = i * width + k;
      xGrad[at] = scale * (outGrad[at] * params[place.weight + k] - mean - hat[at] * along);
    }
  });
  return xGrad;
}

const column = { q: 0, k: width, v: 2 * width } as const;
/** Place of q, k or v of a token and head in the projection [10, 384]. */
const projected = (of: keyof typeof column, token: number, head: number) =>
  token * 3 * width + column[of] + head * headWidth;

/** softmax over keys of q·k/√16 per head and query: [8, 10, 10]. qkv: [10, 384]. */
export function attentionProbabilities(qkv: Float64Array): Float64Array {
  const probabilities = new Float64Array(nHeads * N_SLOTS * N_SLOTS);
  for (let head = 0; head < nHeads; head++) {
    for (let i = 0; i < N_SLOTS; i++) {
      const row = probabilities.subarray((head * N_SLOTS + i) * N_SLOTS, (head * N_SLOTS + i + 1) * N_SLOTS);
      for (let j = 0; j < N_SLOTS; j++) {
        const q = projected("q", i, head);
        const k = projected("k", j, head);
        for (let d = 0; d < headWidth; d++) row[j] += attentionScale * qkv[q + d] * qkv[k + d];
      }
      const highest = row.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY);
      row.forEach((v, j) => {
        row[j] = Math.exp(v - highest);
      });
      const total = row.reduce((sum, v) => sum + v, 0);
      for (let j = 0; j < N_SLOTS; j++) row[j] /= total;
    }
  }
  return probabilities;
}

/** Σ over keys of masked probability · v, heads side by side: [10, 128]. */
export function attend(qkv: Float64Array, probabilities: Float64Array, mask: Mask): Float64Array {
  const out = new Float64Array(N_SLOTS * width);
  for (let head = 0; head < nHeads; head++) {
    for (let i = 0; i < N_SLOTS; i++) {
      for (let j = 0; j < N_SLOTS; j++) {
        const unit = (head * N_SLOTS + i) * N_SLOTS + j;
        const p = probabilities[unit] * mask(unit);
        const v = projected("v", j, head);
        for (let d = 0; d < headWidth; d++) out[i * width + head * headWidth + d] += p * qkv[v + d];
      }
    }
  }
  return out;
}

/**
 * Gradient with respect to qkv [10, 384]. With g the gradient of the masked probabilities times the mask:
 * gradient of the scores = p·(g − Σ over keys of p·g).
 */
export function attentionBackward(
  qkv: Float64Array,
  probabilities: Float64Array,
  mask: Mask,
  outGrad: Float64Array,
): Float64Array {
  const grad = new Float64Array(qkv.length);
  const g = new Float64Array(N_SLOTS);
  for (let head = 0; head < nHeads; head++) {
    for (let i = 0; i < N_SLOTS; i++) {
      const first = (head * N_SLOTS + i) * N_SLOTS;
      const out = i * width + head * headWidth;
      let along = 0;
      for (let j = 0; j < N_SLOTS; j++) {
        const factor = mask(first + j);
        const v = projected("v", j, head);
        g[j] = 0;
        for (let d = 0; d < headWidth; d++) {
          g[j] += factor * outGrad[out + d] * qkv[v + d];
          grad[v + d] += factor * probabilities[first + j] * outGrad[out + d];
        }
        along += g[j] * probabilities[first + j];
      }
      for (let j = 0; j < N_SLOTS; j++) {
        const score = attentionScale * probabilities[first + j] * (g[j] - along);
        const q = projected("q", i, head);
        const k = projected("k", j, head);
        for (let d = 0; d < headWidth; d++) {
          grad[q + d] += score * qkv[k + d];
          grad[k + d] += score * qkv[q + d];
        }
      }
    }
  }
  return grad;
}
