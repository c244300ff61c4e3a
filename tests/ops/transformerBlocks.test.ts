import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import type { NetworkPass } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkOutput } from "../../src/ops/network.ts";
import { transformerBatch, transformerSpec } from "../cases/transformerBatch.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it("goes on over blocks of waveforms: the last of 4100 spikes are as they are by themselves, masks included", async () => {
  const n = 4100;
  const { weights, statistics, waveforms, centroids } = transformerBatch(n, 3);
  const pass: NetworkPass = { batchStatistics: false, dropout: 0.1, seed: 9, firstRow: 0 };
  const outOf = (first: number) => {
    const batch = {
      weights: tensor1d(weights),
      statistics: tensor1d(statistics),
      waveforms: tensor3d(waveforms.subarray(900 * first), [n - first, 10, 90]),
      centroids: tensor2d(centroids.subarray(2 * first), [n - first, 2]),
    };
    return networkOutput(batch, transformerSpec, { ...pass, firstRow: first }).out.data();
  };
  const whole = await outOf(0);
  expect([...whole.subarray(3 * (n - 7))]).toEqual([...(await outOf(n - 7))]);
  expect(whole.every((v) => Number.isFinite(v))).toBe(true);
});
