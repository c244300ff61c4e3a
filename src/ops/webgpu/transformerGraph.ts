import { getKernel, type KernelBackend, type TensorInfo } from "@tensorflow/tfjs-core";
import { TRANSFORMER } from "../../core/network/layout.ts";
import type { EncoderPlace, LinearPlace } from "../../core/network/transformerPlaces.ts";
import type { GradientAttrs, NetworkMachine, OutputAttrs } from "../network.ts";
import { outputLoss } from "./outputLoss.ts";
import type { WebgpuBackend } from "./program.ts";
import { dropoutPlace, ENDING, READING, type Rows, TransformerCall } from "./transformerCall.ts";

/**
 * The transformer as dispatches: 35 forwards, 59 more for loss and gradient. LayerNorm, GELU and dropout happen as a product
 * reads its input or stores its result, so that only what goes into them is kept, about 0.2 MB per spike
 * (`transformerBytesPerSpike`).
 */
const { width, centroid: centroidWidth } = TRANSFORMER;

interface LayerTrace {
  x: TensorInfo;
  moments1: TensorInfo;
  qkv: TensorInfo;
  probabilities: TensorInfo;
  context: TensorInfo;
  middle: TensorInfo;
  moments2: TensorInfo;
  /** into GELU, [10 N, 256] */
  before: TensorInfo;
}

interface Trace {
  layers: LayerTrace[];
  scored: TensorInfo;
  centroidBefore: TensorInfo;
  joined: TensorInfo;
  /** into the GELUs of the head */
  head: [TensorInfo, TensorInfo];
  out: TensorInfo;
}

type Inputs = Record<string, TensorInfo>;

/** Rows that pass a GELU as they are read. */
const bent = (tensor: TensorInfo, place?: number): Rows => ({ tensor, reading: READING.bent, place });
const besideTokens = (tensor: TensorInfo): Rows => ({ tensor, at: width, stride: width + centroidWidth });

function encode(call: TransformerCall, place: EncoderPlace, layer: number, x: TensorInfo) {
  const { nTokens } = call;
  const bias = { kind: ENDING.bias };
  const moments1 = call.moments(x);
  const normalised1 = { tensor: x, reading: READING.normalised, moments: moments1, norm: place.norm1 };
  const qkv = call.product(place.inProj, nTokens, normalised1, bias);
  const { probabilities, context } = call.attention(qkv, dropoutPlace(layer, 0));
  const branch1 = { kind: ENDING.residual, other: x, place: dropoutPlace(layer, 1) };
  const middle = call.product(place.outProj, nTokens, { tensor: context }, branch1);
  const moments2 = call.moments(middle);
  const normalised2 = { tensor: middle, reading: READING.normalised, moments: moments2, norm: place.norm2 };
  const before = call.product(place.linear1, nTokens, normalised2, bias);
  const branch2 = { kind: ENDING.residual, other: middle, place: dropoutPlace(layer, 3) };
  const out = call.product(place.linear2, nTokens, bent(before, dropoutPlace(layer, 2)), branch2);
  return { out, trace: { x, moments1, qkv, probabilities, context, middle, moments2, before } };
}

const releaseLayer = (call: TransformerCall, trace: LayerTrace) => call.free(...Object.values({ ...trace }));

/** With `keep` the traces of the layers stay, else each is freed when it is done. */
function forward(call: TransformerCall, { waveforms, centroids, statistics }: Inputs, keep: boolean): Trace {
  const { places, nTokens, nSpikes } = call;
  const bias = { kind: ENDING.bias };
  let x = call.product(places.tokenProj, nTokens, { tensor: waveforms }, { kind: ENDING.embeddings });
  const layers: LayerTrace[] = [];
  for (const [l, place] of places.layers.entries()) {
    const { out, trace } = encode(call, place, l, x);
    if (keep) layers.push(trace);
    else releaseLayer(call, trace);
    x = out;
  }
  const { joined, scored } = call.pool(x, centroids, statistics);
  call.free(x);
  const centroidBefore = call.product(places.centroid[0], nSpikes, { tensor: scored }, bias);
  const beside = { ...bias, into: besideTokens(joined) };
  call.product(places.centroid[1], nSpikes, bent(centroidBefore), beside);
  const before0 = call.product(places.head[0], nSpikes, { tensor: joined }, bias);
  const before1 = call.product(places.head[1], nSpikes, bent(before0), bias);
  const out = call.product(places.head[2], nSpikes, bent(before1), bias);
  return { layers, scored, centroidBefore, joined, head: [before0, before1], out };
}

/** Frees everything of a trace but the output. */
function release(call: TransformerCall, { layers, scored, centroidBefore, joined, head }: Trace): void {
  for (const trace of layers) releaseLayer(call, trace);
  call.free(scored, centroidBefore, joined, ...head);
}

