import { orderByBin } from "../../src/core/shiftDepths.ts";
import type { Batch } from "../../src/methods/medicine/data.ts";
import { MedicineModel } from "../../src/methods/medicine/model.ts";
import { fixtureFloats, fixtureJson, fixtureNpy } from "../fixture.ts";

/**
 * Ten optimisation steps of the reference implementation with its weights and draws (MEDiCINe 1.6, torch 1.13 float32);
 * tolerances are the ones its own float32 and float64 runs differ by, with a margin.
 */
interface Steps {
  num_depth_bins: number;
  batch: number;
  steps: number;
  bound_normalized: number;
  time_range: [number, number];
  num_time_bins: number;
  time_bin_size: number;
  time_kernel_width: number;
  loss: number[];
  motion_noise: number[];
}

/** torch keeps weights as [out, in]; ours are [in, out]. Returns the flat vector of core/activityNetwork. */
async function networkParameters(folder: string, stage: string, root?: string): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (const layer of ["fc1", "fc2", "fc3"]) {
    const { shape, values } = await fixtureNpy(`${folder}/${stage}__${layer}_weight.npy`, root);
    const [nOut, nIn] = shape;
    parts.push(Float32Array.from({ length: nIn * nOut }, (_, i) => values[(i % nOut) * nIn + Math.floor(i / nOut)]));
    parts.push(await fixtureFloats(`${folder}/${stage}__${layer}_bias.npy`, root));
  }
  return Float32Array.from(parts.flatMap((p) => [...p]));
}

function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

const largest = (v: ArrayLike<number>) => maxDifference(v, new Float32Array(v.length));

export interface GoldenDifferences {
  loss: number;
  step0Probability: number;
  /** relative to the largest entry */
  grad0Network: number;
  grad0Motion: number;
  after10Motion: number;
  after10SmoothMotion: number;
}

export const goldenTolerance: GoldenDifferences = {
  loss: 1e-5,
  step0Probability: 1e-6,
  grad0Network: 5e-3,
  grad0Motion: 5e-3,
  after10Motion: 1e-4,
  after10SmoothMotion: 5e-6,
};

/** Run the ten steps on the current backend and say how far every stage is from the reference. */
export async function goldenDifferences(name: string, root?: string): Promise<GoldenDifferences> {
  const folder = `medicine_steps/${name}`;
  const common = "medicine_steps/common";
  const steps = await fixtureJson<Steps>(`${folder}/steps.json`, root);
  const floats = (file: string) => fixtureFloats(`${folder}/${file}.npy`, root);
  const [times, depths, amps] = await Promise.all(
    ["times", "depths_norm", "amps_norm"].map((n) => fixtureFloats(`${common}/peak_${n}_f32.npy`, root)),
  );
  const draws = Object.fromEntries(
    await Promise.all(
      ["idx_real", "idx_fake", "noise_real", "noise_fake", "fake_depth", "fake_amp"].map(
        async (n) => [n, await floats(n)] as const,
      ),
    ),
  );
  const startSec = Math.fround(steps.time_range[0]);
  const batch = (step: number): Batch => {
    const b = steps.batch;
    const at = step * b;
    const timeBin = new Int32Array(2 * b);
    const depth = new Float32Array(2 * b);
    const noise = new Float32Array(2 * b);
    const amp = new Float32Array(2 * b);
    for (let i = 0; i < b; i++) {
      const real = draws.idx_real[at + i];
      const fake = draws.idx_fake[at + i];
      // the reference bins in float32; the product does not, but here its bins are inputs
      const bin = (spike: number) =>
        Math.floor(Math.fround(Math.fround(times[spike] - startSec) / steps.time_bin_size));
      timeBin[i] = bin(real);
      timeBin[b + i] = bin(fake);
      depth[i] = depths[real];
      depth[b + i] = draws.fake_depth[at + i];
      amp[i] = amps[real];
      amp[b + i] = draws.fake_amp[at + i];
      noise[i] = steps.motion_noise[step] * draws.noise_real[at + i];
      noise[b + i] = steps.motion_noise[step] * draws.noise_fake[at + i];
    }
    return { timeBin, depth, noise, amp, ...orderByBin(timeBin, steps.num_time_bins) };
  };
  const config = {
    nLevels: steps.num_depth_bins,
    nTimes: steps.num_time_bins,
    bound: steps.bound_normalized,
    kernelWidthSec: steps.time_kernel_width,
    binSec: steps.time_bin_size,
    hidden: [256, 256],
    learningRate: 5e-4,
  };
  const model = new MedicineModel(config, await networkParameters(folder, "init", root), await floats("init__motion"));
  const grads = model.gradients(batch(0));
  const grad0 = await networkParameters(folder, "grad0", root);
  const grad0Motion = await floats("grad0__motion");
  const weightGrad = await grads.weightGrad.data();
  const tableGrad = await grads.tableGrad.data();
  const first = batch(0);
  // step-0 probabilities without noise on the motion: depth plus the reference's own noiseless motion
  const shift = await floats("step0__pred_motion_real_nonoise");
  const b = steps.batch;
  const probability = await model.probability(
    first.depth.subarray(0, b).map((y, i) => y + first.noise[i] + shift[i]),
    first.amp.slice(0, b),
  );
  const expectedProbability = await floats("step0__prob_real");
  let loss = 0;
  for (let step = 0; step < steps.steps; step++) {
    const terms = model.step(batch(step));
    const [real, fake] = await terms.data();
    terms.dispose();
    loss = Math.max(loss, Math.abs(real + fake - steps.loss[step]));
  }
  const { table } = await model.parameters();
  const result = {
    loss,
    step0Probability: maxDifference(probability, expectedProbability),
    grad0Network: maxDifference(weightGrad, grad0) / largest(grad0),
    grad0Motion: maxDifference(tableGrad, grad0Motion) / largest(grad0Motion),
    after10Motion: maxDifference(table, await floats("after10__motion")),
    after10SmoothMotion: maxDifference(await model.smoothed(), await floats("after10__smooth_motion")),
  };
  model.dispose();
  return result;
}
