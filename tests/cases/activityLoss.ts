import { tensor1d } from "@tensorflow/tfjs-core";
import {
  activityLayers,
  activityLoss as oracle,
  activityProbability as probabilityOracle,
} from "../../src/core/activityNetwork.ts";
import { Random } from "../../src/core/random.ts";
import { initLinear } from "../../src/nn/linearInit.ts";
import { activityLoss, activityProbability } from "../../src/ops/activityLoss.ts";
import { type OpCase, uniforms } from "./opCase.ts";

// no hidden layer; widths that are no multiple of a vector or a block; rows across blocks of 64; the default network
const sizes: { hidden: number[]; n: number; nReal: number }[] = [
  { hidden: [], n: 2, nReal: 1 },
  { hidden: [5], n: 63, nReal: 20 },
  { hidden: [20, 12, 9], n: 130, nReal: 65 },
  { hidden: [70, 65], n: 200, nReal: 100 },
  { hidden: [256, 256], n: 320, nReal: 160 },
];

export const activityLossCases: OpCase[] = sizes.map(({ hidden, n, nReal }) => {
  const random = new Random(n);
  const weights = initLinear(activityLayers(hidden), random).map((w) => 2 * w);
  const depth = uniforms(random, n, -0.4, 1.4);
  const amp = uniforms(random, n, 0, 1);
  return {
    name: `activityLoss [${hidden}], ${nReal} of ${n} real`,
    tolerance: 1e-4,
    because: "float32 through up to four layers; gradient sums over n rows; 32y carries 32 roundings of y",
    async run() {
      const w = tensor1d(weights);
      const y = tensor1d(depth);
      const a = tensor1d(amp);
      const loss = activityLoss(w, hidden, y, a, nReal);
      return {
        terms: await loss.terms.data(),
        weightGrad: await loss.weightGrad.data(),
        depthGrad: await loss.depthGrad.data(),
        probability: await activityProbability(w, hidden, y, a).data(),
      };
    },
    oracle() {
      const { real, fake, paramGrad, depthGrad } = oracle(weights, hidden, depth, amp, nReal);
      const probability = probabilityOracle(weights, hidden, depth, amp);
      return { terms: [real, fake], weightGrad: paramGrad, depthGrad, probability };
    },
  };
});
