import { describe, expect, it } from "vitest";
import { type NetworkSpec, networkLayout, placeOf } from "../../src/core/network/layout.ts";
import { Random } from "../../src/core/random.ts";
import { initialModel } from "../../src/nn/initialModel.ts";

const largest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const meanSquare = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0) / values.length;

function tensorsOf(spec: NetworkSpec, seed = 1) {
  const { weights, statistics } = initialModel(spec, new Random(seed), { mean: [20, 1000], std: [2, 500] });
  const layout = networkLayout(spec);
  return (name: string): Float32Array => {
    const isWeight = layout.weights.some((place) => place.name === name);
    const { offset, shape } = placeOf(isWeight ? layout.weights : layout.statistics, name);
    return (isWeight ? weights : statistics).subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
  };
}

/** Uniform in ± limit: reaches nearly to it, with the variance limit²/3. */
function expectUniform(values: Float32Array, limit: number) {
  expect(largest(values)).toBeLessThanOrEqual(limit);
  if (values.length < 1000) return;
  expect(largest(values)).toBeGreaterThan(0.99 * limit);
  expect(meanSquare(values) / (limit ** 2 / 3)).toBeCloseTo(1, 1);
}

describe("a network starts as PyTorch starts it", () => {
  it("the CNN", () => {
    const of = tensorsOf({ kind: "cnn", nOut: 4 });
    for (const [name, fanIn] of [
      ["features.0", 50],
      ["features.4", 160],
      ["features.8", 192],
      ["head.1", 1408],
      ["head.4", 256],
      ["head.7", 64],
    ] as const) {
      expectUniform(of(`${name}.weight`), 1 / Math.sqrt(fanIn));
      expectUniform(of(`${name}.bias`), 1 / Math.sqrt(fanIn));
      expect(largest(of(`${name}.bias`))).toBeGreaterThan(0);
    }
    for (const norm of ["features.1", "features.5", "features.9"]) {
      expect(new Set(of(`${norm}.weight`))).toEqual(new Set([1]));
      expect(new Set(of(`${norm}.bias`))).toEqual(new Set([0]));
      expect(new Set(of(`${norm}.running_mean`))).toEqual(new Set([0]));
      expect(new Set(of(`${norm}.running_var`))).toEqual(new Set([1]));
    }
  });

  it("the transformer, whose layers are copies of the first", () => {
    const of = tensorsOf({ kind: "transformer", nOut: 3 });
    expectUniform(of("token_proj.weight"), 1 / Math.sqrt(90));
    expect(meanSquare(of("row_embed.weight"))).toBeCloseTo(1, 0);
    expectUniform(of("encoder.layers.0.self_attn.in_proj_weight"), Math.sqrt(6 / 512));
    expectUniform(of("encoder.layers.0.self_attn.out_proj.weight"), 1 / Math.sqrt(128));
    for (const zero of ["self_attn.in_proj_bias", "self_attn.out_proj.bias", "norm1.bias", "norm2.bias"])
      expect(new Set(of(`encoder.layers.0.${zero}`))).toEqual(new Set([0]));
    expect(new Set(of("encoder.layers.2.norm1.weight"))).toEqual(new Set([1]));
    expectUniform(of("encoder.layers.0.linear2.bias"), 1 / Math.sqrt(256));
    for (const name of ["self_attn.in_proj_weight", "linear1.weight", "linear2.bias"])
      expect(of(`encoder.layers.3.${name}`)).toEqual(of(`encoder.layers.0.${name}`));
    expectUniform(of("head.0.weight"), 1 / Math.sqrt(192));
    expect([...of("centroid_mean"), ...of("centroid_std")]).toEqual([20, 1000, 2, 500]);
  });

  it("the same from the same seed, and another from another", () => {
    const of = (seed: number) => initialModel({ kind: "cnn", nOut: 3 }, new Random(seed)).weights.slice(0, 5000);
    expect(of(5)).toEqual(of(5));
    expect(of(5)).not.toEqual(of(6));
  });
});
