import type { Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, it } from "vitest";
import { adamDefaults } from "../../src/core/adam.ts";
import { type JointWeights, jointLoss } from "../../src/core/jointLoss.ts";
import { correctDepths, correctLateral, displacementAt } from "../../src/core/motion.ts";
import { type NetworkSpec, networkLayout } from "../../src/core/network/layout.ts";
import type { Motion } from "../../src/core/types.ts";
import type { Yielded } from "../../src/methods/defineMethod.ts";
import type { WaveformFeed } from "../../src/methods/sln/feed.ts";
import { blockLoss, correctedPositions, type LossBlock } from "../../src/methods/slnJoint/loss.ts";
import { BlockPasses } from "../../src/methods/slnJoint/passes.ts";
import { Network } from "../../src/nn/network.ts";
import { fixtureJson } from "../fixture.ts";
import { float64, hold, l2Norm, largest, largestDifference } from "./report.ts";
import { checkpoint, golden, holdSummaries, isConvolutionBias, type Summary, stored, tensorOf } from "./slnNetworks.ts";

/**
 * One block of the joint optimisation against PyTorch in float64, on the current backend: loss, gradients, and steps of AdamW, in
 * both modes of BatchNorm and with two clips. Tolerances are those that come with the numbers.
 */
type Mode = "eval" | "train";

