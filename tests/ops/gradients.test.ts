import {
  grad,
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { orderByBin, shiftDepthsGrad as shiftOracle } from "../../src/core/shiftDepths.ts";
import { smoothMotionGrad as smoothOracle, triangularTaps } from "../../src/core/smoothMotion.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { shiftDepths } from "../../src/ops/shiftDepths.ts";
import { smoothMotion } from "../../src/ops/smoothMotion.ts";
import { normals, relativeError, uniforms } from "../cases/opCase.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it("tfjs differentiates through smoothMotion", async () => {
  const random = new Random(1);
  const table = normals(random, 40);
  const weight = normals(random, 40);
  const taps = triangularTaps(8, 1);
  const f = (t: Tensor) => sum(mul(smoothMotion(t as Tensor2D, tensor1d(taps), 0.3), tensor2d(weight, [2, 20])));
  const found = await grad(f)(tensor2d(table, [2, 20])).data();
  expect(relativeError(found, smoothOracle(table, weight, 2, 20, 0.3, taps))).toBeLessThan(1e-5);
});

it("tfjs differentiates through shiftDepths, to the motion and to the depth noise", async () => {
  const random = new Random(2);
  const timeBin = Int32Array.from({ length: 50 }, (_, i) => i % 7);
  const bins = orderByBin(timeBin, 7);
  const depth = uniforms(random, 50, 0, 1);
  const weight = normals(random, 50);
  const tensors = {
    timeBin: tensor1d(timeBin, "int32"),
    order: tensor1d(bins.order, "int32"),
    binStart: tensor1d(bins.binStart, "int32"),
  };
  const f = (smoothed: Tensor, noise: Tensor) =>
    sum(mul(shiftDepths(smoothed as Tensor2D, tensors, tensor1d(depth), noise as Tensor1D), tensor1d(weight)));
  const [motionGrad, noiseGrad] = grads(f)([tensor2d(normals(random, 21), [3, 7]), tensor1d(depth)]);
  expect(relativeError(await motionGrad.data(), shiftOracle(weight, 3, depth, bins))).toBeLessThan(1e-5);
  expect(relativeError(await noiseGrad.data(), weight)).toBe(0);
});
