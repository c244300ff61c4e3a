import {
  type Affine,
  channelMoments,
  convolve,
  convolveBackward,
  linear,
  linearBackward,
  maxPool,
  normalise,
  normaliseBackward,
} from "./cnnLayers.ts";
import { DROPOUT_PLACES, dropThreshold, isDropped } from "./dropout.ts";
import { gelu, geluDerivative } from "./gelu.ts";
import { CNN_BLOCKS, CNN_HEAD, type NetworkSpec, networkLayout, placeOf, type TensorPlace } from "./layout.ts";
import { outputLoss } from "./loss.ts";
import type { NetworkBatch, NetworkOracle, NetworkPass } from "./types.ts";

/**
 * The convolutional Spike Localization Network in float64:
 *
 *   three times  convolution → batch normalisation → GELU (→ largest of two steps, but for the last)
 *   twice        linear → GELU → dropout
 *   once         linear
 *
 * Oracle of shaders/cnn*.wgsl and of the SIMD kernels `cnnTiles`.
 * Source: evarol/spikeLocalizationNetwork src/relative_xyz_common.py (RelativeXYZNet); normalisation as torch.nn.BatchNorm1d.
 */
export const batchNormEpsilon = 1e-5;
/** Share of the batch's own moments in the running ones. */
export const batchNormMomentum = 0.1;

/** What the backward pass of one convolution block reads. */
interface BlockTrace {
  /** [N, nIn, T] */
  input: Float64Array;
  /** [N, nOut, T] before γ and β */
  normalised: Float64Array;
  inverseSd: Float64Array;
  /** [N, nOut, T] before GELU */
  scaled: Float64Array;
  /** where each output of the pool stands in [N, nOut, T] */
  from: Int32Array | null;
}

interface HeadTrace {
  /** [N, nIn] */
  input: Float64Array;
  /** [N, nOut] before GELU */
  linear: Float64Array;
  /** [N, nOut] 0 where dropped, 1/(1 − p) elsewhere */
  kept: Float64Array;
}

interface Trace {
  blocks: BlockTrace[];
  head: HeadTrace[];
  /** [N, 64] */
  lastInput: Float64Array;
  /** [N, nOut] */
  out: Float64Array;
  /** [S] */
  statistics: Float64Array;
}

/** The weight and bias called `name` in a flat vector, as views. */
function affine(flat: Float64Array, places: readonly TensorPlace[], name: string): Affine {
  const view = (tensor: string) => {
    const { offset, shape } = placeOf(places, tensor);
    return flat.subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
  };
  return { weight: view(`${name}.weight`), bias: view(`${name}.bias`) };
}

/** Mean and variance to normalise by; with batch statistics those of z, and the running ones move towards them. */
function momentsFor(
  z: Float64Array,
  running: [mean: Float64Array, variance: Float64Array],
  { batchStatistics }: NetworkPass,
  steps: number,
): [mean: Float64Array, variance: Float64Array] {
  if (!batchStatistics) return running;
  const nChannels = running[0].length;
  const count = z.length / nChannels;
  const [mean, variance] = channelMoments(z, nChannels, steps);
  const blend = (old: number, own: number) => (1 - batchNormMomentum) * old + batchNormMomentum * own;
  for (let c = 0; c < nChannels; c++) {
    running[0][c] = blend(running[0][c], mean[c]);
    running[1][c] = blend(running[1][c], (variance[c] * count) / (count - 1));
  }
  return [mean, variance];
}

/** [N, nOut] 0 where dropped, 1/(1 − p) elsewhere. */
function keptBy({ dropout, seed, firstRow }: NetworkPass, place: number, n: number, nUnits: number): Float64Array {
  const threshold = dropThreshold(dropout);
  const scale = 1 / (1 - dropout);
  return Float64Array.from({ length: n * nUnits }, (_, i) =>
    isDropped(threshold, seed, place, firstRow + Math.floor(i / nUnits), i % nUnits) ? 0 : scale,
  );
}

