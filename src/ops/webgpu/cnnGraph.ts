import type { TensorInfo } from "@tensorflow/tfjs-core";
import { CNN_BLOCKS } from "../../core/network/layout.ts";
import type { GradientAttrs, NetworkMachine, OutputAttrs } from "../network.ts";
import { CnnCall, convolution, ENDING, headLayers, type Layer } from "./cnnCall.ts";
import { outputLoss } from "./outputLoss.ts";
import type { WebgpuBackend } from "./program.ts";

/**
 * The convolutional network as dispatches: 15 forwards (12 with running statistics), 28 more for loss and backwards. A convolution and a
 * linear layer are the same tiled product; every activation that the backward pass reads stays, about 50 kB per spike, and as
 * much again passes through while it runs (`cnnBytesPerSpike`).
 */
interface BlockTrace {
  x: TensorInfo;
  z: TensorInfo;
  norm: TensorInfo;
}

/** Of a linear layer: its input, and what went into its GELU (nothing on the last). */
interface HeadTrace {
  layer: Layer & { place: number };
  x: TensorInfo;
  before: TensorInfo | null;
}

interface Trace {
  blocks: BlockTrace[];
  head: HeadTrace[];
  out: TensorInfo;
  statistics: TensorInfo;
}

type Inputs = Record<string, TensorInfo>;

function forward(call: CnnCall, { waveforms, statistics }: Inputs, nOut: number): Trace {
  const after = call.floats(statistics.shape[0]);
  let x = waveforms;
  const blocks = CNN_BLOCKS.map((block): BlockTrace => {
    const input = x;
    const z = call.product(convolution(block), input, false, ENDING.bias);
    const norm = call.normalisation(block, z, statistics, after);
    x = call.activation(block, z, norm);
    return { x: input, z, norm };
  });
  const head = headLayers(nOut).map((layer, l, { length }): HeadTrace => {
    const input = x;
    const before = l < length - 1 ? call.floats(call.n, layer.nOut) : null;
    x = before
      ? call.product(layer, input, false, ENDING.activation, { place: layer.place, before })
      : call.product(layer, input, false, ENDING.bias);
    return { layer, x: input, before };
  });
  x.shape = [call.n, nOut];
  return { blocks, head, out: x, statistics: after };
}

/** Frees everything of a trace but what is handed out. */
function release(call: CnnCall, { blocks, head }: Trace): void {
  for (const [b, { x, z, norm }] of blocks.entries()) call.free(...(b > 0 ? [x] : []), z, norm);
  for (const { x, before } of head) call.free(x, ...(before ? [before] : []));
}

/** Gradient [P] of all weights from that of the output. */
function backward(call: CnnCall, { blocks, head }: Trace, outGrad: TensorInfo): TensorInfo {
  const weightGrad = call.floats(call.layout.nWeights);
  let grad = outGrad;
  const replace = (next: TensorInfo) => {
    if (grad !== outGrad) call.free(grad);
    grad = next;
  };
  for (let l = head.length - 1; l >= 0; l--) {
    const { layer, x } = head[l];
    call.weightGradient(layer, x, grad, weightGrad);
    const below = head[l - 1];
    replace(
      below?.before
        ? call.product(layer, grad, true, ENDING.slope, { place: below.layer.place, before: below.before })
        : call.product(layer, grad, true, ENDING.nothing),
    );
  }
  for (let b = blocks.length - 1; b >= 0; b--) {
    const { x, z, norm } = blocks[b];
    replace(call.activationGradient(CNN_BLOCKS[b], grad, z, norm, weightGrad));
    const layer = convolution(CNN_BLOCKS[b]);
    call.weightGradient(layer, x, grad, weightGrad);
    if (b > 0) replace(call.product(layer, grad, true, ENDING.nothing));
  }
  call.free(grad);
  return weightGrad;
}

export const cnnGraph: NonNullable<NetworkMachine["webgpu"]> = {
  output(backend: WebgpuBackend, inputs: Inputs, { spec, pass }: OutputAttrs): TensorInfo[] {
    const call = new CnnCall(backend, inputs, spec, pass);
    const trace = forward(call, inputs, spec.nOut);
    release(call, trace);
    call.end();
    return [trace.out, trace.statistics];
  },

  gradient(backend: WebgpuBackend, inputs: Inputs, { spec, pass, loss }: GradientAttrs): TensorInfo[] {
    const call = new CnnCall(backend, inputs, spec, pass);
    const trace = forward(call, inputs, spec.nOut);
    const { loss: value, outGrad, isOwn } = outputLoss(backend, trace.out, inputs.target, loss);
    const weightGrad = backward(call, trace, outGrad);
    if (isOwn) call.free(outGrad);
    release(call, trace);
    call.end();
    return [trace.out, trace.statistics, value, weightGrad];
  },
};
