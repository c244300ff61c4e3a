/**
 * Losses on per-bin spatial histograms, with closed-form gradients: repeatability ρ̄, entropy H̄, and the tether.
 * Source: evarol/spikeLocalizationNetwork src/histogram_losses.py; the gradients were derived here and are checked by
 * finite differences. ρ̄ measures repeatability, not accuracy: never show it without its grid and its controls.
 */
const normFloor = 1e-12;
const massFloor = 1e-8;
const entropyEpsilon = 1e-8;

export interface LossAndGrad {
  value: number;
  /** gradient with respect to the histogram [T, V] */
  grad: Float64Array;
}

/**
 * Mean zero-lag Pearson correlation over pairs of valid bins i < j ≤ i + window; 0 when there is no pair.
 *   c = h − mean(h), u = c/‖c‖, ρ_ij = u_i·u_j;  ∂ρ̄/∂h_i = (1/|P|) Σ_j (u_j − ρ_ij u_i)/‖c_i‖
 * histogram: [T, V]; valid: [T].
 */
export function meanCorrelation(
  histogram: Float64Array,
  nBins: number,
  valid: ArrayLike<boolean | number>,
  window: number,
): LossAndGrad {
  const nVoxels = histogram.length / nBins;
  const unit = new Float64Array(histogram.length);
  const norm = new Float64Array(nBins);
  for (let t = 0; t < nBins; t++) norm[t] = centreAndScale(histogram, unit, t * nVoxels, nVoxels);
  const grad = new Float64Array(histogram.length);
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < nBins; i++) {
    for (let j = i + 1; j < nBins && j - i <= window; j++) {
      if (!valid[i] || !valid[j]) continue;
      let rho = 0;
      for (let v = 0; v < nVoxels; v++) rho += unit[i * nVoxels + v] * unit[j * nVoxels + v];
      sum += rho;
      pairs++;
      for (let v = 0; v < nVoxels; v++) {
        const ui = unit[i * nVoxels + v];
        const uj = unit[j * nVoxels + v];
        grad[i * nVoxels + v] += (uj - rho * ui) / norm[i];
        grad[j * nVoxels + v] += (ui - rho * uj) / norm[j];
      }
    }
  }
  if (pairs === 0) return { value: 0, grad };
  for (let k = 0; k < grad.length; k++) grad[k] /= pairs;
  return { value: sum / pairs, grad };
}

function centreAndScale(h: Float64Array, out: Float64Array, at: number, n: number): number {
  let mean = 0;
  for (let v = 0; v < n; v++) mean += h[at + v] / n;
  let square = 0;
  for (let v = 0; v < n; v++) {
    out[at + v] = h[at + v] - mean;
    square += out[at + v] ** 2;
  }
  const norm = Math.max(Math.sqrt(square), normFloor);
  for (let v = 0; v < n; v++) out[at + v] /= norm;
  return norm;
}

/**
 * Mean over valid bins of the spatial entropy H_t = −Σ p ln(p + ε), p = h/s, in nats.
 *   ∂H_t/∂h_v = (g_v − Σ p g)/s,  g_v = −ln(p_v + ε) − p_v/(p_v + ε)
 */
export function meanEntropy(histogram: Float64Array, nBins: number, valid: ArrayLike<boolean | number>): LossAndGrad {
  const nVoxels = histogram.length / nBins;
  const grad = new Float64Array(histogram.length);
  let sum = 0;
  let nValid = 0;
  for (let t = 0; t < nBins; t++) {
    if (!valid[t]) continue;
    nValid++;
    const at = t * nVoxels;
    let mass = 0;
    for (let v = 0; v < nVoxels; v++) mass += histogram[at + v];
    mass = Math.max(mass, massFloor);
    let mean = 0;
    for (let v = 0; v < nVoxels; v++) {
      const p = histogram[at + v] / mass;
      const log = Math.log(p + entropyEpsilon);
      sum -= p * log;
      grad[at + v] = -log - p / (p + entropyEpsilon);
      mean += p * grad[at + v];
    }
    for (let v = 0; v < nVoxels; v++) grad[at + v] = (grad[at + v] - mean) / mass;
  }
  if (nValid === 0) return { value: 0, grad };
  for (let k = 0; k < grad.length; k++) grad[k] /= nValid;
  return { value: sum / nValid, grad };
}

/** Mean squared distance to the baseline over all coordinates, µm²; gradient (p − p0)·2/count. Arrays of equal length. */
export function tether(position: ArrayLike<number>, baseline: ArrayLike<number>): LossAndGrad {
  const n = position.length;
  const grad = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const d = position[i] - baseline[i];
    sum += (d * d) / n;
    grad[i] = (2 * d) / n;
  }
  return { value: sum, grad };
}
