import type { AppError } from "../core/errors.ts";
import type { Motion, Range, SpikeTable } from "../core/types.ts";
import type { GateVerdict, History, TrainedModel } from "./models.ts";

/** One parameter of a method: the form, the defaults, the command line and the documentation are this one text. */
export type ParamSpec =
  | {
      type: "number";
      label: string;
      unit: string;
      default: number;
      min: number;
      max: number;
      integer?: boolean;
      help: string;
      advanced?: boolean;
    }
  | {
      type: "integers";
      label: string;
      unit: string;
      default: readonly number[];
      min: number;
      max: number;
      help: string;
      advanced?: boolean;
    }
  | {
      type: "choice";
      label: string;
      unit: string;
      default: string;
      options: readonly { value: string; label: string }[];
      help: string;
      advanced?: boolean;
    }
  | { type: "boolean"; label: string; unit: string; default: boolean; help: string; advanced?: boolean };

export type ParamValue = number | string | boolean | readonly number[];
export type ParamValues = Record<string, ParamValue>;

/** A method as `cli methods` prints it and the recipe list shows it. */
export interface MethodInfo {
  id: string;
  title: string;
  /** one sentence: what it does */
  summary: string;
  /** paper and repository the numbers are held against */
  reference: string;
  needs: readonly string[];
  /** the band of a recording that it computes from; "ap" when it does not say */
  stream?: "ap" | "lf";
  gives: readonly string[];
  /** it says before a run what memory that would take */
  estimates?: boolean;
  params: Record<string, ParamSpec>;
  /** named sets of parameters that differ from the defaults */
  presets: readonly { id: string; title: string; help: string; params: ParamValues }[];
  /** advice for results that look wrong: symptom, what it usually means, what to change */
  troubleshooting: readonly { title: string; symptom: string; advice: string; params: readonly string[] }[];
}

/** One step of a recipe. */
export interface RecipeStep {
  method: string;
  params: ParamValues;
  /** where it does not draw from the recipe's seed plus its place: of a step that was run apart from the others */
  seed?: number;
}

/** A run, completely: the form edits it, the engine runs it, the command line replays it, every export carries it. */
export interface Recipe {
  driftscope: 1;
  title: string;
  seed: number;
  steps: RecipeStep[];
}

/** Why a job is not moving forward, or that it is. */
export type JobState = "running" | "paused" | "done" | "failed" | "cancelled";

/** What a running method says. One union; switch over `kind` exhaustively. */
export type MethodEvent =
  | { kind: "stage"; name: string; title: string }
  | { kind: "progress"; done: number; total: number; unit: string; ratePerSec: number; secondsLeft: number }
  /** one point per named curve, at `step` */
  | { kind: "metric"; step: number; values: Record<string, number> }
  /** the motion as it stands; a later one replaces it */
  | { kind: "motion"; motion: Motion }
  /** spikes found since the last such event, in order of time; a resumed run first gives those it had */
  | { kind: "spikes"; spikes: SpikeTable }
  /** where a network puts spikes as it stands: rows of the table ([n], null for all) and their x, y, z, alpha [n, 4], uncorrected */
  | { kind: "positions"; localizer: string; rows: Int32Array | null; xyza: Float32Array }
  /** correlation of every pair of time bins of the corrected positions, [nBins, nBins]; a bin of it may be several of the run's */
  | { kind: "correlation"; values: Float32Array; nBins: number; binSec: number }
  /** whether the network as it stands would be accepted */
  | { kind: "gate"; verdict: GateVerdict }
  | { kind: "warning"; code: string; message: string };

/** Everything a job reports to whoever started it. */
export type JobEvent =
  | MethodEvent
  | { kind: "state"; state: JobState }
  | { kind: "step"; index: number; method: string; title: string };

/** A curve recorded while a method ran: step numbers and values of equal length. */
export interface MetricSeries {
  step: Float64Array;
  value: Float32Array;
}

