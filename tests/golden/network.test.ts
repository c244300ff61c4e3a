import { beforeAll, describe, expect, it } from "vitest";
import { type NetworkSpec, networkLayout, placeOf } from "../../src/core/network/layout.ts";
import { evaluation, type NetworkBatch, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { largestDifference } from "../cases/networkFixture.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { type NetworkSummary, summaryDifferences } from "./networkGolden.ts";
import { type Checkpoint, checkpoint, golden, operation, oracle } from "./slnNetworks.ts";

const largest = (values: ArrayLike<number>) => largestDifference(values, new Float64Array(values.length));

/**
 * The CNN against PyTorch in float64: the oracle to rounding (what is stored as float32 to its rounding), the operation on
 * SIMD threads to the tolerances that come with the numbers. Dropout is off in all of them.
 */
interface CnnSummary extends NetworkSummary {
  bn_after_one_train_forward_f64: Record<string, number[]>;
}

const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
const training: NetworkPass = { ...evaluation, batchStatistics: true };
const lossOf = (kind: "huber" | "mse", count: number): NetworkLoss => ({ kind, beta: 5, scale: [1, 1, 1], count });

const machines = [
  { ...oracle, isExact: true },
  { ...operation, isExact: false },
];

async function stored(path: string): Promise<Float64Array> {
  return Float64Array.from((await fixtureNpy(path, golden)).values);
}

async function fourOutputs(): Promise<Checkpoint> {
  const last = await Promise.all(
    ["weight", "bias"].map(async (part) => [
      `head.7.${part}`,
      Float32Array.from(await stored(`networks/cnn4d/head.7.${part}.npy`)),
    ]),
  );
  const replaced = Object.fromEntries(last) as Record<string, Float32Array>;
  return checkpoint("networks/cnn/weights.safetensors", { kind: "cnn", nOut: 4 }, replaced);
}

/** In train mode a convolution's bias has a gradient of exactly 0, of which float32 leaves noise. */
const isConvolutionBias = (name: string) => /^features\.[048]\.bias$/.test(name);

/** Entries of one tensor. */
function part(flat: Float64Array, name: string): Float64Array {
  const { offset, shape } = placeOf(networkLayout(spec).weights, name);
  return flat.subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
}

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe.each(machines)("CNN of 32 spikes, $name", ({ output, gradient, isExact }) => {
  async function batch(): Promise<NetworkBatch> {
    const waveforms = await stored("networks/input/waveforms.npy");
    return {
      ...(await checkpoint("networks/cnn/weights.safetensors", spec)),
      waveforms,
      centroids: new Float64Array(64),
    };
  }

  it("output and losses in evaluation", async () => {
    const { loss_f64: losses } = await fixtureJson<CnnSummary>("networks/cnn/summary.json", golden);
    const target = await stored("networks/input/targets_um.npy");
    const input = await batch();
    const { out, statistics } = output(input, spec, evaluation);
    expect(largestDifference(out, await stored("networks/cnn/out_eval_f64.npy"))).toBeLessThan(isExact ? 1e-12 : 5e-7);
    expect([...statistics]).toEqual([...(input.statistics as Float32Array)]);
    for (const kind of ["huber", "mse"] as const) {
      const { loss } = gradient(input, target, spec, evaluation, lossOf(kind, 32));
      expect(Math.abs(loss / losses[`eval_${kind}`] - 1)).toBeLessThan(isExact ? 1e-12 : 1e-6);
    }
  });

  it("output, losses, running moments and gradients in training", async () => {
    const summary = await fixtureJson<CnnSummary>("networks/cnn/summary.json", golden);
    const target = await stored("networks/input/targets_um.npy");
    const input = await batch();
    const found = gradient(input, target, spec, training, lossOf("huber", 32));
    const expected = await stored("networks/cnn/out_train_nodropout_f64.npy");
    expect(largestDifference(found.out, expected)).toBeLessThan(isExact ? 1e-12 : 2e-6);
    expect(Math.abs(found.loss / summary.loss_f64.train_huber - 1)).toBeLessThan(isExact ? 1e-12 : 1e-6);
    const mse = gradient(input, target, spec, training, lossOf("mse", 32)).loss;
    expect(Math.abs(mse / summary.loss_f64.train_mse - 1)).toBeLessThan(isExact ? 1e-12 : 1e-6);
    for (const { name, offset, shape } of networkLayout(spec).statistics) {
      const own = found.statistics.subarray(offset, offset + shape[0]);
      const moments = summary.bn_after_one_train_forward_f64[name];
      expect(largestDifference(own, moments), name).toBeLessThan(isExact ? 1e-12 : 1e-6);
    }
    for (const name of ["features.0.weight", "head.7.weight", "head.7.bias"]) {
      const full = await stored(`networks/cnn/grad_${name}.npy`);
      const off = largestDifference(part(found.weightGrad, name), full);
      expect(off, name).toBeLessThan((isExact ? 1e-7 : 1e-5) * largest(full)); // stored as float32
    }
    const places = networkLayout(spec).weights.filter(({ name }) => !isConvolutionBias(name));
    const worst = summaryDifferences(found.weightGrad, places, summary.grad_f64, () => false);
    expect(worst.l2).toBeLessThan(isExact ? 1e-10 : 2e-5);
    expect(worst.sum).toBeLessThan(isExact ? 1e-10 : 2e-6);
    expect(worst.first8).toBeLessThan(isExact ? 1e-10 : 3e-5);
    expect(Math.abs(worst.whole / summary.grad_l2_all_f64 - 1)).toBeLessThan(isExact ? 1e-10 : 1e-6);
  });

  it("four outputs", async () => {
    const out = output({ ...(await batch()), ...(await fourOutputs()) }, { kind: "cnn", nOut: 4 }, evaluation).out;
    expect(largestDifference(out, await stored("networks/cnn4d/out_eval.npy"))).toBeLessThan(5e-7);
  });
});

/** A trained network on 600 spikes, held against the gradient of the joint loss. */
describe.each(machines)("CNN in the joint block, $name", ({ gradient, isExact }) => {
  it.each([
    ["train", training],
    ["eval", evaluation],
  ] as const)("%s", async (mode, pass) => {
    const { waveform_scale: scale } = await fixtureJson<{ waveform_scale: number }>("joint/meta.json", golden);
    const counts = (await fixtureNpy("joint/waveforms_counts.npy", golden)).values;
    const waveforms = Float32Array.from(counts, (v) => Math.fround(v) / Math.fround(scale));
    const xyGrad = await stored(`joint/${mode}_dL_dxy.npy`);
    const target = Float64Array.from({ length: 1800 }, (_, i) =>
      i % 3 < 2 ? xyGrad[2 * Math.floor(i / 3) + (i % 3)] : 0,
    );
    const start = await checkpoint("joint/cnn_start.safetensors", spec);
    const given: NetworkLoss = { kind: "given", beta: 5, scale: [1, 1, 1], count: 600 };
    const found = gradient({ ...start, waveforms, centroids: new Float32Array(1200) }, target, spec, pass, given);
    expect(largestDifference(found.out, await stored(`joint/${mode}_out.npy`))).toBeLessThan(isExact ? 1e-9 : 1e-3);
    for (const name of ["features.0.weight", "head.7.weight", "head.7.bias"]) {
      const full = await stored(`joint/${mode}_grad_${name}.npy`);
      const off = largestDifference(part(found.weightGrad, name), full);
      expect(off, name).toBeLessThan((isExact ? 1e-7 : 1e-4) * largest(full));
    }
  });
});
