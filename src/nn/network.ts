import { type Tensor1D, type Tensor2D, type Tensor3D, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import type { AdamConfig } from "../core/adam.ts";
import { assert } from "../core/errors.ts";
import { type NetworkSpec, networkLayout } from "../core/network/layout.ts";
import type { NetworkLoss, NetworkPass } from "../core/network/types.ts";
import { type AdamSlot, adamStep } from "../ops/adam.ts";
import { networkGradient, networkOutput } from "../ops/network.ts";
import type { TrainedModel } from "../protocol/models.ts";

/** Waveforms [N, 10, 90] over their scale, slots by depth then across; anchors [N, 2] in µm. */
export interface NetworkInput {
  waveforms: Tensor3D;
  centroids: Tensor2D;
}

/** What training changes: everything that must be kept to go back, or on. */
export type NetworkState = Pick<TrainedModel, "weights" | "statistics" | "optimizer">;

/**
 * One of the networks on the compute backend, with the state of its optimiser. Passes go through ops/network, steps through
 * ops/adam; inputs and gradients stay the caller's. Dispose it.
 */
export class Network {
  readonly spec: NetworkSpec;
  #slot: AdamSlot<Tensor1D>;
  #statistics: Tensor1D;
  #steps: number;

  constructor({ spec, ...state }: Pick<TrainedModel, "spec"> & NetworkState) {
    const { nWeights, nStatistics } = networkLayout(spec);
    assert(state.weights.length === nWeights && state.statistics.length === nStatistics, "a model of its own layout");
    this.spec = spec;
    ({ slot: this.#slot, statistics: this.#statistics, steps: this.#steps } = upload(state));
  }

  /** Optimiser steps made so far, those before a restored state included. */
  get steps(): number {
    return this.#steps;
  }

  /** Output [N, nOut]; the caller disposes. keepStatistics: the statistics after this batch become the network's. */
  output(input: NetworkInput, pass: NetworkPass, keepStatistics: boolean): Tensor2D {
    const { out, statistics } = networkOutput(this.#tensors(input), this.spec, pass);
    this.#settle(statistics, keepStatistics);
    return out;
  }

  /** A pass and its gradient; target [N, nOut] as NetworkLoss says. loss [1], weightGrad [P]; the caller disposes all three. */
  gradient(
    input: NetworkInput,
    target: Tensor2D,
    pass: NetworkPass,
    loss: NetworkLoss,
    keepStatistics: boolean,
  ): { out: Tensor2D; loss: Tensor1D; weightGrad: Tensor1D } {
    const { statistics, ...found } = networkGradient(this.#tensors(input), target, this.spec, pass, loss);
    this.#settle(statistics, keepStatistics);
    return found;
  }

  /** One step of AdamW. Returns the squared norm [1] of the gradient before clipping; the caller disposes it. */
  step(weightGrad: Tensor1D, config: AdamConfig): Tensor1D {
    return adamStep([this.#slot], [weightGrad], ++this.#steps, config);
  }

  /** Copies of everything that `restore` needs. */
  async snapshot(): Promise<Required<NetworkState>> {
    const [weights, statistics, moments] = await Promise.all(
      [this.#slot.param, this.#statistics, this.#slot.moments].map(async (tensor) =>
        ((await tensor.data()) as Float32Array).slice(),
      ),
    );
    return { weights, statistics, optimizer: { step: this.#steps, moments } };
  }

  restore(state: NetworkState): void {
    const next = upload(state);
    this.dispose();
    ({ slot: this.#slot, statistics: this.#statistics, steps: this.#steps } = next);
  }

  dispose(): void {
    this.#slot.param.dispose();
    this.#slot.moments.dispose();
    this.#statistics.dispose();
  }

  #tensors(input: NetworkInput) {
    return { ...input, weights: this.#slot.param, statistics: this.#statistics };
  }

  #settle(statistics: Tensor1D, keep: boolean): void {
    if (!keep) {
      statistics.dispose();
      return;
    }
    this.#statistics.dispose();
    this.#statistics = statistics;
  }
}

/** State as tensors; a model without a state of its optimiser starts it from zero. */
function upload({ weights, statistics, optimizer }: NetworkState) {
  const shape: [number, number] = [2, weights.length];
  return {
    slot: {
      param: tensor1d(weights.slice()),
      moments: optimizer ? tensor2d(optimizer.moments.slice(), shape) : zeros(shape),
    },
    statistics: tensor1d(statistics.slice()),
    steps: optimizer?.step ?? 0,
  };
}
