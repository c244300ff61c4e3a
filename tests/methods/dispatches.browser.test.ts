import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { activityLayers } from "../../src/core/activityNetwork.ts";
import { Random } from "../../src/core/random.ts";
import { drawBatch } from "../../src/methods/medicine/data.ts";
import { MedicineModel } from "../../src/methods/medicine/model.ts";
import { initLinear } from "../../src/nn/linearInit.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dispatchesOf } from "../cases/dispatches.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined);
});

it("takes at most 40 dispatches per MEDiCINe step on webgpu, and leaves no tensor behind", async () => {
  const random = new Random(1);
  const spikes = 100;
  const data = {
    nSpikes: spikes,
    nTimes: 20,
    timeBin: Int32Array.from({ length: spikes }, (_, i) => i % 20),
    depth: Float32Array.from({ length: spikes }, () => random.uniform()),
    amp: Float32Array.from({ length: spikes }, () => random.uniform()),
    depthRangeUm: [0, 1] as const,
    ampRangeUv: [0, 1] as const,
    startSec: 0,
    binSec: 1,
    warnings: [],
  };
  const hidden = [256, 256]; // the default network: the number of dispatches depends on its layers alone
  const config = { nLevels: 2, nTimes: 20, bound: 0.3, kernelWidthSec: 5, binSec: 1, hidden, learningRate: 5e-4 };
  const model = new MedicineModel(config, initLinear(activityLayers(hidden), random));
  const step = async () => {
    const terms = model.step(drawBatch(data, random, 32, 0.3, 0.1));
    const values = await terms.data();
    terms.dispose();
    return values;
  };
  try {
    await step();
    const tensors = memory().numTensors;
    const dispatches = await dispatchesOf(step);
    console.info(`MEDiCINe step on webgpu: ${dispatches} dispatches`);
    expect(dispatches).toBeGreaterThan(10);
    expect(dispatches).toBeLessThanOrEqual(40);
    expect(memory().numTensors).toBe(tensors);
  } finally {
    model.dispose();
  }
});
