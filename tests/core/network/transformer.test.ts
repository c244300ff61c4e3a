import { describe, expect, it } from "vitest";
import { networkLayout } from "../../../src/core/network/layout.ts";
import { outputLoss } from "../../../src/core/network/loss.ts";
import { transformer } from "../../../src/core/network/transformer.ts";
import type { NetworkLoss, NetworkPass } from "../../../src/core/network/types.ts";
import { Random } from "../../../src/core/random.ts";
import { relativeError } from "../../cases/opCase.ts";
import { transformerBatch, transformerSpec } from "../../cases/transformerBatch.ts";

const pass: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 7, firstRow: 3 };
const mse = (count: number): NetworkLoss => ({ kind: "mse", beta: 5, scale: [1, 0.5, 2], count });

describe("the transformer in plain loops", () => {
  it("has the gradient of its loss along a direction in every tensor, dropout included", () => {
    const { target, ...batch } = transformerBatch(1, 11);
    const weights = Float64Array.from(batch.weights);
    const found = transformer.gradient({ ...batch, weights }, target, transformerSpec, pass, mse(1));
    const random = new Random(5);
    const lossAt = (direction: Float64Array, step: number) => {
      const moved = { ...batch, weights: weights.map((w, i) => w + step * direction[i]) };
      return outputLoss(transformer.output(moved, transformerSpec, pass).out, target, 3, mse(1)).loss;
    };
    const { weights: places, nWeights } = networkLayout(transformerSpec);
    const picked = places.filter(({ name }) => !name.startsWith("encoder") || name.startsWith("encoder.layers.2"));
    for (const { name, offset, shape } of picked) {
      const direction = new Float64Array(nWeights);
      const end = offset + shape.reduce((n, d) => n * d, 1);
      for (let i = offset; i < end; i++) direction[i] = random.normal();
      const slope = (lossAt(direction, 1e-5) - lossAt(direction, -1e-5)) / 2e-5;
      const along = direction.reduce((sum, d, i) => sum + d * found.weightGrad[i], 0);
      expect(Math.abs(slope - along), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(along)));
    }
  });

  it("gives the same masks and gradients however a block is cut", () => {
    const { target, ...batch } = transformerBatch(3, 12);
    const whole = transformer.gradient(batch, target, transformerSpec, pass, mse(3));
    const weightGrad = new Float64Array(whole.weightGrad.length);
    let loss = 0;
    for (const [from, to] of [
      [0, 1],
      [1, 3],
    ]) {
      const part = {
        ...batch,
        waveforms: batch.waveforms.slice(from * 900, to * 900),
        centroids: batch.centroids.slice(2 * from, 2 * to),
      };
      const own = { ...pass, firstRow: pass.firstRow + from };
      const found = transformer.gradient(part, target.slice(3 * from, 3 * to), transformerSpec, own, mse(3));
      expect(relativeError(found.out, whole.out.slice(3 * from, 3 * to))).toBe(0);
      for (let i = 0; i < weightGrad.length; i++) weightGrad[i] += found.weightGrad[i];
      loss += found.loss;
    }
    expect(Math.abs(loss / whole.loss - 1)).toBeLessThan(1e-12);
    expect(relativeError(weightGrad, whole.weightGrad)).toBeLessThan(1e-12);
  });

  it("drops a tenth of the units in training and none in evaluation", () => {
    const { target: _, ...batch } = transformerBatch(1, 13);
    const out = (own: Partial<NetworkPass>) => transformer.output(batch, transformerSpec, { ...pass, ...own }).out;
    expect(relativeError(out({ seed: 7 }), out({ seed: 7 }))).toBe(0);
    expect(relativeError(out({ seed: 8 }), out({ seed: 7 }))).toBeGreaterThan(1e-3);
    expect(relativeError(out({ dropout: 0, seed: 8 }), out({ dropout: 0, seed: 7 }))).toBe(0);
  });
});
