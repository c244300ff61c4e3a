/**
 * The two Spike Localization Networks as flat vectors: which tensor of PyTorch's state_dict lies where. Weights keep PyTorch's
 * order, names and layouts (linear: out × in; convolution: out × in × tap), so that a checkpoint is copied, never rearranged.
 * Source: evarol/spikeLocalizationNetwork src/relative_xyz_common.py (RelativeXYZNet) and src/transformer_sln.py.
 */
export type NetworkKind = "cnn" | "transformer";

/** Which network, and what it says of a spike: x, y, z offset from the anchor in µm, and with 4 outputs also log10 α. */
export interface NetworkSpec {
  kind: NetworkKind;
  /** 3, or 4 (cnn alone) */
  nOut: number;
}

/** Channel slots and samples of a waveform; slots stand by depth, then from left to right. */
export const N_SLOTS = 10;
export const N_SAMPLES = 90;
/** sample of the peak: 1 ms before, 2 ms after at 30 kHz */
export const SAMPLES_BEFORE = 30;

/** One tensor of the state_dict: `values` [Π shape] at `offset` of its vector. */
export interface TensorPlace {
  name: string;
  shape: readonly number[];
  offset: number;
}

export interface NetworkLayout {
  /** trained: 401,955 numbers of the CNN (402,020 with 4 outputs), 579,971 of the transformer */
  weights: readonly TensorPlace[];
  nWeights: number;
  /** not trained: BatchNorm's running mean and variance (320), or mean and standard deviation of the centroids (4) */
  statistics: readonly TensorPlace[];
  nStatistics: number;
}

function placed(tensors: readonly (readonly [name: string, ...shape: number[]])[]): [TensorPlace[], number] {
  let offset = 0;
  const places = tensors.map(([name, ...shape]) => {
    const place = { name, shape, offset };
    offset += shape.reduce((n, d) => n * d, 1);
    return place;
  });
  return [places, offset];
}

/** Convolution blocks of the CNN: index of the convolution in `features`, channels in and out, taps, time steps it works on. */
export const CNN_BLOCKS = [
  { at: 0, nIn: N_SLOTS, nOut: 32, taps: 5, steps: 90, pool: true },
  { at: 4, nIn: 32, nOut: 64, taps: 5, steps: 45, pool: true },
  { at: 8, nIn: 64, nOut: 64, taps: 3, steps: 22, pool: false },
] as const;
/** Linear layers of the CNN's head after the flatten (channel-major, 64 × 22): index in `head`, inputs, outputs. */
export const CNN_HEAD = [
  { at: 1, nIn: 1408, nOut: 256 },
  { at: 4, nIn: 256, nOut: 64 },
] as const;

export const TRANSFORMER = {
  width: 128,
  nRows: 5,
  nCols: 2,
  nLayers: 4,
  nHeads: 8,
  hidden: 256,
  centroid: 64,
} as const;

function cnnLayout(nOut: number): NetworkLayout {
  const [weights, nWeights] = placed([
    ...CNN_BLOCKS.flatMap(({ at, nIn, nOut: n, taps }): [string, ...number[]][] => [
      [`features.${at}.weight`, n, nIn, taps],
      [`features.${at}.bias`, n],
      [`features.${at + 1}.weight`, n],
      [`features.${at + 1}.bias`, n],
    ]),
    ...[...CNN_HEAD, { at: 7, nIn: 64, nOut }].flatMap(({ at, nIn, nOut: n }): [string, ...number[]][] => [
      [`head.${at}.weight`, n, nIn],
      [`head.${at}.bias`, n],
    ]),
  ]);
  const [statistics, nStatistics] = placed(
    CNN_BLOCKS.flatMap(({ at, nOut: n }): [string, ...number[]][] => [
      [`features.${at + 1}.running_mean`, n],
      [`features.${at + 1}.running_var`, n],
    ]),
  );
  return { weights, nWeights, statistics, nStatistics };
}

function transformerLayout(nOut: number): NetworkLayout {
  const { width, nRows, nCols, nLayers, hidden, centroid } = TRANSFORMER;
  const linear = (name: string, nIn: number, n: number): [string, ...number[]][] => [
    [`${name}.weight`, n, nIn],
    [`${name}.bias`, n],
  ];
  const norm = (name: string): [string, ...number[]][] => [
    [`${name}.weight`, width],
    [`${name}.bias`, width],
  ];
  const [weights, nWeights] = placed([
    ...linear("token_proj", N_SAMPLES, width),
    ["row_embed.weight", nRows, width],
    ["col_embed.weight", nCols, width],
    ...Array.from({ length: nLayers }, (_, l) => `encoder.layers.${l}`).flatMap((layer): [string, ...number[]][] => [
      [`${layer}.self_attn.in_proj_weight`, 3 * width, width],
      [`${layer}.self_attn.in_proj_bias`, 3 * width],
      ...linear(`${layer}.self_attn.out_proj`, width, width),
      ...linear(`${layer}.linear1`, width, hidden),
      ...linear(`${layer}.linear2`, hidden, width),
      ...norm(`${layer}.norm1`),
      ...norm(`${layer}.norm2`),
    ]),
    ...linear("centroid_mlp.0", 2, centroid),
    ...linear("centroid_mlp.2", centroid, centroid),
    ...linear("head.0", width + centroid, 128),
    ...linear("head.2", 128, 64),
    ...linear("head.4", 64, nOut),
  ]);
  const [statistics, nStatistics] = placed([
    ["centroid_mean", 2],
    ["centroid_std", 2],
  ]);
  return { weights, nWeights, statistics, nStatistics };
}

export function networkLayout({ kind, nOut }: NetworkSpec): NetworkLayout {
  return kind === "cnn" ? cnnLayout(nOut) : transformerLayout(nOut);
}

/** The tensor of that name. */
export function placeOf(places: readonly TensorPlace[], name: string): TensorPlace {
  const found = places.find((place) => place.name === name);
  if (!found) throw new Error(`there is no tensor ${name}`);
  return found;
}
