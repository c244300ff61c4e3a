import { type NetworkSpec, networkLayout, placeOf, type TensorPlace } from "../core/network/layout.ts";
import type { Random } from "../core/random.ts";
import type { TrainedModel } from "../protocol/models.ts";

/** Mean and standard deviation of the anchors' x and y that a transformer is trained with, µm. */
export interface CentroidStatistics {
  mean: readonly [xUm: number, yUm: number];
  std: readonly [xUm: number, yUm: number];
}

/**
 * A network as PyTorch starts it. Linear and convolution: weights and biases uniform in ±1/√fanIn. Attention: in-projection
 * Xavier uniform, ±√(6 / (fanIn + fanOut)), its biases and the out-projection's 0. Norms: 1 and 0. Embeddings: standard
 * normal. The transformer's layers are copies of the first. Running mean 0 and variance 1.
 * Source: torch.nn's reset_parameters of Linear, Conv1d, MultiheadAttention, Embedding; TransformerEncoder copies its layer.
 */
export function initialModel(
  spec: NetworkSpec,
  random: Random,
  centroids: CentroidStatistics = { mean: [0, 0], std: [1, 1] },
): Pick<TrainedModel, "spec" | "weights" | "statistics"> {
  const layout = networkLayout(spec);
  const weights = new Float32Array(layout.nWeights);
  let bound = 0; // of the bias that follows its weight
  const draw = (values: Float32Array, next: () => number) => {
    for (let i = 0; i < values.length; i++) values[i] = next();
  };
  for (const place of layout.weights) {
    const { name, shape } = place;
    const values = valuesOf(weights, place);
    const isNorm = shape.length === 1 && name.endsWith(".weight");
    if (shape.length > 1 || isNorm) bound = isNorm ? 0 : limitOf(place);
    if (layerOf(name) > 0)
      values.set(valuesOf(weights, placeOf(layout.weights, name.replace(/layers\.\d+/, "layers.0"))));
    else if (isNorm) values.fill(1);
    else if (name.endsWith("_embed.weight")) draw(values, () => random.normal());
    else if (bound > 0 && !/in_proj_bias|out_proj\.bias/.test(name))
      draw(values, () => bound * (2 * random.uniform() - 1));
  }
  return { spec, weights, statistics: initialStatistics(spec, centroids) };
}

function initialStatistics(spec: NetworkSpec, { mean, std }: CentroidStatistics): Float32Array {
  const { statistics, nStatistics } = networkLayout(spec);
  const out = new Float32Array(nStatistics);
  if (spec.kind === "transformer") {
    out.set([...mean, ...std]);
    return out;
  }
  for (const place of statistics) valuesOf(out, place).fill(place.name.endsWith("running_var") ? 1 : 0);
  return out;
}

function limitOf({ name, shape: [fanOut, ...ins] }: TensorPlace): number {
  const fanIn = ins.reduce((n, d) => n * d, 1);
  return name.endsWith("in_proj_weight") ? Math.sqrt(6 / (fanIn + fanOut)) : 1 / Math.sqrt(fanIn);
}

/** Which layer of the encoder a tensor belongs to; 0 for the first and for what lies outside. */
function layerOf(name: string): number {
  return Number(/^encoder\.layers\.(\d+)\./.exec(name)?.[1] ?? 0);
}

function valuesOf(flat: Float32Array, { offset, shape }: TensorPlace): Float32Array {
  return flat.subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
}
