import { proxy } from "comlink";
import type { JobEvent, MethodInfo, Recipe, RecipeStep } from "../protocol/methods.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";
import { withCompute } from "./clients.ts";
import { isActive, reduceJob } from "./jobReducer.ts";
import { keptOf, mergeRuns } from "./mergeRuns.ts";
import { activeMotion } from "./motions.ts";
import { logOptimisation } from "./optimisationLog.ts";
import { makeRecipe, parseForm, parseSeed, textsOf } from "./recipeForm.ts";
import {
  bandOf,
  keepsWhereItStands,
  missingNouns,
  type OpenNouns,
  outdatedBy,
  planRecipe,
  type RecipePlan,
  readsRecording,
  stageOf,
  trainsNetwork,
} from "./recipeSteps.ts";
import { whyNotRead } from "./recordingChoice.ts";
import { getResults } from "./results.ts";
import { fail, finish, prepare, takeArrays } from "./runScreen.ts";
import { type RunState, setDrafts, updateJob, useRun } from "./runStore.ts";
import { keptFolders } from "./scratchFolders.ts";
import { hasWaveforms, notify, notifyError, type SessionState, useSession } from "./sessionStore.ts";
import { recordingFilesOf } from "./showData.ts";
import { checkUnfinished, unfinishedOf } from "./unfinished.ts";

/** Running: the second of the three places where errors are caught. */

let lastJob = 0;
type Open = Pick<SessionState, "recording" | "spikes">;

function nounsOf({ recording, spikes }: Open): OpenNouns {
  const steps = getResults().run?.steps ?? [];
  return {
    recording: recording !== null,
    band: recording?.recording.stream,
    spikes: spikes !== null,
    waveforms: hasWaveforms({ recording, spikes }),
    storedWaveforms: steps.some((step) => step.waveforms),
    motion: activeMotion() !== null,
    model: getResults().model !== null || steps.some((step) => step.model),
  };
}

type Choices = Pick<RunState, "methods" | "motionMethod" | "networks">;

/** The recipe for what is open, in the order in which it runs; empty while nothing is open or known. */
export function openRecipe({ methods, motionMethod, networks }: Choices, open: Open): RecipePlan {
  return planRecipe(methods ?? [], nounsOf(open), motionMethod, networks);
}

const SENTENCES: Record<string, string> = {
  recording: "Open a recording first: drop it on the page.",
  spikes: "Spikes first: run the step above, or drop spikes on the page.",
  locations: "Spikes with locations first: run the step above, or drop them on the page.",
  waveforms: "Spikes with their waveforms first: drop an SLN data set with waveforms_all.npy.",
  "spike-waveforms":
    "Waveforms of the spikes first: drop a recording and run the step that finds spikes in it, or drop an SLN data set with waveforms_all.npy.",
  model: "A trained network first: run the step that pretrains one, or drop a model (.safetensors).",
  motion: "A motion first: run a step that estimates one, or drop one on the page.",
};

function whyNotStep(run: RunState, method: MethodInfo, open: Open): string | null {
  const [first] = Object.values(parseForm(method.params, run.drafts[method.id] ?? {}).errors);
  if (first) return first;
  return readsRecording(method) && open.recording ? whyNotRead(open.recording, bandOf(method)) : null;
}

/** Why these steps cannot run now one after the other, in one sentence; null when they can. */
export function whyNotRun(run: RunState, steps: readonly MethodInfo[], open: Open): string | null {
  if (!run.methods) return "The compute worker is still getting ready.";
  if (steps.length === 0) return "Open a recording or spikes first: drop files on the page.";
  const seed = parseSeed(run.seedText);
  if (!seed.ok) return seed.sentence;
  const given = new Set<string>();
  for (const method of steps) {
    const missing = missingNouns(method, nounsOf(open)).find((noun) => !given.has(noun));
    if (missing) return SENTENCES[missing] ?? `This step needs ${missing}.`;
    const reason = whyNotStep(run, method, open);
    if (reason) return reason;
    for (const noun of method.gives) given.add(noun);
  }
  return null;
}

/** The recipe of some of the steps. A step draws from the recipe's seed plus its place, whether it runs alone or not. */
export function recipeOf(run: RunState, steps: readonly MethodInfo[], session: Open): Recipe {
  const seed = parseSeed(run.seedText);
  const place = placeOf(run, steps[0], session);
  const filled: RecipeStep[] = steps.map(({ id, params }) => ({
    method: id,
    params: parseForm(params, run.drafts[id] ?? {}).params,
  }));
  const title = session.recording?.info.title ?? session.spikes?.title ?? "spikes";
  return makeRecipe(title, (seed.ok ? seed.value : 0) + place, filled);
}

/**
 * Place of a step in its recipe: after the steps whose results it goes on from. Any method that estimates motion stands where
 * the chosen one does.
 */
function placeOf(run: RunState, step: MethodInfo | undefined, session: Open): number {
  if (!step) return 0;
  const kept = keptOf(getResults().run, isEarlierThan(step, run.methods ?? []));
  if (kept) return kept.steps.length;
  return openRecipe(run, session).steps.filter((other) => stageOf(other) < stageOf(step)).length;
}

