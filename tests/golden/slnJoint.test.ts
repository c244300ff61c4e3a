import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { adamDefaults } from "../../src/core/adam.ts";
import type { JointWeights } from "../../src/core/jointLoss.ts";
import { displacementAt } from "../../src/core/motion.ts";
import { type NetworkSpec, networkLayout, placeOf } from "../../src/core/network/layout.ts";
import type { Motion } from "../../src/core/types.ts";
import type { Yielded } from "../../src/methods/defineMethod.ts";
import type { WaveformFeed } from "../../src/methods/sln/feed.ts";
import { blockLoss, correctedPositions, type LossBlock } from "../../src/methods/slnJoint/loss.ts";
import { BlockPasses } from "../../src/methods/slnJoint/passes.ts";
import { Network } from "../../src/nn/network.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { largestDifference } from "../cases/networkFixture.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { checkpoint, golden } from "./slnNetworks.ts";

const largest = (values: ArrayLike<number>) => largestDifference(values, new Float64Array(values.length));

/**
 * One block of the joint optimisation against PyTorch in float64: loss, gradients, and five steps of AdamW, in both modes of
 * BatchNorm and with two clips. Tolerances are those that come with the numbers.
 */
interface Values {
  L: number;
  rho: number;
  Hbar: number;
  tether: number;
  grad_norm: number;
}
interface Summary {
  l2: number;
  sum: number;
  first8: number[];
  shape: number[];
}
interface Reference {
  values_f64: Values;
  valid: boolean[];
  grad_norm_f64: number;
  grad_f64: Record<string, Summary>;
  adamw_clip_5_f64: Values[];
  "adamw_clip_0.05_f64": Values[];
  parameters_after_5_clip_5_f64: Record<string, Summary>;
  "parameters_after_5_clip_0.05_f64": Record<string, Summary>;
}

const spec: NetworkSpec = { kind: "cnn", nOut: 3 };
const grid = { x0: -40, nx: 31, y0: 0, ny: 961, pitchUm: 4, sigmaUm: 4 };
const weights: JointWeights = {
  rho: 1,
  entropy: 0.1,
  tether: 0.01,
  residual: 0,
  tetherScale: [1, 1, 0],
  window: 30,
};
const lengthOf = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
const isConvolutionBias = (name: string) => /^features\.[048]\.bias$/.test(name);

const stored = async (name: string) => (await fixtureNpy(`joint/${name}.npy`, golden)).values;
const doubles = async (name: string) => Float64Array.from(await stored(name));

let feed: WaveformFeed;
let block: LossBlock;
let motion: Motion;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  const [counts, anchors, baseline, frame] = [
    await stored("waveforms_counts"),
    await stored("anchors_xy_um"),
    await stored("baseline_xy_um"),
    await stored("frame"),
  ];
  const { waveform_scale: scale } = await fixtureJson<{ waveform_scale: number }>("joint/meta.json", golden);
  const { valid } = await fixtureJson<Reference>("joint/eval.json", golden);
  const n = frame.length;
  const over = Float32Array.from(counts, (v) => v / Math.fround(scale));
  feed = {
    nSpikes: n,
    scale,
    runLength: 1,
    anchorsUm: Float32Array.from(anchors),
    channelsOf: null,
    positionsUm: null,
    read: async (rows) => over.slice(900 * rows[0], 900 * (rows[rows.length - 1] + 1)),
    ptp: async () => new Float32Array(0),
    warnings: [],
  };
  const bin = Int32Array.from(frame, (f) => f - 100);
  block = {
    bin,
    nBins: valid.length,
    valid: Float32Array.from(valid, Number),
    maxPerBin: 90,
    timeSec: Float64Array.from(frame, (f) => f + 0.5),
    anchorsUm: feed.anchorsUm,
    baseline: Float32Array.from({ length: 3 * n }, (_, at) => {
      const [row, k] = [Math.floor(at / 3), at % 3];
      return k === 2 ? 0 : baseline[2 * row + k] - anchors[2 * row + k];
    }),
  };
  motion = {
    displacementUm: await doubles("motion_disp_um"),
    timeBinCentersSec: await doubles("motion_t_centres_s"),
    depthBinCentersUm: await doubles("motion_y_centres_um"),
    lateralUm: await doubles("motion_dx_per_bin_um"),
  };
});

