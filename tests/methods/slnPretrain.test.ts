import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { MethodInputs, Yielded } from "../../src/methods/defineMethod.ts";
import { epochOrder, epochRandom } from "../../src/methods/slnPretrain/batches.ts";
import { slnPretrain } from "../../src/methods/slnPretrain/slnPretrain.ts";
import { rowsOf, splitByTime, splitTimes, TRAIN } from "../../src/methods/slnPretrain/split.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { rmsUm, runMethod, type SlnRun, type TaughtSpikes, taughtSpikes } from "./slnRuns.ts";

const nSpikes = 1000;
const pretrained = "sln-cnn-pretrained";
let taught: TaughtSpikes;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  taught = await taughtSpikes(nSpikes);
});

const codesOf = ({ events }: SlnRun) => events.flatMap((e) => (e.kind === "warning" ? [e.code] : []));
const stagesOf = ({ events }: SlnRun) => events.flatMap((e) => (e.kind === "stage" ? [e.title] : []));
const stopAtEpoch = (epoch: number) => (event: Yielded, stop: () => void) => {
  if (event.kind === "stage" && event.title.includes(`epoch ${epoch}`)) stop();
};

describe("a CNN taught by a scattering localizer", () => {
  it("ends up nearer to the truth than its teacher and the anchors, and says how it got there", async () => {
    const before = memory().numTensors;
    const { result, events } = await runMethod(slnPretrain, taught.inputs, { epochs: 5, batch_size: 32 });
    expect(memory().numTensors).toBe(before);
    expect(result.complete).toBe(true);
    const test = Array.from({ length: nSpikes }, (_, n) => n).filter((n) => n > 0.85 * nSpikes && n % 50 !== 49);
    const own = rmsUm(result.locations![pretrained], taught.truthUm, test);
    const teacher = rmsUm(taught.inputs.locations!.monopolar, taught.truthUm, test);
    console.info(
      `rms to the truth, µm: network ${own.map((v) => v.toFixed(1))}, teacher ${teacher.map((v) => v.toFixed(1))}`,
    );
    for (const axis of [0, 1, 2]) expect(own[axis]).toBeLessThan(0.85 * teacher[axis]);

    const { columns, rows } = result.history!;
    expect(columns).toEqual(["epoch", "train_loss", "val_rmse_x", "val_rmse_y", "val_rmse_z", "val_rmse_xyz"]);
    expect(rows.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4, 5]);
    const metrics = result.finalMetrics as Record<string, Record<string, Record<string, number>>>;
    expect(Object.keys(metrics.nn_metrics)).toEqual(["train", "val", "test"]);
    for (const split of ["train", "val", "test"]) {
      expect(Object.keys(metrics.nn_metrics[split])).toEqual(["rmse_x", "rmse_y", "rmse_z", "rmse_xyz"]);
      expect(metrics.nn_metrics[split].rmse_xyz).toBeLessThan(0.6 * metrics.anchor_baseline_metrics[split].rmse_xyz);
    }
    const best = rows[(metrics.best_epoch as unknown as number) - 1];
    expect(metrics.nn_metrics.val.rmse_xyz).toBeCloseTo(best[5] as number, 4);
    expect(result.metrics.val_rmse_xyz.value).toEqual(Float32Array.from(rows, (row) => row[5] as number));

    expect(result.model).toMatchObject({
      spec: { kind: "cnn", nOut: 3 },
      about: expect.stringMatching(/^pretrained on monopolar, \d epochs$/),
    });
    expect(result.model!.waveformScale).toBe(result.summary.waveform_scale);
    expect(result.spikes!.depthUm[7]).toBe(result.locations![pretrained][29]);
    const [live, whole] = events.filter((e) => e.kind === "positions").slice(-2);
    expect([live.localizer, live.rows!.length, live.xyza.length]).toEqual([pretrained, nSpikes, 4 * nSpikes]);
    expect(whole.rows).toBeNull();
    const training = events.slice(
      0,
      events.findIndex((e) => e.kind === "stage" && e.name === "apply"),
    );
    const progress = training.flatMap((e) => (e.kind === "progress" ? [e.done / e.total] : []));
    expect(progress.every((share, i) => share <= 1 && (i === 0 || share >= progress[i - 1]))).toBe(true);
  });
});

/** Short runs: what is asked is whether two agree. */
const short = { epochs: 3, batch_size: 64, max_spikes: 128 };

