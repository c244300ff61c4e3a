import { type LossAndGrad, meanCorrelation, meanEntropy } from "./histogramLosses.ts";
import { type SoftGrid, softHistogram, softHistogramGrad } from "./softHistogram.ts";

/**
 * The loss of the joint optimisation on one block of time bins, with its gradient with respect to the network's output:
 *
 *   L = −λρ·ρ̄ − λH·H̄ + λt·tether (+ λr · mean residual of a point source, core/monopolarResidual)
 * ρ̄ and H̄ are those of core/histogramLosses on the soft histogram of the corrected positions; motion is a constant there, so
 * that a corrected position follows the output one to one. The tether is taken before motion, over all spikes of the block,
 * those of bins that do not count included:
 *   tether = (1/2N) Σ_n Σ_k (s_k·(out_nk − baseline_nk))²
 * with s_k = 0 for outputs that are free. On x and y alone it is the mean squared coordinate of the source; z, when held,
 * weighs as much as each of those. Source: evarol/spikeLocalizationNetwork src/histogram_losses.py. The oracle of
 * methods/slnJoint/loss.
 */
export interface JointWeights {
  rho: number;
  entropy: number;
  tether: number;
  residual: number;
  /** [nOut] s_k: 1 for coordinates that are held, 0 for free ones; µm per unit for an output that is no coordinate */
  tetherScale: readonly number[];
  /** bins that a pair may lie apart; Infinity compares all */
  window: number;
}

/** log10 α is held as if 0.1 decades were 3 µm, as pretraining weighs it. */
export const alphaScaleUm = 30;

/** A block as the histogram sees it. */
export interface CorrectedBlock {
  /** [N] µm, corrected */
  xUm: ArrayLike<number>;
  yUm: ArrayLike<number>;
  /** [N] bin in the block */
  bin: ArrayLike<number>;
  nBins: number;
  /** [nBins] 1 for a bin with spikes enough */
  valid: ArrayLike<number>;
}

export interface JointLoss {
  loss: number;
  rho: number;
  entropy: number;
  tether: number;
  /** [N, nOut] */
  outGrad: Float64Array;
}

/** moved: [N, nOut] output less baseline. Gradient: s_k²·moved/N. */
export function outputTether(moved: ArrayLike<number>, scale: readonly number[]): LossAndGrad {
  const nOut = scale.length;
  const n = moved.length / nOut;
  const grad = new Float64Array(moved.length);
  let sum = 0;
  for (let at = 0; at < grad.length; at++) {
    const s = scale[at % nOut];
    if (s === 0) continue;
    const d = s * moved[at];
    sum += d * d;
    grad[at] = (s * d) / n;
  }
  return { value: sum / (2 * n), grad };
}

/** The loss without the residual term. moved: [N, nOut], see `outputTether`. */
export function jointLoss(
  { xUm, yUm, bin, nBins, valid }: CorrectedBlock,
  moved: ArrayLike<number>,
  grid: SoftGrid,
  weights: JointWeights,
): JointLoss {
  const nOut = weights.tetherScale.length;
  const histogram = softHistogram(xUm, yUm, bin, nBins, grid);
  const rho = meanCorrelation(histogram, nBins, valid, weights.window);
  const entropy = meanEntropy(histogram, nBins, valid);
  const held = outputTether(moved, weights.tetherScale);
  const toHistogram = rho.grad.map((g, at) => -weights.rho * g - weights.entropy * entropy.grad[at]);
  const { x, y } = softHistogramGrad(xUm, yUm, bin, toHistogram, grid);
  const outGrad = held.grad.map((g, at) => {
    const axis = at % nOut;
    const n = Math.floor(at / nOut);
    return weights.tether * g + (axis === 0 ? x[n] : axis === 1 ? y[n] : 0);
  });
  return {
    loss: -weights.rho * rho.value - weights.entropy * entropy.value + weights.tether * held.value,
    rho: rho.value,
    entropy: entropy.value,
    tether: held.value,
    outGrad,
  };
}