async function finish<T>(events: AsyncGenerator<Yielded, T>): Promise<T> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

async function take(tensor: Tensor): Promise<Float64Array> {
  const values = Float64Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

const passesOf = (network: Network, batchStatistics: boolean, size?: number) =>
  new BlockPasses(
    network,
    feed,
    Int32Array.from({ length: feed.nSpikes }, (_, i) => i),
    { batchStatistics, dropout: 0, seed: 0 },
    size,
  );

/** Loss and gradient where the network stands; with a clip also a step. */
async function pass(network: Network, batchStatistics: boolean, size?: number) {
  const passes = passesOf(network, batchStatistics, size);
  const out = await finish(passes.output());
  const { terms, tether, outGrad, positionGrad } = blockLoss(out, block, motion, grid, weights);
  positionGrad.dispose();
  const weightGrad = await finish(passes.gradient(outGrad));
  const [rho, entropy] = await take(terms);
  return {
    out,
    rho,
    entropy,
    tether,
    loss: -rho - 0.1 * entropy + 0.01 * tether,
    outGrad: await take(outGrad),
    weightGrad,
  };
}

function expectSummary(
  values: Float64Array,
  expected: Summary,
  tolerance: { l2: number; sum: number; first8: number },
) {
  const l2 = lengthOf(values);
  const sum = values.reduce((total, v) => total + v, 0);
  expect(Math.abs(l2 - expected.l2)).toBeLessThan(tolerance.l2 * expected.l2 + 1e-12);
  expect(Math.abs(sum - expected.sum)).toBeLessThan(tolerance.sum * expected.l2 * Math.sqrt(values.length) + 1e-12);
  const reach = (tolerance.first8 * expected.l2) / Math.sqrt(values.length) + 1e-12;
  expect(largestDifference(values.subarray(0, 8), expected.first8)).toBeLessThan(reach);
}

describe("motion at the spikes", () => {
  it("is looked up as the reference does, to 1e-9 µm", async () => {
    const cases = await doubles("lookup_t_y_disp");
    for (let i = 0; i < cases.length; i += 3)
      expect(displacementAt(motion, cases[i], cases[i + 1])).toBeCloseTo(cases[i + 2], 9);
  });
});

describe.each(["eval", "train"] as const)("one block, BatchNorm as in %s", (mode) => {
  const batchStatistics = mode === "train";
  let reference: Reference;
  beforeAll(async () => {
    reference = await fixtureJson<Reference>(`joint/${mode}.json`, golden);
  });
  const start = async () => new Network({ spec, ...(await checkpoint("joint/cnn_start.safetensors", spec)) });

  it("gives output, corrected positions, loss and gradient", async () => {
    const network = await start();
    const { out, rho, entropy, tether, loss, outGrad, weightGrad } = await pass(network, batchStatistics);
    network.dispose();
    expect(largestDifference(out, await doubles(`${mode}_out`))).toBeLessThan(1e-3);
    const { xUm, yUm } = correctedPositions(out, 3, block, motion);
    const corrected = await doubles(`${mode}_corrected_xy_um`);
    const both = Float64Array.from(corrected, (_, at) => (at % 2 ? yUm : xUm)[at >> 1]);
    expect(largestDifference(both, corrected)).toBeLessThan(1e-3);
    const { values_f64: expected } = reference;
    expect(Math.abs(loss - expected.L)).toBeLessThan(2e-5);
    expect(Math.abs(rho - expected.rho)).toBeLessThan(2e-5);
    expect(Math.abs(entropy - expected.Hbar)).toBeLessThan(5e-6);
    expect(Math.abs(tether - expected.tether)).toBeLessThan(2e-5);
    const toPositions = await doubles(`${mode}_dL_dxy`);
    const xy = toPositions.map((_, at) => outGrad[3 * (at >> 1) + (at % 2)]);
    expect(largestDifference(xy, toPositions)).toBeLessThan(4e-4 * largest(toPositions));
    const grad = await take(weightGrad);
    for (const name of ["features.0.weight", "head.7.weight", "head.7.bias"]) {
      const full = await doubles(`${mode}_grad_${name}`);
      const { offset } = placeOf(networkLayout(spec).weights, name);
      const own = grad.subarray(offset, offset + full.length);
      expect(largestDifference(own, full), name).toBeLessThan(1e-4 * largest(full));
    }
    for (const { name, shape, offset } of networkLayout(spec).weights) {
      const values = grad.subarray(offset, offset + shape.reduce((n, d) => n * d, 1));
      if (batchStatistics && isConvolutionBias(name)) expect(largest(values), name).toBeLessThan(1e-5);
      else expectSummary(values, reference.grad_f64[name], { l2: 2e-5, sum: 2e-5, first8: 2e-4 });
    }
    const norm = lengthOf(grad);
    expect(Math.abs(norm / reference.grad_norm_f64 - 1)).toBeLessThan(1e-5);
  });

  it.each([5, 0.05])("makes the same five steps with clip %s", async (clipNorm) => {
    const network = await start();
    const config = { ...adamDefaults, learningRate: 1e-4, weightDecay: 1e-5, clipNorm };
    const series = clipNorm === 5 ? reference.adamw_clip_5_f64 : reference["adamw_clip_0.05_f64"];
    for (const [step, expected] of series.entries()) {
      const { rho, entropy, tether, loss, weightGrad } = await pass(network, batchStatistics);
      expect(Math.abs(loss - expected.L), `L after ${step}`).toBeLessThan(3e-5);
      expect(Math.abs(rho - expected.rho), `ρ̄ after ${step}`).toBeLessThan(3e-5);
      expect(Math.abs(entropy - expected.Hbar), `H̄ after ${step}`).toBeLessThan(1e-5);
      expect(Math.abs(tether - expected.tether), `tether after ${step}`).toBeLessThan(2e-4);
      if (step === series.length - 1) {
        weightGrad.dispose();
        break;
      }
      const [squared] = await take(network.step(weightGrad, config));
      weightGrad.dispose();
      expect(Math.abs(Math.sqrt(squared) - expected.grad_norm), `norm after ${step}`).toBeLessThan(2e-4);
    }
    const after = await network.snapshot();
    network.dispose();
    const expected =
      clipNorm === 5 ? reference.parameters_after_5_clip_5_f64 : reference["parameters_after_5_clip_0.05_f64"];
    for (const { name, shape, offset } of networkLayout(spec).weights) {
      if (batchStatistics && isConvolutionBias(name)) continue;
      const values = Float64Array.from(after.weights.subarray(offset, offset + shape.reduce((n, d) => n * d, 1)));
      expect(Math.abs(lengthOf(values) / expected[name].l2 - 1), name).toBeLessThan(2e-6);
      expect(largestDifference(values.subarray(0, 8), expected[name].first8), name).toBeLessThan(1e-4);
    }
  });
});

it("a block in parts has the gradient of the whole, with running statistics", async () => {
  const network = new Network({ spec, ...(await checkpoint("joint/cnn_start.safetensors", spec)) });
  const whole = await pass(network, false);
  const parts = await pass(network, false, 170);
  network.dispose();
  expect(largestDifference(parts.out, whole.out)).toBeLessThan(1e-4);
  const [a, b] = [await take(parts.weightGrad), await take(whole.weightGrad)];
  expect(largestDifference(a, b)).toBeLessThan(1e-5 * largest(b));
});
