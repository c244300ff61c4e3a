import { tensor2d } from "@tensorflow/tfjs-core";
import { meanEntropy as oracle } from "../../src/core/histogramLosses.ts";
import { Random } from "../../src/core/random.ts";
import { meanEntropy } from "../../src/ops/meanEntropy.ts";
import { type OpCase, uniforms } from "./opCase.ts";

// every remainder of a row by four voxels; one bin; rows longer than a workgroup; mostly empty rows; bins left out, an empty bin
const sizes = [
  { nBins: 1, nVoxels: 6, filled: 1, out: [], empty: [] },
  { nBins: 3, nVoxels: 5, filled: 1, out: [1], empty: [] },
  { nBins: 5, nVoxels: 34, filled: 0.5, out: [0, 4], empty: [] },
  { nBins: 4, nVoxels: 1003, filled: 0.1, out: [], empty: [2] },
  { nBins: 9, nVoxels: 700, filled: 0.9, out: [3], empty: [3] },
];

export const meanEntropyCases: OpCase[] = sizes.map(({ nBins, nVoxels, filled, out, empty }) => {
  const random = new Random(nBins + nVoxels);
  const present = uniforms(random, nBins * nVoxels, 0, 1);
  const size = uniforms(random, nBins * nVoxels, 0, 7);
  const histogram = size.map((v, at) =>
    present[at] < filled && !empty.some((t) => t === Math.floor(at / nVoxels)) ? v ** 2 : 0,
  );
  const valid = Float32Array.from({ length: nBins }, (_, t) => (out.some((o) => o === t) ? 0 : 1));
  const nValid = nBins - out.length;
  return {
    name: `meanEntropy ${nBins} × ${nVoxels}, ${100 * filled} % of the voxels filled`,
    tolerance: 1e-5,
    because: "float32 logarithms to 2 to 3 units in the last place, sums over voxels",
    async run() {
      const found = meanEntropy(tensor2d(histogram, [nBins, nVoxels]), tensor2d(valid, [nBins, 1]), nValid);
      const [value, perBin, grad] = await Promise.all([found.value.data(), found.perBin.data(), found.grad.data()]);
      return { value, perBin, grad };
    },
    oracle() {
      const { value, grad } = oracle(Float64Array.from(histogram), nBins, valid);
      const perBin = Array.from(valid, (v, t) => {
        const row = Float64Array.from(histogram.subarray(t * nVoxels, (t + 1) * nVoxels));
        return oracle(row, 1, [v]).value;
      });
      return { value: [value], perBin, grad };
    },
  };
});
