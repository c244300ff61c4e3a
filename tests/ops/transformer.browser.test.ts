import { memory, tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { networkLayout } from "../../src/core/network/layout.ts";
import { transformer } from "../../src/core/network/transformer.ts";
import { evaluation, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { dispatchesOf } from "../cases/dispatches.ts";
import { relativeError } from "../cases/opCase.ts";
import { transformerBatch, transformerSpec } from "../cases/transformerBatch.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
});

const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 7, firstRow: 20 };
const given = (count: number): NetworkLoss => ({ kind: "given", beta: 5, scale: [1, 1, 1], count });

function batchOf(n: number) {
  const { target, ...arrays } = transformerBatch(n, 30 + n);
  const batch = {
    weights: tensor1d(arrays.weights),
    statistics: tensor1d(arrays.statistics),
    waveforms: tensor3d(arrays.waveforms, [n, 10, 90]),
    centroids: tensor2d(arrays.centroids, [n, 2]),
  };
  return { arrays, aims: target, batch, target: tensor2d(target, [n, 3]) };
}

describe("the transformer on webgpu", () => {
  it("has the oracle's gradient in every tensor, over several shares of the rows and with dropout", async () => {
    const { arrays, aims, batch, target } = batchOf(27); // 270 tokens: two shares
    const found = await networkGradient(batch, target, transformerSpec, training, given(27)).weightGrad.data();
    const expected = transformer.gradient(arrays, aims, transformerSpec, training, given(27)).weightGrad;
    for (const { name, offset, shape } of networkLayout(transformerSpec).weights) {
      const part = name.endsWith("in_proj_bias") ? [0, 128, 256, 384] : [0, shape.reduce((size, d) => size * d, 1)];
      for (let i = 1; i < part.length; i++) {
        const own = found.slice(offset + part[i - 1], offset + part[i]);
        // the bias of the keys moves all scores of a query alike: its gradient is nought, what comes out is rounding
        if (part.length > 2 && i === 2) expect(Math.max(...own.map(Math.abs)), name).toBeLessThan(1e-3);
        else
          expect(relativeError(own, expected.slice(offset + part[i - 1], offset + part[i])), name).toBeLessThan(2e-5);
      }
    }
  });

  it("gives the same in a second call, after its inputs and results were read", async () => {
    const { batch, target } = batchOf(2);
    const results = async () => {
      const found = Object.values(networkGradient(batch, target, transformerSpec, training, given(2)));
      return Promise.all(found.map(async (t) => [...(await t.data())]));
    };
    const first = await results();
    for (const t of Object.values(batch)) await t.data();
    expect(await results()).toEqual(first);
    // statistics of one call are those of the next, also when the first ones are gone
    const { statistics } = networkGradient(batch, target, transformerSpec, training, given(2));
    batch.statistics.dispose();
    const { out } = networkOutput({ ...batch, statistics }, transformerSpec, training);
    expect([...(await out.data())]).toEqual(first[0]);
  });

  it("leaves the target whole when it is the gradient itself, and frees all but what it hands out", async () => {
    const { aims, batch, target } = batchOf(3);
    const before = memory().numTensors;
    const found = networkGradient(batch, target, transformerSpec, training, given(3));
    expect(memory().numTensors).toBe(before + 4);
    expect((await found.loss.data())[0]).toBe(0);
    expect([...(await target.data())]).toEqual([...aims]);
    const allocated = () => (memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
    const held = () => (memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
    const [heldBefore, allocatedBefore] = [held(), allocated()];
    for (let i = 0; i < 3; i++) {
      const next = networkGradient(batch, target, transformerSpec, training, given(3));
      await next.weightGrad.data();
      for (const t of Object.values(next)) t.dispose();
      const { out, statistics } = networkOutput(batch, transformerSpec, evaluation);
      await out.data();
      for (const t of [out, statistics]) t.dispose();
    }
    expect(held()).toBe(heldBefore);
    expect(allocated()).toBeLessThan(allocatedBefore + 20e6);
  });

  it("takes 94 dispatches for a gradient, 35 to apply", async () => {
    const { batch, target } = batchOf(2);
    const huber: NetworkLoss = { ...given(2), kind: "huber" };
    const gradient = () => networkGradient(batch, target, transformerSpec, training, huber).weightGrad;
    expect(await dispatchesOf(() => gradient().data())).toBe(94);
    expect(await dispatchesOf(() => networkOutput(batch, transformerSpec, evaluation).out.data())).toBe(35);
  });
});
