import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import {
  N_SAMPLES,
  N_SLOTS,
  type NetworkKind,
  type NetworkSpec,
  networkLayout,
  placeOf,
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
import { fixtureBytes, fixtureFloats, fixtureJson, fixtureNpy } from "../fixture.ts";
import { float64, hold, l2Norm, largestDifference } from "./report.ts";

/** PyTorch's numbers for both networks, and two ways to get ours: the oracle, and the operation on the current backend. */
export const golden = "../shared/golden/sln";

/** Float32 tensors of a safetensors file by name, independent of the product's own reader. */
async function safetensors(path: string): Promise<Map<string, Float32Array>> {
  const bytes = await fixtureBytes(path, golden);
  const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = new Map<string, Float32Array>();
  for (const [name, place] of Object.entries<{ dtype: string; data_offsets: number[] }>(header)) {
    if (place.dtype !== "F32") continue;
    const [from, to] = place.data_offsets.map((offset) => start + offset);
    tensors.set(name, new Float32Array(Uint8Array.from(bytes.subarray(from, to)).buffer));
  }
  return tensors;
}

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
  const tensors = await safetensors(path);
  const layout = networkLayout(spec);
  const flat = (places: readonly TensorPlace[], n: number) => {
    const vector = new Float32Array(n);
    for (const { name, offset } of places) vector.set(replaced[name] ?? tensors.get(name)!, offset);
    return vector;
  };
  return {
    weights: flat(layout.weights, layout.nWeights),
    statistics: flat(layout.statistics, layout.nStatistics),
  };
}

export const goldenWeights = (kind: NetworkKind) =>
  checkpoint(`networks/${kind}/weights.safetensors`, { kind, nOut: 3 });

export const stored = async (path: string) => Float64Array.from((await fixtureNpy(`${path}.npy`, golden)).values);

/** The 32 spikes that all reference networks were run on. */
export async function goldenSpikes() {
  const read = (name: string) => fixtureFloats(`networks/input/${name}.npy`, golden);
  return {
    waveforms: await read("waveforms"),
    centroids: await read("centroids_um"),
    target: await read("targets_um"),
  };
}

export interface Summary {
  sum: number;
  l2: number;
  first8: number[];
}

/** Settings, and what ten steps under them gave. */
export interface Run {
  max_norm: number | null;
  weight_decay: number;
  losses_f64: number[];
  grad_norms_f64: number[];
  parameters_after_10_f64?: Record<string, Summary>;
  eval_output_after_10_first4_f64?: number[][];
}

export interface NetworkSummary {
  loss_f64: { train_huber: number; train_mse: number; eval_huber: number; eval_mse: number };
  grad_l2_all_f64: number;
  grad_f64: Record<string, Summary>;
  bn_after_one_train_forward_f64?: Record<string, number[]>;
  adamw_runs: Record<string, Run>;
}

export const goldenSummary = (kind: NetworkKind) =>
  fixtureJson<NetworkSummary>(`networks/${kind}/summary.json`, golden);

/** Entries of one tensor of a flat vector. */
export function tensorOf<T extends Float32Array | Float64Array>(flat: T, spec: NetworkSpec, name: string): T {
  const { offset, shape } = placeOf(networkLayout(spec).weights, name);
  return flat.subarray(offset, offset + shape.reduce((n, d) => n * d, 1)) as T;
}

/** In train mode a convolution's bias has a gradient of exactly 0, of which float32 leaves noise. */
export const isConvolutionBias = (name: string) => /^features\.[048]\.bias$/.test(name);

export interface SummaryLimits {
  /** of the tensor's own l2 */
  l2: number;
  /** of l2·√n */
  sum: number;
  /** of l2/√n */
  first8: number;
}

/** Hold a flat vector to the summaries of its tensors; `isLeftOut` are tensors that nothing can be said of. */
export function holdSummaries(
  quantity: string,
  flat: Float64Array,
  spec: NetworkSpec,
  expected: Record<string, Summary>,
  limits: SummaryLimits,
  isLeftOut: (name: string) => boolean,
  machine?: string,
): void {
  for (const { name } of networkLayout(spec).weights) {
    if (isLeftOut(name)) continue;
    const own = tensorOf(flat, spec, name);
    const { sum, l2, first8 } = expected[name];
    if (l2 === 0) continue;
    const root = Math.sqrt(own.length);
    const total = own.reduce((s, v) => s + v, 0);
    hold(`${quantity}: l2`, Math.abs(l2Norm(own) / l2 - 1), limits.l2, machine);
    hold(`${quantity}: sum`, Math.abs(total - sum) / (l2 * root), limits.sum, machine);
    const first = largestDifference(own.subarray(0, first8.length), first8);
    hold(`${quantity}: first entries`, (first * root) / l2, limits.first8, machine);
  }
}

/** One way to compute a network. */
export interface Machine {
  /** of the table; undefined: the current backend's */
  name?: string;
  output(batch: NetworkBatch, spec: NetworkSpec, pass: NetworkPass): Promise<NetworkOutput>;
  gradient(
    batch: NetworkBatch,
    target: ArrayLike<number>,
    spec: NetworkSpec,
    pass: NetworkPass,
    loss: NetworkLoss,
  ): Promise<NetworkGradient>;
}

export const oracle: Machine = {
  name: float64,
  output: async (batch, spec, pass) => networks[spec.kind].output(batch, spec, pass),
  gradient: async (batch, target, spec, pass, loss) => networks[spec.kind].gradient(batch, target, spec, pass, loss),
};

function tensors({ weights, statistics, waveforms, centroids }: NetworkBatch) {
  const n = waveforms.length / (N_SLOTS * N_SAMPLES);
  return {
    weights: tensor1d(Float32Array.from(weights)),
    statistics: tensor1d(Float32Array.from(statistics)),
    waveforms: tensor3d(Float32Array.from(waveforms), [n, N_SLOTS, N_SAMPLES]),
    centroids: tensor2d(Float32Array.from(centroids), [n, 2]),
  };
}

export const operation: Machine = {
  async output(batch, spec, pass) {
    const { out, statistics } = networkOutput(tensors(batch), spec, pass);
    return { out: Float64Array.from(await out.data()), statistics: Float64Array.from(await statistics.data()) };
  },
  async gradient(batch, target, spec, pass, loss) {
    const wanted = tensor2d(Float32Array.from(target), [target.length / spec.nOut, spec.nOut]);
    const found = networkGradient(tensors(batch), wanted, spec, pass, loss);
    return {
      out: Float64Array.from(await found.out.data()),
      statistics: Float64Array.from(await found.statistics.data()),
      loss: (await found.loss.data())[0],
      weightGrad: Float64Array.from(await found.weightGrad.data()),
    };
  },
};
