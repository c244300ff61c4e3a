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
import { checkNeeds, factsOfRecording, handedOn } from "./nouns.ts";
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
 * Run every step of a recipe in order; what a step finds (spikes, their places and waveforms, a motion, a model) is the next
 * one's input. Cancelling stops at the next event and returns what was finished with `complete: false`. Throws AppError for a
 * failure; the events until then have been delivered.
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
    return { method, params: checkParams(method, step.params), seed: step.seed };
  });
  if (planned.length === 0) throw new AppError("bad-parameter", "The recipe has no steps; add one to run it.");
  say({ kind: "state", state: "running" });
  const steps: StepResult[] = [];
  let given: MethodInputs = { ...factsOfRecording(inputs), ...inputs };
  for (const [index, { method, params, seed }] of planned.entries()) {
    if (host.signal.aborted) break;
    say({ kind: "step", index, method: method.id, title: method.title });
    const context = {
      seed: seed ?? recipe.seed + index,
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
  const full = planned.map(({ method, params, seed }) => ({
    method: method.id,
    params,
    ...(seed === undefined ? {} : { seed }),
  }));
  return { recipe: { ...recipe, steps: full }, steps, provenance, log };
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
