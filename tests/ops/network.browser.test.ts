import { memory, tensor1d, tensor2d, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamDefaults } from "../../src/core/adam.ts";
import { type NetworkSpec, networkLayout } from "../../src/core/network/layout.ts";
import { networks } from "../../src/core/network/network.ts";
import type { NetworkLoss, NetworkPass } from "../../src/core/network/types.ts";
import { type AdamSlot, adamStep } from "../../src/ops/adam.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { dispatchesOf } from "../cases/dispatches.ts";
import { networkFixture } from "../cases/networkFixture.ts";
import { relativeError } from "../cases/opCase.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
});

const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 7, firstRow: 20 };
const huber = (count: number): NetworkLoss => ({ kind: "huber", beta: 5, scale: [1, 1, 1], count });

function given(n: number, seed: number) {
  const { batch, target } = networkFixture(spec, n, seed);
  const tensors = {
    weights: tensor1d(batch.weights),
    statistics: tensor1d(batch.statistics),
    waveforms: tensor3d(batch.waveforms, [n, 10, 90]),
    centroids: tensor2d(batch.centroids, [n, 2]),
  };
  return { arrays: { batch, target }, batch: tensors, target: tensor2d(target, [n, spec.nOut]) };
}

describe("the CNN on webgpu", () => {
  it("has the oracle's gradient in every tensor, over several shares of a batch and with dropout", async () => {
    const n = 35; // three shares of the normalisation's sums, the last of 3 spikes
    const { arrays, batch, target } = given(n, 3);
    const found = await networkGradient(batch, target, spec, training, huber(n)).weightGrad.data();
    const expected = networks.cnn.gradient(arrays.batch, arrays.target, spec, training, huber(n)).weightGrad;
    for (const { name, offset, shape } of networkLayout(spec).weights) {
      const end = offset + shape.reduce((size, d) => size * d, 1);
      const own = found.subarray(offset, end);
      // a bias in front of the batch's own normalisation has no gradient: what comes out is rounding
      if (/features\.[048]\.bias/.test(name)) expect(Math.max(...own.map(Math.abs)), name).toBeLessThan(1e-7);
      else expect(relativeError(own, expected.subarray(offset, end)), name).toBeLessThan(1e-5);
    }
  });

  it("gives the same in a second call, after its inputs and results were read", async () => {
    const { arrays, batch, target } = given(5, 4);
    const results = async () => {
      const found = Object.values(networkGradient(batch, target, spec, training, huber(5)));
      return Promise.all(found.map(async (t) => [...(await t.data())]));
    };
    const first = await results();
    for (const t of Object.values(batch)) await t.data();
    expect(await results()).toEqual(first);
    // results of one call are inputs of the next
    const { statistics } = networkGradient(batch, target, spec, training, huber(5));
    const frozen = { ...training, batchStatistics: false, dropout: 0 };
    const { out } = networkOutput({ ...batch, statistics }, spec, frozen);
    const moved = { ...arrays.batch, statistics: first[1] };
    expect(relativeError(await out.data(), networks.cnn.output(moved, spec, frozen).out)).toBeLessThan(1e-5);
  });

  it("leaves the target whole when it is the gradient itself, and frees all but what it hands out", async () => {
    const { arrays, batch, target } = given(4, 5);
    const before = memory().numTensors;
    const found = networkGradient(batch, target, spec, training, { ...huber(4), kind: "given" });
    expect(memory().numTensors).toBe(before + 4);
    expect((await found.loss.data())[0]).toBe(0);
    expect([...(await target.data())]).toEqual([...arrays.target]);
    const allocated = () => (memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
    const held = () => (memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
    const [heldBefore, allocatedBefore] = [held(), allocated()];
    for (let i = 0; i < 3; i++) {
      const next = networkGradient(batch, target, spec, training, { ...huber(4), kind: "given" });
      await next.weightGrad.data();
      for (const t of Object.values(next)) t.dispose();
    }
    expect(held()).toBe(heldBefore);
    expect(allocated()).toBeLessThan(allocatedBefore + 20e6);
  });

  it("takes 46 dispatches for a step of training with AdamW, 12 to apply", async () => {
    const { batch, target } = given(2, 6);
    const slot: AdamSlot = { param: batch.weights, moments: zeros([2, batch.weights.size]) };
    const step = () => {
      const { weightGrad } = networkGradient(batch, target, spec, training, huber(2));
      return adamStep([slot], [weightGrad], 1, { ...adamDefaults, weightDecay: 1e-4 });
    };
    const apply = () =>
      networkOutput({ ...batch, weights: slot.param as typeof batch.weights }, spec, {
        ...training,
        batchStatistics: false,
        dropout: 0,
      }).out;
    expect(await dispatchesOf(() => step().data())).toBe(46);
    expect(await dispatchesOf(() => apply().data())).toBe(12);
  });
});
