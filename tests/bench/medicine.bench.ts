import { activityLayers } from "../../src/core/activityNetwork.ts";
import { Random } from "../../src/core/random.ts";
import { drawBatch, type MedicineData, motionNoise } from "../../src/methods/medicine/data.ts";
import { MedicineModel } from "../../src/methods/medicine/model.ts";
import { initLinear } from "../../src/nn/linearInit.ts";
import { chooseCompute } from "../../src/ops/compute.ts";

/** Median milliseconds of a whole training step (drawing, forward, backward, Adam) in CPU mode, at MEDiCINe's defaults. */
export async function medicineStepMs(nSteps: number): Promise<{ ms: number; threads: number }> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const random = new Random(0);
  const nSpikes = 373_386;
  const nTimes = 1800;
  const data: MedicineData = {
    nSpikes,
    nTimes,
    timeBin: Int32Array.from({ length: nSpikes }, () => random.integer(nTimes)),
    depth: Float32Array.from({ length: nSpikes }, () => random.uniform()),
    amp: Float32Array.from({ length: nSpikes }, () => random.uniform()),
    depthRangeUm: [0, 1334],
    ampRangeUv: [-300, -50],
    startSec: 0,
    binSec: 1,
    warnings: [],
  };
  const hidden = [256, 256];
  const config = { nLevels: 2, nTimes, bound: 0.3, kernelWidthSec: 30, binSec: 1, hidden, learningRate: 5e-4 };
  const model = new MedicineModel(config, initLinear(activityLayers(hidden), random));
  const times: number[] = [];
  for (let step = -5; step < nSteps; step++) {
    const started = performance.now();
    const terms = model.step(drawBatch(data, random, 4096, config.bound, motionNoise(Math.max(0, step), 0.1, 2000)));
    await terms.data();
    terms.dispose();
    if (step >= 0) times.push(performance.now() - started);
  }
  model.dispose();
  times.sort((a, b) => a - b);
  return { ms: times[Math.floor(times.length / 2)], threads };
}
