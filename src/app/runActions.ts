import { proxy } from "comlink";
import { asAppError } from "../core/errors.ts";
import type { JobEvent, RecipeStep } from "../protocol/methods.ts";
import { restartCompute, withCompute } from "./clients.ts";
import { IDLE_JOB, isActive, reduceJob } from "./jobReducer.ts";
import { makeRecipe, parseForm, parseSeed } from "./recipeForm.ts";
import { appendLoss, clearLoss, getResults, setMotion, setRun } from "./results.ts";
import { type RunState, updateJob, useRun } from "./runStore.ts";
import { errorSentence, notify, notifyError, useSession } from "./sessionStore.ts";

/** Running: the second of the three places where errors are caught. */

let lastJob = 0;

/** Why the recipe cannot run now, in one sentence; null when it can. */
export function whyNotRun(run: RunState, hasSpikes: boolean): string | null {
  if (!hasSpikes) return "Open spikes first: drop files on the page.";
  if (!run.methods) return "The compute worker is still getting ready.";
  const seed = parseSeed(run.seedText);
  if (!seed.ok) return seed.sentence;
  for (const id of run.steps) {
    const method = run.methods.find((m) => m.id === id);
    if (!method) return `This version knows no method called ${id}.`;
    const [first] = Object.values(parseForm(method.params, run.drafts[id] ?? {}).errors);
    if (first) return first;
  }
  return null;
}

function recipeOf(run: RunState): ReturnType<typeof makeRecipe> {
  const seed = parseSeed(run.seedText);
  const steps: RecipeStep[] = run.steps.map((id) => {
    const method = run.methods?.find((m) => m.id === id);
    return { method: id, params: parseForm(method?.params ?? {}, run.drafts[id] ?? {}).params };
  });
  return makeRecipe(useSession.getState().spikes?.title ?? "spikes", seed.ok ? seed.value : 0, steps);
}

/** What an event of the running job changes besides the job's own view. */
function takeArrays(event: JobEvent): void {
  if (event.kind === "metric") appendLoss(event.step, event.values);
  else if (event.kind === "motion") {
    setMotion(event.motion);
    const title = useRun.getState().job.stepTitle || "the run";
    const source = useSession.getState().motionSource;
    if (source?.from !== "run" || source.title !== title) {
      useSession.setState({ motionSource: { from: "run", title } });
    }
  }
}

/** Start the recipe on the open spikes. Never rejects: a failure stands at its step, with its sentence. */
export async function startRun(): Promise<void> {
  const run = useRun.getState();
  if (isActive(run.job)) return;
  const reason = whyNotRun(run, getResults().spikes !== null);
  if (reason) {
    notify("error", reason);
    return;
  }
  const id = `job-${++lastJob}`;
  const recipe = recipeOf(run);
  clearLoss();
  setRun(null);
  updateJob(() => ({ ...IDLE_JOB, id, state: "running" }));
  const onEvent = (event: JobEvent) => {
    // an event of a job that was given up must not touch the one that followed
    if (useRun.getState().job.id !== id) return;
    takeArrays(event);
    updateJob((job) => reduceJob(job, event));
  };
  try {
    const result = await withCompute((api) => api.run(id, recipe, getResults().spikeFiles, proxy(onEvent)));
    setRun(result);
    const motion = result.steps.findLast((step) => step.motion)?.motion;
    if (motion) setMotion(motion);
    updateJob((job) => ({ ...job, state: result.provenance.complete ? "done" : "cancelled" }));
  } catch (error) {
    const cancelled = asAppError(error)?.code === "cancelled";
    updateJob((job) => ({ ...job, state: cancelled ? "cancelled" : "failed", error: errorSentence(error) }));
    if (asAppError(error)?.code === "device-lost") {
      restartCompute().catch((again: unknown) => notifyError(again));
    }
  }
}

async function tell(work: (id: string) => Promise<void>): Promise<void> {
  const { job } = useRun.getState();
  if (!job.id || !isActive(job)) return;
  try {
    await work(job.id);
  } catch (error) {
    notifyError(error);
  }
}

export function pauseRun(): Promise<void> {
  return tell((id) => withCompute((api) => api.pause(id)));
}

export function resumeRun(): Promise<void> {
  return tell((id) => withCompute((api) => api.resume(id)));
}

export function togglePause(): Promise<void> {
  return useRun.getState().job.state === "paused" ? resumeRun() : pauseRun();
}

export function cancelRun(): Promise<void> {
  return tell((id) => withCompute((api) => api.cancel(id)));
}
