import { tensor1d, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { networkLayout, placeOf } from "../../src/core/network/layout.ts";
import { transformer } from "../../src/core/network/transformer.ts";
import { evaluation, type NetworkLoss } from "../../src/core/network/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { networkGradient } from "../../src/ops/network.ts";
import { relativeError } from "../cases/opCase.ts";
import { fixtureNpy } from "../fixture.ts";
import {
  goldenSpikes,
  goldenSummary,
  goldenTable,
  goldenWeights,
  type NetworkSummary,
  summaryDifferences,
} from "./networkGolden.ts";

const spec = { kind: "transformer", nOut: 3 } as const;
const { weights: places } = networkLayout(spec);
const huber: NetworkLoss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: 32 };
const full = ["head.4.bias", "head.4.weight", "token_proj.bias", "token_proj.weight"];

interface Golden {
  batch: { weights: Float32Array; statistics: Float32Array; waveforms: Float32Array; centroids: Float32Array };
  target: Float32Array;
  out: ArrayLike<number>;
  summary: NetworkSummary;
  fullGrads: Float32Array[];
}
let golden: Golden;

beforeAll(async () => {
  const { target, ...spikes } = await goldenSpikes();
  golden = {
    batch: { ...(await goldenWeights(spec)), ...spikes },
    target,
    out: (await fixtureNpy("transformer/out_eval_f64.npy", "../shared/golden/sln/networks")).values,
    summary: await goldenSummary("transformer"),
    fullGrads: await Promise.all(full.map((name) => goldenTable(`transformer/grad_${name}.npy`))),
  };
});

interface Found {
  out: ArrayLike<number>;
  losses: { huber: number; mse: number };
  weightGrad: Float64Array;
}

/** `tighter` divides the tolerances, which are stated for float32. */
function check({ out, losses, weightGrad }: Found, tighter: number): void {
  const { summary, fullGrads } = golden;
  const apartUm = Math.max(...Array.from(out, (v, i) => Math.abs(v - golden.out[i])));
  const { l2, sum, first8, whole } = summaryDifferences(weightGrad, places, summary.grad_f64, () => false);
  const found = {
    apartUm,
    huber: losses.huber / summary.loss_f64.train_huber - 1,
    mse: losses.mse / summary.loss_f64.train_mse - 1,
    whole: whole / summary.grad_l2_all_f64 - 1,
    ...{ l2, sum, first8 },
    full: Math.max(
      ...full.map((name, i) => {
        const { offset } = placeOf(places, name);
        return relativeError(weightGrad.slice(offset, offset + fullGrads[i].length), fullGrads[i]);
      }),
    ),
  };
  console.info(JSON.stringify(found));
  expect(apartUm).toBeLessThan(2e-6 / tighter);
  for (const relative of [found.huber, found.mse, found.whole]) expect(Math.abs(relative)).toBeLessThan(1e-6 / tighter);
  expect(l2).toBeLessThan(2e-6 / tighter);
  expect(sum).toBeLessThan(1e-6 / tighter);
  expect(first8).toBeLessThan(1e-5 / tighter);
  expect(found.full).toBeLessThan(Math.max(1e-7, 1e-5 / tighter)); // stored as float32
}

describe("the transformer against PyTorch", () => {
  it("agrees in plain loops: output, losses, gradients", () => {
    const found = transformer.gradient(golden.batch, golden.target, spec, evaluation, huber);
    const mse = transformer.gradient(golden.batch, golden.target, spec, evaluation, { ...huber, kind: "mse" }).loss;
    check({ ...found, losses: { huber: found.loss, mse } }, 1e4);
  });

  it("agrees on wasm, in float32", async () => {
    await chooseCompute("cpu", () => undefined);
    const { weights, statistics, waveforms, centroids } = golden.batch;
    const tensors = {
      weights: tensor1d(weights),
      statistics: tensor1d(statistics),
      waveforms: tensor3d(waveforms, [32, 10, 90]),
      centroids: tensor2d(centroids, [32, 2]),
    };
    const target = tensor2d(golden.target, [32, 3]);
    const found = networkGradient(tensors, target, spec, evaluation, huber);
    const mse = networkGradient(tensors, target, spec, evaluation, { ...huber, kind: "mse" });
    check(
      {
        out: await found.out.data(),
        losses: { huber: (await found.loss.data())[0], mse: (await mse.loss.data())[0] },
        weightGrad: Float64Array.from(await found.weightGrad.data()),
      },
      1,
    );
  });
});
