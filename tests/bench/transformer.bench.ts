import { type Tensor, tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { evaluation, type NetworkLoss } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { transformerBatch, transformerSpec } from "../cases/transformerBatch.ts";

/** Spikes per second of the transformer in CPU mode, best of `repeats`: forward and backward with dropout, and forward alone. */
export async function transformerRates(
  nSpikes: number,
  repeats: number,
): Promise<{ gradient: number; output: number; threads: number }> {
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
  const rate = async (run: () => Record<string, Tensor>) => {
    let best = 0;
    for (let i = 0; i <= repeats; i++) {
      const started = performance.now();
      const found = run();
      await found.out.data();
      if (i > 0) best = Math.max(best, (1000 * nSpikes) / (performance.now() - started));
      for (const tensor of Object.values(found)) tensor.dispose();
    }
    return best;
  };
  const gradient = await rate(() => ({ ...networkGradient(batch, aim, transformerSpec, training, loss) }));
  const output = await rate(() => ({ ...networkOutput(batch, transformerSpec, evaluation) }));
  for (const tensor of [...Object.values(batch), aim]) tensor.dispose();
  return { gradient, output, threads };
}
