import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { transformer } from "../../src/core/network/transformer.ts";
import { evaluation, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import type { OpCase } from "./opCase.ts";
import { transformerBatch, transformerSpec } from "./transformerBatch.ts";

const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 0xfedcba98, firstRow: 5 };
const loss: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 0.5, 2], count: 20 };

// one spike; a part of a tile; three tiles, the last with one spike; every loss; with and without dropout
const cases: { n: number; pass: NetworkPass; loss: NetworkLoss }[] = [
  { n: 1, pass: evaluation, loss: { ...loss, kind: "mse" } },
  { n: 3, pass: training, loss },
  { n: 3, pass: evaluation, loss: { ...loss, kind: "given" } },
  { n: 17, pass: training, loss },
];

export const transformerCases: OpCase[] = cases.map((own, i) => {
  const { target, ...batch } = transformerBatch(own.n, 40 + i);
  const found = () => transformer.gradient(batch, target, transformerSpec, own.pass, own.loss);
  return {
    name: `transformer, ${own.n} spikes, ${own.loss.kind}, dropout ${own.pass.dropout}`,
    tolerance: 1e-5,
    because: "float32 through four layers, GELU to 2e-7; sums of up to 1280 products",
    async run() {
      const tensors = {
        weights: tensor1d(batch.weights),
        statistics: tensor1d(batch.statistics),
        waveforms: tensor3d(batch.waveforms, [own.n, 10, 90]),
        centroids: tensor2d(batch.centroids, [own.n, 2]),
      };
      const aim = tensor2d(target, [own.n, 3]);
      const gradient = networkGradient(tensors, aim, transformerSpec, own.pass, own.loss);
      const alone = networkOutput(tensors, transformerSpec, own.pass);
      return {
        out: await gradient.out.data(),
        statistics: await gradient.statistics.data(),
        loss: await gradient.loss.data(),
        weightGrad: await gradient.weightGrad.data(),
        alone: await alone.out.data(),
      };
    },
    oracle() {
      const { out, statistics, loss: value, weightGrad } = found();
      return { out, statistics, loss: [value], weightGrad, alone: out };
    },
  };
});
