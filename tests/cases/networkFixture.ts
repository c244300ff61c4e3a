import { N_SAMPLES, N_SLOTS, type NetworkSpec, networkLayout, placeOf } from "../../src/core/network/layout.ts";
import type { NetworkBatch } from "../../src/core/network/types.ts";
import { Random } from "../../src/core/random.ts";
import { normals, uniforms } from "./opCase.ts";

/**
 * A network with every kind of number in it and a batch of n spikes: weights as torch starts them (±1/√inputs), scales of
 * normalisations around 1 with one in eight negative, biases everywhere, running moments that are not the batch's.
 */
export function networkFixture(
  spec: NetworkSpec,
  n: number,
  seed: number,
): { batch: NetworkBatch & Record<keyof NetworkBatch, Float32Array>; target: Float32Array } {
  const random = new Random(seed);
  const layout = networkLayout(spec);
  const weights = new Float32Array(layout.nWeights);
  for (const { offset, shape } of layout.weights) {
    const size = shape.reduce((product, d) => product * d, 1);
    const limit = shape.length > 1 ? 1 / Math.sqrt(size / shape[0]) : 0.3;
    weights.set(uniforms(random, size, -limit, limit), offset);
  }
  for (const { name, offset, shape } of layout.weights) {
    if (!/features\.[159]\.weight|norm[12]\.weight/.test(name)) continue;
    for (let i = offset; i < offset + shape[0]; i++) weights[i] += i % 8 === 7 ? -1 : 1;
  }
  const statistics = uniforms(random, layout.nStatistics, -0.2, 0.2);
  for (const name of layout.statistics.map((place) => place.name).filter((found) => /var|std/.test(found))) {
    const { offset, shape } = placeOf(layout.statistics, name);
    statistics.set(uniforms(random, shape[0], 0.4, 1.2), offset);
  }
  return {
    batch: {
      weights,
      statistics,
      waveforms: normals(random, n * N_SLOTS * N_SAMPLES, 0.8),
      centroids: uniforms(random, 2 * n, 0, 60),
    },
    target: normals(random, n * spec.nOut, 8),
  };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