function forward(batch: NetworkBatch, weights: Float64Array, spec: NetworkSpec, pass: NetworkPass): Trace {
  const layout = networkLayout(spec);
  const statistics = Float64Array.from(batch.statistics);
  let x: Float64Array = Float64Array.from(batch.waveforms);
  const n = x.length / (CNN_BLOCKS[0].nIn * CNN_BLOCKS[0].steps);
  const running = (name: string, nChannels: number) => {
    const { offset } = placeOf(layout.statistics, name);
    return statistics.subarray(offset, offset + nChannels);
  };
  const blocks = CNN_BLOCKS.map((block): BlockTrace => {
    const { at, nOut, steps } = block;
    const input = x;
    const z = convolve(input, affine(weights, layout.weights, `features.${at}`), block, n);
    const norm = `features.${at + 1}`;
    const { weight: gamma, bias: beta } = affine(weights, layout.weights, norm);
    const old: [Float64Array, Float64Array] = [
      running(`${norm}.running_mean`, nOut),
      running(`${norm}.running_var`, nOut),
    ];
    const [mean, variance] = momentsFor(z, old, pass, steps);
    const inverseSd = variance.map((v) => 1 / Math.sqrt(v + batchNormEpsilon));
    const normalised = normalise(z, mean, inverseSd, nOut, steps);
    const channel = (i: number) => Math.floor(i / steps) % nOut;
    const scaled = normalised.map((v, i) => gamma[channel(i)] * v + beta[channel(i)]);
    x = scaled.map(gelu);
    const pooled = block.pool ? maxPool(x, steps) : null;
    if (pooled) x = pooled.values;
    return { input, normalised, inverseSd, scaled, from: pooled?.from ?? null };
  });
  const places = [DROPOUT_PLACES.cnnHead1, DROPOUT_PLACES.cnnHead4];
  const head = CNN_HEAD.map(({ at, nOut }, l): HeadTrace => {
    const input = x;
    const before = linear(input, affine(weights, layout.weights, `head.${at}`), n);
    const kept = keptBy(pass, places[l], n, nOut);
    x = before.map((v, i) => gelu(v) * kept[i]);
    return { input, linear: before, kept };
  });
  const out = linear(x, affine(weights, layout.weights, "head.7"), n);
  return { blocks, head, lastInput: x, out, statistics };
}

/** Add the gradient of every weight to `weightGrad`, from that of the output [N, nOut]. */
function backward(
  outGrad: Float64Array,
  trace: Trace,
  weights: Float64Array,
  weightGrad: Float64Array,
  spec: NetworkSpec,
  ofBatch: boolean,
): void {
  const { weights: places } = networkLayout(spec);
  const layer = (name: string) => affine(weights, places, name).weight;
  const gradOf = (name: string) => affine(weightGrad, places, name);
  const n = outGrad.length / spec.nOut;
  let grad = linearBackward(outGrad, trace.lastInput, layer("head.7"), gradOf("head.7"), n);
  for (let l = CNN_HEAD.length - 1; l >= 0; l--) {
    const { input, linear: before, kept } = trace.head[l];
    const name = `head.${CNN_HEAD[l].at}`;
    const own = grad.map((g, i) => g * kept[i] * geluDerivative(before[i]));
    grad = linearBackward(own, input, layer(name), gradOf(name), n);
  }
  for (let l = CNN_BLOCKS.length - 1; l >= 0; l--) {
    const { at, steps } = CNN_BLOCKS[l];
    const { input, normalised, inverseSd, scaled, from } = trace.blocks[l];
    let wide = grad;
    if (from) {
      wide = new Float64Array(scaled.length);
      for (let i = 0; i < from.length; i++) wide[from[i]] = grad[i];
    }
    const yGrad = wide.map((g, i) => (g === 0 ? 0 : g * geluDerivative(scaled[i])));
    const norm = `features.${at + 1}`;
    const zGrad = normaliseBackward(yGrad, normalised, layer(norm), inverseSd, gradOf(norm), steps, ofBatch);
    grad = convolveBackward(zGrad, input, layer(`features.${at}`), gradOf(`features.${at}`), CNN_BLOCKS[l], n);
  }
}

export const cnn: NetworkOracle = {
  output(batch, spec, pass) {
    const { out, statistics } = forward(batch, Float64Array.from(batch.weights), spec, pass);
    return { out, statistics };
  },
  gradient(batch, target, spec, pass, loss) {
    const weights = Float64Array.from(batch.weights);
    const trace = forward(batch, weights, spec, pass);
    const { loss: value, outGrad } = outputLoss(trace.out, target, spec.nOut, loss);
    const weightGrad = new Float64Array(weights.length);
    backward(outGrad, trace, weights, weightGrad, spec, pass.batchStatistics);
    return { out: trace.out, statistics: trace.statistics, loss: value, weightGrad };
  },
};
