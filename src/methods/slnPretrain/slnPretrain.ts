import { AppError, assert } from "../../core/errors.ts";
import { Network, type NetworkState } from "../../nn/network.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { networkLocations } from "../../protocol/models.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import type { SlotOrderChoice } from "../localizeWaveforms/slots.ts";
import { predictAll } from "../sln/apply.ts";
import { CheckpointStore, checkpointKey } from "../sln/checkpoints.ts";
import { openFeed } from "../sln/feed.ts";
import {
  type Course,
  type CourseHeader,
  checkpointOf,
  enter,
  metricsAt,
  newCourse,
  type RestoredCourse,
  restoreCourse,
  startOf,
} from "./course.ts";
import { LivePositions } from "./livePositions.ts";
import { pretrainMemory } from "./memory.ts";
import { params, presets, specOf, troubleshooting } from "./params.ts";
import { partialResult, type Trained, trainedResult } from "./result.ts";
import { checkEnough, rowsOf, splitByTime, splitTimes, TRAIN, VALIDATE } from "./split.ts";
import { teacherOf } from "./teacher.ts";
import { type Lesson, trainEpoch, validate } from "./trainer.ts";

/** A training under way. */
export interface Work extends Lesson {
  /** [N] what each spike is for */
  split: Int32Array;
  teacher: string;
  course: Course;
  /** the network of the best epoch */
  best: NetworkState;
  store: CheckpointStore<CourseHeader>;
  /** where the best network puts the spikes, when an earlier run has got to its end */
  xyza: Float32Array | null;
}

const warning = (code: string, message: string): Yielded => ({ kind: "warning", code, message });

/** Waveforms, teacher and split, and where an earlier run stopped. The caller disposes the network and closes the store. */
async function* prepare(
  inputs: MethodInputs,
  values: ParamValues,
  { seed, resume }: MethodContext,
): AsyncGenerator<Yielded, { work: Work; teacherXyza: Float32Array }> {
  const { spikes } = inputs;
  assert(spikes, "the runner has checked that there are spikes");
  const spec = specOf(values.network as string);
  const settings = { slotOrder: values.slot_order as SlotOrderChoice, scale: values.waveform_scale as number };
  const feed = await openFeed(inputs, settings, seed);
  const teacher = teacherOf(inputs, feed, values.teacher as string, spec.nOut);
  for (const { code, message } of [...feed.warnings, ...teacher.warnings]) yield warning(code, message);
  const own = values.own_split ? inputs.waveforms?.split : null;
  const durationSec = inputs.durationSec ?? spikes.timeSec[spikes.nSpikes - 1];
  const ends = splitTimes(durationSec, values.train_fraction as number, values.validation_fraction as number);
  const split = own ?? splitByTime(spikes.timeSec, ends);
  const rows = (kind: number) => rowsOf(split, kind, teacher.targets, spec.nOut);
  const [train, val] = [rows(TRAIN), rows(VALIDATE)];
  checkEnough(train, val);
  const startsFrom = [spikes.timeSec, feed.anchorsUm, teacher.xyza, split, [feed.scale]];
  const key = await checkpointKey("sln-pretrain", values, seed, startsFrom);
  const store = await CheckpointStore.open<CourseHeader>(inputs.scratch, key);
  const saved = resume ? await store.load() : null;
  const restored: RestoredCourse | null = saved && restoreCourse(saved, spec, feed.nSpikes);
  if (!restored) await store.forget();
  const network = new Network({ spec, ...(restored?.current ?? startOf(spec, seed, feed, train)) });
  const lesson = { network, feed, targets: teacher.targets, train, val, params: values, seed };
  const { course, best, xyza } = restored ?? { course: newCourse(), best: await network.snapshot(), xyza: null };
  return { work: { ...lesson, split, teacher: teacher.id, course, best, store, xyza }, teacherXyza: teacher.xyza };
}

function isFinished({ course, params: values }: Work): boolean {
  return course.epoch >= (values.epochs as number) || course.stale >= (values.patience as number);
}

