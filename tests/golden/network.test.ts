import { beforeAll, describe, it } from "vitest";
import type { NetworkSpec } from "../../src/core/network/layout.ts";
import { evaluation, type NetworkLoss } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureJson } from "../fixture.ts";
import { networkCases } from "./networkCases.ts";
import { float64, hold, largest, largestDifference } from "./report.ts";
import { checkpoint, golden, operation, oracle, stored, tensorOf } from "./slnNetworks.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("networks in plain loops", () => networkCases(oracle));
describe("networks on SIMD threads", () => networkCases(operation));

/** A trained network on 600 spikes, held against the gradient of the joint loss; on the backends: jointCases.ts. */
describe("the CNN of the joint block in plain loops", () => {
  const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
  it.each([
    ["train", { ...evaluation, batchStatistics: true }],
    ["eval", evaluation],
  ] as const)("%s", async (mode, pass) => {
    const { waveform_scale: scale } = await fixtureJson<{ waveform_scale: number }>("joint/meta.json", golden);
    const counts = await stored("joint/waveforms_counts");
    const waveforms = Float32Array.from(counts, (v) => Math.fround(v) / Math.fround(scale));
    const xyGrad = await stored(`joint/${mode}_dL_dxy`);
    const target = Float64Array.from({ length: 1800 }, (_, i) =>
      i % 3 < 2 ? xyGrad[2 * Math.floor(i / 3) + (i % 3)] : 0,
    );
    const start = await checkpoint("joint/cnn_start.safetensors", spec);
    const given: NetworkLoss = { kind: "given", beta: 5, scale: [1, 1, 1], count: 600 };
    const batch = { ...start, waveforms, centroids: new Float32Array(1200) };
    const found = await oracle.gradient(batch, target, spec, pass, given);
    hold(`joint, ${mode}: output (µm)`, largestDifference(found.out, await stored(`joint/${mode}_out`)), 1e-9, float64);
    for (const name of ["features.0.weight", "head.7.weight", "head.7.bias"]) {
      const full = await stored(`joint/${mode}_grad_${name}`);
      const off = largestDifference(tensorOf(found.weightGrad, spec, name), full) / largest(full);
      hold(`joint, ${mode}: gradients in full`, off, 1e-7, float64);
    }
  });
});
