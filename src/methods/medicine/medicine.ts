import { activityLayers } from "../../core/activityNetwork.ts";
import { assert } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import type { Motion } from "../../core/types.ts";
import { initLinear } from "../../nn/linearInit.ts";
import type { ActivityImage, ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { ValueLog } from "../estimators/valueLog.ts";
import { drawBatch, type MedicineData, motionNoise, prepareData } from "./data.ts";
import { MedicineModel, motionAt, toMotion } from "./model.ts";
import { params, presets, troubleshooting } from "./params.ts";

/** Cells of the activity picture per axis, as in MEDiCINe's own figure. */
const gridSize = 100;
/** Seconds between live motions and pictures: often enough to watch, rare enough to cost nothing. */
const liveEverySec = 0.5;
const readEverySec = 0.1;
/** Loss terms waiting on the GPU before they are read; bounds what is queued there. */
const maxPending = 32;

type LossLog = ValueLog<"loss" | "loss_real" | "loss_fake">;

/** A step gives the terms of real and drawn spikes; the loss is their sum. */
const lossLog = (): LossLog =>
  new ValueLog({
    names: ["loss", "loss_real", "loss_fake"],
    nTerms: 2,
    valuesOf: ([real, fake]) => [real + fake, real, fake],
    what: "The loss",
    unit: "step",
  });

/** The learned density on a depth × amplitude grid: in the corrected frame, or as seen at a time bin. */
async function activityImage(
  model: MedicineModel,
  data: MedicineData,
  nLevels: number,
  at: { timeBin: number; smoothed: Float32Array } | null,
): Promise<ActivityImage> {
  const depth = new Float32Array(gridSize * gridSize);
  const amp = new Float32Array(gridSize * gridSize);
  for (let i = 0; i < gridSize; i++) {
    const y = i / (gridSize - 1);
    const shifted = at ? y + motionAt(at.smoothed, nLevels, data.nTimes, at.timeBin, y) : y;
    for (let j = 0; j < gridSize; j++) {
      depth[i * gridSize + j] = shifted;
      amp[i * gridSize + j] = j / (gridSize - 1);
    }
  }
  return {
    probability: await model.probability(depth, amp),
    nDepth: gridSize,
    nAmp: gridSize,
    depthRangeUm: data.depthRangeUm,
    ampRangeUv: data.ampRangeUv,
    timeSec: at ? data.startSec + (at.timeBin + 0.5) * data.binSec : null,
  };
}

function rangeOf(values: Float64Array): number {
  return values.reduce((m, v) => Math.max(m, v), -Infinity) - values.reduce((m, v) => Math.min(m, v), Infinity);
}

function summarise(log: LossLog, motion: Motion, nSpikes: number, seconds: number): Record<string, number> {
  const tail = log.values("loss").slice(-1000);
  return {
    n_spikes: nSpikes,
    steps: log.nSteps,
    final_loss: tail.reduce((s, v) => s + v, 0) / Math.max(1, tail.length),
    motion_range_um: rangeOf(motion.displacementUm),
    steps_per_sec: log.nSteps / Math.max(seconds, 1e-9),
  };
}

interface Settings {
  nLevels: number;
  steps: number;
  batchSize: number;
  bound: number;
  noise: number;
  noiseSteps: number;
}

async function* train(
  model: MedicineModel,
  data: MedicineData,
  settings: Settings,
  random: Random,
  log: LossLog,
  context: MethodContext,
): AsyncGenerator<Yielded, void> {
  const { nLevels, steps, batchSize, bound } = settings;
  const started = performance.now();
  let liveAt = -Infinity;
  let readAt = started;
  for (let step = 0; step < steps && !context.signal.aborted; step++) {
    log.push(
      model.step(drawBatch(data, random, batchSize, bound, motionNoise(step, settings.noise, settings.noiseSteps))),
    );
    const now = performance.now();
    const last = step === steps - 1;
    if (!last && now - readAt < 1000 * readEverySec && log.nPending < maxPending) {
      yield { kind: "tick" };
      continue;
    }
    await log.read();
    readAt = performance.now();
    const done = step + 1;
    const ratePerSec = (1000 * done) / (readAt - started);
    yield { kind: "progress", done, total: steps, unit: "steps", ratePerSec, secondsLeft: (steps - done) / ratePerSec };
    yield { kind: "metric", step, values: log.last() };
    if (last || readAt - liveAt > 1000 * liveEverySec) {
      liveAt = readAt;
      yield { kind: "motion", motion: toMotion(await model.smoothed(), nLevels, data) };
      if (context.wantsImage("activity"))
        yield { kind: "image", image: "activity", content: await activityImage(model, data, nLevels, null) };
    }
  }
}

async function* run(
  { spikes }: MethodInputs,
  given: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const p = given as Record<string, number>;
  const hidden = given.activity_network_hidden_features as number[];
  yield { kind: "stage", name: "prepare", title: "Scaling and binning spikes" };
  assert(spikes, "the runner has checked that there are spikes");
  const data = prepareData(spikes, {
    binSec: p.time_bin_size,
    marginSec: p.epsilon,
    amplitudeQuantile: p.amplitude_threshold_quantile,
  });
  for (const message of data.warnings) yield { kind: "warning", code: "medicine-data", message };
  const nLevels = p.num_depth_bins;
  const bound = (0.5 * p.motion_bound) / (data.depthRangeUm[1] - data.depthRangeUm[0]);
  const random = new Random(context.seed);
  const config = {
    nLevels,
    nTimes: data.nTimes,
    bound,
    kernelWidthSec: p.time_kernel_width,
    binSec: p.time_bin_size,
    hidden,
    learningRate: p.learning_rate,
  };
  const model = new MedicineModel(config, initLinear(activityLayers(hidden), random));
  const log = lossLog();
  const started = performance.now();
  try {
    yield { kind: "stage", name: "train", title: "Learning motion and activity together" };
    const settings = {
      nLevels,
      steps: p.training_steps,
      batchSize: p.batch_size,
      bound,
      noise: p.initial_motion_noise,
      noiseSteps: p.motion_noise_steps,
    };
    yield* train(model, data, settings, random, log, context);
    await log.read();
    const seconds = (performance.now() - started) / 1000;
    const smoothed = await model.smoothed();
    const motion = toMotion(smoothed, nLevels, data);
    yield { kind: "motion", motion };
    yield { kind: "stage", name: "distributions", title: "Evaluating the learned distribution" };
    const activity: ActivityImage[] = [];
    for (const quarter of [0.25, 0.5, 0.75]) {
      const timeBin = Math.min(data.nTimes - 1, Math.floor(quarter * data.nTimes));
      activity.push(await activityImage(model, data, nLevels, { timeBin, smoothed }));
    }
    const complete = log.nSteps === p.training_steps;
    return {
      motion,
      metrics: log.series(),
      activity,
      summary: summarise(log, motion, data.nSpikes, seconds),
      complete,
    };
  } finally {
    log.dispose();
    model.dispose();
  }
}

/** MEDiCINe: motion and the distribution of activity, learned together by telling real spikes from drawn ones. */
export const medicine = defineMethod({
  id: "medicine",
  title: "MEDiCINe",
  summary:
    "Learns the motion of the tissue and its distribution of activity together, by telling real spikes from random ones.",
  reference: "Watters, Buccino & Jazayeri, eNeuro 2025, ENEURO.0529-24.2025; jazlab/medicine@43d9ebe0",
  needs: ["spikes"],
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});
