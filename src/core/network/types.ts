import type { NetworkSpec } from "./layout.ts";

/** How a batch goes through a network. */
export interface NetworkPass {
  /**
   * CNN: true normalises by this batch's own mean and variance and moves the running ones (momentum 0.1, unbiased variance);
   * false by the running ones, which stay. The transformer has nothing of the kind.
   */
  batchStatistics: boolean;
  /** probability with which a unit is dropped (0.1 in the reference); 0 in evaluation */
  dropout: number;
  /** of the masks: equal seed, row, place and unit give the same mask on every backend, see core/network/dropout */
  seed: number;
  /** which row of its block the batch's first spike is, so that masks do not depend on how a block is cut */
  firstRow: number;
}

/** In evaluation: running statistics, no dropout. */
export const evaluation: NetworkPass = { batchStatistics: false, dropout: 0, seed: 0, firstRow: 0 };

/**
 * What the output is held against. With e = scale · (out − target), over all entries:
 *   huber: |e| < β ? e²/(2β) : |e| − β/2 (PyTorch's SmoothL1, β = 5);  mse: e²;  each a mean over `count` · nOut entries
 *   given: `target` is the gradient with respect to the output itself, and the loss is 0
 */
export interface NetworkLoss {
  kind: "huber" | "mse" | "given";
  beta: number;
  /** [nOut] */
  scale: readonly number[];
  /** spikes that the mean is over: those of the whole block, where this batch is a part of one */
  count: number;
}

/** A batch as arrays. */
export interface NetworkBatch {
  /** [P] */
  weights: ArrayLike<number>;
  /** [S], see NetworkLayout */
  statistics: ArrayLike<number>;
  /** [N, 10, 90] divided by the data set's scale, slots by depth then across */
  waveforms: ArrayLike<number>;
  /** [N, 2] anchor x, y in µm: the transformer's second input; not read by the CNN */
  centroids: ArrayLike<number>;
}

export interface NetworkOutput {
  /** [N, nOut] */
  out: Float64Array;
  /** [S] after the batch */
  statistics: Float64Array;
}

export interface NetworkGradient extends NetworkOutput {
  loss: number;
  /** [P] */
  weightGrad: Float64Array;
}

/** The oracle of one network: plain loops in float64. */
export interface NetworkOracle {
  output(batch: NetworkBatch, spec: NetworkSpec, pass: NetworkPass): NetworkOutput;
  /** target: [N, nOut] */
  gradient(
    batch: NetworkBatch,
    target: ArrayLike<number>,
    spec: NetworkSpec,
    pass: NetworkPass,
    loss: NetworkLoss,
  ): NetworkGradient;
}
