import { AppError } from "../core/errors.ts";
import type {
  ActivityImage,
  ComputeStatus,
  JobEvent,
  Provenance,
  Recipe,
  RunResult,
  StepResult,
} from "../protocol/methods.ts";
import { checkParams, type Method, type MethodContext, type MethodInputs, type MethodResult } from "./defineMethod.ts";
import { methodById } from "./registry.ts";
import { yieldToEventLoop } from "./yieldToEventLoop.ts";

/** What one job needs from its surroundings. */
export interface JobHost {
  signal: AbortSignal;
  /** resolves at once, or when a paused job goes on */
  gate(): Promise<void>;
  onEvent(event: JobEvent): void;
  wantsImage(image: "activity"): boolean;
  deliverImage(content: ActivityImage): void;
  status: ComputeStatus;
  resume: boolean;
  /** what the spikes or the recording were read from */
  inputs: Provenance["inputs"];
  runtime: string;
  peakMemoryBytes(): number | null;
}

/** Events worth keeping in log.jsonl: all but the stream of live motions and the densest metrics. */
function isLogged(event: JobEvent): boolean {
  return !["motion", "spikes", "positions", "correlation", "metric", "progress"].includes(event.kind);
}

/**
 * Run every step of a recipe in order; the spikes and the motion that a step finds are the next one's input. Cancelling stops at the next event and returns what was finished with
 * `complete: false`. Throws AppError for a failure; the events until then have been delivered.
 */
export async function runRecipe(recipe: Recipe, inputs: MethodInputs, host: JobHost): Promise<RunResult> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const log: RunResult["log"] = [];
  const say = (event: JobEvent) => {
    if (isLogged(event)) log.push({ atSec: (performance.now() - started) / 1000, event });
    host.onEvent(event);
  };
  const planned = recipe.steps.map((step) => {
    const method = methodById(step.method);
    return { method, params: checkParams(method, step.params) };
  });
  if (planned.length === 0) throw new AppError("bad-parameter", "The recipe has no steps; add one to run it.");
  say({ kind: "state", state: "running" });
  const steps: StepResult[] = [];
  let given: MethodInputs = { ...factsOf(inputs), ...inputs };
  for (const [index, { method, params }] of planned.entries()) {
    if (host.signal.aborted) break;
    say({ kind: "step", index, method: method.id, title: method.title });
    const context = {
      seed: recipe.seed + index,
      signal: host.signal,
      wantsImage: host.wantsImage,
      resume: host.resume,
    };
    const { result, stageSeconds } = await runMethod(method, params, given, context, host, say);
    steps.push({ method: method.id, params, stageSeconds, ...result });
    given = handedOn(given, result);
  }
  const complete = steps.length === planned.length && steps.every((s) => s.complete);
  say({ kind: "state", state: complete ? "done" : "cancelled" });
  const provenance: Provenance = {
    driftscope: __DRIFTSCOPE_VERSION__,
    commit: __DRIFTSCOPE_COMMIT__,
    startedAt,
    seed: recipe.seed,
    compute: { mode: host.status.mode, adapter: host.status.adapter, threads: host.status.threads },
    runtime: host.runtime,
    inputs: host.inputs,
    stageSeconds: Object.assign({}, ...steps.map((s) => s.stageSeconds)),
    peakMemoryBytes: host.peakMemoryBytes(),
    complete,
  };
  const full = planned.map(({ method, params }) => ({ method: method.id, params }));
  return { recipe: { ...recipe, steps: full }, steps, provenance, log };
}

/** What the next step starts from. Locations and waveforms are of the spikes they were found with, and go with those. */
function handedOn(before: MethodInputs, result: MethodResult): MethodInputs {
  const { spikes, motion, locations, waveforms, model } = result;
  const sameSpikes = before.spikes !== null && (!spikes || spikes.nSpikes === before.spikes.nSpikes);
  const known = sameSpikes ? before.locations : undefined;
  return {
    ...before,
    spikes: spikes ?? before.spikes,
    ...(motion ? { motion } : {}),
    ...(model ? { model } : {}),
    ...(waveforms ? { stored: waveforms } : {}),
    ...(known || locations ? { locations: { ...known, ...locations } } : {}),
  };
}

/** What a raw recording tells of the probe and of how long it is. */
function factsOf({ recording }: MethodInputs): Pick<MethodInputs, "probe" | "durationSec"> {
  if (!recording) return {};
  const { probe, segments, rateHz } = recording.reader.recording;
  const ends = segments.map(({ startSec, nSamples }) => startSec + (nSamples - 1) / rateHz);
  return { probe, durationSec: Math.max(...ends) };
}

/** Throws AppError when something that a method needs is not there. */
function checkNeeds(method: Method, inputs: MethodInputs): void {
  if (method.needs.includes("recording") && !inputs.recording)
    throw new AppError("bad-data", `${method.title} needs a raw recording; open a SpikeGLX recording first.`);
  if (method.needs.includes("waveforms") && !inputs.waveforms)
    throw new AppError(
      "bad-data",
      `${method.title} needs spikes that came with their waveforms; open an SLN data set with waveforms_all.npy.`,
    );
  if (method.needs.includes("motion") && !inputs.motion)
    throw new AppError("bad-data", `${method.title} needs a motion; open one, or run a step that estimates one first.`);
  if (!method.needs.includes("spikes")) return;
  if (!inputs.spikes)
    throw new AppError("bad-data", `${method.title} needs spikes; open some, or run a step that finds them first.`);
  if (inputs.spikes.nSpikes === 0)
    throw new AppError("bad-data", `${method.title} needs spikes, and the step before found none.`);
}

async function runMethod(
  method: Method,
  params: StepResult["params"],
  inputs: MethodInputs,
  context: MethodContext,
  host: JobHost,
  say: (event: JobEvent) => void,
): Promise<{ result: MethodResult; stageSeconds: Record<string, number> }> {
  checkNeeds(method, inputs);
  const stageSeconds: Record<string, number> = {};
  let stage = "";
  let stageStart = performance.now();
  const endStage = () => {
    if (stage) stageSeconds[stage] = (stageSeconds[stage] ?? 0) + (performance.now() - stageStart) / 1000;
    stageStart = performance.now();
  };
  const events = method.run(inputs, params, context);
  for (;;) {
    const next = await events.next();
    if (next.done) {
      endStage();
      return { result: next.value, stageSeconds };
    }
    const event = next.value;
    if (event.kind === "image") host.deliverImage(event.content);
    else if (event.kind !== "tick") say(event);
    if (event.kind === "stage") {
      endStage();
      stage = event.name;
    }
    await yieldToEventLoop(); // lets a cancel, a pause or a loan in
    await host.gate();
  }
}