describe("a training that is stopped", () => {
  let whole: SlnRun;

  beforeAll(async () => {
    whole = await runMethod(slnPretrain, { ...(await taughtSpikes(nSpikes)).inputs, scratch: undefined }, short);
  });

  function expectSame(run: SlnRun) {
    const { spikes_per_sec: _a, ...summary } = run.result.summary;
    const { spikes_per_sec: _b, ...expected } = whole.result.summary;
    expect(summary).toEqual(expected);
    expect(run.result.history).toEqual(whole.result.history);
    expect(run.result.finalMetrics).toEqual(whole.result.finalMetrics);
    for (const of of [(r: SlnRun) => r.result.model!.weights, (r: SlnRun) => r.result.locations![pretrained]])
      expect(Buffer.from(of(run).buffer).equals(Buffer.from(of(whole).buffer))).toBe(true);
  }

  it("goes on at its last epoch and ends as one that was not; then it is there at once, and goes on for more", async () => {
    const { inputs } = await taughtSpikes(nSpikes);
    const before = memory().numTensors;
    const stopped = await runMethod(slnPretrain, inputs, short, { onEvent: stopAtEpoch(3) });
    expect(memory().numTensors).toBe(before);
    expect(stopped.result).toMatchObject({ complete: false, summary: { epochs: 2 } });
    expect(stopped.result.history!.rows).toEqual(whole.result.history!.rows.slice(0, 2));
    expect(stopped.result.spikes).toBeUndefined();

    const resumed = await runMethod(slnPretrain, inputs, short, { resume: true });
    expect(stagesOf(resumed).filter((title) => title.includes("epoch"))).toEqual([
      "Teaching the network, epoch 3 of 3",
    ]);
    expectSame(resumed);

    // what the step gave is what it starts from now: other depths, the same teacher
    const after = {
      ...inputs,
      spikes: resumed.result.spikes!,
      locations: { ...inputs.locations, ...resumed.result.locations },
    };
    const again = await runMethod(slnPretrain, after, short, { resume: true });
    expect(stagesOf(again)).toEqual(["Looking at waveforms and teacher"]);
    expectSame(again);
    const more = await runMethod(slnPretrain, after, { ...short, epochs: 4 }, { resume: true });
    expect(stagesOf(more).filter((title) => title.includes("epoch"))).toEqual(["Teaching the network, epoch 4 of 4"]);
    expect(more.result.summary.epochs).toBe(4);
  });

  it("is the same from the same seed, and starts over when it is not asked to go on", async () => {
    const { inputs } = await taughtSpikes(nSpikes);
    await runMethod(slnPretrain, inputs, short, { onEvent: stopAtEpoch(2) });
    expectSame(await runMethod(slnPretrain, inputs, short));
    const other = await runMethod(slnPretrain, inputs, { ...short, epochs: 1 }, { seed: 1 });
    expect(other.result.history!.rows[0]).not.toEqual(whole.result.history!.rows[0]);
  });

  it("in its first moments returns nothing and frees everything", async () => {
    const before = memory().numTensors;
    const { result } = await runMethod(slnPretrain, taught.inputs, short, { onEvent: (_event, stop) => stop() });
    expect(memory().numTensors).toBe(before);
    expect([result.complete, result.model, result.spikes]).toEqual([false, undefined, undefined]);
  });
});

describe("other networks and teachers", () => {
  it.each(["cnn4d", "transformer"])("%s learns", async (network) => {
    const before = memory().numTensors;
    const { result } = await runMethod(slnPretrain, taught.inputs, { ...short, network, epochs: 2, batch_size: 16 });
    expect(memory().numTensors).toBe(before);
    const id = network === "cnn4d" ? pretrained : "sln-transformer-pretrained";
    const alpha = result.locations![id][3];
    if (network === "cnn4d") expect(alpha).toBeGreaterThan(0);
    else expect(alpha).toBeNaN();
    expect(result.history!.rows[1][1] as number).toBeLessThan(result.history!.rows[0][1] as number);
  });

  it("a teacher without z teaches z = 0; positions that came with the spikes teach where nothing was localized", async () => {
    const { monopolar } = taught.inputs.locations!;
    const com = monopolar.map((v, i) => (i % 4 > 1 ? Number.NaN : v));
    const once = { ...short, epochs: 1 };
    const run = (teacher: string, locations?: Record<string, Float32Array>, params: ParamValues = once) =>
      runMethod(slnPretrain, { ...taught.inputs, locations }, { ...params, teacher });
    expect(codesOf(await run("com", { com }))).toContain("teacher-without-z");
    const own = await run("monopolar");
    expect(codesOf(own)).toContain("teacher");
    expect(own.result.locations!.imported).toHaveLength(4 * nSpikes);
    await expect(run("grid", { com })).rejects.toThrow(/Expected positions by grid to learn from, found those by com;/);
    await expect(run("com", { com }, { ...once, network: "cnn4d" })).rejects.toThrow(
      /gives α for none of the 1000 spikes/,
    );
    const lost = monopolar.map(() => Number.NaN);
    await expect(run("monopolar", { monopolar: lost })).rejects.toThrow(/has placed none of the 1000 spikes/);
    const few = monopolar.map((v, i) => (i < 4 * 40 ? v : Number.NaN));
    await expect(run("monopolar", { monopolar: few })).rejects.toThrow(
      /at least 32 spikes .* and 8 to validate on, found 40 and 0/,
    );
  });
});

