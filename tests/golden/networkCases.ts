import { describe, expect, it } from "vitest";
import { type NetworkSpec, networkLayout } from "../../src/core/network/layout.ts";
import { evaluation, type NetworkBatch, type NetworkLoss, type NetworkPass } from "../../src/core/network/types.ts";
import { hold, l2Norm, largest, largestDifference } from "./report.ts";
import {
  checkpoint,
  goldenSpikes,
  goldenSummary,
  goldenWeights,
  holdSummaries,
  isConvolutionBias,
  type Machine,
  oracle,
  stored,
  tensorOf,
} from "./slnNetworks.ts";

/**
 * Both networks against PyTorch in float64: the oracle to rounding (what is stored as float32 to its rounding), the operation
 * to the tolerances that come with the numbers. Dropout is off in all of them.
 */
const training: NetworkPass = { ...evaluation, batchStatistics: true };
const lossOf = (kind: "huber" | "mse"): NetworkLoss => ({ kind, beta: 5, scale: [1, 1, 1], count: 32 });

/** Output in µm, running moments in units of the waveforms, all else relative. */
const stated = {
  cnn: { evalUm: 5e-7, trainUm: 2e-6, loss: 1e-6, moments: 1e-6, full: 1e-5, whole: 1e-6 },
  transformer: { evalUm: 2e-6, trainUm: 2e-6, loss: 1e-6, moments: 0, full: 1e-5, whole: 1e-6 },
};
const statedSummaries = {
  cnn: { l2: 2e-5, sum: 2e-6, first8: 3e-5 },
  transformer: { l2: 2e-6, sum: 1e-6, first8: 1e-5 },
};
const exact = { evalUm: 1e-12, trainUm: 1e-12, loss: 1e-12, moments: 1e-12, full: 1e-7, whole: 1e-10 };
const exactSummaries = { l2: 1e-10, sum: 1e-10, first8: 1e-10 };

const kinds = [
  { kind: "cnn", nParameters: 401_955, full: ["features.0.weight", "head.7.weight", "head.7.bias"] },
  {
    kind: "transformer",
    nParameters: 579_971,
    full: ["head.4.bias", "head.4.weight", "token_proj.bias", "token_proj.weight"],
  },
] as const;

export function networkCases(machine: Machine): void {
  const by = machine.name;
  describe.each(kinds)("$kind", ({ kind, nParameters, full }) => {
    const spec: NetworkSpec = { kind, nOut: 3 };
    const limits = machine === oracle ? exact : stated[kind];
    const summaryLimits = machine === oracle ? exactSummaries : statedSummaries[kind];
    const read = async () => {
      const { target, ...spikes } = await goldenSpikes();
      const input: NetworkBatch = { ...(await goldenWeights(kind)), ...spikes };
      return { input, target, summary: await goldenSummary(kind) };
    };

    it("output and losses in evaluation", async () => {
      const { input, target, summary } = await read();
      hold(
        `${kind}: parameter count, against ${nParameters}`,
        Math.abs(networkLayout(spec).nWeights - nParameters),
        0,
        by,
      );
      const { out, statistics } = await machine.output(input, spec, evaluation);
      const expected = await stored(`networks/${kind}/out_eval_f64`);
      hold(`${kind}: output, evaluation (µm)`, largestDifference(out, expected), limits.evalUm, by);
      expect(Array.from(statistics)).toEqual(Array.from(input.statistics));
      for (const loss of ["huber", "mse"] as const) {
        const found = await machine.gradient(input, target, spec, evaluation, lossOf(loss));
        hold(`${kind}: losses`, Math.abs(found.loss / summary.loss_f64[`eval_${loss}`] - 1), limits.loss, by);
      }
    });

    it("output, losses, running moments and gradients in training", async () => {
      const { input, target, summary } = await read();
      const found = await machine.gradient(input, target, spec, training, lossOf("huber"));
      const expected = await stored(`networks/${kind}/out_train_nodropout_f64`);
      hold(`${kind}: output, training (µm)`, largestDifference(found.out, expected), limits.trainUm, by);
      const mse = (await machine.gradient(input, target, spec, training, lossOf("mse"))).loss;
      hold(`${kind}: losses`, Math.abs(found.loss / summary.loss_f64.train_huber - 1), limits.loss, by);
      hold(`${kind}: losses`, Math.abs(mse / summary.loss_f64.train_mse - 1), limits.loss, by);
      for (const { name, offset, shape } of networkLayout(spec).statistics) {
        const moments = summary.bn_after_one_train_forward_f64?.[name];
        if (!moments) continue; // the transformer's statistics do not run
        const own = found.statistics.subarray(offset, offset + shape[0]);
        hold(`${kind}: running moments`, largestDifference(own, moments), limits.moments, by);
      }
      for (const name of full) {
        const expectedGrad = await stored(`networks/${kind}/grad_${name}`);
        const off = largestDifference(tensorOf(found.weightGrad, spec, name), expectedGrad) / largest(expectedGrad);
        hold(`${kind}: gradients in full`, off, limits.full, by);
      }
      const none = (name: string) => kind === "cnn" && isConvolutionBias(name);
      holdSummaries(`${kind}: gradients`, found.weightGrad, spec, summary.grad_f64, summaryLimits, none, by);
      const whole = Math.abs(l2Norm(found.weightGrad) / summary.grad_l2_all_f64 - 1);
      hold(`${kind}: l2 of the whole gradient`, whole, limits.whole, by);
    });
  });

  it("cnn with four outputs", async () => {
    const spec: NetworkSpec = { kind: "cnn", nOut: 4 };
    const last: Record<string, Float32Array> = {};
    for (const name of ["head.7.weight", "head.7.bias"])
      last[name] = Float32Array.from(await stored(`networks/cnn4d/${name}`));
    const start = await checkpoint("networks/cnn/weights.safetensors", spec, last);
    hold("cnn4d: parameter count, against 402020", Math.abs(networkLayout(spec).nWeights - 402_020), 0, by);
    const { waveforms, centroids } = await goldenSpikes();
    const { out } = await machine.output({ ...start, waveforms, centroids }, spec, evaluation);
    hold("cnn4d: output (µm)", largestDifference(out, await stored("networks/cnn4d/out_eval")), 5e-7, by);
  });
}
