import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { shiftDepthsGrad as gradOracle, shiftDepths as oracle, orderByBin } from "../../src/core/shiftDepths.ts";
import { shiftDepths, shiftDepthsGrad } from "../../src/ops/shiftDepths.ts";
import { normals, type OpCase, uniforms } from "./opCase.ts";

const sizes = [
  { nLevels: 1, nTimes: 1, n: 1 },
  { nLevels: 1, nTimes: 5, n: 65 },
  { nLevels: 2, nTimes: 300, n: 8192 },
  { nLevels: 7, nTimes: 33, n: 1000 },
];

export const shiftDepthsCases: OpCase[] = sizes.map(({ nLevels, nTimes, n }) => {
  const random = new Random(n);
  const smoothed = normals(random, nLevels * nTimes, 0.1);
  const depth = uniforms(random, n, -0.4, 1.4); // beyond both ends too
  const noise = normals(random, n);
  const outGrad = normals(random, n);
  const timeBin = Int32Array.from({ length: n }, () => random.integer(nTimes));
  const bins = orderByBin(timeBin, nTimes);
  return {
    name: `shiftDepths ${n} spikes, ${nLevels} levels, ${nTimes} bins`,
    tolerance: 3e-6,
    because: "float32 level weights (1e-7) and sums of a bin's spikes",
    async run() {
      const tensors = {
        timeBin: tensor1d(timeBin, "int32"),
        order: tensor1d(bins.order, "int32"),
        binStart: tensor1d(bins.binStart, "int32"),
      };
      const y = tensor1d(depth);
      const shifted = await shiftDepths(tensor2d(smoothed, [nLevels, nTimes]), tensors, y, tensor1d(noise)).data();
      const grad = await shiftDepthsGrad(tensor1d(outGrad), nLevels, tensors, y).data();
      return { shifted, grad };
    },
    oracle: () => ({
      shifted: oracle(smoothed, nLevels, nTimes, timeBin, depth, noise),
      grad: gradOracle(outGrad, nLevels, depth, bins),
    }),
  };
});
