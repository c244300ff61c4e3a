import { type NetworkSpec, networkLayout, type TensorPlace } from "../../src/core/network/layout.ts";
import { fixtureBytes, fixtureFloats, fixtureJson } from "../fixture.ts";

const root = "../shared/golden/sln/networks";

/** Tensors of a safetensors file by name, float32 ones; independent of the product's reader. */
export async function tensorsOf(path: string, folder = root): Promise<Map<string, Float32Array>> {
  const bytes = await fixtureBytes(path, folder);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  const tensors = new Map<string, Float32Array>();
  for (const [name, { dtype, data_offsets: range }] of Object.entries<{ dtype: string; data_offsets: number[] }>(
    header,
  )) {
    if (dtype !== "F32") continue;
    const [from, to] = range.map((offset) => 8 + headerLength + offset);
    tensors.set(name, new Float32Array(Uint8Array.from(bytes.subarray(from, to)).buffer));
  }
  return tensors;
}

function flat(places: readonly TensorPlace[], length: number, tensors: Map<string, Float32Array>): Float32Array {
  const values = new Float32Array(length);
  for (const { name, offset } of places) {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the file has no ${name}`);
    values.set(tensor, offset);
  }
  return values;
}

/** Weights and statistics of a reference network as flat vectors. */
export async function goldenWeights(spec: NetworkSpec): Promise<{ weights: Float32Array; statistics: Float32Array }> {
  const layout = networkLayout(spec);
  const tensors = await tensorsOf(`${spec.kind}/weights.safetensors`);
  return {
    weights: flat(layout.weights, layout.nWeights, tensors),
    statistics: flat(layout.statistics, layout.nStatistics, tensors),
  };
}

/** The 32 spikes all reference networks were run on. */
export async function goldenSpikes() {
  return {
    waveforms: await fixtureFloats("input/waveforms.npy", root),
    centroids: await fixtureFloats("input/centroids_um.npy", root),
    target: await fixtureFloats("input/targets_um.npy", root),
  };
}

interface Summary {
  sum: number;
  l2: number;
  first8: number[];
}

export interface NetworkSummary {
  loss_f64: { train_huber: number; train_mse: number; eval_huber: number; eval_mse: number };
  grad_l2_all_f64: number;
  grad_f64: Record<string, Summary>;
}

export const goldenSummary = (kind: string) => fixtureJson<NetworkSummary>(`${kind}/summary.json`, root);
export const goldenTable = (path: string) => fixtureFloats(path, root);

const l2 = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((s, v) => s + v * v, 0));

/** Largest differences of a gradient from its summaries, each in the unit that the tolerances are stated in. */
export function summaryDifferences(
  grad: Float64Array,
  places: readonly TensorPlace[],
  expected: Record<string, Summary>,
  isLeftOut: (name: string, index: number) => boolean,
) {
  const worst = { l2: 0, sum: 0, first8: 0 };
  for (const { name, shape, offset } of places) {
    const n = shape.reduce((product, d) => product * d, 1);
    const own = grad.slice(offset, offset + n);
    const norm = expected[name].l2;
    const total = own.reduce((s, v) => s + v, 0);
    worst.l2 = Math.max(worst.l2, Math.abs(l2(own) - norm) / norm);
    worst.sum = Math.max(worst.sum, Math.abs(total - expected[name].sum) / (norm * Math.sqrt(n)));
    expected[name].first8.forEach((value, i) => {
      if (!isLeftOut(name, i)) worst.first8 = Math.max(worst.first8, (Math.abs(own[i] - value) * Math.sqrt(n)) / norm);
    });
  }
  return { ...worst, whole: l2(grad) };
}
