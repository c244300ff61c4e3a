import { DROPOUT_PLACES, dropThreshold, isDropped } from "./dropout.ts";
import { gelu, geluDerivative } from "./gelu.ts";
import { N_SAMPLES, N_SLOTS, TRANSFORMER } from "./layout.ts";
import { outputLoss } from "./loss.ts";
import {
  attend,
  attentionBackward,
  attentionProbabilities,
  layerNorm,
  layerNormBackward,
  linear,
  linearBackward,
  type Mask,
  type NormTrace,
} from "./transformerParts.ts";
import { type EncoderPlace, type TransformerPlaces, transformerPlaces } from "./transformerPlaces.ts";
import type { NetworkBatch, NetworkOracle, NetworkPass } from "./types.ts";

/**
 * The transformer of the SLN: ten channel slots are ten tokens, no spike knows of another.
 *
 *   token = W·waveform + b + row[slot div 2] + col[slot mod 2]
 *   4 times (LayerNorm first):  x += drop(O·drop(softmax(q·k/4))·v of LN₁ x);  x += drop(W₂·drop(GELU(W₁·LN₂ x)))
 *   out = head([mean over tokens, MLP((centroid − mean)/std)]),  no norm before the mean, no dropout outside the layers
 *
 * Oracle of shaders/transformer*.wgsl and of the SIMD kernel `transformerTiles`.
 * Source: evarol/spikeLocalizationNetwork src/transformer_sln.py (TransformerSLN).
 */
const { width, centroid: centroidWidth } = TRANSFORMER;
const tokenCount = N_SLOTS * width;

/** What the gradient of one encoder layer needs. */
interface LayerTrace {
  norm1: NormTrace;
  qkv: Float64Array;
  probabilities: Float64Array;
  context: Float64Array;
  norm2: NormTrace;
  /** before and after GELU and dropout, [10, 256] */
  bent: Float64Array;
  hidden: Float64Array;
}

interface SpikeTrace {
  layers: LayerTrace[];
  /** centroid branch: z-scored input [2], hidden [64] before and after GELU */
  centroid: Float64Array;
  centroidBent: Float64Array;
  centroidHidden: Float64Array;
  /** inputs of the head's three layers, and what the first two give before GELU */
  joined: Float64Array;
  bent0: Float64Array;
  hidden0: Float64Array;
  bent1: Float64Array;
  hidden1: Float64Array;
  out: Float64Array;
}

interface LayerMasks {
  attention: Mask;
  branch: Mask;
  hidden: Mask;
  branch2: Mask;
}

/** Masks of layer l for a row of the block; see DROPOUT_PLACES. */
function layerMasks({ dropout, seed }: NetworkPass, row: number, layer: number): LayerMasks {
  const threshold = dropThreshold(dropout);
  const kept = 1 / (1 - dropout);
  const first = DROPOUT_PLACES.transformer + DROPOUT_PLACES.perLayer * layer;
  const mask =
    (place: number): Mask =>
    (unit) =>
      threshold === 0 ? 1 : isDropped(threshold, seed, first + place, row, unit) ? 0 : kept;
  return { attention: mask(0), branch: mask(1), hidden: mask(2), branch2: mask(3) };
}

const masked = (values: Float64Array, mask: Mask) => values.map((v, unit) => v * mask(unit));
const sum = (a: Float64Array, b: Float64Array) => a.map((v, i) => v + b[i]);
const bentBack = (grad: Float64Array, before: Float64Array) => grad.map((g, i) => g * geluDerivative(before[i]));

/** x [10, 128] after the layer, and its trace. */
function encode(x: Float64Array, params: ArrayLike<number>, place: EncoderPlace, masks: LayerMasks) {
  const norm1 = layerNorm(x, params, place.norm1);
  const qkv = linear(norm1.out, params, place.inProj);
  const probabilities = attentionProbabilities(qkv);
  const context = attend(qkv, probabilities, masks.attention);
  const middle = sum(x, masked(linear(context, params, place.outProj), masks.branch));
  const norm2 = layerNorm(middle, params, place.norm2);
  const bent = linear(norm2.out, params, place.linear1);
  const hidden = masked(bent.map(gelu), masks.hidden);
  const out = sum(middle, masked(linear(hidden, params, place.linear2), masks.branch2));
  return { out, trace: { norm1, qkv, probabilities, context, norm2, bent, hidden } };
}

/** Gradient with respect to the layer's input, given that of its output; adds the parameters' gradients to `grad`. */
function encodeBackward(
  outGrad: Float64Array,
  trace: LayerTrace,
  params: ArrayLike<number>,
  place: EncoderPlace,
  masks: LayerMasks,
  grad: Float64Array,
): Float64Array {
  const { norm1, qkv, probabilities, context, norm2, bent, hidden } = trace;
  let g: Float64Array = masked(
    linearBackward(hidden, masked(outGrad, masks.branch2), params, place.linear2, grad),
    masks.hidden,
  );
  g = linearBackward(norm2.out, bentBack(g, bent), params, place.linear1, grad);
  const middleGrad = sum(outGrad, layerNormBackward(norm2, g, params, place.norm2, grad));
  g = linearBackward(context, masked(middleGrad, masks.branch), params, place.outProj, grad);
  g = attentionBackward(qkv, probabilities, masks.attention, g);
  g = linearBackward(norm1.out, g, params, place.inProj, grad);
  return sum(middleGrad, layerNormBackward(norm1, g, params, place.norm1, grad));
}

