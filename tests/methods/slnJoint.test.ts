import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { checkParams, type MethodInputs, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { slnJoint } from "../../src/methods/slnJoint/slnJoint.ts";
import { initialModel } from "../../src/nn/initialModel.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";
import { type SlnRecording, slnRecording, taught } from "./slnRecording.ts";

/** Small enough for a minute of tests: 4 blocks of 480 spikes an epoch. */
const quick: ParamValues = { block_bins: 8, stride: 3, epochs: 2, motion: "given" };

let recording: SlnRecording;
let inputs: MethodInputs;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  recording = slnRecording(8, 24, 60);
  inputs = { ...recording.inputs, ...(await taught(recording, { kind: "cnn", nOut: 3 }, 220)) };
}, 180_000);

interface Options {
  scratch?: Scratch;
  resume?: boolean;
  seed?: number;
  /** stop after this event */
  until?: (event: Yielded) => boolean;
}

async function finish(given: MethodInputs, params: ParamValues, { scratch, resume, seed, until }: Options = {}) {
  const controller = new AbortController();
  const context = { seed: seed ?? 0, signal: controller.signal, wantsImage: () => false, resume: resume ?? false };
  const own = scratch ? { ...given, scratch } : given;
  const run = slnJoint.run(own, checkParams(slnJoint, { ...quick, ...params }), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult };
    events.push(next.value);
    if (until?.(next.value)) controller.abort();
  }
}

const isStage = (title: RegExp) => (event: Yielded) => event.kind === "stage" && title.test(event.title);
const warningsOf = (events: Yielded[]) => events.flatMap((e) => (e.kind === "warning" ? [e.message] : []));
const column = ({ history }: MethodResult, phase: string, name: string) =>
  history!.rows.filter((row) => row[2] === phase).map((row) => row[history!.columns.indexOf(name)] as number);

