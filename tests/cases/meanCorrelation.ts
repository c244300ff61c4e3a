import { tensor2d } from "@tensorflow/tfjs-core";
import { meanCorrelation as oracle } from "../../src/core/histogramLosses.ts";
import { Random } from "../../src/core/random.ts";
import { countPairs, meanCorrelation } from "../../src/ops/meanCorrelation.ts";
import { type OpCase, uniforms } from "./opCase.ts";

// two bins; a window inside, at and beyond the number of bins; bins left out at both ends; rows across workgroups
const sizes = [
  { nBins: 2, nVoxels: 5, window: 1, out: [] },
  { nBins: 40, nVoxels: 33, window: 7, out: [0, 5, 39] },
  { nBins: 40, nVoxels: 33, window: 38, out: [3] },
  { nBins: 40, nVoxels: 33, window: 39, out: [3] },
  { nBins: 70, nVoxels: 300, window: Number.POSITIVE_INFINITY, out: [10, 11, 12] },
  // long rows, in two rounds, with and without a divisor
  { nBins: 8, nVoxels: 29791, window: 30, out: [3] },
  { nBins: 3, nVoxels: 29789, window: 30, out: [] },
];

export const meanCorrelationCases: OpCase[] = sizes.map(({ nBins, nVoxels, window, out }) => {
  const random = new Random(nBins + nVoxels);
  const common = uniforms(random, nVoxels, 0, 3);
  const own = uniforms(random, nBins * nVoxels, 0, 2);
  const histogram = own.map((v, at) => v + common[at % nVoxels]);
  const valid = Float32Array.from({ length: nBins }, (_, t) => (out.includes(t) ? 0 : 1));
  return {
    name: `meanCorrelation ${nBins} × ${nVoxels}, window ${window}`,
    tolerance: 2e-5,
    because: "float32 sums over bins and voxels; a window is the difference of two of them",
    async run() {
      const { value, grad } = meanCorrelation(
        tensor2d(histogram, [nBins, nVoxels]),
        tensor2d(valid, [nBins, 1]),
        countPairs(valid, window),
        window,
      );
      return { value: await value.data(), grad: await grad.data() };
    },
    oracle() {
      const { value, grad } = oracle(Float64Array.from(histogram), nBins, valid, window);
      return { value: [value], grad };
    },
  };
});
