import type { Tensor1D, Tensor2D, Tensor3D, TensorInfo } from "@tensorflow/tfjs-core";
import type { NetworkKind, NetworkSpec } from "../core/network/layout.ts";
import { networks } from "../core/network/network.ts";
import type { NetworkLoss, NetworkPass } from "../core/network/types.ts";
import { type Arrays, defineOp, type HostOutput } from "./defineOp.ts";
import { cnnTiles } from "./simd/cnnTiles.ts";
import type { SimdPool } from "./simd/pool.ts";
import { transformerTiles } from "./simd/transformerTiles.ts";
import { cnnGraph } from "./webgpu/cnnGraph.ts";
import type { WebgpuBackend } from "./webgpu/program.ts";
import { transformerGraph } from "./webgpu/transformerGraph.ts";

export interface OutputAttrs {
  spec: NetworkSpec;
  pass: NetworkPass;
}

export interface GradientAttrs extends OutputAttrs {
  loss: NetworkLoss;
}

/** One network on the SIMD pool and on the GPU. Inputs by name as in `NetworkTensors`; outputs as of the ops below. */
export interface NetworkMachine {
  simd: {
    output(pool: SimdPool, inputs: Arrays, attrs: OutputAttrs): HostOutput[];
    gradient(pool: SimdPool, inputs: Arrays, attrs: GradientAttrs): HostOutput[];
  };
  webgpu: {
    output(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, attrs: OutputAttrs): TensorInfo[];
    gradient(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, attrs: GradientAttrs): TensorInfo[];
  };
}

const machines: Record<NetworkKind, NetworkMachine> = {
  cnn: { simd: cnnTiles, webgpu: cnnGraph },
  transformer: { simd: transformerTiles, webgpu: transformerGraph },
};

const batchOf = ({ weights, statistics, waveforms, centroids }: Arrays) => ({
  weights,
  statistics,
  waveforms,
  centroids,
});

const outputOnHost = (inputs: Arrays, { spec, pass }: OutputAttrs): HostOutput[] => {
  const { out, statistics } = networks[spec.kind].output(batchOf(inputs), spec, pass);
  return [
    { shape: [out.length / spec.nOut, spec.nOut], values: out },
    { shape: [statistics.length], values: statistics },
  ];
};

const gradientOnHost = (inputs: Arrays, { spec, pass, loss }: GradientAttrs): HostOutput[] => {
  const found = networks[spec.kind].gradient(batchOf(inputs), inputs.target, spec, pass, loss);
  return [
    { shape: [found.out.length / spec.nOut, spec.nOut], values: found.out },
    { shape: [found.statistics.length], values: found.statistics },
    { shape: [1], values: [found.loss] },
    { shape: [found.weightGrad.length], values: found.weightGrad },
  ];
};

const outputOp = defineOp<OutputAttrs>({
  name: "NetworkOutput",
  host: outputOnHost,
  simd: (pool, inputs, attrs) => machines[attrs.spec.kind].simd.output(pool, inputs, attrs),
  webgpu: (backend, inputs, attrs) => machines[attrs.spec.kind].webgpu.output(backend, inputs, attrs),
});

const gradientOp = defineOp<GradientAttrs>({
  name: "NetworkGradient",
  host: gradientOnHost,
  simd: (pool, inputs, attrs) => machines[attrs.spec.kind].simd.gradient(pool, inputs, attrs),
  webgpu: (backend, inputs, attrs) => machines[attrs.spec.kind].webgpu.gradient(backend, inputs, attrs),
});

/** A batch on the compute backend; shapes as in `NetworkBatch`. */
export interface NetworkTensors {
  weights: Tensor1D;
  statistics: Tensor1D;
  waveforms: Tensor3D;
  centroids: Tensor2D;
}

/** out [N, nOut] and the statistics [S] after the batch. The caller disposes both. */
export function networkOutput(
  batch: NetworkTensors,
  spec: NetworkSpec,
  pass: NetworkPass,
): { out: Tensor2D; statistics: Tensor1D } {
  const [out, statistics] = outputOp({ ...batch }, { spec, pass });
  return { out: out as Tensor2D, statistics: statistics as Tensor1D };
}

/**
 * A pass with its gradient, in one go: the backward pass wants the activations while they are at hand, so this operation is its
 * own gradient and stays off the tape. target: [N, nOut], see NetworkLoss. loss [1], weightGrad [P]. The caller disposes.
 */
export function networkGradient(
  batch: NetworkTensors,
  target: Tensor2D,
  spec: NetworkSpec,
  pass: NetworkPass,
  loss: NetworkLoss,
): { out: Tensor2D; statistics: Tensor1D; loss: Tensor1D; weightGrad: Tensor1D } {
  const [out, statistics, value, weightGrad] = gradientOp({ ...batch, target }, { spec, pass, loss });
  return {
    out: out as Tensor2D,
    statistics: statistics as Tensor1D,
    loss: value as Tensor1D,
    weightGrad: weightGrad as Tensor1D,
  };
}
