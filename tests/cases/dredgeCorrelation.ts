import { tensor2d } from "@tensorflow/tfjs-core";
import { correlatePairs as oracle, type PairLags } from "../../src/core/dredge/crossCorrelation.ts";
import { Random } from "../../src/core/random.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";
import type { OpCase } from "./opCase.ts";

type Span = readonly [number, number];

interface Size {
  what: string;
  nTimes: number;
  nDepths: number;
  /** where the window has weight */
  support: Span;
  maxDisplacementBins: number;
  rows: Span;
  columns: Span;
  /** a Gaussian over the support instead of random weights */
  isSmooth?: boolean;
  /** weights inside the support that are 0 */
  hole?: Span;
  /** a few bumps to a row, else silent */
  isSparse?: boolean;
  tolerance?: number;
}

// tiles of one pair and of more than 32 × 32; one and several blocks of a transform; windows clipped below, above, on both
// sides and on neither; lags on one side only; one lag; a template of one bin; all lags beyond the window
const sizes: Size[] = [
  { what: "one pair", nTimes: 2, nDepths: 9, support: [0, 9], maxDisplacementBins: 2, rows: [1, 2], columns: [0, 1] },
  { what: "one lag", nTimes: 5, nDepths: 7, support: [2, 6], maxDisplacementBins: 0, rows: [0, 5], columns: [0, 5] },
  {
    what: "clipped below",
    nTimes: 37,
    nDepths: 50,
    support: [0, 21],
    maxDisplacementBins: 6,
    rows: [1, 36],
    columns: [2, 37],
  },
  {
    what: "clipped above",
    nTimes: 12,
    nDepths: 60,
    support: [33, 60],
    maxDisplacementBins: 9,
    rows: [0, 9],
    columns: [3, 12],
  },
  {
    what: "clipped nowhere",
    nTimes: 19,
    nDepths: 40,
    support: [10, 30],
    maxDisplacementBins: 5,
    rows: [5, 19],
    columns: [0, 17],
  },
  {
    what: "clipped on both sides",
    nTimes: 11,
    nDepths: 33,
    support: [2, 30],
    maxDisplacementBins: 8,
    rows: [0, 11],
    columns: [0, 11],
  },
  {
    what: "many blocks",
    nTimes: 10,
    nDepths: 400,
    support: [0, 400],
    maxDisplacementBins: 3,
    rows: [0, 10],
    columns: [0, 9],
  },
  {
    what: "a smooth window",
    nTimes: 14,
    nDepths: 120,
    support: [0, 90],
    maxDisplacementBins: 20,
    rows: [0, 14],
    columns: [0, 14],
    isSmooth: true,
  },
  {
    what: "a window with a hole",
    nTimes: 9,
    nDepths: 30,
    support: [3, 24],
    maxDisplacementBins: 4,
    rows: [0, 9],
    columns: [0, 9],
    hole: [8, 15],
  },
  { what: "one bin", nTimes: 6, nDepths: 12, support: [7, 8], maxDisplacementBins: 3, rows: [0, 6], columns: [0, 6] },
  {
    what: "lags beyond the probe",
    tolerance: 5e-5, // two bins that meet may differ little
    nTimes: 7,
    nDepths: 16,
    support: [0, 5],
    maxDisplacementBins: 14,
    rows: [0, 7],
    columns: [0, 7],
  },
  // next to nothing meets at some lags: what a transform rounds must not count there
  {
    what: "sparse rows, far lags at an edge",
    nTimes: 16,
    nDepths: 160,
    support: [0, 70],
    maxDisplacementBins: 60,
    rows: [0, 16],
    columns: [0, 16],
    isSmooth: true,
    isSparse: true,
  },
  {
    what: "sparse rows, a wide window",
    nTimes: 14,
    nDepths: 150,
    support: [0, 150],
    maxDisplacementBins: 40,
    rows: [0, 14],
    columns: [0, 14],
    isSparse: true,
  },
];

function windowOf({ nDepths, support: [from, to], isSmooth, hole }: Size, random: Random): Float32Array {
  const center = (from + to) / 2;
  return Float32Array.from({ length: nDepths }, (_, d) => {
    if (d < from || d >= to || (hole && d >= hole[0] && d < hole[1])) return 0;
    return isSmooth ? Math.exp(-(((d - center) / (to - from)) ** 2) * 40) : 0.1 + random.uniform();
  });
}

/** Three spikes to a row, each smeared over nine bins. */
function bumps(nTimes: number, nDepths: number, random: Random): Float32Array {
  const raster = new Float32Array(nTimes * nDepths);
  for (let n = 0; n < 3 * nTimes; n++) {
    const [row, center, ampUv] = [n % nTimes, random.integer(nDepths), 50 + 300 * random.uniform()];
    for (let d = Math.max(0, center - 4); d <= Math.min(nDepths - 1, center + 4); d++)
      raster[row * nDepths + d] += ampUv * Math.exp(-((d - center) ** 2) / 2);
  }
  return raster;
}

/** A drifting pattern with some noise; row 2 is empty, row 3 the same everywhere, row 4 has one cell. */
function rasterOf({ nTimes, nDepths, isSparse }: Size, random: Random): Float32Array {
  if (isSparse) return bumps(nTimes, nDepths, random);
  const pattern = Float32Array.from({ length: nDepths + 8 }, () => 60 * random.uniform() ** 4);
  const raster = new Float32Array(nTimes * nDepths);
  for (let t = 0; t < nTimes; t++) {
    const row = raster.subarray(t * nDepths, (t + 1) * nDepths);
    const shift = Math.floor(8 * random.uniform());
    for (let d = 0; d < nDepths; d++) row[d] = pattern[d + shift] + 5 * random.uniform();
    if (t === 2) row.fill(0);
    if (t === 3) row.fill(37.3);
    if (t === 4) row.fill(0)[Math.floor(nDepths / 3)] = 9;
  }
  return raster;
}

/**
 * C beside a 1, since its scale is 1 however small it is; and lags, but those among which rounding chooses: where nothing
 * correlates at any lag, and where several may do so fully, as any two bins do.
 */
function compared({ correlation, lag }: PairLags): Record<string, ArrayLike<number>> {
  const isClear = (c: number) => c > 1e-3 && c < 0.9999;
  return { correlation: [1, ...correlation], lag: lag.map((l, pair) => (isClear(correlation[pair]) ? l : 0)) };
}

export const dredgeCorrelationCases: OpCase[] = sizes.map((size) => {
  const random = new Random(size.nTimes + size.nDepths);
  const weights = windowOf(size, random);
  const raster = rasterOf(size, random);
  const { nTimes, nDepths, rows, columns, maxDisplacementBins } = size;
  const tile = { rows, columns, maxDisplacementBins };
  const every = Array.from({ length: rows[1] - rows[0] }, (_, i) => rows[0] + i);
  return {
    name: `dredgeCorrelation, ${size.what}`,
    tolerance: size.tolerance ?? 5e-6,
    because: "float32: rounding of a sum over the whole window, over the deviations that meet at a lag",
    async run() {
      const out = dredgeCorrelation(tensor2d(raster, [nTimes, nDepths]), Float64Array.from(weights), tile);
      const [correlation, lag] = await Promise.all([out.correlation.data(), out.lag.data()]);
      return compared({ correlation: correlation as Float32Array, lag: lag as Int32Array });
    },
    oracle: () => compared(oracle(raster, Float64Array.from(weights), { ...tile, rows: every })),
  };
});
