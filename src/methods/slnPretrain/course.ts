import { type NetworkSpec, networkLayout } from "../../core/network/layout.ts";
import { Random } from "../../core/random.ts";
import { type CentroidStatistics, initialModel } from "../../nn/initialModel.ts";
import type { NetworkState } from "../../nn/network.ts";
import type { MetricSeries } from "../../protocol/methods.ts";
import type { History } from "../../protocol/models.ts";
import type { Checkpoint } from "../sln/checkpoints.ts";
import type { WaveformFeed } from "../sln/feed.ts";
import type { Rmse } from "./rmse.ts";

/** How far a training has come: everything that a resumed one goes on with, and that its result is made of. */
export interface Course {
  /** epochs finished */
  epoch: number;
  /** steps of the optimiser after each of them */
  steps: number[];
  /** mean loss and error against the teacher after each of them */
  losses: number[];
  errors: Rmse[];
  /** of the anchors on the same spikes */
  anchor: Rmse | null;
  /** epoch with the smallest error, and how many came after it; 0 before the first */
  bestEpoch: number;
  stale: number;
  /** spikes per second of each epoch */
  rates: number[];
}

export const newCourse = (): Course => ({
  epoch: 0,
  steps: [],
  losses: [],
  errors: [],
  anchor: null,
  bestEpoch: 0,
  stale: 0,
  rates: [],
});

/** An error smaller than the best by less than this (µm) is no improvement. */
const improvementUm = 1e-6;

/** Enter an epoch. Returns whether it is the best so far. */
export function enter(
  course: Course,
  { trainLoss, steps, rate }: { trainLoss: number; steps: number; rate: number },
  { network, anchor }: { network: Rmse; anchor: Rmse },
): boolean {
  const best = course.bestEpoch > 0 ? course.errors[course.bestEpoch - 1].rmse_xyz : Infinity;
  const isBest = network.rmse_xyz < best - improvementUm;
  course.epoch++;
  course.steps.push(steps);
  course.losses.push(trainLoss);
  course.errors.push(network);
  course.rates.push(rate);
  course.anchor = anchor;
  course.bestEpoch = isBest ? course.epoch : course.bestEpoch;
  course.stale = isBest ? 0 : course.stale + 1;
  return isBest;
}

/** history.csv of the reference. */
export function historyOf({ losses, errors }: Course): History {
  return {
    columns: ["epoch", "train_loss", "val_rmse_x", "val_rmse_y", "val_rmse_z", "val_rmse_xyz"],
    rows: errors.map(({ rmse_x, rmse_y, rmse_z, rmse_xyz }, i) => [i + 1, losses[i], rmse_x, rmse_y, rmse_z, rmse_xyz]),
  };
}

/** The live curves' names at the end of an epoch. */
export function metricsAt({ losses, errors, anchor, rates }: Course, epoch: number): Record<string, number> {
  const { rmse_x, rmse_y, rmse_z, rmse_xyz } = errors[epoch - 1];
  return {
    train_loss: losses[epoch - 1],
    val_rmse_x: rmse_x,
    val_rmse_y: rmse_y,
    val_rmse_z: rmse_z,
    val_rmse_xyz: rmse_xyz,
    anchor_rmse_xyz: anchor?.rmse_xyz ?? Number.NaN,
    spikes_per_sec: rates[epoch - 1],
  };
}

export function seriesOf(course: Course): Record<string, MetricSeries> {
  const all = course.errors.map((_, i) => metricsAt(course, i + 1));
  const step = Float64Array.from(course.steps);
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((name) => [name, { step, value: Float32Array.from(all, (point) => point[name]) }]),
  );
}

/** A network that has learned nothing yet. The transformer's anchors are scaled by those of the spikes to train on. */
export function startOf(spec: NetworkSpec, seed: number, feed: WaveformFeed, train: Int32Array): NetworkState {
  return initialModel(spec, new Random(seed), centroidStatistics(feed.anchorsUm, train));
}

function centroidStatistics(anchorsUm: Float32Array, rows: Int32Array): CentroidStatistics {
  const of = (axis: number): [number, number] => {
    const values = Float64Array.from(rows, (row) => anchorsUm[2 * row + axis]);
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    return [mean, Math.sqrt(variance) || 1]; // anchors of one column do not differ
  };
  const [x, y] = [of(0), of(1)];
  return { mean: [x[0], y[0]], std: [x[1], y[1]] };
}

/** What a checkpoint holds besides the arrays. */
export interface CourseHeader {
  course: Course;
  /** steps of the optimiser */
  step: number;
  /** the end was reached, and positions are there */
  complete: boolean;
}

export function checkpointOf(
  course: Course,
  { weights, statistics, optimizer }: Required<NetworkState>,
  best: NetworkState,
  xyza: Float32Array | null,
): Checkpoint<CourseHeader> {
  return {
    header: { course, step: optimizer.step, complete: xyza !== null },
    arrays: {
      weights,
      statistics,
      moments: optimizer.moments,
      bestWeights: best.weights,
      bestStatistics: best.statistics,
      ...(xyza ? { xyza } : {}),
    },
  };
}

export interface RestoredCourse {
  course: Course;
  current: Required<NetworkState>;
  best: NetworkState;
  /** [N, 4] where the best network puts the spikes; null when the training had not ended */
  xyza: Float32Array | null;
}

/** Null when the arrays are not those of this network. */
export function restoreCourse(
  { header, arrays }: Checkpoint<CourseHeader>,
  spec: NetworkSpec,
  nSpikes: number,
): RestoredCourse | null {
  const { nWeights, nStatistics } = networkLayout(spec);
  const floats = (name: string, length: number) => {
    const values = arrays[name];
    return values instanceof Float32Array && values.length === length ? values : null;
  };
  const [weights, bestWeights] = [floats("weights", nWeights), floats("bestWeights", nWeights)];
  const [statistics, bestStatistics] = [floats("statistics", nStatistics), floats("bestStatistics", nStatistics)];
  const moments = floats("moments", 2 * nWeights);
  if (!weights || !statistics || !moments || !bestWeights || !bestStatistics) return null;
  return {
    course: header.course,
    current: { weights, statistics, optimizer: { step: header.step, moments } },
    best: { weights: bestWeights, statistics: bestStatistics },
    xyza: header.complete ? floats("xyza", 4 * nSpikes) : null,
  };
}