interface Values {
  L: number;
  rho: number;
  Hbar: number;
  tether: number;
  grad_norm: number;
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
interface Given {
  feed: WaveformFeed;
  block: LossBlock;
  motion: Motion;
}

async function readBlock(): Promise<Given> {
  const [counts, anchors, baseline, frame] = [
    await stored("joint/waveforms_counts"),
    await stored("joint/anchors_xy_um"),
    await stored("joint/baseline_xy_um"),
    await stored("joint/frame"),
  ];
  const { waveform_scale: scale } = await fixtureJson<{ waveform_scale: number }>("joint/meta.json", golden);
  const { valid } = await fixtureJson<Reference>("joint/eval.json", golden);
  const n = frame.length;
  const over = Float32Array.from(counts, (v) => v / Math.fround(scale));
  const feed: WaveformFeed = {
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
  const block: LossBlock = {
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
  const motion: Motion = {
    displacementUm: await stored("joint/motion_disp_um"),
    timeBinCentersSec: await stored("joint/motion_t_centres_s"),
    depthBinCentersUm: await stored("joint/motion_y_centres_um"),
    lateralUm: await stored("joint/motion_dx_per_bin_um"),
  };
  return { feed, block, motion };
}

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

/** Loss where the network stands, and its gradient. */
async function pass(network: Network, { feed, block, motion }: Given, batchStatistics: boolean, size?: number) {
  const rows = Int32Array.from({ length: feed.nSpikes }, (_, i) => i);
  const passes = new BlockPasses(network, feed, rows, { batchStatistics, dropout: 0, seed: 0 }, size);
  const out = await finish(passes.output());
  const { terms, tether, outGrad, positionGrad } = blockLoss(out, block, motion, grid, weights);
  positionGrad.dispose();
  const weightGrad = () => finish(passes.gradient(outGrad));
  const [rho, entropy] = await take(terms);
  const loss = -rho - 0.1 * entropy + 0.01 * tether;
  return { out, rho, entropy, tether, loss, outGrad, weightGrad };
}

type Pass = Awaited<ReturnType<typeof pass>>;

function holdValues(
  label: string,
  { loss, rho, entropy, tether }: Pass,
  expected: Values,
  limits: { loss: number; entropy: number; tether: number },
): void {
  hold(`${label}L and ρ̄`, Math.max(Math.abs(loss - expected.L), Math.abs(rho - expected.rho)), limits.loss);
  hold(`${label}H̄`, Math.abs(entropy - expected.Hbar), limits.entropy);
  hold(`${label}tether`, Math.abs(tether - expected.tether), limits.tether);
}

async function holdStart(mode: Mode, found: Pass, grad: Float64Array, given: Given, reference: Reference) {
  const label = `joint, ${mode}: `;
  const { out } = found;
  hold(`${label}output (µm)`, largestDifference(out, await stored(`joint/${mode}_out`)), 1e-3);
  const { xUm, yUm } = correctedPositions(out, 3, given.block, given.motion);
  const corrected = await stored(`joint/${mode}_corrected_xy_um`);
  const both = Float64Array.from(corrected, (_, at) => (at % 2 ? yUm : xUm)[at >> 1]);
  hold(`${label}corrected positions (µm)`, largestDifference(both, corrected), 1e-3);
  holdValues(label, found, reference.values_f64, { loss: 2e-5, entropy: 5e-6, tether: 2e-5 });
  const toPositions = await stored(`joint/${mode}_dL_dxy`);
  const outGrad = await found.outGrad.data();
  const xy = toPositions.map((_, at) => outGrad[3 * (at >> 1) + (at % 2)]);
  hold(`${label}∂L/∂xy / its largest`, largestDifference(xy, toPositions) / largest(toPositions), 4e-4);
  for (const name of ["features.0.weight", "head.7.weight", "head.7.bias"]) {
    const full = await stored(`joint/${mode}_grad_${name}`);
    const off = largestDifference(tensorOf(grad, spec, name), full) / largest(full);
    hold(`${label}gradients in full`, off, 1e-4);
  }
  const none = (name: string) => mode === "train" && isConvolutionBias(name);
  holdSummaries(`${label}gradients`, grad, spec, reference.grad_f64, { l2: 2e-5, sum: 2e-5, first8: 2e-4 }, none);
  for (const { name } of networkLayout(spec).weights)
    if (none(name)) hold(`${label}gradients that are 0`, largest(tensorOf(grad, spec, name)), 1e-5);
  hold(`${label}gradient norm`, Math.abs(l2Norm(grad) / reference.grad_norm_f64 - 1), 1e-5);
}

/** The block at the start, and steps of AdamW with the loss after each; the parameters are compared after all five. */
async function holdSteps(mode: Mode, clipNorm: 5 | 0.05, given: Given, reference: Reference, nSteps: number) {
  const label = `joint, ${mode}, steps: `;
  const network = await start();
  const config = { ...adamDefaults, learningRate: 1e-4, weightDecay: 1e-5, clipNorm };
  const series = reference[`adamw_clip_${clipNorm}_f64`];
  for (let step = 0; step <= nSteps; step++) {
    const found = await pass(network, given, mode === "train");
    holdValues(label, found, series[step], { loss: 3e-5, entropy: 1e-5, tether: 2e-4 });
    if (step < nSteps) {
      const weightGrad = await found.weightGrad();
      if (step === 0) await holdStart(mode, found, Float64Array.from(await weightGrad.data()), given, reference);
      const [squared] = await take(network.step(weightGrad, config));
      hold(`${label}gradient norm`, Math.abs(Math.sqrt(squared) - series[step].grad_norm), 2e-4);
      weightGrad.dispose();
    }
    found.outGrad.dispose();
  }
  const after = await network.snapshot();
  network.dispose();
  if (nSteps < 5) return;
  const expected = reference[`parameters_after_5_clip_${clipNorm}_f64`];
  for (const { name } of networkLayout(spec).weights) {
    if (mode === "train" && isConvolutionBias(name)) continue;
    const own = tensorOf(after.weights, spec, name);
    hold(`${label}parameters after five: l2`, Math.abs(l2Norm(own) / expected[name].l2 - 1), 2e-6);
    const first = largestDifference(own.subarray(0, 8), expected[name].first8);
    hold(`${label}parameters after five: first entries`, first, 1e-4);
  }
}

const start = async () => new Network({ spec, ...(await checkpoint("joint/cnn_start.safetensors", spec)) });

/** In float64, whatever the backend: motion between and beyond its bins, and at the spikes that the reference corrects. */
export function motionCase(): void {
  it("looks motion up as the reference does", async () => {
    const { motion, block } = await readBlock();
    const cases = await stored("joint/lookup_t_y_disp");
    for (let i = 0; i < cases.length; i += 3) {
      const off = Math.abs(displacementAt(motion, cases[i], cases[i + 1]) - cases[i + 2]);
      hold("joint: motion (µm)", off, 1e-9, float64);
    }
    for (const mode of ["eval", "train"]) {
      const [predicted, corrected] = [
        await stored(`joint/${mode}_pred_xy_um`),
        await stored(`joint/${mode}_corrected_xy_um`),
      ];
      const column = (xy: Float64Array, k: number) => xy.filter((_, at) => at % 2 === k);
      const x = correctLateral(motion, block.timeSec, column(predicted, 0));
      const y = correctDepths(motion, block.timeSec, column(predicted, 1));
      const atSpikes = await stored(`joint/${mode}_motion_at_spikes_um`);
      const moved = predicted.map((v, at) => v - (at % 2 ? y : x)[at >> 1]);
      hold("joint: motion (µm)", largestDifference(moved, atSpikes), 1e-9, float64);
      hold("joint: motion (µm)", largestDifference(x, column(corrected, 0)), 1e-9, float64);
      hold("joint: motion (µm)", largestDifference(y, column(corrected, 1)), 1e-9, float64);
    }
  });
}

/** In float64: the loss of the positions that the reference has, and its gradient. */
export function jointOracleCases(): void {
  it.each(["eval", "train"] as const)("the loss of the block in float64, %s", async (mode) => {
    const label = `joint, ${mode}: `;
    const { block } = await readBlock();
    const { values_f64: expected } = await fixtureJson<Reference>(`joint/${mode}.json`, golden);
    const predicted = await stored(`joint/${mode}_pred_xy_um`);
    const baseline = await stored("joint/baseline_xy_um");
    const corrected = await stored(`joint/${mode}_corrected_xy_um`);
    const [xUm, yUm] = [0, 1].map((k) => corrected.filter((_, at) => at % 2 === k));
    const moved = predicted.map((v, at) => v - baseline[at]);
    const found = jointLoss({ ...block, xUm, yUm }, moved, grid, { ...weights, tetherScale: [1, 1] });
    const off = Math.max(Math.abs(found.loss - expected.L), Math.abs(found.rho - expected.rho));
    hold(`${label}L and ρ̄`, off, 1e-10, float64);
    hold(`${label}H̄`, Math.abs(found.entropy - expected.Hbar), 1e-10, float64);
    hold(`${label}tether`, Math.abs(found.tether - expected.tether), 1e-10, float64);
    const grad = await stored(`joint/${mode}_dL_dxy`);
    hold(`${label}∂L/∂xy / its largest`, largestDifference(found.outGrad, grad) / largest(grad), 1e-9, float64);
  });
}

/** clips: runs of AdamW to repeat, of up to five steps each. */
export function jointCases(mode: Mode, clips: readonly (5 | 0.05)[], nSteps = 5): void {
  describe(`one block, BatchNorm as in ${mode}`, () => {
    let given: Given;
    let reference: Reference;
    beforeAll(async () => {
      given = await readBlock();
      reference = await fixtureJson<Reference>(`joint/${mode}.json`, golden);
    });

    it.each(clips)("has loss and gradient, and makes the same steps with clip %s", (clipNorm) =>
      holdSteps(mode, clipNorm, given, reference, nSteps),
    );
  });
}

export function partsCase(): void {
  it("a block in parts has the gradient of the whole, with running statistics", async () => {
    const given = await readBlock();
    const network = await start();
    const whole = await pass(network, given, false);
    const parts = await pass(network, given, false, 170);
    hold("joint: output in parts (µm)", largestDifference(parts.out, whole.out), 1e-4);
    const [a, b] = [await take(await parts.weightGrad()), await take(await whole.weightGrad())];
    network.dispose();
    hold("joint: gradient in parts / its largest", largestDifference(a, b) / largest(b), 1e-5);
  });
}
