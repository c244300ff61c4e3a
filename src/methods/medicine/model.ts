import { type Tensor1D, type Tensor2D, tensor1d, tensor2d, tidy, zeros } from "@tensorflow/tfjs-core";
import { type AdamConfig, adamDefaults } from "../../core/adam.ts";
import { levelWeights } from "../../core/shiftDepths.ts";
import { triangularTaps } from "../../core/smoothMotion.ts";
import type { Motion } from "../../core/types.ts";
import { activityLoss, activityProbability } from "../../ops/activityLoss.ts";
import { type AdamSlot, adamStep } from "../../ops/adam.ts";
import { shiftDepths, shiftDepthsGrad } from "../../ops/shiftDepths.ts";
import { smoothMotion, smoothMotionGrad } from "../../ops/smoothMotion.ts";
import type { Batch, MedicineData } from "./data.ts";

export interface ModelConfig {
  nLevels: number;
  nTimes: number;
  /** β, in units of the depth range */
  bound: number;
  kernelWidthSec: number;
  binSec: number;
  hidden: readonly number[];
  learningRate: number;
}

/**
 * MEDiCINe's parameters on the compute backend, and one step of their optimisation. The motion table [K, T] starts at
 * zero, the network as given. Source: jazlab/medicine@43d9ebe0 medicine/model.py.
 */
export class MedicineModel {
  readonly #config: ModelConfig;
  readonly #taps: Tensor1D;
  readonly #table: AdamSlot<Tensor2D>;
  readonly #weights: AdamSlot<Tensor1D>;
  readonly #adam: AdamConfig;
  #steps = 0;

  constructor(config: ModelConfig, weights: Float32Array, table?: Float32Array) {
    const { nLevels, nTimes } = config;
    this.#config = config;
    this.#adam = { ...adamDefaults, learningRate: config.learningRate };
    this.#taps = tensor1d(triangularTaps(config.kernelWidthSec, config.binSec));
    this.#table = {
      param: table ? tensor2d(table, [nLevels, nTimes]) : zeros([nLevels, nTimes]),
      moments: zeros([2, nLevels * nTimes]),
    };
    this.#weights = { param: tensor1d(weights), moments: zeros([2, weights.length]) };
  }

  /** Loss terms [real, drawn] and gradients for a batch; nothing changes. The caller disposes. */
  gradients(batch: Batch): { terms: Tensor1D; weightGrad: Tensor1D; tableGrad: Tensor2D } {
    const { bound, hidden, nLevels } = this.#config;
    return tidy(() => {
      const table = this.#table.param;
      const bins = {
        timeBin: tensor1d(batch.timeBin, "int32"),
        order: tensor1d(batch.order, "int32"),
        binStart: tensor1d(batch.binStart, "int32"),
      };
      const depth = tensor1d(batch.depth);
      const smoothed = smoothMotion(table, this.#taps, bound);
      const shifted = shiftDepths(smoothed, bins, depth, tensor1d(batch.noise));
      const nReal = batch.depth.length / 2;
      const { terms, weightGrad, depthGrad } = activityLoss(
        this.#weights.param,
        hidden,
        shifted,
        tensor1d(batch.amp),
        nReal,
      );
      const smoothedGrad = shiftDepthsGrad(depthGrad, nLevels, bins, depth);
      return { terms, weightGrad, tableGrad: smoothMotionGrad(table, this.#taps, smoothedGrad, bound) };
    });
  }

  /** One optimisation step. Returns the loss terms [real, drawn] before it; the caller reads and disposes them. */
  step(batch: Batch): Tensor1D {
    const { terms, weightGrad, tableGrad } = this.gradients(batch);
    adamStep([this.#weights, this.#table], [weightGrad, tableGrad], ++this.#steps, this.#adam).dispose();
    weightGrad.dispose();
    tableGrad.dispose();
    return terms;
  }

  /** Smoothed motion [K, T] in units of the depth range, with the network's sign (corrected = depth + motion). */
  async smoothed(): Promise<Float32Array> {
    const tensor = smoothMotion(this.#table.param, this.#taps, this.#config.bound);
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return values;
  }

  /** Probability [N] that spikes at scaled depth and amplitude, already in the corrected frame, are real. */
  async probability(depth: Float32Array, amp: Float32Array): Promise<Float32Array> {
    const tensor = tidy(() =>
      activityProbability(this.#weights.param, this.#config.hidden, tensor1d(depth), tensor1d(amp)),
    );
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return values;
  }

  async parameters(): Promise<{ table: Float32Array; weights: Float32Array }> {
    return {
      table: (await this.#table.param.data()) as Float32Array,
      weights: (await this.#weights.param.data()) as Float32Array,
    };
  }

  dispose(): void {
    for (const slot of [this.#table, this.#weights]) {
      slot.param.dispose();
      slot.moments.dispose();
    }
    this.#taps.dispose();
  }
}

/** Motion of the network's frame at a scaled depth and time bin, from `smoothed` [K, T]. */
export function motionAt(
  smoothed: Float32Array,
  nLevels: number,
  nTimes: number,
  timeBin: number,
  depth: number,
): number {
  const w = new Float64Array(nLevels);
  levelWeights(depth, nLevels, w);
  let sum = 0;
  for (let k = 0; k < nLevels; k++) sum += w[k] * smoothed[k * nTimes + timeBin];
  return sum;
}

/**
 * The result in our convention: displacement [T, K] = −motion · depth range at bin *centres*. MEDiCINe's own files state
 * left edges; io/write/medicine turns them back.
 */
export function toMotion(smoothed: Float32Array, nLevels: number, data: MedicineData): Motion {
  const { nTimes, depthRangeUm, startSec, binSec } = data;
  const span = depthRangeUm[1] - depthRangeUm[0];
  const level = (k: number) => (nLevels === 1 ? 0 : k / (nLevels - 1));
  const displacementUm = new Float64Array(nTimes * nLevels);
  for (let t = 0; t < nTimes; t++) {
    for (let k = 0; k < nLevels; k++) {
      displacementUm[t * nLevels + k] = -span * motionAt(smoothed, nLevels, nTimes, t, level(k));
    }
  }
  return {
    displacementUm,
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => startSec + (t + 0.5) * binSec),
    depthBinCentersUm: Float64Array.from({ length: nLevels }, (_, k) => depthRangeUm[0] + level(k) * span),
  };
}
