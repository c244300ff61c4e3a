import {
  randomNormal,
  randomUniform,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  zeros,
} from "@tensorflow/tfjs-core";
import { adamDefaults } from "../../src/core/adam.ts";
import { type NetworkSpec, networkLayout } from "../../src/core/network/layout.ts";
import { evaluation, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { type AdamSlot, adamStep } from "../../src/ops/adam.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { cnnBytesPerSpike } from "../../src/ops/webgpu/cnnCall.ts";
import { dispatchesOf } from "../cases/dispatches.ts";

interface Rate {
  batch: number;
  spikesPerSec: number;
  gflops: number;
  dispatches: number;
}

/** Training and application of the CNN on the GPU of this machine. */
export interface GpuNetwork {
  adapter: string;
  /** forward with the batch's moments and dropout, SmoothL1, backward, AdamW; the loss read back after each step */
  training: Rate;
  /** forward with running moments; positions read back */
  application: Rate;
  bytesPerSpike: number;
}

const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 1, firstRow: 0 };
/** of one spike: 1.25 million products forwards, twice as many backwards */
const flopForward = 2.5e6;
/** A measurement shorter than this says more about starting than about the work. */
const leastSec = 0.4;

/** A step of training, or an application, on n spikes; to be run any number of times. */
function work(n: number, trains: boolean): { run: () => Promise<unknown>; dispose: () => void } {
  const { nWeights, nStatistics } = networkLayout(spec);
  const slot: AdamSlot<Tensor1D> = {
    param: randomUniform([nWeights], -0.05, 0.05) as Tensor1D,
    moments: zeros([2, nWeights]),
  };
  const statistics = tensor1d(new Float32Array(nStatistics).fill(1));
  const waveforms = randomNormal([n, 10, 90]) as Tensor3D;
  const centroids = zeros([n, 2]) as Tensor2D;
  const target = randomNormal([n, spec.nOut]) as Tensor2D;
  const loss: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: n };
  const batch = () => ({ weights: slot.param, statistics, waveforms, centroids });
  const train = async () => {
    const found = networkGradient(batch(), target, spec, training, loss);
    adamStep([slot], [found.weightGrad], 1, adamDefaults).dispose();
    await found.loss.data();
    for (const t of Object.values(found)) t.dispose();
  };
  const apply = async () => {
    const found = networkOutput(batch(), spec, evaluation);
    await found.out.data();
    for (const t of Object.values(found)) t.dispose();
  };
  const dispose = () => {
    for (const t of [slot.param, slot.moments, statistics, waveforms, centroids, target]) t.dispose();
  };
  return { run: trains ? train : apply, dispose };
}

/** The first batch that takes long enough, or the largest; the best of three runs. */
async function measure(trains: boolean): Promise<Rate> {
  let found: Rate = { batch: 0, spikesPerSec: 0, gflops: 0, dispatches: 0 };
  for (const batch of [8, 32, 128, 512, 1024, 2048, 4096, 8192]) {
    const { run, dispose } = work(batch, trains);
    const dispatches = await dispatchesOf(run);
    let seconds = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 3; turn++) {
      const started = performance.now();
      await run();
      seconds = Math.min(seconds, (performance.now() - started) / 1000);
    }
    dispose();
    const flop = flopForward * (trains ? 3 : 1);
    found = { batch, spikesPerSec: batch / seconds, gflops: (flop * batch) / seconds / 1e9, dispatches };
    if (seconds >= leastSec) break;
  }
  return found;
}

export async function gpuNetwork(): Promise<GpuNetwork> {
  const { adapter } = await chooseCompute("webgpu", () => undefined);
  return {
    adapter,
    training: await measure(true),
    application: await measure(false),
    bytesPerSpike: cnnBytesPerSpike(spec.nOut).all,
  };
}
