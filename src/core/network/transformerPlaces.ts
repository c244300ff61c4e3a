import { networkLayout, placeOf, TRANSFORMER } from "./layout.ts";

/** A linear layer: offsets of its weights [nOut, nIn] and its bias [nOut] in the flat vector. */
export interface LinearPlace {
  nIn: number;
  nOut: number;
  weights: number;
  bias: number;
}

/** A LayerNorm: offsets of its weight and its bias [width]. */
export interface NormPlace {
  weight: number;
  bias: number;
}

/** One encoder layer, in the order a spike goes through it. */
export interface EncoderPlace {
  norm1: NormPlace;
  /** q, k and v one after another: 128 → 384 */
  inProj: LinearPlace;
  outProj: LinearPlace;
  norm2: NormPlace;
  linear1: LinearPlace;
  linear2: LinearPlace;
}

/** Where each part of the transformer lies in its weights. */
export interface TransformerPlaces {
  tokenProj: LinearPlace;
  /** offsets of [5, 128] and [2, 128] */
  rowEmbed: number;
  colEmbed: number;
  layers: readonly EncoderPlace[];
  centroid: readonly [LinearPlace, LinearPlace];
  head: readonly [LinearPlace, LinearPlace, LinearPlace];
}

export function transformerPlaces(nOut: number): TransformerPlaces {
  const { weights } = networkLayout({ kind: "transformer", nOut });
  const linear = (weightName: string, biasName: string): LinearPlace => {
    const place = placeOf(weights, weightName);
    const [n, nIn] = place.shape;
    return { nIn, nOut: n, weights: place.offset, bias: placeOf(weights, biasName).offset };
  };
  const named = (name: string) => linear(`${name}.weight`, `${name}.bias`);
  const norm = (name: string): NormPlace => ({
    weight: placeOf(weights, `${name}.weight`).offset,
    bias: placeOf(weights, `${name}.bias`).offset,
  });
  return {
    tokenProj: named("token_proj"),
    rowEmbed: placeOf(weights, "row_embed.weight").offset,
    colEmbed: placeOf(weights, "col_embed.weight").offset,
    layers: Array.from({ length: TRANSFORMER.nLayers }, (_, l) => `encoder.layers.${l}`).map((layer) => ({
      norm1: norm(`${layer}.norm1`),
      inProj: linear(`${layer}.self_attn.in_proj_weight`, `${layer}.self_attn.in_proj_bias`),
      outProj: named(`${layer}.self_attn.out_proj`),
      norm2: norm(`${layer}.norm2`),
      linear1: named(`${layer}.linear1`),
      linear2: named(`${layer}.linear2`),
    })),
    centroid: [named("centroid_mlp.0"), named("centroid_mlp.2")],
    head: [named("head.0"), named("head.2"), named("head.4")],
  };
}
