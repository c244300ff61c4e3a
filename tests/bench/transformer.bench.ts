import { type Tensor, type Tensor1D, tensor1d, tensor2d, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { adamDefaults } from "../../src/core/adam.ts";
import { evaluation, type NetworkLoss } from "../../src/core/network/types.ts";
import { type AdamSlot, adamStep } from "../../src/ops/adam.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { transformerBatch, transformerSpec } from "../cases/transformerBatch.ts";

/** Spikes per second of the transformer in CPU mode, best of `repeats`: a training step (dropout, Huber, AdamW), and inference. */
export async function transformerRates(
  nSpikes: number,
  repeats: number,
): Promise<{ step: number; output: number; threads: number }> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const { weights, statistics, waveforms, centroids, target } = transformerBatch(nSpikes, 1);
  const batch = {
    weights: tensor1d(weights),
    statistics: tensor1d(statistics),
    waveforms: tensor3d(waveforms, [nSpikes, 10, 90]),
    centroids: tensor2d(centroids, [nSpikes, 2]),
  };
  const aim = tensor2d(target, [nSpikes, 3]);
  const loss: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: nSpikes };
  const training = { batchStatistics: true, dropout: 0.1, seed: 1, firstRow: 0 };
  const slot: AdamSlot = { param: batch.weights, moments: zeros([2, weights.length]) };
  const rate = async (run: () => Tensor[]) => {
    let best = 0;
    for (let i = 0; i <= repeats; i++) {
      const started = performance.now();
      const found = run();
      await found[0].data();
      if (i > 0) best = Math.max(best, (1000 * nSpikes) / (performance.now() - started));
      for (const tensor of found) tensor.dispose();
    }
    return best;
  };
  let nSteps = 0;
  const step = await rate(() => {
    const parameters = { ...batch, weights: slot.param as Tensor1D };
    const found = networkGradient(parameters, aim, transformerSpec, training, loss);
    nSteps++;
    return [
      adamStep([slot], [found.weightGrad], nSteps, { ...adamDefaults, weightDecay: 1e-4 }),
      ...Object.values(found),
    ];
  });
  const parameters = { ...batch, weights: slot.param as Tensor1D };
  const output = await rate(() => Object.values(networkOutput(parameters, transformerSpec, evaluation)));
  for (const tensor of [...Object.values(parameters), aim, slot.moments]) tensor.dispose();
  return { step, output, threads };
}
