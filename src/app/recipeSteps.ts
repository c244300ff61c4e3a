import type { MethodInfo } from "../protocol/methods.ts";

/** Which methods make the recipe, by what is open: nouns a method needs and gives decide, nothing else. */

/** What a method can be given: the recording, spikes with their locations, waveforms of those. */
export interface OpenNouns {
  recording: boolean;
  /** which band the recording is, where one is open */
  band?: "ap" | "lf";
  spikes: boolean;
  /** the spikes came with their waveforms */
  waveforms: boolean;
  /** a run has kept the waveforms of the spikes it found */
  storedWaveforms?: boolean;
  /** a motion is there already */
  motion?: boolean;
  /** a trained network, of a run or opened */
  model?: boolean;
}

function nounsOf(open: OpenNouns): Set<string> {
  // spikes come with a depth each, which is a location
  return new Set([
    ...(open.recording ? ["recording"] : []),
    ...(open.spikes ? ["spikes", "locations"] : []),
    ...(open.waveforms ? ["waveforms"] : []),
    ...(open.waveforms || open.storedWaveforms ? ["spike-waveforms"] : []),
    ...(open.motion ? ["motion"] : []),
    ...(open.model ? ["model"] : []),
  ]);
}

/** Nouns that a method needs and that are not there, in its order. */
export function missingNouns(method: MethodInfo, open: OpenNouns): string[] {
  const have = nounsOf(open);
  return method.needs.filter((noun) => !have.has(noun));
}

/** Methods that can run on what is open or on what an earlier one of them gives, each after those that feed it. */
export function recipeSteps(methods: readonly MethodInfo[], open: OpenNouns): MethodInfo[] {
  const have = nounsOf(open);
  // what a recording gives comes before what is made of it
  const waiting = methods
    .filter((method) => !isMotionEdit(method))
    .sort((a, b) => Number(readsRecording(b)) - Number(readsRecording(a)));
  const steps: MethodInfo[] = [];
  for (;;) {
    const next = waiting.findIndex((method) => method.needs.every((noun) => have.has(noun)));
    if (next < 0) return steps;
    const [method] = waiting.splice(next, 1);
    steps.push(method);
    for (const noun of method.gives) have.add(noun);
  }
}

/** The recipe of what is open: motion is estimated by one method, and the others stand beside it. */
export interface RecipePlan {
  /** what "run all" runs, in order */
  steps: MethodInfo[];
  /** other methods that give a motion, each to be run alone */
  others: MethodInfo[];
  /** methods that train a network on the spikes and can run here, in order, whether they are among the steps or not */
  networks: MethodInfo[];
}

/**
 * `chosen` is the method that is to estimate motion; one that cannot run here, or null, leaves it to the first that can.
 * `withNetworks`: networks are trained with the recipe, after localization; one of them that gives a motion is then its estimate.
 */
export function planRecipe(
  methods: readonly MethodInfo[],
  open: OpenNouns,
  chosen: string | null,
  withNetworks = false,
): RecipePlan {
  const all = recipeSteps(ofBand(methods, open), open).filter((method) => !editsMotion(method));
  const networks = all.filter(trainsNetwork).sort((a, b) => stageOf(a) - stageOf(b));
  const used = withNetworks ? networks : [];
  const candidates = used.some(estimatesMotion) ? [] : motionMethods(all);
  const main = candidates.find(({ id }) => id === chosen) ?? candidates[0];
  const isOther = (method: MethodInfo) => estimatesMotion(method) && !trainsNetwork(method) && method !== main;
  const plain = all.filter((method) => !isOther(method) && !trainsNetwork(method));
  const at = plain.findIndex(estimatesMotion);
  const before = at < 0 ? plain.length : at;
  return {
    steps: [...plain.slice(0, before), ...used, ...plain.slice(before)],
    others: all.filter(isOther),
    networks,
  };
}

/** Whether a method trains a network that localizes. */
export function trainsNetwork({ gives }: MethodInfo): boolean {
  return gives.includes("model");
}

/** Whether a method works on nothing but a motion: by hand the page does that better, where it can be seen and undone. */
function editsMotion({ needs, gives }: MethodInfo): boolean {
  return needs.length === 1 && needs[0] === "motion" && gives.includes("motion");
}

function estimatesMotion({ gives }: MethodInfo): boolean {
  return gives.includes("motion");
}

/** Methods that can be a recipe's estimate of motion: those that begin without one and estimate nothing else. */
export function motionMethods(methods: readonly MethodInfo[]): MethodInfo[] {
  return methods.filter(
    (method) => estimatesMotion(method) && !trainsNetwork(method) && !method.needs.includes("motion"),
  );
}

/** Steps whose results go when some run again: those made of what these make, but not other estimates from the same spikes. */
export function outdatedBy(steps: readonly MethodInfo[], methods: readonly MethodInfo[]): string[] {
  const first = Math.min(...steps.map(stageOf));
  return methods.filter((method) => stageOf(method) > first && !steps.includes(method)).map(({ id }) => id);
}

/** Methods that read the other band of a recording are left out, unless none reads this one: then they say so. */
function ofBand(methods: readonly MethodInfo[], { band }: OpenNouns): readonly MethodInfo[] {
  const fits = (method: MethodInfo) => !readsRecording(method) || band === undefined || bandOf(method) === band;
  return methods.some((method) => readsRecording(method) && fits(method)) ? methods.filter(fits) : methods;
}

/** The band of a recording that a method reads. */
export function bandOf({ stream }: MethodInfo): "ap" | "lf" {
  return stream ?? "ap";
}

/**
 * What a method makes: spikes, places for them, a network, what that network says once it is trained further, or what is made of
 * all these. Later ones start from what earlier ones left.
 */
export function stageOf({ gives, needs }: MethodInfo): number {
  if (gives.includes("spikes")) return 0;
  if (gives.includes("model")) return needs.includes("model") ? 3 : 2;
  return gives.includes("locations") ? 1 : 4;
}

/** Whether a method only changes a motion that is there: the motion panel does that by hand, where it can be undone. */
function isMotionEdit({ needs, gives }: MethodInfo): boolean {
  return needs.every((noun) => noun === "motion") && gives.includes("motion") && needs.length > 0;
}

/** Whether a method reads the samples themselves. */
export function readsRecording(method: MethodInfo): boolean {
  return method.needs.includes("recording");
}

/** Whether a method may leave something to go on with when it is stopped: one that goes through samples or waveforms. */
export function keepsWhereItStands({ needs, gives }: MethodInfo): boolean {
  return gives.includes("model") || (needs.includes("recording") && gives.includes("spikes"));
}

/** The method whose parameters say how samples are preprocessed: the one that finds spikes in them. */
export function detectionOf(methods: readonly MethodInfo[] | null): MethodInfo | null {
  return methods?.find((method) => readsRecording(method) && method.gives.includes("spikes")) ?? null;
}
