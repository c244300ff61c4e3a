import { tensor2d } from "@tensorflow/tfjs-core";
import { type AdamConfig, adamDefaults } from "../../core/adam.ts";
import { asAppError } from "../../core/errors.ts";
import type { NetworkLoss } from "../../core/network/types.ts";
import type { Network } from "../../nn/network.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { Yielded } from "../defineMethod.ts";
import { ValueLog } from "../estimators/valueLog.ts";
import { batchTensors, predictBatch } from "../sln/apply.ts";
import type { WaveformFeed } from "../sln/feed.ts";
import { batchesOf, batchSizeOf, epochOrder, epochRandom } from "./batches.ts";
import { type Rmse, rmseOf } from "./rmse.ts";
import { decadesToUm } from "./teacher.ts";

/** What a training works on. */
export interface Lesson {
  network: Network;
  feed: WaveformFeed;
  /** [N, nOut] */
  targets: Float32Array;
  /** rows to learn from and to choose the epoch by */
  train: Int32Array;
  val: Int32Array;
  params: ParamValues;
  seed: number;
}

/** Seconds between live points of the loss, and between reads of it from the backend. */
const liveEverySec = 0.25;
const readEverySec = 0.1;
const maxPending = 32;
/** Batches of the validation. */
const evaluateBatch = 2048;

/** Step size in an epoch, counted from 1: the last two of three or more are smaller. */
export function learningRateAt(epoch: number, epochs: number, rate: number, falls: boolean): number {
  if (!falls || epochs < 3 || epoch < epochs - 1) return rate;
  return rate * (epoch === epochs ? 0.1 : 0.3);
}

export function optimiserAt({ params }: Lesson, epoch: number): AdamConfig {
  const rate = params.learning_rate as number;
  return {
    ...adamDefaults,
    learningRate: learningRateAt(epoch, params.epochs as number, rate, params.falling_rate as boolean),
    weightDecay: params.weight_decay as number,
    clipNorm: Infinity,
  };
}

/** What an epoch left behind. `broken`: why it ended before its time, when the loss is no number any more. */
export interface EpochOutcome {
  trainLoss: number;
  nSpikes: number;
  nLost: number;
  broken: string | null;
}

/** Called between steps: yields pictures for whoever looks, when it is time for them. */
export type Between = () => AsyncGenerator<Yielded, void>;

/** One pass over the spikes. `doneBefore`: spikes of the epochs before, for the progress. */
export async function* trainEpoch(
  lesson: Lesson,
  epoch: number,
  doneBefore: number,
  between: Between,
  signal: AbortSignal,
): AsyncGenerator<Yielded, EpochOutcome> {
  const { feed, train, params, seed } = lesson;
  const order = epochOrder(train, feed.runLength, params.max_spikes as number, epochRandom(seed, epoch));
  const total = order.length * (params.epochs as number);
  const log = new ValueLog({ names: ["train_loss"], what: "The loss", unit: "step" });
  const outcome: EpochOutcome = { trainLoss: Number.NaN, nSpikes: 0, nLost: 0, broken: null };
  const sizes: number[] = [];
  const startedMs = performance.now();
  let [readMs, liveMs] = [startedMs, startedMs];
  const onLost = (n: number) => {
    outcome.nLost += n;
  };
  try {
    for await (const batch of batchesOf(feed, order, batchSizeOf(params), onLost)) {
      if (signal.aborted) break;
      log.push(step(lesson, epoch, batch.rows, batch.waveforms));
      sizes.push(batch.rows.length);
      outcome.nSpikes += batch.rows.length;
      const nowMs = performance.now();
      if (nowMs - readMs < 1000 * readEverySec && log.nPending < maxPending) {
        yield { kind: "tick" };
        continue;
      }
      outcome.broken = await readLosses(log, epoch);
      if (outcome.broken) return outcome;
      readMs = performance.now();
      const done = doneBefore + outcome.nSpikes;
      const ratePerSec = (1000 * outcome.nSpikes) / (readMs - startedMs);
      yield { kind: "progress", done, total, unit: "spikes", ratePerSec, secondsLeft: (total - done) / ratePerSec };
      if (readMs - liveMs < 1000 * liveEverySec) continue;
      liveMs = readMs;
      yield {
        kind: "metric",
        step: lesson.network.steps,
        values: { train_loss: log.last().train_loss, spikes_per_sec: ratePerSec },
      };
      yield* between();
    }
    outcome.broken = await readLosses(log, epoch);
    if (outcome.nLost === order.length)
      outcome.broken = `Expected waveforms to learn from, found values that are no numbers in all ${order.length} of them.`;
    const losses = log.values("train_loss");
    outcome.trainLoss = losses.reduce((sum, loss, i) => sum + loss * sizes[i], 0) / outcome.nSpikes;
    return outcome;
  } finally {
    log.dispose();
  }
}

