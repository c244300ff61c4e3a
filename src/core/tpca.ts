import { assert } from "./errors.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/**
 * Temporal principal components of waveform traces: coefficients c_p = Σ_t (v(t) − mean(t)) · component_p(t), denoised
 * trace = mean + Σ_p c_p · component_p. Centred, not whitened; the components are the leading eigenvectors of the
 * covariance, each with its largest entry in magnitude positive, so that a fit repeats on every machine.
 * The oracle of ops/tpca.ts. Source: the tPCA of evarol/spikeLocalizationNetwork's visualizer, solved exactly.
 */
export interface TpcaModel {
  /** [L] */
  mean: Float64Array;
  /** [P, L] orthonormal rows */
  components: Float64Array;
  /** [P] share of the variance of each component */
  explained: Float64Array;
}

/** traces: [M, L] row-major, M ≥ 2. */
export function fitTpca(traces: ArrayLike<number>, nSamples: number, nComponents: number): TpcaModel {
  const nTraces = traces.length / nSamples;
  assert(Number.isInteger(nTraces) && nTraces >= 2, "at least two whole traces");
  assert(nComponents >= 1 && nComponents <= nSamples, "at most as many components as samples");
  const mean = new Float64Array(nSamples);
  for (let i = 0; i < traces.length; i++) mean[i % nSamples] += traces[i];
  for (let t = 0; t < nSamples; t++) mean[t] /= nTraces;
  const { values, vectors } = symmetricEigen(covariance(traces, mean), nSamples);
  const total = values.reduce((sum, v) => sum + v, 0);
  const components = vectors.slice(0, nComponents * nSamples);
  for (let p = 0; p < nComponents; p++) orient(components.subarray(p * nSamples, (p + 1) * nSamples));
  const explained = values.slice(0, nComponents).map((v) => (total > 0 ? v / total : 0));
  return { mean, components, explained };
}

/** [L, L] Σ (v − mean)(v − mean)ᵀ over the traces; the divisor drops out. */
function covariance(traces: ArrayLike<number>, mean: Float64Array): Float64Array {
  const n = mean.length;
  const out = new Float64Array(n * n);
  const centred = new Float64Array(n);
  for (let start = 0; start < traces.length; start += n) {
    for (let t = 0; t < n; t++) centred[t] = traces[start + t] - mean[t];
    for (let i = 0; i < n; i++) {
      const v = centred[i];
      for (let j = i; j < n; j++) out[i * n + j] += v * centred[j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i];
  return out;
}

/** In place: the entry of largest magnitude (the first, among equals) becomes positive. */
function orient(component: Float64Array): void {
  let largest = 0;
  for (const v of component) if (Math.abs(v) > Math.abs(largest)) largest = v;
  if (largest < 0) for (let t = 0; t < component.length; t++) component[t] = -component[t];
}

/** Coefficients [M, P] of traces [M, L]. */
export function projectTpca(traces: ArrayLike<number>, { mean, components }: TpcaModel): Float64Array {
  const nSamples = mean.length;
  const nComponents = components.length / nSamples;
  const nTraces = traces.length / nSamples;
  const out = new Float64Array(nTraces * nComponents);
  for (let i = 0; i < nTraces; i++) {
    for (let p = 0; p < nComponents; p++) {
      let sum = 0;
      for (let t = 0; t < nSamples; t++) sum += (traces[i * nSamples + t] - mean[t]) * components[p * nSamples + t];
      out[i * nComponents + p] = sum;
    }
  }
  return out;
}

/** Traces [M, L] of coefficients [M, P]. */
export function denoiseTpca(coefficients: ArrayLike<number>, { mean, components }: TpcaModel): Float64Array {
  const nSamples = mean.length;
  const nComponents = components.length / nSamples;
  const nTraces = coefficients.length / nComponents;
  const out = new Float64Array(nTraces * nSamples);
  for (let i = 0; i < nTraces; i++) {
    for (let t = 0; t < nSamples; t++) {
      let sum = mean[t];
      for (let p = 0; p < nComponents; p++) sum += coefficients[i * nComponents + p] * components[p * nSamples + t];
      out[i * nSamples + t] = sum;
    }
  }
  return out;
}