/** Epochs until the last, or until none has been better for long; null, or why it had to end before. */
async function* trainAll(work: Work, signal: AbortSignal): AsyncGenerator<Yielded, string | null> {
  const { network, feed, course } = work;
  const live = new LivePositions(network, feed);
  while (!isFinished(work) && !signal.aborted) {
    const epoch = course.epoch + 1;
    yield {
      kind: "stage",
      name: "train",
      title: `Teaching the network, epoch ${epoch} of ${work.params.epochs as number}`,
    };
    const startedMs = performance.now();
    const nPerEpoch = (work.params.max_spikes as number) || work.train.length;
    const doneBefore = course.epoch * Math.min(nPerEpoch, work.train.length);
    const outcome = yield* trainEpoch(work, epoch, doneBefore, () => live.whenDue(), signal);
    if (outcome.broken) return outcome.broken;
    if (signal.aborted) return null;
    const seconds = (performance.now() - startedMs) / 1000;
    const errors = yield* validate(work, signal);
    if (signal.aborted) return null;
    const done = {
      trainLoss: outcome.trainLoss,
      steps: network.steps,
      rate: outcome.nSpikes / Math.max(1e-9, seconds),
    };
    const state = await network.snapshot();
    if (enter(course, done, errors)) work.best = { weights: state.weights, statistics: state.statistics };
    const lost = await work.store.save(checkpointOf(course, state, work.best, null));
    if (lost) yield warning("checkpoint", lost);
    if (epoch === 1 && outcome.nLost > 0)
      yield warning(
        "sln-waveforms",
        `${outcome.nLost} of ${work.train.length} spikes do not train: their waveforms hold values that are no numbers.`,
      );
    yield { kind: "metric", step: network.steps, values: metricsAt(course, course.epoch) };
    yield* live.whenDue();
  }
  return null;
}

/** Where the best network puts every spike, to be kept when the training is done; null when it is cancelled before the end. */
async function* applyBest(
  work: Work,
  keep: boolean,
  signal: AbortSignal,
): AsyncGenerator<Yielded, Float32Array | null> {
  yield { kind: "stage", name: "apply", title: "Placing every spike with the best network" };
  const current = await work.network.snapshot();
  work.network.restore(work.best);
  const xyza = yield* predictAll(work.network, work.feed, null, signal);
  if (signal.aborted) return null;
  const lost = keep ? await work.store.save(checkpointOf(work.course, current, work.best, xyza)) : null;
  if (lost) yield warning("checkpoint", lost);
  return xyza;
}

async function* run(
  inputs: MethodInputs,
  values: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  yield { kind: "stage", name: "prepare", title: "Looking at waveforms and teacher" };
  const { work, teacherXyza } = yield* prepare(inputs, values, context);
  try {
    const before = work.course.epoch;
    const broken = yield* trainAll(work, context.signal);
    if (broken && work.course.bestEpoch === 0) throw new AppError("bad-data", broken);
    if (broken) yield warning("sln-broken", `${broken} The network of epoch ${work.course.bestEpoch} is kept.`);
    if (context.signal.aborted) return partialResult(work);
    if (work.course.epoch > before) work.xyza = null;
    const xyza = work.xyza ?? (yield* applyBest(work, broken === null, context.signal));
    if (!xyza) return partialResult(work);
    const trained: Trained = { work, xyza, teacherXyza };
    const { result, sentence } = trainedResult(inputs, trained, broken === null);
    if (sentence) yield warning("kept-positions", sentence);
    yield { kind: "positions", localizer: networkLocations.pretrained(work.network.spec), rows: null, xyza };
    return result;
  } finally {
    work.network.dispose();
    await work.store.close();
  }
}

/** From the positions of a localizer to a network that places spikes, nearer to the truth than its teacher. */
export const slnPretrain = defineMethod({
  id: "sln-pretrain",
  title: "SLN pretraining",
  summary: "Teaches a Spike Localization Network the positions of another localizer, which it ends up denoising.",
  reference:
    "evarol/spikeLocalizationNetwork@e956b3c: train_relative_xyz_model.py, relative_xyz_common.py, transformer_sln.py",
  needs: ["spikes", "locations", "spike-waveforms"],
  gives: ["locations", "model"],
  params,
  presets,
  troubleshooting,
  estimate: pretrainMemory,
  run,
});
