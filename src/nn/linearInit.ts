import type { Layer } from "../core/activityNetwork.ts";
import type { Random } from "../core/random.ts";

/** Weights and biases of dense layers, uniform in ±1/√nIn as torch.nn.Linear starts. Returns the flat vector [P]. */
export function initLinear(layers: readonly Layer[], random: Random): Float32Array {
  const last = layers[layers.length - 1];
  const flat = new Float32Array(last.bias + last.nOut);
  for (const { nIn, nOut, weights, bias } of layers) {
    const limit = 1 / Math.sqrt(nIn);
    for (let i = weights; i < bias + nOut; i++) flat[i] = limit * (2 * random.uniform() - 1);
  }
  return flat;
}
