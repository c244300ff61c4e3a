import type { TensorInfo } from "@tensorflow/tfjs-core";
import { AppError } from "../../core/errors.ts";
import { DROPOUT_PLACES, dropThreshold } from "../../core/network/dropout.ts";
import { N_SLOTS, type NetworkSpec, networkLayout, TRANSFORMER } from "../../core/network/layout.ts";
import { normEpsilon } from "../../core/network/transformerParts.ts";
import {
  type LinearPlace,
  type NormPlace,
  type TransformerPlaces,
  transformerPlaces,
} from "../../core/network/transformerPlaces.ts";
import type { NetworkPass } from "../../core/network/types.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./program.ts";
import { sumPartials } from "./sumPartials.ts";
import {
  transformerAttentionGradProgram,
  transformerAttentionProgram,
  transformerMomentsProgram,
  transformerNormFoldProgram,
  transformerNormGradProgram,
  transformerPoolProgram,
  transformerProductProgram,
  transformerSpreadProgram,
  transformerWeightGradProgram,
} from "./transformerPrograms.ts";

const { width, nHeads, hidden, nLayers, centroid } = TRANSFORMER;
/** What is done to a product before it is stored, and to its input as it is read; numbers as in transformerProduct.wgsl. */
export const ENDING = { nothing: 0, bias: 1, slope: 2, residual: 3, embeddings: 4 } as const;
export const READING = { plain: 0, normalised: 1, masked: 2, bent: 3 } as const;

/** A matrix as a kernel reads it: rows of a tensor, from column `at` on. */
export interface Rows {
  tensor: TensorInfo;
  at?: number;
  /** floats of a row of the tensor, where it is wider than the matrix */
  stride?: number;
  reading?: number;
  /** with READING.normalised */
  moments?: TensorInfo;
  norm?: NormPlace;
  /** of dropout: layer and part; none where it is left out */
  place?: number;
}

export interface Ending {
  kind: number;
  /** [rows, nOut] of the slope and of the residual */
  other?: TensorInfo;
  place?: number;
  /** where the result goes, when not to a tensor of its own */
  into?: Rows;
}

/** Place of dropout of a part of an encoder layer: 0 attention, 1 its branch, 2 hidden, 3 its branch. */
export const dropoutPlace = (layer: number, part: number) =>
  DROPOUT_PLACES.transformer + DROPOUT_PLACES.perLayer * layer + part;

/** Bytes that one spike takes in a call with its gradient: what the backward pass reads again, and what passes through it. */
export function transformerBytesPerSpike(): { all: number; largest: number } {
  const tokens = N_SLOTS * width;
  const perLayer = 2 * (tokens + 2 * N_SLOTS) + 3 * tokens + nHeads * N_SLOTS * N_SLOTS + tokens + N_SLOTS * hidden;
  const passing = 3 * tokens + N_SLOTS * hidden + 3 * tokens;
  return { all: 4 * (nLayers * perLayer + tokens + passing + 1000), largest: 4 * 3 * tokens };
}

/** Shares of the rows in the weight gradient: enough to fill a GPU; each takes a copy of the gradient, 2.3 MB. */
const mostShares = 16;
const rowsPerShare = 256;

/** One call of the transformer: where its buffers come from, and one method per kernel. */
export class TransformerCall {
  readonly backend: WebgpuBackend;
  readonly weights: TensorInfo;
  readonly places: TransformerPlaces;
  readonly nSpikes: number;
  readonly nTokens: number;
  readonly #pass: NetworkPass;
  readonly #nWeights: number;
  /** stand where a kernel does not look: one to read, one to write */
  readonly #unread: TensorInfo;
  readonly #unwritten: TensorInfo;