describe("odd spikes", () => {
  const once = { ...short, epochs: 1 };

  /** The first spikes alone, changed. */
  function odd(n: number, change: (inputs: MethodInputs) => Partial<MethodInputs> = () => ({})): MethodInputs {
    const { spikes, waveforms, locations } = taught.inputs;
    const { timeSec, depthUm, ampUv } = spikes!;
    const table = { nSpikes: n, timeSec: timeSec.slice(0, n), depthUm: depthUm.slice(0, n), ampUv: ampUv.slice(0, n) };
    const set = {
      ...waveforms!,
      waveforms: { ...waveforms!.waveforms, nSpikes: n },
      channel: waveforms!.channel!.slice(0, n),
    };
    const inputs = {
      spikes: table,
      recording: null,
      waveforms: set,
      locations: { monopolar: locations!.monopolar.slice(0, 4 * n) },
    };
    return { ...inputs, ...change(inputs) };
  }

  it.each([
    ["one spike", () => odd(1), /do not tell in which order|at least 32 spikes/],
    [
      "all at one moment",
      () => odd(200, ({ spikes }) => ({ spikes: { ...spikes!, timeSec: new Float64Array(200) } })),
      /found 0 and 0/,
    ],
    [
      "waveforms of zeros",
      () =>
        odd(200, ({ waveforms }) => {
          const readRows = async (rows: ArrayLike<number>) => new Float32Array(900 * rows.length);
          return { waveforms: { ...waveforms!, waveforms: { ...waveforms!.waveforms, readRows } } };
        }),
      /hold nothing but zeros/,
    ],
  ])("%s: one sentence", async (_what, inputsOf, sentence) => {
    await expect(runMethod(slnPretrain, inputsOf(), once)).rejects.toThrow(sentence);
  });

  it("at one place, and with depths and amplitudes that are no numbers, are learned all the same", async () => {
    const inputs = odd(300, ({ spikes }) => ({
      spikes: { ...spikes!, depthUm: new Float64Array(300).fill(Number.NaN), ampUv: new Float32Array(300) },
      locations: { monopolar: Float32Array.from({ length: 1200 }, (_, i) => [20, 300, 10, 1][i % 4]) },
    }));
    const { result } = await runMethod(slnPretrain, inputs, once);
    expect(result.complete).toBe(true);
    expect(result.spikes!.depthUm.every(Number.isFinite)).toBe(true);
    expect(Object.values(result.summary).every(Number.isFinite)).toBe(true);
  });
});

describe("a loss that is no number any more", () => {
  /** Spikes whose teacher went astray so far that a square of it is infinite: one that an epoch learns from, and no earlier one. */
  function astray(epoch: number) {
    const { spikes, locations } = taught.inputs;
    const monopolar = locations!.monopolar.slice();
    const ends = splitTimes(spikes!.timeSec[nSpikes - 1], 0.7, 0.15);
    const train = rowsOf(splitByTime(spikes!.timeSec, ends), TRAIN, monopolar, 4);
    const orderOf = (e: number) => [...epochOrder(train, 64, short.max_spikes, epochRandom(0, e))];
    const before = Array.from({ length: epoch - 1 }, (_, e) => orderOf(e + 1)).flat();
    monopolar[4 * orderOf(epoch).find((row) => !before.includes(row))!] = 1e30;
    return { ...taught.inputs, locations: { monopolar }, scratch: undefined };
  }
  const squares = { ...short, loss: "mse" };

  it("ends the run with the best epoch before, and says so", async () => {
    const run = await runMethod(slnPretrain, astray(2), squares);
    const [message] = run.events.flatMap((e) => (e.kind === "warning" && e.code === "sln-broken" ? [e.message] : []));
    expect(message).toMatch(
      /^The loss stopped being a number at step \d of epoch 2; a smaller learning_rate usually helps. The network of epoch 1 is kept.$/,
    );
    expect(run.result.complete).toBe(false);
    expect(run.result.summary.best_epoch).toBe(1);
    expect(run.result.model!.weights.every(Number.isFinite)).toBe(true);
    expect(run.result.locations![pretrained].slice(0, 3).every(Number.isFinite)).toBe(true);
  });

  it("fails where there is no epoch before", async () => {
    const before = memory().numTensors;
    await expect(runMethod(slnPretrain, astray(1), squares)).rejects.toThrow(/^The loss stopped being a number/);
    expect(memory().numTensors).toBe(before);
  });
});
