import { N_SLOTS, TRANSFORMER } from "../../core/network/layout.ts";
import { type LinearPlace, type NormPlace, transformerPlaces } from "../../core/network/transformerPlaces.ts";

/**
 * The transformer's 22 linear layers as the kernel wants them. A LayerNorm with weight γ and bias β before a layer (W, b) is
 * multiplied in, W'ⱼₖ = sⱼ·Wⱼₖ·γₖ and b'ⱼ = sⱼ·(bⱼ + Σₖ Wⱼₖ·βₖ), s = ¼ for the queries of attention (1/√16), else 1. From
 * the gradients G of W' and h of b':
 *
 *   ∂Wⱼₖ = sⱼ·(Gⱼₖ·γₖ + hⱼ·βₖ),  ∂bⱼ = sⱼ·hⱼ,  ∂γₖ = Σⱼ sⱼ·Gⱼₖ·Wⱼₖ,  ∂βₖ = Σⱼ sⱼ·hⱼ·Wⱼₖ
 *
 * The token projection's bias is a table [10, 128]: bias + row + column embedding of each slot.
 */
export interface FoldedLinear extends LinearPlace {
  norm: NormPlace | null;
  /** the first outputs that are divided by 4 */
  nScaled: number;
  /** nIn and nOut in eights */
  width: number;
  nWide: number;
  /** row and column embedding of each slot, for the token projection alone */
  embeddings: readonly (readonly [row: number, col: number])[];
}

const { width: tokenWidth, nCols } = TRANSFORMER;
const eights = (n: number) => 8 * Math.ceil(n / 8);

/** Floats of a layer's bias: a row per slot where there are embeddings. */
export const biasFloats = ({ nWide, embeddings }: FoldedLinear) => nWide * Math.max(1, embeddings.length);

/** Rows of a layer's gradient: the kernel takes them in fives and leaves rubbish in those beyond nWide. */
export const gradRows = ({ nWide }: FoldedLinear) => 5 * Math.ceil(nWide / 5);

/** In the order of the state_dict. */
export function foldedLinears(nOut: number): FoldedLinear[] {
  const places = transformerPlaces(nOut);
  const fold = (place: LinearPlace, norm: NormPlace | null = null, nScaled = 0): FoldedLinear => ({
    ...place,
    norm,
    nScaled,
    width: eights(place.nIn),
    nWide: eights(place.nOut),
    embeddings: [],
  });
  const embeddings = Array.from(
    { length: N_SLOTS },
    (_, slot) =>
      [places.rowEmbed + tokenWidth * Math.floor(slot / nCols), places.colEmbed + tokenWidth * (slot % nCols)] as const,
  );
  return [
    { ...fold(places.tokenProj), embeddings },
    ...places.layers.flatMap((layer) => [
      fold(layer.inProj, layer.norm1, tokenWidth),
      fold(layer.outProj),
      fold(layer.linear1, layer.norm2),
      fold(layer.linear2),
    ]),
    ...places.centroid.map((place) => fold(place)),
    ...places.head.map((place) => fold(place)),
  ];
}

/** Where a layer's copies go, all zero before: [nIn, nWide] and [nWide, width] in panels of 8 columns, and [biasFloats]. */
export interface LinearCopies {
  forward: Float32Array;
  bias: Float32Array;
  /** null where no gradient is wanted */
  backward: Float32Array | null;
}

export function placeLinear(
  params: Float32Array,
  linear: FoldedLinear,
  { forward, bias, backward }: LinearCopies,
): void {
  const { nIn, nOut, norm, nScaled, nWide, embeddings } = linear;
  for (let j = 0; j < nOut; j++) {
    const scale = j < nScaled ? 0.25 : 1;
    const from = linear.weights + j * nIn;
    let shift = params[linear.bias + j];
    for (let k = 0; k < nIn; k++) {
      const w = params[from + k];
      const folded = norm ? scale * w * params[norm.weight + k] : w;
      if (norm) shift += w * params[norm.bias + k];
      forward[8 * (Math.floor(j / 8) * nIn + k) + (j % 8)] = folded;
      if (backward) backward[8 * (Math.floor(k / 8) * nWide + j) + (k % 8)] = folded;
    }
    bias[j] = scale * shift;
    embeddings.forEach(([row, col], slot) => {
      bias[slot * nWide + j] = shift + params[row + j] + params[col + j];
    });
  }
}

/** One thread's gradients: [gradRows, width] and [biasFloats]. */
export interface LinearGrads {
  weights: Float32Array;
  bias: Float32Array;
}

/** Adds to the flat gradient [P] what the layer's copies were given. */
export function gatherGrad(
  params: Float32Array,
  linear: FoldedLinear,
  { weights, bias }: LinearGrads,
  grad: Float32Array,
): void {
  const { nIn, nOut, norm, nScaled, width, nWide, embeddings } = linear;
  for (let j = 0; j < nOut; j++) {
    const scale = j < nScaled ? 0.25 : 1;
    let shift = bias[j];
    for (let slot = 1; slot < embeddings.length; slot++) shift += bias[slot * nWide + j];
    shift *= scale;
    grad[linear.bias + j] += shift;
    embeddings.forEach(([row, col], slot) => {
      grad[row + j] += bias[slot * nWide + j];
      grad[col + j] += bias[slot * nWide + j];
    });
    for (let k = 0; k < nIn; k++) {
      const at = linear.weights + j * nIn + k;
      const own = scale * weights[j * width + k];
      if (norm) {
        grad[norm.weight + k] += own * params[at];
        grad[norm.bias + k] += shift * params[at];
      }
      grad[at] += norm ? own * params[norm.weight + k] + shift * params[norm.bias + k] : own;
    }
  }
}