/** Row and column embedding of a slot: offsets in the weights. */
function embeddings(places: TransformerPlaces, slot: number): [row: number, col: number] {
  const { nCols } = TRANSFORMER;
  return [places.rowEmbed + Math.floor(slot / nCols) * width, places.colEmbed + (slot % nCols) * width];
}

function waveformOf(batch: NetworkBatch, spike: number): Float64Array {
  const size = N_SLOTS * N_SAMPLES;
  return Float64Array.from({ length: size }, (_, i) => batch.waveforms[spike * size + i]);
}

function forwardSpike(batch: NetworkBatch, places: TransformerPlaces, pass: NetworkPass, spike: number): SpikeTrace {
  const { weights, statistics, centroids } = batch;
  let x: Float64Array = linear(waveformOf(batch, spike), weights, places.tokenProj);
  for (let slot = 0; slot < N_SLOTS; slot++) {
    const [row, col] = embeddings(places, slot);
    for (let k = 0; k < width; k++) x[slot * width + k] += weights[row + k] + weights[col + k];
  }
  const layers = places.layers.map((place, l) => {
    const { out, trace } = encode(x, weights, place, layerMasks(pass, pass.firstRow + spike, l));
    x = out;
    return trace;
  });
  const centroid = Float64Array.of(
    (centroids[2 * spike] - statistics[0]) / statistics[2],
    (centroids[2 * spike + 1] - statistics[1]) / statistics[3],
  );
  const centroidBent = linear(centroid, weights, places.centroid[0]);
  const centroidHidden = centroidBent.map(gelu);
  const joined = new Float64Array(width + centroidWidth);
  for (let i = 0; i < tokenCount; i++) joined[i % width] += x[i] / N_SLOTS;
  joined.set(linear(centroidHidden, weights, places.centroid[1]), width);
  const bent0 = linear(joined, weights, places.head[0]);
  const hidden0 = bent0.map(gelu);
  const bent1 = linear(hidden0, weights, places.head[1]);
  const hidden1 = bent1.map(gelu);
  const out = linear(hidden1, weights, places.head[2]);
  return { layers, centroid, centroidBent, centroidHidden, joined, bent0, hidden0, bent1, hidden1, out };
}

/** Adds the gradient of one spike to `grad`. outGrad: [nOut]. */
function backwardSpike(
  batch: NetworkBatch,
  places: TransformerPlaces,
  pass: NetworkPass,
  spike: number,
  outGrad: Float64Array,
  grad: Float64Array,
): void {
  const { weights } = batch;
  const trace = forwardSpike(batch, places, pass, spike);
  let g: Float64Array = linearBackward(trace.hidden1, outGrad, weights, places.head[2], grad);
  g = linearBackward(trace.hidden0, bentBack(g, trace.bent1), weights, places.head[1], grad);
  const joinedGrad = linearBackward(trace.joined, bentBack(g, trace.bent0), weights, places.head[0], grad);
  g = linearBackward(trace.centroidHidden, joinedGrad.slice(width), weights, places.centroid[1], grad);
  linearBackward(trace.centroid, bentBack(g, trace.centroidBent), weights, places.centroid[0], grad);
  let xGrad: Float64Array = Float64Array.from({ length: tokenCount }, (_, i) => joinedGrad[i % width] / N_SLOTS);
  for (let l = places.layers.length - 1; l >= 0; l--) {
    const masks = layerMasks(pass, pass.firstRow + spike, l);
    xGrad = encodeBackward(xGrad, trace.layers[l], weights, places.layers[l], masks, grad);
  }
  for (let slot = 0; slot < N_SLOTS; slot++) {
    const [row, col] = embeddings(places, slot);
    for (let k = 0; k < width; k++) {
      grad[row + k] += xGrad[slot * width + k];
      grad[col + k] += xGrad[slot * width + k];
    }
  }
  linearBackward(waveformOf(batch, spike), xGrad, weights, places.tokenProj, grad);
}

export const transformer: NetworkOracle = {
  output(batch, { nOut }, pass) {
    const places = transformerPlaces(nOut);
    const nSpikes = batch.centroids.length / 2;
    const out = new Float64Array(nSpikes * nOut);
    for (let i = 0; i < nSpikes; i++) out.set(forwardSpike(batch, places, pass, i).out, i * nOut);
    return { out, statistics: Float64Array.from(batch.statistics) };
  },
  /** Each spike goes forward twice, so that only one is held. */
  gradient(batch, target, spec, pass, loss) {
    const places = transformerPlaces(spec.nOut);
    const found = transformer.output(batch, spec, pass);
    const { loss: value, outGrad } = outputLoss(found.out, target, spec.nOut, loss);
    const weightGrad = new Float64Array(batch.weights.length);
    for (let i = 0; i < batch.centroids.length / 2; i++) {
      const own = outGrad.slice(i * spec.nOut, (i + 1) * spec.nOut);
      backwardSpike(batch, places, pass, i, own, weightGrad);
    }
    return { ...found, loss: value, weightGrad };
  },
};
