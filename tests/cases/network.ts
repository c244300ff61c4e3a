import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import type { NetworkSpec } from "../../src/core/network/layout.ts";
import { networks } from "../../src/core/network/network.ts";
import { evaluation, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { networkGradient, networkOutput } from "../../src/ops/network.ts";
import { networkFixture } from "./networkFixture.ts";
import type { OpCase } from "./opCase.ts";

const training: NetworkPass = { batchStatistics: true, dropout: 0.1, seed: 0xfedcba98, firstRow: 5 };
const frozen: NetworkPass = { ...training, batchStatistics: false };
const huber: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 0.5, 2, 3], count: 40 };

interface NetworkCase {
  nOut: number;
  n: number;
  pass: NetworkPass;
  loss: NetworkLoss;
}

// one spike; part of a group of 5; more than a tile of 40, on two threads; every loss, either normalisation, dropout or none
const cases: NetworkCase[] = [
  { nOut: 3, n: 1, pass: training, loss: huber },
  { nOut: 4, n: 1, pass: evaluation, loss: { ...huber, kind: "mse" } },
  { nOut: 3, n: 3, pass: frozen, loss: huber },
  { nOut: 3, n: 3, pass: { ...training, dropout: 0 }, loss: { ...huber, kind: "mse" } },
  { nOut: 4, n: 43, pass: training, loss: huber },
  { nOut: 3, n: 83, pass: frozen, loss: { ...huber, kind: "given" } },
];

export const networkCases: OpCase[] = cases.map(({ nOut, n, pass, loss }) => {
  const spec: NetworkSpec = { kind: "cnn", nOut };
  const { batch, target } = networkFixture(spec, n, 10 + n);
  const normalisation = pass.batchStatistics ? "the batch's moments" : "running moments";
  return {
    name: `CNN, ${n} spikes, ${nOut} outputs, ${loss.kind}, ${normalisation}, dropout ${pass.dropout}`,
    tolerance: 2e-5,
    because: "float32 through six layers, GELU to 2e-7; gradients are sums over up to 7470 steps",
    async run() {
      const tensors = {
        weights: tensor1d(batch.weights),
        statistics: tensor1d(batch.statistics),
        waveforms: tensor3d(batch.waveforms, [n, 10, 90]),
        centroids: tensor2d(batch.centroids, [n, 2]),
      };
      const found = networkGradient(tensors, tensor2d(target, [n, nOut]), spec, pass, loss);
      const alone = networkOutput(tensors, spec, pass);
      return {
        out: await found.out.data(),
        statistics: await found.statistics.data(),
        loss: await found.loss.data(),
        weightGrad: await found.weightGrad.data(),
        alone: await alone.out.data(),
      };
    },
    oracle() {
      const { out, statistics, loss: value, weightGrad } = networks.cnn.gradient(batch, target, spec, pass, loss);
      return { out, statistics, loss: [value], weightGrad, alone: out };
    },
  };
});
