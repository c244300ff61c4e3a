import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { smoothMotionGrad as gradOracle, smoothMotion as oracle, triangularTaps } from "../../src/core/smoothMotion.ts";
import { smoothMotion, smoothMotionGrad } from "../../src/ops/smoothMotion.ts";
import { normals, type OpCase } from "./opCase.ts";

// one time bin; fewer than a workgroup; across 256 and 64 wide workgroups; kernel longer than the recording
const sizes = [
  { nLevels: 1, nTimes: 1, kernel: 30 },
  { nLevels: 2, nTimes: 10, kernel: 30 },
  { nLevels: 1, nTimes: 63, kernel: 1 },
  { nLevels: 3, nTimes: 257, kernel: 30 },
  { nLevels: 2, nTimes: 1800, kernel: 30 },
];

export const smoothMotionCases: OpCase[] = sizes.map(({ nLevels, nTimes, kernel }) => {
  const random = new Random(nTimes);
  const table = normals(random, nLevels * nTimes, 0.7);
  const outGrad = normals(random, nLevels * nTimes);
  const taps = triangularTaps(kernel, 1);
  const bound = 0.305;
  return {
    name: `smoothMotion ${nLevels} × ${nTimes}, kernel ${kernel} s`,
    tolerance: 2e-5,
    because: "float32 sums of up to 57 terms, and a mean over T subtracted from values of similar size",
    async run() {
      const t = tensor2d(table, [nLevels, nTimes]);
      const k = tensor1d(taps);
      const smoothed = await smoothMotion(t, k, bound).data();
      const grad = await smoothMotionGrad(t, k, tensor2d(outGrad, [nLevels, nTimes]), bound).data();
      return { smoothed, grad };
    },
    oracle: () => ({
      smoothed: oracle(table, nLevels, nTimes, bound, taps),
      grad: gradOracle(table, outGrad, nLevels, nTimes, bound, taps),
    }),
  };
});