/** Gradient of the last layer's tokens from that of the output. */
function readOutGradient(call: TransformerCall, trace: Trace, outGrad: TensorInfo, partials: TensorInfo): TensorInfo {
  const { places, nSpikes } = call;
  const [before0, before1] = trace.head;
  /** One layer back: its weights' gradient, then its input's, through the GELU that made it where there is one. */
  const back = (place: LinearPlace, x: Rows, grad: Rows, before?: TensorInfo): TensorInfo => {
    call.weightGradient(place, nSpikes, x, grad, partials);
    const ending = before ? { kind: ENDING.slope, other: before } : { kind: ENDING.nothing };
    return call.product(place, nSpikes, grad, ending, true);
  };
  const grad1 = back(places.head[2], bent(before1), { tensor: outGrad }, before1);
  const grad0 = back(places.head[1], bent(before0), { tensor: grad1 }, before0);
  const joinedGrad = back(places.head[0], { tensor: trace.joined }, { tensor: grad0 });
  const { centroidBefore, scored } = trace;
  const centroidGrad = back(places.centroid[1], bent(centroidBefore), besideTokens(joinedGrad), centroidBefore);
  call.weightGradient(places.centroid[0], nSpikes, { tensor: scored }, { tensor: centroidGrad }, partials);
  const grad = call.spread(joinedGrad);
  call.free(grad1, grad0, joinedGrad, centroidGrad);
  return grad;
}

/** `grad` goes from the gradient of the layer's output to that of its input. */
function encodeGradient(
  call: TransformerCall,
  place: EncoderPlace,
  layer: number,
  trace: LayerTrace,
  grad: TensorInfo,
  partials: TensorInfo,
): void {
  const { nTokens } = call;
  const { x, moments1, qkv, probabilities, context, middle, moments2, before } = trace;
  const masked = (part: number): Rows => ({ tensor: grad, reading: READING.masked, place: dropoutPlace(layer, part) });
  const nothing = { kind: ENDING.nothing };
  const hiddenPlace = dropoutPlace(layer, 2);
  call.weightGradient(place.linear2, nTokens, bent(before, hiddenPlace), masked(3), partials);
  const slope = { kind: ENDING.slope, other: before, place: hiddenPlace };
  const hiddenGrad = call.product(place.linear2, nTokens, masked(3), slope, true);
  const normalised2 = { tensor: middle, reading: READING.normalised, moments: moments2 };
  call.weightGradient(place.linear1, nTokens, normalised2, { tensor: hiddenGrad }, partials);
  const normGrad2 = call.product(place.linear1, nTokens, { tensor: hiddenGrad }, nothing, true);
  call.normGradient(place.norm2, normGrad2, middle, moments2, grad);
  call.free(hiddenGrad, normGrad2);
  call.weightGradient(place.outProj, nTokens, { tensor: context }, masked(1), partials);
  const contextGrad = call.product(place.outProj, nTokens, masked(1), nothing, true);
  const qkvGrad = call.attentionGradient(contextGrad, qkv, probabilities, dropoutPlace(layer, 0));
  const normalised1 = { tensor: x, reading: READING.normalised, moments: moments1 };
  call.weightGradient(place.inProj, nTokens, normalised1, { tensor: qkvGrad }, partials);
  const normGrad1 = call.product(place.inProj, nTokens, { tensor: qkvGrad }, nothing, true);
  call.normGradient(place.norm1, normGrad1, x, moments1, grad);
  call.free(contextGrad, qkvGrad, normGrad1);
}

/** Gradient [P] of all weights from that of the output. */
function backward(call: TransformerCall, trace: Trace, { waveforms }: Inputs, outGrad: TensorInfo): TensorInfo {
  const { places, nTokens } = call;
  const partials = call.partials();
  const grad = readOutGradient(call, trace, outGrad, partials);
  for (let l = places.layers.length - 1; l >= 0; l--) {
    encodeGradient(call, places.layers[l], l, trace.layers[l], grad, partials);
  }
  const { nRows, nCols } = TRANSFORMER;
  call.weightGradient(places.tokenProj, nTokens, { tensor: waveforms }, { tensor: grad }, partials, nRows + nCols);
  call.free(grad);
  return call.gatherGradient(partials);
}

/** The statistics after the batch: the same ones. */
function sameStatistics(backend: WebgpuBackend, { statistics }: Inputs): TensorInfo {
  const { kernelFunc } = getKernel("Identity", "webgpu");
  const same = kernelFunc({ inputs: { x: statistics }, backend: backend as unknown as KernelBackend, attrs: {} });
  return same as TensorInfo;
}

export const transformerGraph: NonNullable<NetworkMachine["webgpu"]> = {
  output(backend: WebgpuBackend, inputs: Inputs, { spec, pass }: OutputAttrs): TensorInfo[] {
    const call = new TransformerCall(backend, inputs, spec, pass);
    const trace = forward(call, inputs, false);
    release(call, trace);
    call.end();
    return [trace.out, sameStatistics(backend, inputs)];
  },

  gradient(backend: WebgpuBackend, inputs: Inputs, { spec, pass, loss }: GradientAttrs): TensorInfo[] {
    const call = new TransformerCall(backend, inputs, spec, pass);
    const trace = forward(call, inputs, true);
    const { loss: value, outGrad, isOwn } = outputLoss(backend, trace.out, inputs.target, loss);
    const weightGrad = backward(call, trace, inputs, outGrad);
    if (isOwn) call.free(outGrad);
    release(call, trace);
    call.end();
    return [trace.out, sameStatistics(backend, inputs), value, weightGrad];
  },
};
