import { getBackend } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { gpuCost } from "../../src/ops/dredgeCorrelation.ts";
import { transformPlan } from "../../src/ops/simd/correlationTiles.ts";
import { checkDredgePairs } from "../cases/dredgePairs.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it("finds SpikeInterface's C and D on wasm", async () => {
  expect(getBackend()).toBe("wasm");
  await checkDredgePairs();
});

describe("what it takes", () => {
  const nTimes = 1800;
  const nonRigid = lagGeometry(new Float64Array(1340).fill(1), 112);

  it("cuts a template where that is cheapest, and never so that lags wrap around", () => {
    expect(transformPlan(1340, 225)).toMatchObject({ nFft: 512, nBlocks: 5, step: 288 });
    expect(transformPlan(1340, 671)).toMatchObject({ nFft: 1024, nBlocks: 4, step: 354 });
    expect(transformPlan(1, 1)).toMatchObject({ nFft: 16, nBlocks: 1 });
    for (const [length, nLags] of [
      [3820, 225],
      [3820, 1911],
      [40, 64],
      [5, 29],
    ]) {
      const { nFft, nBlocks, step } = transformPlan(length, nLags);
      expect(step + nLags - 1).toBeLessThanOrEqual(nFft);
      expect(nBlocks * step).toBeGreaterThanOrEqual(length);
      expect(Number.isInteger(Math.log2(nFft))).toBe(true);
    }
  });

  it("on the GPU, for half an hour of three windows: 6.4 TFLOP, 88 GB through the caches, 96 dispatches", () => {
    const tile = 512;
    const total = { dispatches: 0, flop: 0, bytes: 0 };
    for (let window = 0; window < 3; window++) {
      for (let i = 0; i < nTimes; i += tile) {
        for (let j = 0; j < nTimes; j += tile) {
          const cost = gpuCost(Math.min(tile, nTimes - i), Math.min(tile, nTimes - j), nonRigid);
          total.dispatches += cost.dispatches;
          total.flop += cost.flop;
          total.bytes += cost.bytes;
        }
      }
    }
    expect(total.dispatches).toBe(3 * 4 * 4 * 2);
    expect(total.flop / 1e12).toBeCloseTo(6.4, 0);
    expect(total.flop).toBeGreaterThan(3 * nTimes ** 2 * 2 * 225 * 1340); // the pairs themselves
    expect(total.bytes / 1e9).toBeCloseTo(88, 0);
  });
});
