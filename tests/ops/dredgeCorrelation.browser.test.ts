import { getBackend, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation, gpuCost } from "../../src/ops/dredgeCorrelation.ts";
import { dispatchesOf } from "../cases/dispatches.ts";
import { checkDredgePairs } from "../cases/dredgePairs.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
});

it("finds SpikeInterface's C and D on webgpu", async () => {
  expect(getBackend()).toBe("webgpu");
  await checkDredgePairs();
}, 60_000);

it("takes two dispatches a tile, as stated", async () => {
  const weights = Float64Array.of(0, 1, 1, 0);
  const raster = tensor2d([0, 1, 2, 3, 4, 5, 7, 7, 8, 1, 9, 0], [3, 4]);
  const tile = { rows: [0, 3], columns: [0, 3], maxDisplacementBins: 1 } as const;
  const dispatches = await dispatchesOf(() => dredgeCorrelation(raster, weights, tile).lag.data());
  expect(dispatches).toBe(gpuCost(3, 3, lagGeometry(Float64Array.of(0, 1, 1, 0), 1)).dispatches);
});
