import { tensor, tensor1d } from "@tensorflow/tfjs-core";
import {
  N_SAMPLES,
  N_SLOTS,
  type NetworkSpec,
  networkLayout,
  type TensorPlace,
} from "../../src/core/network/layout.ts";
import { networks } from "../../src/core/network/network.ts";
import type {
  NetworkBatch,
  NetworkGradient,
  NetworkLoss,
  NetworkOutput,
  NetworkPass,
} from "../../src/core/network/types.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { tensorsOf } from "./networkGolden.ts";

/** PyTorch's numbers for both networks, and two ways to get ours: the oracle, and the operation on the current backend. */
export const golden = "../shared/golden/sln";

export interface Checkpoint {
  weights: Float32Array;
  statistics: Float32Array;
}

/** A checkpoint as flat vectors; `replaced` are tensors to take instead of the file's. */
export async function checkpoint(
  path: string,
  spec: NetworkSpec,
  replaced: Record<string, Float32Array> = {},
): Promise<Checkpoint> {
  const tensors = await tensorsOf(path, golden);
  const layout = networkLayout(spec);
  const flat = (places: readonly TensorPlace[], n: number) => {
    const vector = new Float32Array(n);
    for (const { name, offset } of places) vector.set(replaced[name] ?? tensors.get(name)!, offset);
    return vector;
  };
  return { weights: flat(layout.weights, layout.nWeights), statistics: flat(layout.statistics, layout.nStatistics) };
}

/** One way to compute a network. */
export interface Machine {
  name: string;
  output(batch: NetworkBatch, spec: NetworkSpec, pass: NetworkPass): NetworkOutput;
  gradient(
    batch: NetworkBatch,
    target: ArrayLike<number>,
    spec: NetworkSpec,
    pass: NetworkPass,
    loss: NetworkLoss,
  ): NetworkGradient;
}

function tensors({ weights, statistics, waveforms, centroids }: NetworkBatch) {
  const n = waveforms.length / (N_SLOTS * N_SAMPLES);
  return {
    weights: tensor1d(Float32Array.from(weights)),
    statistics: tensor1d(Float32Array.from(statistics)),
    waveforms: tensor(Float32Array.from(waveforms), [n, N_SLOTS, N_SAMPLES]) as never,
    centroids: tensor(Float32Array.from(centroids), [n, 2]) as never,
  };
}

export const oracle: Machine = {
  name: "oracle",
  output: (batch, spec, pass) => networks[spec.kind].output(batch, spec, pass),
  gradient: (batch, target, spec, pass, loss) => networks[spec.kind].gradient(batch, target, spec, pass, loss),
};

const numbers = (values: Float32Array | Int32Array | Uint8Array) => Float64Array.from(values);

export const operation: Machine = {
  name: "operation",
  output(batch, spec, pass) {
    const { out, statistics } = networkOutput(tensors(batch), spec, pass);
    return { out: numbers(out.dataSync()), statistics: numbers(statistics.dataSync()) };
  },
  gradient(batch, target, spec, pass, loss) {
    const wanted = tensor(Float32Array.from(target), [target.length / spec.nOut, spec.nOut]) as never;
    const found = networkGradient(tensors(batch), wanted, spec, pass, loss);
    return {
      out: numbers(found.out.dataSync()),
      statistics: numbers(found.statistics.dataSync()),
      loss: found.loss.dataSync()[0],
      weightGrad: numbers(found.weightGrad.dataSync()),
    };
  },
};
