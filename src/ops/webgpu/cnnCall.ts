import type { TensorInfo } from "@tensorflow/tfjs-core";
import { AppError } from "../../core/errors.ts";
import { batchNormEpsilon, batchNormMomentum } from "../../core/network/cnn.ts";
import { DROPOUT_PLACES, dropThreshold } from "../../core/network/dropout.ts";
import {
  CNN_BLOCKS,
  CNN_HEAD,
  type NetworkLayout,
  type NetworkSpec,
  networkLayout,
  placeOf,
} from "../../core/network/layout.ts";
import type { NetworkPass } from "../../core/network/types.ts";
import {
  cnnActivationGradProgram,
  cnnActivationProgram,
  cnnMomentsProgram,
  cnnNormalisationGradProgram,
  cnnNormalisationProgram,
  cnnProductProgram,
  cnnScaleGradProgram,
  cnnWeightGradProgram,
} from "./cnnPrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./program.ts";
import { sumPartialsInto } from "./sumPartials.ts";

export type Block = (typeof CNN_BLOCKS)[number];

/** A layer of weights: a linear one has one tap and one step. */
export interface Layer {
  name: string;
  nIn: number;
  nOut: number;
  taps: number;
  steps: number;
}

/** What happens to a product before it is stored; numbers as in cnnProduct.wgsl. */
export const ENDING = { nothing: 0, bias: 1, activation: 2, slope: 3 } as const;

const stepsAfter = ({ pool, steps }: Block) => (pool ? Math.floor(steps / 2) : steps);
export const convolution = (block: Block): Layer => ({ name: `features.${block.at}`, ...block });

/** The linear layers, the last of them without activation; `place` is that of their dropout. */
export const headLayers = (nOut: number): (Layer & { place: number })[] =>
  [...CNN_HEAD, { at: 7, nIn: 64, nOut }].map(({ at, ...size }, l) => ({
    name: `head.${at}`,
    ...size,
    taps: 1,
    steps: 1,
    place: [DROPOUT_PLACES.cnnHead1, DROPOUT_PLACES.cnnHead4, 0][l],
  }));

/** Bytes of all buffers that one spike takes in a call with its gradient, and those of the largest of them. */
export function cnnBytesPerSpike(nOut: number): { all: number; largest: number } {
  const ofBlocks = CNN_BLOCKS.map((block) => block.nOut * (2 * block.steps + 2 * stepsAfter(block)));
  const ofHead = headLayers(nOut).map((layer) => 3 * layer.nOut);
  const largest = Math.max(...CNN_BLOCKS.map((block) => block.nOut * block.steps));
  return { all: 4 * [...ofBlocks, ...ofHead].reduce((sum, v) => sum + v, 0), largest: 4 * largest };
}

/** Spikes that fit into one call, where a binding may have so many bytes. */
export function mostSpikes(nOut: number, bindingBytes: number): number {
  return Math.floor(bindingBytes / cnnBytesPerSpike(nOut).largest);
}

/** One call of the CNN: where its buffers come from, and one method per kernel. */
export class CnnCall {
  readonly backend: WebgpuBackend;
  readonly weights: TensorInfo;
  readonly pass: NetworkPass;
  readonly n: number;
  readonly layout: NetworkLayout;
  /** stands where a kernel does not look */
  readonly #none: TensorInfo;

  constructor(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, spec: NetworkSpec, pass: NetworkPass) {
    this.backend = backend;
    this.weights = inputs.weights;
    this.pass = pass;
    this.n = inputs.waveforms.shape[0];
    this.layout = networkLayout(spec);
    const most = mostSpikes(spec.nOut, backend.device.limits.maxStorageBufferBindingSize);
    if (this.n > most) {
      throw new AppError(
        "bad-parameter",
        `The network was given ${this.n} spikes at once, this GPU takes ${most}: use a smaller batch.`,
        { nSpikes: this.n, most },
      );
    }
    this.#none = this.floats(1);
  }

  floats(...shape: number[]): TensorInfo {
    return this.backend.makeTensorInfo(shape, "float32");
  }

  free(...tensors: TensorInfo[]): void {
    for (const t of tensors) this.backend.disposeData(t.dataId);
  }