/** A model's activity density on a depth × amplitude grid at a moment of the recording. */
export interface ActivityImage {
  /** [nDepth, nAmp] probability that a spike there is real, row 0 = lowest depth */
  probability: Float32Array;
  nDepth: number;
  nAmp: number;
  depthRangeUm: Range;
  ampRangeUv: Range;
  /** moment of the recording it is evaluated at; the corrected frame when null */
  timeSec: number | null;
}

/**
 * How the waveforms of found spikes are kept: as principal components per channel slot, float16, in the scratch of the run.
 * Denoised waveform = mean + Σ coefficient · component.
 */
export interface StoredWaveforms {
  /** the run's folder in the scratch */
  key: string;
  nSlots: number;
  nSamples: number;
  samplesBefore: number;
  nComponents: number;
  /** [nSamples] µV */
  mean: Float64Array;
  /** [nComponents, nSamples] */
  components: Float64Array;
  /** [nChannels, nSlots] channels of a spike that peaks on a channel, nearest first; −1 for none and for channels left out */
  slots: Int32Array;
  /** [nChannels] µV; NaN for channels left out */
  noiseUv: Float64Array;
  /** [N] row in the scratch of each spike; null when it is the spike's own */
  order: Int32Array | null;
}

/** What one method left behind. */
export interface StepResult {
  method: string;
  params: ParamValues;
  /** seconds per named stage */
  stageSeconds: Record<string, number>;
  motion?: Motion;
  /** spikes the step found, with the positions of its main localizer */
  spikes?: SpikeTable;
  /** by localizer id: [N, 4] x, y, z, alpha of every spike, uncorrected; NaN where the localizer gives none */
  locations?: Record<string, Float32Array>;
  waveforms?: StoredWaveforms;
  /** the network that may be applied: the best of the run */
  model?: TrainedModel;
  /** whether a fine-tuned network passed; absent for other methods */
  gate?: GateVerdict;
  /** epoch by epoch, as the reference logs it */
  history?: History;
  /** the reference's metrics.json (or best_metrics.json), key by key */
  finalMetrics?: Record<string, unknown>;
  metrics: Record<string, MetricSeries>;
  /** MEDiCINe: the learned distribution at quarter, half and three quarters of the recording */
  activity?: ActivityImage[];
  /** folders of the scratch that it keeps something in: its waveforms, states to train on from */
  scratchKeys?: readonly string[];
  /** numbers worth a line of their own in metrics.json */
  summary: Record<string, number>;
  /** false when it was stopped before the end; what it had is kept */
  complete: boolean;
}

/** What a finished or cancelled job hands back. */
export interface RunResult {
  recipe: Recipe;
  steps: StepResult[];
  provenance: Provenance;
  log: { atSec: number; event: JobEvent }[];
}

/** How a result came to be: enough to make it again. */
export interface Provenance {
  driftscope: string;
  commit: string;
  startedAt: string;
  seed: number;
  compute: { mode: ComputeMode; adapter: string; threads: number };
  runtime: string;
  inputs: { path: string; bytes: number; sha1OfFirstMb: string }[];
  stageSeconds: Record<string, number>;
  peakMemoryBytes: number | null;
  complete: boolean;
}

export type ComputeMode = "webgpu" | "cpu";
export type ComputeRequest = "auto" | ComputeMode;

/** Which machine computes, as the top bar shows it. */
export interface ComputeStatus {
  mode: ComputeMode;
  /** adapter in words, e.g. "NVIDIA GeForce RTX 4070"; "tfjs wasm, SIMD, 2 threads" in CPU mode */
  adapter: string;
  threads: number;
  /** one sentence: why this mode */
  reason: string;
}

/** AppError as it crosses threads. */
export interface WireError {
  app: boolean;
  code: AppError["code"];
  message: string;
  detail: AppError["detail"];
  stack: string;
}
