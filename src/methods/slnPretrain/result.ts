import { networkLocations, type TrainedModel } from "../../protocol/models.ts";
import type { MethodInputs, MethodResult } from "../defineMethod.ts";
import { relocated } from "../localizeWaveforms/relocated.ts";
import { batchSizeOf } from "./batches.ts";
import { historyOf, seriesOf } from "./course.ts";
import { type Rmse, rmseOf } from "./rmse.ts";
import type { Work } from "./slnPretrain.ts";
import { rowsOf, splitNames } from "./split.ts";
import { anchorPlaces, placesOf } from "./trainer.ts";

/** A training that got to its end. */
export interface Trained {
  work: Work;
  /** [N, 4] where the network puts every spike */
  xyza: Float32Array;
  /** [N, 4] */
  teacherXyza: Float32Array;
}

function modelOf({ network, best, feed, course, teacher }: Work): TrainedModel {
  const epochs = course.bestEpoch === 1 ? "1 epoch" : `${course.bestEpoch} epochs`;
  const { weights, statistics } = best;
  const about = `pretrained on ${teacher}, ${epochs}`;
  return { spec: network.spec, weights, statistics, waveformScale: feed.scale, about };
}

/** What there is before the end: the best network so far, and how it got there. */
export function partialResult(work: Work): MethodResult {
  const { course } = work;
  return {
    ...(course.bestEpoch > 0 ? { model: modelOf(work), history: historyOf(course) } : {}),
    metrics: seriesOf(course),
    summary: summaryOf(work, {}),
    complete: false,
  };
}

/** Model, positions and the reference's metrics.json; a sentence when some spikes keep the positions they had. */
export function trainedResult(
  { spikes }: MethodInputs,
  { work, xyza, teacherXyza }: Trained,
  complete: boolean,
): { result: MethodResult; sentence: string } {
  const { course, network, feed } = work;
  const errors = errorsBySplit(work, xyza);
  const { table, sentence } = relocated(spikes!, xyza, feed.nSpikes);
  const result: MethodResult = {
    model: modelOf(work),
    locations: {
      [networkLocations.pretrained(network.spec)]: xyza,
      // the table's positions are about to be replaced, and a training that goes on learns from the same teacher
      ...(work.teacher === "imported" ? { imported: teacherXyza } : {}),
    },
    spikes: table,
    history: historyOf(course),
    finalMetrics: {
      config: { ...work.params, seed: work.seed },
      dataset_manifest: { n_spikes: feed.nSpikes, waveform_scale: feed.scale, teacher: work.teacher },
      best_epoch: course.bestEpoch,
      best_val_metrics: course.errors[course.bestEpoch - 1],
      nn_metrics: errors.network,
      anchor_baseline_metrics: errors.anchor,
    },
    metrics: seriesOf(course),
    summary: summaryOf(work, errors.network),
    complete,
  };
  return { result, sentence };
}

/** Error against the teacher of the network and of the anchors, by what the spikes were for. */
function errorsBySplit({ split, targets, network, feed }: Work, xyza: Float32Array) {
  const { nOut } = network.spec;
  const found: { network: Record<string, Rmse>; anchor: Record<string, Rmse> } = { network: {}, anchor: {} };
  splitNames.forEach((name, kind) => {
    const rows = rowsOf(split, kind, targets, nOut);
    const wanted = placesOf(targets, nOut, feed, rows);
    const own = Float32Array.from({ length: 3 * rows.length }, (_, i) => xyza[4 * rows[Math.floor(i / 3)] + (i % 3)]);
    found.network[name] = rmseOf(own, 3, wanted, 3);
    found.anchor[name] = rmseOf(anchorPlaces(feed, rows), 3, wanted, 3);
  });
  return found;
}

function summaryOf({ course, train, val, feed, params }: Work, errors: Record<string, Rmse>): Record<string, number> {
  const best = course.errors[course.bestEpoch - 1];
  const all: Record<string, number> = {
    n_spikes: feed.nSpikes,
    n_train: train.length,
    n_val: val.length,
    epochs: course.epoch,
    best_epoch: course.bestEpoch,
    batch_size: batchSizeOf(params),
    steps: course.steps.at(-1) ?? 0,
    val_rmse_xyz: best?.rmse_xyz ?? Number.NaN,
    test_rmse_xyz: errors.test?.rmse_xyz ?? Number.NaN,
    anchor_rmse_xyz: course.anchor?.rmse_xyz ?? Number.NaN,
    waveform_scale: feed.scale,
    spikes_per_sec: course.rates.at(-1) ?? Number.NaN,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => Number.isFinite(value)));
}