describe("the joint optimisation", () => {
  it("raises ρ̄ under DREDge's motion with x, y and z tethered, passes, and says all of it as it goes", async () => {
    const before = memory().numTensors;
    const { events, result } = await finish(inputs, { motion: "dredge", epochs: 3 });
    expect(memory().numTensors).toBe(before);
    const { summary, gate, model, locations, finalMetrics } = result;
    console.info(
      `ρ̄ ${summary.rho_start.toFixed(3)} → ${summary.rho.toFixed(3)}, Δρ̄ ${summary.delta_rho.toFixed(3)}, x rms ${summary.truth_rms_x.toFixed(2)} µm, z rms ${summary.truth_rms_z.toFixed(2)} µm`,
    );
    expect(result.complete).toBe(true);
    expect(summary.rho).toBeGreaterThan(summary.rho_start);
    expect(gate!.passed, gate!.checks.map(({ sentence }) => sentence).join("; ")).toBe(true);
    const [first, last] = [0, 2].map((k) => column(result, "val", "rho_mean")[k]);
    expect(last).toBeGreaterThan(first);
    expect(result.history!.columns).toContain("Δy_p95_um");
    expect(result.history!.rows.map((row) => row[2])).toEqual([
      "val_predredge_done",
      ...["train", "val", "train", "val", "train", "val"],
    ]);
    expect(Object.keys(locations!)).toEqual(["sln-cnn-pretrained", "sln-cnn-iter01", "sln-cnn"]);
    expect(result.spikes!.depthUm[5]).toBe(locations!["sln-cnn"][4 * 5 + 1]);
    expect(finalMetrics).toMatchObject({ rho_val: summary.best_rho_val, outer_iter: 1 });
    expect(model!.weights).not.toEqual(inputs.model!.weights);
    const titles = events.flatMap((e) => (e.kind === "stage" ? [e.title] : []));
    expect(titles).toContain("Outer iteration 1 of 1, phase A: DREDge");
    expect(titles).toContain("Outer iteration 1 of 1, phase B: network, epoch 3 of 3");
    for (const kind of ["motion", "positions", "correlation", "gate", "metric"])
      expect(
        events.some((e) => e.kind === kind),
        kind,
      ).toBe(true);
    const progress = events.filter((e) => e.kind === "progress");
    expect(progress.every((e, i) => i === 0 || e.done > progress[i - 1].done)).toBe(true);
    expect(progress.at(-1)!.secondsLeft).toBe(0);
    for (const name of ["loss", "rho_val", "delta_rho", "sd_z_start", "truth_rms_z", "drift_rms", "grad_norm"])
      expect(Object.keys(result.metrics)).toContain(name);
  }, 120_000);

  it("collapses without tether and entropy, and is then not taken", async () => {
    const free = { lambda_tether: 0, lambda_entropy: 0, learning_rate: 1e-3, epochs: 5 };
    const { events, result } = await finish(inputs, free);
    expect(result.summary.rho).toBeGreaterThan(result.summary.rho_start);
    expect(result.gate!.passed).toBe(false);
    expect(result.spikes!.depthUm[5]).toBe(result.locations!["sln-cnn-pretrained"][4 * 5 + 1]);
    expect(warningsOf(events).join()).toMatch(/The tuned network did not pass \(.*allowed/);
  }, 120_000);

  it("gives the same for the same seed, and goes on from a checkpoint as if it had not stopped", async () => {
    const whole = await finish(inputs, {});
    const scratch = memoryScratch();
    const stopped = await finish(inputs, {}, { scratch, until: isStage(/epoch 2 of 2/) });
    expect(stopped.result.complete).toBe(false);
    expect(stopped.result.model!.weights).not.toEqual(inputs.model!.weights); // the first epoch is kept
    const resumed = await finish(inputs, {}, { scratch, resume: true });
    expect(resumed.result.complete).toBe(true);
    expect(resumed.result.model).toEqual(whole.result.model);
    expect(resumed.result.locations).toEqual(whole.result.locations);
    expect(resumed.result.metrics.loss.value).toEqual(whole.result.metrics.loss.value);
    expect(resumed.result.gate).toEqual(whole.result.gate);
    expect(isStage(/epoch 1 of 2/)(resumed.events[0]) || resumed.events.some(isStage(/epoch 1 of 2/))).toBe(false);
    const other = await finish(inputs, { epochs: 1 }, { seed: 4 });
    expect(other.result.metrics.loss.value[0]).not.toBe(whole.result.metrics.loss.value[0]);
  }, 180_000);

  it("goes on for more epochs after its end, from what it handed on", async () => {
    const scratch = memoryScratch();
    const first = await finish(inputs, { epochs: 1 }, { scratch });
    const { spikes, locations, model } = first.result;
    const after = { ...inputs, spikes: spikes!, model: model!, locations: { ...inputs.locations, ...locations } };
    const more = await finish(after, { epochs: 2 }, { scratch, resume: true });
    const straight = await finish(inputs, { epochs: 2 });
    expect(more.result.complete).toBe(true);
    expect(more.result.history!.rows.length).toBe(5);
    expect(more.result.model!.weights).toEqual(straight.result.model!.weights);
  }, 180_000);

  it("frees everything when it is stopped, wherever that is", async () => {
    const before = memory().numTensors;
    for (const until of [isStage(/./), isStage(/phase A/), isStage(/validating/), isStage(/epoch 1/)]) {
      const { result } = await finish(inputs, {}, { until });
      expect(result.complete).toBe(false);
      expect(memory().numTensors).toBe(before);
    }
    const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
    const run = slnJoint.run(inputs, checkParams(slnJoint, quick), context);
    for (let event = await run.next(); !isStage(/epoch 1/)(event.value as Yielded); ) event = await run.next();
    for (let i = 0; i < 3; i++) await run.next();
    await run.return({ metrics: {}, summary: {}, complete: false });
    expect(memory().numTensors).toBe(before);
  }, 120_000);
});

describe("other ways to run it", () => {
  it("two iterations, monopole term, batch statistics, random bins, lateral motion and a second round", async () => {
    const params = {
      outer_iterations: 2,
      epochs: 1,
      motion: "dredge",
      lambda_residual: 30,
      batch_norm: "batch",
      sampling: "random",
      lateral: "corrected",
      keep_optimizer: false,
      second_round: true,
    };
    const { result } = await finish(inputs, params);
    expect(Object.keys(result.locations!)).toEqual([
      "sln-cnn-pretrained",
      "sln-cnn-iter01",
      "sln-cnn-iter02",
      "sln-cnn",
    ]);
    expect(result.metrics.residual.value.every((v) => v > 0 && v < 0.1)).toBe(true);
    expect(result.motion!.lateralUm).toBeDefined();
    expect(result.summary.second_round_r).toBeGreaterThan(0.9);
    expect(result.complete).toBe(true);
  }, 120_000);

  it.each([
    { kind: "cnn", nOut: 4 },
    { kind: "transformer", nOut: 3 },
  ] as const)(
    "a $kind with $nOut outputs, not taught yet",
    async (spec) => {
      const model = initialModel(spec, new Random(1), { mean: [24, 200], std: [1, 100] });
      const untaught = { ...inputs, model: { ...model, waveformScale: 30, about: "new" }, locations: {} };
      const { result } = await finish(untaught, { epochs: 1, stride: 8 });
      expect(result.complete).toBe(true);
      expect(Object.keys(result.locations!)).toContain(`sln-${spec.kind}-iter01`);
      for (const xyza of Object.values(result.locations!)) {
        expect(xyza.filter((_, at) => at % 4 < 3).every(Number.isFinite)).toBe(true);
        expect(xyza[3] > 0).toBe(spec.nOut === 4); // α, where the network says one
      }
    },
    60_000,
  );

  it("motion trained along with the network, from phase A's and from nothing", async () => {
    const given = inputs.motion!.displacementUm;
    const trained = await finish(inputs, { end_to_end: true });
    expect(trained.result.motion!.displacementUm).not.toEqual(given);
    const startRms = trained.result.metrics.drift_rms.value[0];
    expect(trained.result.metrics.drift_rms.value.at(-1)!).toBeLessThan(startRms + 1.5);
    const zero = { motion_start: "zero", motion_learning_rate: 2, train_fraction: 1, stride: 2 };
    const { result } = await finish(inputs, { ...zero, end_to_end: true });
    expect(result.summary.drift_r).toBeGreaterThan(0.9);
  }, 180_000);
});

describe("what cannot be done is said in a sentence", () => {
  const why = (given: MethodInputs, params: ParamValues) => expect(finish(given, params)).rejects;

  it("a model of another layout, too few spikes, no motion, no monopolar z", async () => {
    const model = { ...inputs.model!, spec: { kind: "transformer", nOut: 3 } as const };
    await why({ ...inputs, model }, {}).toThrow(/Expected a transformer with 3 outputs, 579971 weights .* has 401955/);
    await why(inputs, { min_spikes: 1000 }).toThrow(/expected at least 4 of 1 s with 1000 spikes each/);
    await why({ ...inputs, motion: undefined }, {}).toThrow(/asked to train under a given motion, found none/);
    await why(inputs, { z_from: "monopolar" }).toThrow(/localize the spikes first, or take z from the network/);
    await why({ ...inputs, waveforms: null }, {}).toThrow(/Expected the waveforms of the spikes, found none/);
    const elsewhere = { ...inputs.motion!, timeBinCentersSec: inputs.motion!.timeBinCentersSec.map((t) => t + 1e4) };
    await why({ ...inputs, motion: elsewhere }, {}).toThrow(/The given motion is of another time/);
    expect(memory().numTensors).toBe(0);
  });

  it("a loss that is no number ends the run with the network of the last whole epoch", async () => {
    const set = inputs.waveforms!;
    let isBroken = false; // the file goes bad while it is read
    const readRows = async (rows: ArrayLike<number>) => {
      const values = await set.waveforms.readRows(rows);
      return isBroken ? values.fill(Number.NaN) : values;
    };
    const spoilt = { ...inputs, waveforms: { ...set, waveforms: { ...set.waveforms, readRows } } };
    const until = (event: Yielded) => {
      isBroken ||= isStage(/epoch 2 of 2/)(event);
      return false;
    };
    const before = memory().numTensors;
    const { events, result } = await finish(spoilt, {}, { until });
    expect(memory().numTensors).toBe(before);
    expect(result.complete).toBe(false);
    expect(warningsOf(events).join()).toMatch(
      /The loss stopped being a number after step \d+; the network of the last/,
    );
    expect(result.finalMetrics).toMatchObject({ outer_iter: 1, epoch: 1 });
    expect(result.model!.weights.every(Number.isFinite)).toBe(true);
    for (const xyza of Object.values(result.locations!))
      expect(xyza.filter((_, at) => at % 4 < 3).every(Number.isFinite)).toBe(true);
  }, 60_000);

  it("spikes whose waveforms are not numbers take no part, and are counted", async () => {
    const set = inputs.waveforms!;
    const readRows = async (rows: ArrayLike<number>) => {
      const values = await set.waveforms.readRows(rows);
      for (let i = 0; i < rows.length; i++) if (rows[i] === 7) values.fill(Number.NaN, 900 * i, 900 * (i + 1));
      return values;
    };
    const broken = { ...inputs, waveforms: { ...set, waveforms: { ...set.waveforms, readRows } } };
    const { events, result } = await finish(broken, { epochs: 1 });
    expect(result.complete).toBe(true);
    expect(result.gate!.passed).toBe(true);
    expect(warningsOf(events)).toContain("1 of 1440 spikes have waveforms that are not numbers; they take no part.");
    expect(result.spikes!.depthUm.every(Number.isFinite)).toBe(true);
  }, 60_000);

  it("motion that cannot be estimated: the run goes on without", async () => {
    const channel = inputs.spikes!.channel!;
    const spikes = { ...inputs.spikes!, ampUv: new Float32Array(channel.length) };
    const { events, result } = await finish({ ...inputs, spikes }, { motion: "dredge", epochs: 1 });
    expect(result.motion!.displacementUm.every(Number.isFinite)).toBe(true);
    expect(warningsOf(events).length).toBeGreaterThan(0);
  }, 60_000);
});