  /** Frees what the call itself holds. */
  end(): void {
    this.free(this.#none);
  }

  weightOffset(name: string): number {
    return placeOf(this.layout.weights, name).offset;
  }

  statisticOffset(name: string): number {
    return placeOf(this.layout.statistics, name).offset;
  }

  /** Spikes per workgroup of a sum over the batch, and how many such shares there are. */
  get shares(): { share: number; nShares: number } {
    const share = Math.max(16, Math.ceil(this.n / 64));
    return { share, nShares: Math.ceil(this.n / share) };
  }

  /** The product of a layer with x, or with `transposed` the gradient of its input from that of its output. */
  product(
    layer: Layer,
    x: TensorInfo,
    transposed: boolean,
    ending: number,
    dropout: { place: number; before: TensorInfo } = { place: 0, before: this.#none },
  ): TensorInfo {
    const { name, nIn, nOut, taps, steps } = layer;
    const rows = transposed ? nIn : nOut;
    const result = this.floats(this.n, rows, steps);
    const at = this.weightOffset(`${name}.weight`);
    const strides = transposed
      ? { weightsAt: at + taps - 1, rowStride: taps, channelStride: nIn * taps, tapStride: -1 }
      : { weightsAt: at, rowStride: nIn * taps, channelStride: taps, tapStride: 1 };
    const { dropout: share, seed, firstRow } = this.pass;
    const params = {
      nSpikes: this.n,
      nIn: transposed ? nOut : nIn,
      nOut: rows,
      taps,
      steps,
      ...strides,
      biasAt: this.weightOffset(`${name}.bias`),
      ending,
      threshold: dropThreshold(share),
      keptScale: 1 / (1 - share),
      seed: seed >>> 0,
      place: dropout.place,
      firstRow,
    };
    const groups = [groupsFor(this.n * steps, 64), groupsFor(rows, 64)] as const;
    dispatch(this.backend, cnnProductProgram, params, [x, this.weights, dropout.before, result], groups);
    return result;
  }

  /** Gradients of a layer's weights and bias, which lie one after the other in `weightGrad`. */
  weightGradient(layer: Layer, x: TensorInfo, outGrad: TensorInfo, weightGrad: TensorInfo): void {
    const { name, nIn, nOut, taps, steps } = layer;
    const columns = groupsFor(nIn * taps + 1, 64);
    const rows = groupsFor(nOut, 64);
    // enough workgroups to fill a GPU, each with enough of the sum to be worth its copy
    const share = Math.max(64, 16 * Math.ceil((this.n * steps * columns * rows) / 512 / 16));
    const nShares = Math.ceil((this.n * steps) / share);
    const partials = this.floats(nShares, nOut * (nIn * taps + 1));
    const params = { nSpikes: this.n, nIn, nOut, taps, steps, share };
    dispatch(this.backend, cnnWeightGradProgram, params, [x, outGrad, partials], [columns, rows, nShares]);
    sumPartialsInto(this.backend, partials, weightGrad, this.weightOffset(`${name}.weight`));
  }

  /** What a block's traces z are normalised by [C, 4]; writes the block's part of `after`, the running moments. */
  normalisation(block: Block, z: TensorInfo, statistics: TensorInfo, after: TensorInfo): TensorInfo {
    const { nOut: nChannels, steps, at } = block;
    const { share, nShares } = this.shares;
    const ofBatch = this.pass.batchStatistics;
    const partials = ofBatch ? this.floats(nShares, nChannels, 2) : this.#none;
    const size = { nSpikes: this.n, nChannels, steps, share };
    if (ofBatch) dispatch(this.backend, cnnMomentsProgram, size, [z, partials], [nChannels, nShares]);
    const norm = this.floats(nChannels, 4);
    const name = `features.${at + 1}`;
    const params = {
      ...size,
      nShares,
      ofBatch: ofBatch ? 1 : 0,
      meanAt: this.statisticOffset(`${name}.running_mean`),
      varianceAt: this.statisticOffset(`${name}.running_var`),
      gammaAt: this.weightOffset(`${name}.weight`),
      betaAt: this.weightOffset(`${name}.bias`),
      epsilon: batchNormEpsilon,
      momentum: batchNormMomentum,
    };
    const tensors = [partials, statistics, this.weights, after, norm];
    dispatch(this.backend, cnnNormalisationProgram, params, tensors, [groupsFor(nChannels, 64)]);
    if (ofBatch) this.free(partials);
    return norm;
  }

  /** GELU of the normalised z, pooled where the block pools: [N, C, T']. */
  activation(block: Block, z: TensorInfo, norm: TensorInfo): TensorInfo {
    const { nOut: nChannels, steps, pool } = block;
    const nSteps = stepsAfter(block);
    const result = this.floats(this.n, nChannels, nSteps);
    const nValues = this.n * nChannels * nSteps;
    const groups = stridingGroups(nValues);
    const params = { nValues, nThreads: 256 * groups, nChannels, steps, pooled: pool ? 1 : 0 };
    dispatch(this.backend, cnnActivationProgram, params, [z, norm, result], [groups]);
    return result;
  }

  /** Gradient of a block's z from that of its result; writes the gradients of its γ and β. */
  activationGradient(
    block: Block,
    outGrad: TensorInfo,
    z: TensorInfo,
    norm: TensorInfo,
    weightGrad: TensorInfo,
  ): TensorInfo {
    const { nOut: nChannels, steps, pool, at } = block;
    const { share, nShares } = this.shares;
    const grad = this.floats(this.n, nChannels, steps);
    const partials = this.floats(nShares, nChannels, 2);
    const size = { nSpikes: this.n, nChannels, steps, pooled: pool ? 1 : 0, share };
    dispatch(this.backend, cnnActivationGradProgram, size, [outGrad, z, norm, grad, partials], [nChannels, nShares]);
    const means = this.floats(nChannels, 2);
    const scale = {
      nChannels,
      nShares,
      gammaAt: this.weightOffset(`features.${at + 1}.weight`),
      betaAt: this.weightOffset(`features.${at + 1}.bias`),
      count: this.pass.batchStatistics ? this.n * steps : 0,
    };
    dispatch(this.backend, cnnScaleGradProgram, scale, [partials, weightGrad, means], [groupsFor(nChannels, 64)]);
    const nValues = this.n * nChannels * steps;
    const groups = stridingGroups(nValues);
    const params = { nValues, nThreads: 256 * groups, nChannels, steps };
    dispatch(this.backend, cnnNormalisationGradProgram, params, [z, norm, means, grad], [groups]);
    this.free(partials, means);
    return grad;
  }
}

/** Workgroups of 256 for n values, each thread striding where one dispatch cannot hold them all. */
const stridingGroups = (n: number) => Math.min(65535, groupsFor(n, 256));
