import { type Tensor, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { adamDefaults } from "../../src/core/adam.ts";
import type { NetworkKind } from "../../src/core/network/layout.ts";
import { evaluation, type NetworkLoss } from "../../src/core/network/types.ts";
import { Network } from "../../src/nn/network.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkFixture } from "../cases/networkFixture.ts";

/**
 * Spikes per second of a network in CPU mode, best of `repeats`: a training step (batch statistics, dropout, Huber loss, AdamW),
 * the same with running statistics, which the transformer has none of, and inference.
 */
export async function networkRates(
  kind: NetworkKind,
  nSpikes: number,
  repeats: number,
): Promise<{ step: number; frozenStep: number; output: number; threads: number }> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const spec = { kind, nOut: 3 };
  const { batch, target } = networkFixture(spec, nSpikes, 1);
  const network = new Network({ spec, weights: batch.weights, statistics: batch.statistics });
  const input = {
    waveforms: tensor3d(batch.waveforms, [nSpikes, 10, 90]),
    centroids: tensor2d(batch.centroids, [nSpikes, 2]),
  };
  const aim = tensor2d(target, [nSpikes, 3]);
  const loss: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: nSpikes };
  const training = { batchStatistics: true, dropout: 0.1, seed: 1, firstRow: 0 };
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
  const step = (batchStatistics: boolean) => () => {
    const { out, loss: value, weightGrad } = network.gradient(input, aim, { ...training, batchStatistics }, loss, true);
    const norm = network.step(weightGrad, { ...adamDefaults, clipNorm: Number.POSITIVE_INFINITY });
    return [norm, out, value, weightGrad];
  };
  const rates = {
    step: await rate(step(true)),
    frozenStep: kind === "cnn" ? await rate(step(false)) : Number.NaN,
    output: await rate(() => [network.output(input, evaluation, false)]),
    threads,
  };
  for (const tensor of [...Object.values(input), aim]) tensor.dispose();
  network.dispose();
  return rates;
}
