import { asAppError } from "../core/errors.ts";
import type { Motion } from "../core/types.ts";
import type { JobEvent, MethodInfo, Recipe, RunResult } from "../protocol/methods.ts";
import { restartCompute } from "./clients.ts";
import { forgetCorrelation, takeCorrelation } from "./correlation.ts";
import { endJob, startJob } from "./jobReducer.ts";
import { endLiveSpikes, keepLiveSpikes, startLiveSpikes, takeLiveSpikes } from "./liveSpikes.ts";
import { forgetEstimates } from "./motions.ts";
import { choosePositions, endLivePositions, takePositions } from "./positions.ts";
import { keepsWhereItStands, stageOf, trainsNetwork } from "./recipeSteps.ts";
import { appendLoss, clearLoss, forgetOutcomes, setOutcomes, setRun } from "./results.ts";
import { addRun, noRunShown } from "./runList.ts";
import { startRunMotions, takeRunMotion } from "./runMotions.ts";
import { updateJob, useRun } from "./runStore.ts";
import { errorSentence, notifyError } from "./sessionStore.ts";
import { showRelocated } from "./showData.ts";
import { markUnfinished } from "./unfinished.ts";

/** What a job changes on screen: as it begins, with everything it says, and when it has ended. */

/** What an event of the running job changes besides the job's own view. */
export function takeArrays(event: JobEvent, recipe: Recipe): void {
  const { stepIndex } = useRun.getState().job;
  if (event.kind === "metric") appendLoss(recipe.steps[stepIndex].method, event.step, event.values);
  else if (event.kind === "spikes") takeLiveSpikes(event.spikes);
  else if (event.kind === "motion") takeMotion(event.motion, recipe, stepIndex, false);
  else if (event.kind === "positions") takePositions(event);
  else if (event.kind === "correlation") takeCorrelation(event);
  else if (event.kind === "step" && !isTrained(event.method)) endLivePositions(); // from one network to the next they go on
}

function takeMotion(motion: Motion, recipe: Recipe, index: number, complete: boolean): void {
  const { method, params } = recipe.steps[index];
  const title = useRun.getState().methods?.find(({ id }) => id === method)?.title ?? method;
  takeRunMotion(title, motion, { kind: "run", method, params, seed: recipe.seed + index, complete });
}

/** Ids of methods. */
export function idsOf(steps: readonly MethodInfo[]): string[] {
  return steps.map(({ id }) => id);
}

/** Whether a method trains a network, by its id. */
function isTrained(id: string): boolean {
  return useRun.getState().methods?.some((method) => method.id === id && trainsNetwork(method)) ?? false;
}

function findsSpikes(method: MethodInfo): boolean {
  return method.gives.includes("spikes");
}

/** The screen as the job begins: what earlier steps found stays, what this one makes anew goes. Curves of one that goes on stay. */
export function prepare(
  id: string,
  steps: readonly MethodInfo[],
  outdated: readonly string[],
  kept: RunResult | null,
  goesOn: boolean,
): void {
  const own = idsOf(steps);
  clearLoss(goesOn ? outdated : [...own, ...outdated]);
  setRun(kept);
  updateJob((job) => startJob(job, id, own, outdated));
  startRunMotions();
  noRunShown();
  endLivePositions();
  // what a network trained before has made goes with it
  if (steps.some((method) => method.gives.includes("locations"))) {
    choosePositions(null);
    forgetCorrelation();
    forgetOutcomes([...own, ...outdated].filter((method) => isTrained(method)));
  }
  if (steps.some(findsSpikes)) startLiveSpikes();
  // a network is trained further on a motion that was estimated before it
  if (steps.some((method) => stageOf(method) < 2)) forgetEstimates();
  if (steps.some(keepsWhereItStands)) markUnfinished();
}

export function finish(merged: RunResult, result: RunResult, steps: readonly MethodInfo[]): void {
  // the paint worker forgets an activity with the spikes it belongs to, so the spikes go first
  const spikes = result.steps.findLast((step) => step.spikes)?.spikes;
  if (spikes && steps.some(findsSpikes)) endLiveSpikes(spikes);
  else if (spikes) showRelocated(spikes);
  setRun(merged);
  setOutcomes(result.steps);
  for (const [index, { motion, complete }] of result.steps.entries())
    if (motion) takeMotion(motion, result.recipe, index, complete);
  endLivePositions();
  updateJob((job) => endJob(job, result.provenance.complete ? "done" : "cancelled"));
  addRun(merged, idsOf(steps), "here");
}

export function fail(error: unknown, steps: readonly MethodInfo[], before: RunResult | null): void {
  const cancelled = asAppError(error)?.code === "cancelled";
  endLivePositions();
  updateJob((job) => endJob(job, cancelled ? "cancelled" : "failed", errorSentence(error)));
  // a step that failed before it found anything has changed nothing
  if (steps.some(findsSpikes) && !keepLiveSpikes()) setRun(before);
  if (asAppError(error)?.code === "device-lost") {
    restartCompute().catch((again: unknown) => notifyError(again));
  }
}
