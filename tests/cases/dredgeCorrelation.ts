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

/** All rows against all columns, unless said otherwise. */
function size(
  what: string,
  nTimes: number,
  nDepths: number,
  support: Span,
  maxDisplacementBins: number,
  more: Partial<Size> = {},
): Size {
  return { what, nTimes, nDepths, support, maxDisplacementBins, rows: [0, nTimes], columns: [0, nTimes], ...more };
}

// tiles of one pair and of more than 32 × 32; one and several blocks of a transform; windows clipped below, above, on both
// sides and on neither; lags on one side only; one lag; a template of one bin; all lags beyond the window
const sizes: Size[] = [
  size("one pair", 2, 9, [0, 9], 2, { rows: [1, 2], columns: [0, 1] }),
  size("one lag", 5, 7, [2, 6], 0),
  size("clipped below", 37, 50, [0, 21], 6, { rows: [1, 36], columns: [2, 37] }),
  size("clipped above", 12, 60, [33, 60], 9, { rows: [0, 9], columns: [3, 12] }),
  size("clipped nowhere", 19, 40, [10, 30], 5, { rows: [5, 19], columns: [0, 17] }),
  size("clipped on both sides", 11, 33, [2, 30], 8),
  size("many blocks", 10, 400, [0, 400], 3, { columns: [0, 9] }),
  size("a smooth window", 14, 120, [0, 90], 20, { isSmooth: true }),
  size("a window with a hole", 9, 30, [3, 24], 4, { hole: [8, 15] }),
  size("one bin", 6, 12, [7, 8], 3),
  // two bins that meet may differ little
  size("lags beyond the probe", 7, 16, [0, 5], 14, { tolerance: 5e-5 }),
  // next to nothing meets at some lags: what a transform rounds must not count there
  size("sparse rows, far lags at an edge", 16, 160, [0, 70], 60, { isSmooth: true, isSparse: true }),
  size("sparse rows, a wide window", 14, 150, [0, 150], 40, { isSparse: true }),
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

export const dredgeCorrelationCases: OpCase[] = sizes.map((one) => {
  const random = new Random(one.nTimes + one.nDepths);
  const weights = windowOf(one, random);
  const raster = rasterOf(one, random);
  const { nTimes, nDepths, rows, columns, maxDisplacementBins } = one;
  const tile = { rows, columns, maxDisplacementBins };
  const every = Array.from({ length: rows[1] - rows[0] }, (_, i) => rows[0] + i);
  return {
    name: `dredgeCorrelation, ${one.what}`,
    tolerance: one.tolerance ?? 5e-6,
    because: "float32: rounding of a sum over the whole window, over the deviations that meet at a lag",
    async run() {
      const out = dredgeCorrelation(tensor2d(raster, [nTimes, nDepths]), Float64Array.from(weights), tile);
      const [correlation, lag] = await Promise.all([out.correlation.data(), out.lag.data()]);
      return compared({ correlation: correlation as Float32Array, lag: lag as Int32Array });
    },
    oracle: () => compared(oracle(raster, Float64Array.from(weights), { ...tile, rows: every })),
  };
});
