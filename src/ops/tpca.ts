import { add, matMul, reshape, sub, type Tensor3D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { assert } from "../core/errors.ts";
import type { TpcaModel } from "../core/tpca.ts";

/**
 * tPCA of waveforms on the current backend, as plain matrix products: transposed ones are slow on tfjs-wasm, so the
 * components are turned here. The mean's own coefficients are subtracted after the product, which saves a pass over the
 * waveforms. A slot without a channel holds zeros and gets the coefficients of a zero trace. See core/tpca.
 */

/** Coefficients [n, K, P] of waveforms [n, K, L]. */
export function project(waveforms: Tensor3D, model: TpcaModel): Tensor3D {
  const [n, nSlots, nSamples] = waveforms.shape;
  const nComponents = model.components.length / nSamples;
  assert(model.mean.length === nSamples, "a model of waveforms of this length");
  const turned = new Float32Array(nSamples * nComponents);
  const meanCoefficients = new Float64Array(nComponents);
  for (let p = 0; p < nComponents; p++) {
    for (let t = 0; t < nSamples; t++) {
      const v = model.components[p * nSamples + t];
      turned[t * nComponents + p] = v;
      meanCoefficients[p] += model.mean[t] * v;
    }
  }
  return tidy(() => {
    const flat = reshape(waveforms, [n * nSlots, nSamples]);
    const product = matMul(flat, tensor2d(turned, [nSamples, nComponents]));
    return reshape(sub(product, tensor1d(Float32Array.from(meanCoefficients))), [n, nSlots, nComponents]);
  });
}

/** Denoised waveforms [n, K, L] of coefficients [n, K, P]. */
export function denoise(coefficients: Tensor3D, model: TpcaModel): Tensor3D {
  const [n, nSlots, nComponents] = coefficients.shape;
  const nSamples = model.mean.length;
  assert(model.components.length === nComponents * nSamples, "a model of as many components");
  return tidy(() => {
    const flat = reshape(coefficients, [n * nSlots, nComponents]);
    const product = matMul(flat, tensor2d(Float32Array.from(model.components), [nComponents, nSamples]));
    return reshape(add(product, tensor1d(Float32Array.from(model.mean))), [n, nSlots, nSamples]);
  });
}
