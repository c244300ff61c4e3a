import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import type { Motion } from "../../src/core/types.ts";
import { blockLoss, correctedPositions } from "../../src/methods/slnJoint/loss.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { jointBlock, jointGrid, jointMotion, jointOut, jointWeights } from "../cases/jointLoss.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it("takes motion away with its sign: spikes of tissue that moved up and to the right end lower and further left", () => {
  const one = { ...jointBlock, timeSec: new Float64Array(1), anchorsUm: Float32Array.of(20, 100) };
  const up: Motion = {
    displacementUm: Float64Array.of(15),
    timeBinCentersSec: Float64Array.of(0),
    depthBinCentersUm: Float64Array.of(0),
    lateralUm: Float64Array.of(8),
  };
  const { xUm, yUm } = correctedPositions([3, 5, 20], 3, one, up);
  expect([xUm[0], yUm[0]]).toEqual([20 + 3 - 8, 100 + 5 - 15]);
});

it("is a number for spikes off the grid and without amplitudes, and leaves nothing behind", async () => {
  const before = memory().numTensors;
  const odd = jointOut.slice();
  odd.fill(1e6, 0, 40);
  const amplitudes = { ...jointBlock.amplitudes!, amplitude: jointBlock.amplitudes!.amplitude.map(() => 0) };
  const loss = blockLoss(odd, { ...jointBlock, amplitudes }, jointMotion, jointGrid, jointWeights({}));
  for (const tensor of [loss.terms, loss.outGrad, loss.positionGrad]) {
    expect(Array.from(await tensor.data()).every(Number.isFinite)).toBe(true);
    tensor.dispose();
  }
  expect(memory().numTensors).toBe(before);
});
