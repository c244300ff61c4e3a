import { networkLayout } from "../../src/core/network/layout.ts";
import { Random } from "../../src/core/random.ts";
import { normals, uniforms } from "./opCase.ts";

export const transformerSpec = { kind: "transformer", nOut: 3 } as const;

/** Weights of the size a trained network has, norms away from 1 and 0, and spikes with targets of some 10 µm. */
export function transformerBatch(nSpikes: number, seed: number) {
  const random = new Random(seed);
  const { weights: places, nWeights } = networkLayout(transformerSpec);
  const weights = new Float32Array(nWeights);
  for (const { name, shape, offset } of places) {
    const n = shape.reduce((product, d) => product * d, 1);
    const isNorm = name.includes("norm");
    const scale = shape.length === 2 ? 1.5 / Math.sqrt(shape[1]) : 0.2;
    const values = uniforms(random, n, -scale, scale);
    weights.set(isNorm && name.endsWith("weight") ? values.map((v) => 1 + v) : values, offset);
  }
  return {
    weights,
    statistics: Float32Array.of(24, 1900, 1.6, 1100),
    waveforms: normals(random, nSpikes * 900),
    centroids: Float32Array.from({ length: 2 * nSpikes }, (_, i) =>
      i % 2 === 0 ? 22.4 + 3.2 * random.uniform() : 3840 * random.uniform(),
    ),
    target: normals(random, 3 * nSpikes, 20),
  };
}