/**
 * A sentence when a loss since the last read is no number; null when all are. Not the last alone: AdamW leaves weights finite
 * after an infinite loss, but they then stand still.
 */
async function readLosses(log: ValueLog<"train_loss">, epoch: number): Promise<string | null> {
  const from = log.nSteps;
  try {
    await log.read();
  } catch (error) {
    if (asAppError(error)?.code !== "bad-data") throw error;
  }
  const bad = log
    .values("train_loss")
    .slice(from)
    .findIndex((loss) => !Number.isFinite(loss));
  if (bad < 0) return null;
  return `The loss stopped being a number at step ${from + bad + 1} of epoch ${epoch}; a smaller learning_rate usually helps.`;
}

/** One step of the optimiser. Returns the loss [1] before it. */
function step(lesson: Lesson, epoch: number, rows: Int32Array, waveforms: Float32Array) {
  const { network, feed, targets, params, seed } = lesson;
  const { nOut } = network.spec;
  const input = batchTensors(feed, rows, waveforms);
  const target = tensor2d(targetsOf(targets, nOut, rows), [rows.length, nOut]);
  const pass = {
    batchStatistics: true,
    dropout: params.dropout as number,
    seed: epochRandom(seed, network.steps).uint32(),
    firstRow: 0,
  };
  const loss: NetworkLoss = {
    kind: params.loss as "huber" | "mse",
    beta: 5,
    scale: [1, 1, 1, decadesToUm].slice(0, nOut),
    count: rows.length,
  };
  const found = network.gradient(input, target, pass, loss, true);
  const squaredNorm = network.step(found.weightGrad, optimiserAt(lesson, epoch));
  for (const tensor of [input.waveforms, input.centroids, target, found.out, found.weightGrad, squaredNorm])
    tensor.dispose();
  return found.loss;
}

function targetsOf(targets: Float32Array, nOut: number, rows: ArrayLike<number>): Float32Array {
  const out = new Float32Array(nOut * rows.length);
  for (let i = 0; i < rows.length; i++) out.set(targets.subarray(nOut * rows[i], nOut * (rows[i] + 1)), nOut * i);
  return out;
}

/** Error of the network as it stands against its teacher, and of the anchors; on at most `max_spikes` spikes, evenly taken. */
export async function* validate(
  { network, feed, targets, val, params }: Lesson,
  signal: AbortSignal,
): AsyncGenerator<Yielded, { network: Rmse; anchor: Rmse }> {
  const { nOut } = network.spec;
  const rows = evenly(val, params.max_spikes as number);
  const predicted = new Float32Array(4 * rows.length);
  for (let from = 0; from < rows.length && !signal.aborted; from += evaluateBatch) {
    const batch = rows.subarray(from, from + evaluateBatch);
    predicted.set(await predictBatch(network, feed, batch, await feed.read(batch)), 4 * from);
    yield { kind: "tick" };
  }
  const wanted = placesOf(targets, nOut, feed, rows);
  return { network: rmseOf(predicted, 4, wanted, 3), anchor: rmseOf(anchorPlaces(feed, rows), 3, wanted, 3) };
}

/** At most `most` of the rows (0: all), the same number apart. */
export function evenly(rows: Int32Array, most: number): Int32Array {
  if (most === 0 || rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

/** [n, 3] where the teacher puts spikes: anchors + targets */
export function placesOf(
  targets: Float32Array,
  nOut: number,
  { anchorsUm }: WaveformFeed,
  rows: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: 3 * rows.length }, (_, i) => {
    const [row, axis] = [rows[Math.floor(i / 3)], i % 3];
    return (axis < 2 ? anchorsUm[2 * row + axis] : 0) + targets[nOut * row + axis];
  });
}

/** [n, 3] anchors, z = 0: what knowing nothing but the channels gives */
export function anchorPlaces({ anchorsUm }: WaveformFeed, rows: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: 3 * rows.length }, (_, i) =>
    i % 3 < 2 ? anchorsUm[2 * rows[Math.floor(i / 3)] + (i % 3)] : 0,
  );
}