  constructor(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, spec: NetworkSpec, pass: NetworkPass) {
    this.backend = backend;
    this.weights = inputs.weights;
    this.places = transformerPlaces(spec.nOut);
    this.nSpikes = inputs.waveforms.shape[0];
    this.nTokens = N_SLOTS * this.nSpikes;
    this.#pass = pass;
    this.#nWeights = networkLayout(spec).nWeights;
    this.#unread = this.floats(2);
    this.#unwritten = this.floats(1);
    const most = Math.floor(backend.device.limits.maxStorageBufferBindingSize / transformerBytesPerSpike().largest);
    if (this.nSpikes > most) {
      throw new AppError(
        "bad-parameter",
        `The network was given ${this.nSpikes} spikes at once, this GPU takes ${most}: use a smaller batch.`,
        { nSpikes: this.nSpikes, most },
      );
    }
  }

  floats(...shape: number[]): TensorInfo {
    return this.backend.makeTensorInfo(shape, "float32");
  }

  free(...tensors: TensorInfo[]): void {
    for (const t of tensors) this.backend.disposeData(t.dataId);
  }

  /** Frees what the call itself holds. */
  end(): void {
    this.free(this.#unread, this.#unwritten);
  }

  /** Parameters of dropout; nothing is dropped where no place is. */
  #dropout(isHere: boolean): { threshold: number; keptScale: number; seed: number; firstRow: number } {
    const { dropout, seed, firstRow } = this.#pass;
    return {
      threshold: isHere ? dropThreshold(dropout) : 0,
      keptScale: isHere ? 1 / (1 - dropout) : 1,
      seed: seed >>> 0,
      firstRow,
    };
  }

