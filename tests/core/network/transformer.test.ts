import { describe, expect, it } from "vitest";
import { networkLayout, placeOf } from "../../../src/core/network/layout.ts";
import { outputLoss } from "../../../src/core/network/loss.ts";
import { transformer } from "../../../src/core/network/transformer.ts";
import { evaluation, type NetworkLoss, type NetworkPass } from "../../../src/core/network/types.ts";
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

  it("gives what PyTorch 1.13 gives in float64 for weights and waveforms written as formulas", () => {
    const { weights: places, nWeights } = networkLayout(transformerSpec);
    const weights = new Float32Array(nWeights);
    for (const { name, shape, offset } of places) {
      const size = shape.reduce((n, d) => n * d, 1);
      const limit = shape.length > 1 ? 2 / Math.sqrt(size / shape[0]) : 0.3;
      const middle = name.includes(".norm") && name.endsWith("weight") ? 1 : 0;
      for (let i = offset; i < offset + size; i++)
        weights[i] = (2 * (((i + 1) * 0.6180339887498949) % 1) - 1) * limit + middle;
    }
    const waveforms = Float32Array.from(
      { length: 1800 },
      (_, i) => 3 * Math.sin(0.37 * i) * Math.exp(-((((i % 90) - 30) / 12) ** 2)),
    );
    const batch = {
      weights,
      waveforms,
      statistics: Float32Array.of(24, 1900, 1.6, 1100),
      centroids: Float32Array.of(24, 700, 22.4, 3100),
    };
    const huber: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: 2 };
    const found = transformer.gradient(batch, [3, -7, 12, -1, 20, 0.5], transformerSpec, evaluation, huber);
    const out = [-0.9380009397367749, -0.346153096294472, -0.2557539254522171];
    out.push(-0.707534692698441, -0.47320957303248773, -0.01590247499553135);
    expect(relativeError(found.out, out)).toBeLessThan(1e-12);
    expect(found.loss).toBeCloseTo(5.578127445715858, 12);
    const norms = {
      "token_proj.weight": 0.48524001164373826,
      "row_embed.weight": 0.09029774351194632,
      "encoder.layers.0.self_attn.in_proj_weight": 0.6461319422437645,
      "encoder.layers.2.norm1.weight": 0.03726964298938457,
      "encoder.layers.3.linear1.weight": 0.33984147014435234,
      "centroid_mlp.0.bias": 0.04596129055185237,
      "head.4.bias": 0.22039134425687373,
    };
    for (const [name, norm] of Object.entries(norms)) {
      const { offset, shape } = placeOf(places, name);
      const own = found.weightGrad.subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
      expect(Math.abs(Math.sqrt(own.reduce((sum, g) => sum + g * g, 0)) / norm - 1), name).toBeLessThan(1e-10);
    }
  });
});