/** Run every step of the recipe on what is open. Never rejects: a failure stands at its step, with its sentence. */
export async function startRun(): Promise<void> {
  const run = useRun.getState();
  await start(openRecipe(run, useSession.getState()).steps, null);
}

/** Run one step alone. Never rejects. */
export async function startStep(id: string): Promise<void> {
  await start(useRun.getState().methods?.filter((method) => method.id === id) ?? [], null);
}

/** Go on with a run that was stopped, with the parameters it had. Never rejects. */
export async function resumeUnfinished(unfinished: UnfinishedRun): Promise<void> {
  for (const { method, params } of unfinished.recipe.steps) setDrafts(method, textsOf(params));
  const { methods } = useRun.getState();
  const steps = unfinished.recipe.steps.flatMap(({ method }) => methods?.find(({ id }) => id === method) ?? []);
  if (steps.length > 1) useRun.setState({ networks: steps.some(trainsNetwork) });
  await start(steps, unfinished.recipe);
}

/** Let a method that trains and has come to its end go on for some more epochs. Never rejects. */
export async function trainOn(id: string, more: number): Promise<void> {
  const method = useRun.getState().methods?.find((one) => one.id === id);
  const before = getResults().outcomes[id];
  if (!method || !before) return;
  const params = { ...before.params, epochs: Number(before.params.epochs) + more };
  const run = useRun.getState();
  setDrafts(id, textsOf(params));
  const { seed, title } = recipeOf(run, [method], useSession.getState());
  await start([method], makeRecipe(title, seed, [{ method: id, params }]));
}

/** Resume what can be resumed on the open recording, if anything can. Never rejects. */
export async function resumeNewest(): Promise<void> {
  const { methods, unfinished, job } = useRun.getState();
  const open = useSession.getState();
  const found = (methods ?? []).map(({ id }) => unfinishedOf(unfinished, open, id, job)).find((run) => run);
  if (found) await resumeUnfinished(found);
  else notify("info", "There is no stopped run over what is open to go on with.");
}

/** Run a recipe again from its start on what is open: the forms are filled with its parameters. Never rejects. */
export async function startAgain(recipe: Recipe): Promise<void> {
  const { methods } = useRun.getState();
  const steps = recipe.steps.flatMap(({ method }) => methods?.find(({ id }) => id === method) ?? []);
  if (steps.length < recipe.steps.length) {
    const unknown = recipe.steps.find(({ method }) => !methods?.some(({ id }) => id === method));
    notify("error", `This recipe has a step “${unknown?.method}”, which this version of Driftscope does not have.`);
    return;
  }
  for (const { method, params } of recipe.steps) setDrafts(method, textsOf(params));
  const estimate = steps.find((method) => method.gives.includes("motion") && !trainsNetwork(method));
  useRun.setState({
    seedText: String(recipe.seed),
    networks: steps.some(trainsNetwork),
    ...(estimate ? { motionMethod: estimate.id } : {}),
  });
  await start(steps, null, recipe);
}

async function start(steps: readonly MethodInfo[], resumed: Recipe | null, again: Recipe | null = null): Promise<void> {
  const run = useRun.getState();
  if (isActive(run.job)) return;
  const session = useSession.getState();
  const reason = whyNotRun(run, steps, session);
  if (reason) {
    notify("error", reason);
    return;
  }
  const recipe = resumed ?? again ?? recipeOf(run, steps, session);
  const id = `job-${++lastJob}`;
  const before = getResults().run;
  const kept = keptOf(before, isEarlierThan(steps[0], run.methods ?? []));
  prepare(id, steps, outdatedBy(steps, run.methods ?? []), kept, resumed !== null);
  const inputs = steps.some(readsRecording) ? recordingFilesOf() : getResults().spikeFiles;
  const onEvent = (event: JobEvent) => {
    // events come by another channel than the result: what a job says after its end, or when given up, changes nothing
    const { job: current } = useRun.getState();
    if (current.id !== id || !isActive(current)) return;
    takeArrays(event, recipe);
    logOptimisation(event);
    updateJob((job) => reduceJob(job, event));
  };
  try {
    // what is removed from the list while it is on its way is what the step starts from all the same
    const from = activeMotion()?.motion ?? null;
    const result = await withCompute(async (api) => {
      await api.keepFolders(keptFolders());
      await api.setMotion(from);
      return api.run(id, recipe, inputs, resumed !== null, proxy(onEvent));
    });
    finish(mergeRuns(kept, result, recipe.seed - placeOf(run, steps[0], session)), result, steps);
  } catch (error) {
    fail(error, steps, before);
  }
  if (steps.some(keepsWhereItStands)) await checkUnfinished();
}

function isEarlierThan(step: MethodInfo, methods: readonly MethodInfo[]): (method: string) => boolean {
  const earlier = methods.filter((method) => stageOf(method) < stageOf(step)).map(({ id }) => id);
  return (method) => earlier.includes(method);
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