  /** A layer's product with x [rows, nIn], or with `isTransposed` the gradient of its input from that of its output. */
  product(place: LinearPlace, nRows: number, x: Rows, ending: Ending, isTransposed = false): TensorInfo {
    const [nIn, nOut] = isTransposed ? [place.nOut, place.nIn] : [place.nIn, place.nOut];
    const result = ending.into ?? { tensor: this.floats(nRows, nOut) };
    const params = {
      nRows,
      nIn,
      nOut,
      xAt: x.at ?? 0,
      xStride: x.stride ?? nIn,
      reading: x.reading ?? READING.plain,
      gammaAt: x.norm?.weight ?? 0,
      weightsAt: place.weights,
      rowStride: isTransposed ? 1 : place.nIn,
      columnStride: isTransposed ? place.nIn : 1,
      biasAt: place.bias,
      ending: ending.kind,
      embedAt: this.places.rowEmbed,
      resultAt: result.at ?? 0,
      resultStride: result.stride ?? nOut,
      ...this.#dropout(x.place !== undefined || ending.place !== undefined),
      readPlace: x.place ?? 0,
      endPlace: ending.place ?? 0,
    };
    const other = ending.other ?? this.#unwritten;
    const tensors = [x.tensor, this.weights, x.moments ?? this.#unread, other, result.tensor];
    dispatch(this.backend, transformerProductProgram, params, tensors, [groupsFor(nOut, 64), groupsFor(nRows, 64)]);
    return result.tensor;
  }

  /** A buffer for the partial gradients of all layers. */
  partials(): TensorInfo {
    return this.floats(Math.min(mostShares, groupsFor(this.nTokens, rowsPerShare)), this.#nWeights);
  }

  /** A layer's partial gradients from its input and the gradient of its output; `nEmbed` 7 for the token projection. */
  weightGradient(place: LinearPlace, nRows: number, x: Rows, outGrad: Rows, partials: TensorInfo, nEmbed = 0): void {
    const [nShares, nValues] = partials.shape;
    const { nIn, nOut } = place;
    const params = {
      nRows,
      nIn,
      nOut,
      xStride: x.stride ?? nIn,
      reading: x.reading ?? READING.plain,
      gradAt: outGrad.at ?? 0,
      gradStride: outGrad.stride ?? nOut,
      isMasked: outGrad.reading === READING.masked ? 1 : 0,
      weightsAt: place.weights,
      biasAt: place.bias,
      embedAt: this.places.rowEmbed,
      nEmbed,
      nValues,
      share: 16 * Math.ceil(nRows / nShares / 16),
      ...this.#dropout(x.place !== undefined || outGrad.place !== undefined),
      readPlace: x.place ?? 0,
      gradPlace: outGrad.place ?? 0,
    };
    const tensors = [x.tensor, outGrad.tensor, x.moments ?? this.#unread, partials];
    const groups = [groupsFor(nIn + 1 + nEmbed, 64), groupsFor(nOut, 64), nShares] as const;
    dispatch(this.backend, transformerWeightGradProgram, params, tensors, groups);
  }

  /** The flat gradient [P] from the partial ones, which are freed. */
  gatherGradient(partials: TensorInfo): TensorInfo {
    const weightGrad = sumPartials(this.backend, partials);
    const [first, second] = this.places.layers;
    const params = {
      layerStride: second.inProj.weights - first.inProj.weights,
      inProjAt: first.inProj.weights,
      inProjBiasAt: first.inProj.bias,
      nInProj: first.inProj.nOut,
      norm1At: first.norm1.weight,
      linear1At: first.linear1.weights,
      linear1BiasAt: first.linear1.bias,
      nLinear1: first.linear1.nOut,
      norm2At: first.norm2.weight,
    };
    dispatch(this.backend, transformerNormFoldProgram, params, [this.weights, weightGrad], [2 * nLayers]);
    return weightGrad;
  }

  /** [10 N, 2] mean and 1/sd of each token's row. */
  moments(x: TensorInfo): TensorInfo {
    const moments = this.floats(this.nTokens, 2);
    const params = { nRows: this.nTokens, epsilon: normEpsilon };
    dispatch(this.backend, transformerMomentsProgram, params, [x, moments], [groupsFor(this.nTokens, 8)]);
    return moments;
  }

  /** Adds to `grad` what comes back through a norm of x. */
  normGradient(norm: NormPlace, outGrad: TensorInfo, x: TensorInfo, moments: TensorInfo, grad: TensorInfo): void {
    const params = { nRows: this.nTokens, gammaAt: norm.weight };
    const tensors = [outGrad, x, moments, this.weights, grad];
    dispatch(this.backend, transformerNormGradProgram, params, tensors, [groupsFor(this.nTokens, 8)]);
  }

  attention(qkv: TensorInfo, place: number): { probabilities: TensorInfo; context: TensorInfo } {
    const probabilities = this.floats(this.nSpikes, nHeads * N_SLOTS * N_SLOTS);
    const context = this.floats(this.nTokens, width);
    const params = { ...this.#dropout(true), place };
    dispatch(this.backend, transformerAttentionProgram, params, [qkv, probabilities, context], [this.nSpikes]);
    return { probabilities, context };
  }

  attentionGradient(contextGrad: TensorInfo, qkv: TensorInfo, probabilities: TensorInfo, place: number): TensorInfo {
    const qkvGrad = this.floats(this.nTokens, 3 * width);
    const params = { ...this.#dropout(true), place };
    const tensors = [contextGrad, qkv, probabilities, qkvGrad];
    dispatch(this.backend, transformerAttentionGradProgram, params, tensors, [this.nSpikes]);
    return qkvGrad;
  }

  /** Head's input [N, 192] with the means over tokens in place, and the z-scored centroids [N, 2]. */
  pool(x: TensorInfo, centroids: TensorInfo, statistics: TensorInfo): { joined: TensorInfo; scored: TensorInfo } {
    const joined = this.floats(this.nSpikes, width + centroid);
    const scored = this.floats(this.nSpikes, 2);
    const groups = groupsFor(this.nSpikes * (width + 2), 256);
    const tensors = [x, centroids, statistics, joined, scored];
    dispatch(this.backend, transformerPoolProgram, { nSpikes: this.nSpikes }, tensors, [groups]);
    return { joined, scored };
  }

  /** Gradient of every token from that of the head's input. */
  spread(joinedGrad: TensorInfo): TensorInfo {
    const grad = this.floats(this.nTokens, width);
    const nValues = this.nTokens * width;
    dispatch(this.backend, transformerSpreadProgram, { nValues }, [joinedGrad, grad], [groupsFor(nValues, 256)]);
    return grad;
  }
}
