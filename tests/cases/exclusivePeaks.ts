import { tensor2d } from "@tensorflow/tfjs-core";
import { exclusivePeaks as oracle, type PeakRules, type PeakSign } from "../../src/core/exclusivePeaks.ts";
import { slotsWithin } from "../../src/core/neighbours.ts";
import { Random } from "../../src/core/random.ts";
import { exclusivePeaks } from "../../src/ops/exclusivePeaks.ts";
import type { OpCase } from "./opCase.ts";
import { staggeredProbe } from "./probes.ts";

interface Size {
  nRows: number;
  nChannels: number;
  sign: PeakSign;
  threshold: number;
  exclude: number;
  radiusUm: number;
  margin: number;
}

// one sample; widths that no vector divides; a reach beyond the tile; more candidates than there is room for at first;
// more samples than the SIMD kernel takes in one block
const sizes: Size[] = [
  { nRows: 1, nChannels: 1, sign: "neg", threshold: 1, exclude: 3, radiusUm: 50, margin: 0 },
  { nRows: 130, nChannels: 5, sign: "neg", threshold: 4, exclude: 200, radiusUm: 30, margin: 0 },
  { nRows: 300, nChannels: 35, sign: "both", threshold: 5, exclude: 7, radiusUm: 60, margin: 8 },
  { nRows: 257, nChannels: 16, sign: "pos", threshold: 3, exclude: 4, radiusUm: 0, margin: 20 },
  { nRows: 400, nChannels: 33, sign: "both", threshold: 0.5, exclude: 1, radiusUm: 20, margin: 2 },
  { nRows: 13200, nChannels: 40, sign: "neg", threshold: 8, exclude: 30, radiusUm: 50, margin: 31 },
];

/** Whole numbers of few values, so that equal neighbours, plateaus and equal scores abound. */
export function integerNoise(random: Random, n: number, sd: number): Float32Array {
  return Float32Array.from({ length: n }, () => Math.round(sd * random.normal()));
}

export const exclusivePeaksCases: OpCase[] = sizes.map((size) => {
  const { nRows, nChannels, sign, threshold, exclude, radiusUm, margin } = size;
  const random = new Random(nRows);
  const traces = integerNoise(random, nRows * nChannels, 2.5);
  traces[0] = -40; // a peak against the zeros before the tile
  traces[traces.length - 1] = -40;
  const thresholds = Float32Array.from({ length: nChannels }, (_, c) => threshold * (c % 5 === 4 ? 0.7 : 1));
  if (nChannels > 6) thresholds[6] = Infinity;
  const rules: PeakRules = {
    thresholds,
    neighbours: slotsWithin(staggeredProbe(nChannels), new Int32Array(nChannels), radiusUm),
    sign,
    excludeSamples: exclude,
    fromRow: margin,
    toRow: nRows - margin,
  };
  return {
    name: `exclusivePeaks ${nRows} × ${nChannels}, ${sign}, threshold ${threshold}, ±${exclude} samples, ${radiusUm} µm`,
    tolerance: 0,
    because: "comparisons of the same float32 products",
    async run() {
      const tile = tensor2d(traces, [nRows, nChannels]);
      const { row, channel, amplitude } = await exclusivePeaks(tile, rules);
      tile.dispose();
      return { row, channel, amplitude };
    },
    oracle() {
      const { row, channel, amplitude } = oracle(traces, rules);
      return { row, channel, amplitude };
    },
  };
});
