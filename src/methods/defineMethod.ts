import { AppError } from "../core/errors.ts";
import type { RecordingTruth } from "../core/spikeScore.ts";
import type { Motion, ProbeSites, SampleReader, SpikeTable } from "../core/types.ts";
import type {
  ActivityImage,
  MethodEvent,
  MethodInfo,
  MetricSeries,
  ParamSpec,
  ParamValue,
  ParamValues,
  StoredWaveforms,
} from "../protocol/methods.ts";
import type { GateVerdict, History, TrainedModel } from "../protocol/models.ts";
import type { RunEstimate } from "../protocol/recordings.ts";
import type { Scratch } from "../protocol/scratch.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";

/** A raw recording as a method reads it, and room for what it finds. */
export interface RecordingInput {
  reader: SampleReader;
  /** the recording's first file: tells it from another one when a run is resumed */
  identity: { path: string; bytes: number; sha1OfFirstMb: string };
  scratch: Scratch;
}

/** What a method may compute from. The runner has checked that what it `needs` is there. */
export interface MethodInputs {
  spikes: SpikeTable | null;
  recording: RecordingInput | null;
  /** imported waveforms of the spikes, by range; null for those of a recording */
  waveforms: WaveformSet | null;
  /** contacts, of the recording or as the spikes' file states them; absent when nothing tells */
  probe?: ProbeSites;
  /** s from the first sample to the last; absent when only the spikes are known */
  durationSec?: number;
  /** a motion to start from: that of the step before, else the one that was opened; absent when there is none */
  motion?: Motion;
  /** where localizers put the spikes, by id: [N, 4] x, y, z, alpha, uncorrected, NaN where one gives none; of steps before */
  locations?: Record<string, Float32Array>;
  /** waveforms that a step before kept of the spikes, in the scratch */
  stored?: StoredWaveforms;
  /** a trained network: of the step before, else the one that was opened */
  model?: TrainedModel;
  /** what is true of a simulated recording */
  truth?: RecordingTruth;
  /** room for checkpoints; absent where nothing can be kept */
  scratch?: Scratch;
}

/** What the engine gives a method; nothing else reaches it. */
export interface MethodContext {
  seed: number;
  signal: AbortSignal;
  /** somebody looks at this picture: an image event is worth its readback */
  wantsImage(image: "activity"): boolean;
  /** go on with what an unfinished run of the same parameters over the same recording left in the scratch */
  resume: boolean;
}

/** What a method yields: events, pictures for a loan, or a bare tick (at least every 50 ms of work, or one step). */
export type Yielded = MethodEvent | { kind: "image"; image: "activity"; content: ActivityImage } | { kind: "tick" };

/** What a method returns; the engine adds names, times and completeness. */
export interface MethodResult {
  motion?: Motion;
  spikes?: SpikeTable;
  locations?: Record<string, Float32Array>;
  waveforms?: StoredWaveforms;
  model?: TrainedModel;
  gate?: GateVerdict;
  history?: History;
  finalMetrics?: Record<string, unknown>;
  metrics: Record<string, MetricSeries>;
  activity?: ActivityImage[];
  summary: Record<string, number>;
  complete: boolean;
}

/** What of the machine decides how much memory a run takes. */
export interface Machine {
  mode: "webgpu" | "cpu";
  threads: number;
}

/**
 * A method: its description and an async generator of events that frees what it holds in `finally`. When the signal is
 * aborted it stops at its next yield and returns what it has with `complete: false`.
 */
export interface Method extends MethodInfo {
  /** What a run would need at most; null where that cannot be said yet. Absent for methods that need little. */
  estimate?(inputs: MethodInputs, params: ParamValues, machine: Machine): RunEstimate | null;
  run(inputs: MethodInputs, params: ParamValues, context: MethodContext): AsyncGenerator<Yielded, MethodResult>;
}

export function defineMethod(method: Method): Method {
  return method;
}

/** The description alone, as it crosses threads. */
export function infoOf({ run: _run, estimate, ...info }: Method): MethodInfo {
  return { ...info, estimates: estimate !== undefined };
}

/** Defaults filled in, every value checked. Throws AppError bad-parameter naming the parameter, its range and the value. */
export function checkParams(method: MethodInfo, given: ParamValues): ParamValues {
  for (const name of Object.keys(given)) {
    if (!(name in method.params)) {
      throw new AppError(
        "bad-parameter",
        `${method.title} has no parameter "${name}"; it has ${Object.keys(method.params).join(", ")}.`,
        { name },
      );
    }
  }
  return Object.fromEntries(
    Object.entries(method.params).map(([name, spec]) => [name, checkParam(name, spec, given[name])]),
  );
}

function checkParam(name: string, spec: ParamSpec, given: ParamValue | undefined): ParamValue {
  const value = given ?? spec.default;
  const fail = (expected: string): never => {
    throw new AppError("bad-parameter", `${name} must be ${expected}; it is ${JSON.stringify(value)}.`, { name });
  };
  if (spec.type === "choice") {
    const known = spec.options.some((option) => option.value === value);
    return known ? value : fail(`one of ${spec.options.map((option) => option.value).join(", ")}`);
  }
  if (spec.type === "boolean") return typeof value === "boolean" ? value : fail("true or false");
  const unit = spec.unit ? ` ${spec.unit}` : "";
  if (spec.type === "integers") {
    const list = Array.isArray(value) ? (value as number[]) : fail("a list of whole numbers");
    const bad = list.some((v) => !Number.isInteger(v) || v < spec.min || v > spec.max);
    return bad ? fail(`a list of whole numbers from ${spec.min} to ${spec.max}${unit}`) : list;
  }
  const whole = spec.integer ? "a whole number" : "a number";
  const range = `${whole} from ${spec.min} to ${spec.max}${unit}`;
  if (typeof value !== "number" || !(value >= spec.min && value <= spec.max)) return fail(range);
  return spec.integer && !Number.isInteger(value) ? fail(range) : value;
}
