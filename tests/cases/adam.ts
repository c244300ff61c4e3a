import { tensor1d, zeros } from "@tensorflow/tfjs-core";
import { adamDefaults, adam as oracle, sumSquares } from "../../src/core/adam.ts";
import { Random } from "../../src/core/random.ts";
import { type AdamSlot, adamStep } from "../../src/ops/adam.ts";
import { normals, type OpCase } from "./opCase.ts";

// a gradient far above the clip, one below it, no clip at all; one value, across workgroups
const sizes = [
  { n: 1, gradScale: 3, clipNorm: 1 },
  { n: 1000, gradScale: 1, clipNorm: 1 },
  { n: 300, gradScale: 1e-3, clipNorm: 1 },
  { n: 70000, gradScale: 1, clipNorm: Number.POSITIVE_INFINITY },
  { n: 300, gradScale: 1, clipNorm: 1, weightDecay: 20 },
];

export const adamCases: OpCase[] = sizes.map(({ n, gradScale, clipNorm, weightDecay = 0 }) => {
  const random = new Random(n);
  const param = normals(random, n);
  const other = normals(random, 7);
  const grads = [normals(random, n, gradScale), normals(random, n, gradScale)];
  const otherGrad = normals(random, 7, gradScale);
  const config = { ...adamDefaults, clipNorm, weightDecay };
  return {
    name: `adam ${n} + 7 parameters, gradient × ${gradScale}, clip ${clipNorm}, decay ${weightDecay}`,
    tolerance: 3e-6,
    because: "float32 norm over n squares; the step itself is a quotient of numbers near 1",
    async run() {
      const slots: AdamSlot[] = [
        { param: tensor1d(param), moments: zeros([2, n]) },
        { param: tensor1d(other), moments: zeros([2, 7]) },
      ];
      const squaredNorms: number[] = [];
      for (const [i, grad] of grads.entries()) {
        const squaredNorm = adamStep(slots, [tensor1d(grad), tensor1d(otherGrad)], i + 1, config);
        squaredNorms.push((await squaredNorm.data())[0]);
      }
      const moments = await slots[0].moments.data();
      return {
        squaredNorms,
        param: await slots[0].param.data(),
        other: await slots[1].param.data(),
        firstMoment: moments.subarray(0, n),
        secondMoment: moments.subarray(n),
      };
    },
    oracle() {
      const zero = (length: number) => new Float32Array(length);
      let a = { param, firstMoment: zero(n), secondMoment: zero(n) };
      const squaredNorms: number[] = [];
      let b = { param: other, firstMoment: zero(7), secondMoment: zero(7) };
      for (const [i, grad] of grads.entries()) {
        const norm = sumSquares(grad) + sumSquares(otherGrad);
        squaredNorms.push(norm);
        a = oracle(a.param, grad, a.firstMoment, a.secondMoment, norm, i + 1, config) as typeof a;
        b = oracle(b.param, otherGrad, b.firstMoment, b.secondMoment, norm, i + 1, config) as typeof b;
      }
      return { squaredNorms, param: a.param, other: b.param, firstMoment: a.firstMoment, secondMoment: a.secondMoment };
    },
  };
});
