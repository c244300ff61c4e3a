import { useSyncExternalStore } from "react";
import type { Motion, SpikeTable } from "../core/types.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import type { ActivityImage, RunResult, StepResult } from "../protocol/methods.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { CorrelationPicture, OtherPlaces } from "../protocol/pictures.ts";
import type { SpikeWaveform, TraceWindow } from "../protocol/recordings.ts";

/**
 * Arrays of the session. They are too big for a store, so panels subscribe to a version number per kind and read the
 * arrays from here.
 */
export interface LossCurves {
  step: number[];
  /** by curve name, each as long as `step`; a curve without a value at a step holds NaN there */
  values: Record<string, number[]>;
}

export type ResultKind = "spikes" | "motion" | "loss" | "run";

interface Results {
  spikes: SpikeTable | null;
  /** raised whenever rows mean other spikes than before; spikes that are only added do not raise it */
  spikesGeneration: number;
  /** the files the spikes came from, for the provenance of a run */
  spikeFiles: DroppedFile[];
  /** the drop that held the open recording, from which it can be read again; empty when none is open */
  recordingFiles: DroppedFile[];
  /** the network that was opened, which steps may start from until one is trained */
  model: TrainedModel | null;
  /** what the paint worker shows beside spikes and motions, for one that starts afresh */
  traces: TraceWindow | null;
  waveform: SpikeWaveform | null;
  correlation: CorrelationPicture | null;
  anchors: Float32Array | null;
  otherPlaces: readonly OtherPlaces[];
  /** the active one of the session's motions (motions.ts) */
  motion: Motion | null;
  /** by method id: what each method said of itself while it ran last */
  curves: Record<string, LossCurves>;
  /** the last run: the steps that led to what it found last */
  run: RunResult | null;
  /** what each method found when it ran last, by method id */
  outcomes: Record<string, StepResult>;
}

const results: Results = {
  spikes: null,
  spikesGeneration: 0,
  spikeFiles: [],
  recordingFiles: [],
  model: null,
  traces: null,
  waveform: null,
  correlation: null,
  anchors: null,
  otherPlaces: [],
  motion: null,
  curves: {},
  run: null,
  outcomes: {},
};
const versions: Record<ResultKind, number> = { spikes: 0, motion: 0, loss: 0, run: 0 };
const listeners: Record<ResultKind, Set<() => void>> = {
  spikes: new Set(),
  motion: new Set(),
  loss: new Set(),
  run: new Set(),
};

function changed(kind: ResultKind): void {
  versions[kind]++;
  for (const listener of listeners[kind]) listener();
}

/** The arrays as they are now. Read only; change them through the functions below. */
export function getResults(): Readonly<Results> {
  return results;
}

export function setSpikes(spikes: SpikeTable | null, files: DroppedFile[]): void {
  results.spikes = spikes;
  results.spikeFiles = files;
  results.spikesGeneration++;
  changed("spikes");
}

/** The files that the spikes on screen came from, found again. */
export function setSpikeFiles(files: DroppedFile[]): void {
  results.spikeFiles = files;
}

/** The table has more rows or more columns; row numbers mean what they meant. */
export function growSpikes(spikes: SpikeTable): void {
  results.spikes = spikes;
  changed("spikes");
}

export function setRecordingFiles(files: DroppedFile[]): void {
  results.recordingFiles = files;
}

/** A network that was read from a file. */
export function setModel(model: TrainedModel | null): void {
  results.model = model;
}

/** Remember what the paint worker was last given beside spikes and motions. */
export function keepPictures(
  kept: Partial<Pick<Results, "traces" | "waveform" | "correlation" | "anchors" | "otherPlaces">>,
): void {
  Object.assign(results, kept);
}

/** For motions.ts alone, which knows which motion is the active one. */
export function setMotion(motion: Motion | null): void {
  results.motion = motion;
  changed("motion");
}

export function setRun(run: RunResult | null): void {
  results.run = run;
  changed("run");
}

/** Remember what steps found; `null` forgets what all of them did. */
export function setOutcomes(steps: readonly StepResult[] | null): void {
  const added = Object.fromEntries((steps ?? []).map((step) => [step.method, step]));
  results.outcomes = steps ? { ...results.outcomes, ...added } : {};
  changed("run");
}

/** What all methods found, in place of what is there. */
export function replaceOutcomes(outcomes: Record<string, StepResult>): void {
  results.outcomes = outcomes;
  changed("run");
}

/** Curves of an earlier run, in place of those that are there. */
export function replaceCurves(curves: Record<string, LossCurves>): void {
  results.curves = curves;
  changed("loss");
}

/** Forget what some methods found. */
export function forgetOutcomes(methods: readonly string[]): void {
  results.outcomes = Object.fromEntries(Object.entries(results.outcomes).filter(([id]) => !methods.includes(id)));
  changed("run");
}

/** The activity a run ended with, in the middle of the recording; null when it learned none. */
export function finalActivity(run: RunResult | null): ActivityImage | null {
  const images = run?.steps.findLast((step) => step.activity)?.activity ?? [];
  return images[Math.floor(images.length / 2)] ?? null;
}

/** Forget the curves of some methods; of all of them without a list. */
export function clearLoss(methods?: readonly string[]): void {
  if (!methods) results.curves = {};
  for (const method of methods ?? []) delete results.curves[method];
  changed("loss");
}

/** One point on every named curve of a method. A curve that starts late is filled with NaN up to there. */
export function appendLoss(method: string, step: number, values: Record<string, number>): void {
  results.curves[method] ??= { step: [], values: {} };
  const curves = results.curves[method];
  for (const name of Object.keys(values)) {
    curves.values[name] ??= new Array<number>(curves.step.length).fill(Number.NaN);
  }
  curves.step.push(step);
  for (const [name, curve] of Object.entries(curves.values)) curve.push(values[name] ?? Number.NaN);
  changed("loss");
}

export function subscribeResults(kind: ResultKind, listener: () => void): () => void {
  listeners[kind].add(listener);
  return () => {
    listeners[kind].delete(listener);
  };
}

/** Renders again whenever arrays of this kind change; the number itself means nothing. */
export function useResultVersion(kind: ResultKind): number {
  return useSyncExternalStore(
    (listener) => subscribeResults(kind, listener),
    () => versions[kind],
  );
}
