import type { MethodInfo } from "../protocol/methods.ts";

/** Which methods make the recipe, by what is open: nouns a method needs and gives decide, nothing else. */

/** What a method can be given: the recording, spikes with their locations, waveforms of those. */
export interface OpenNouns {
  recording: boolean;
  spikes: boolean;
  /** the spikes came with their waveforms */
  waveforms: boolean;
}

function nounsOf(open: OpenNouns): Set<string> {
  // spikes come with a depth each, which is a location
  return new Set([
    ...(open.recording ? ["recording"] : []),
    ...(open.spikes ? ["spikes", "locations"] : []),
    ...(open.waveforms ? ["waveforms"] : []),
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
  const waiting = [...methods].sort((a, b) => Number(readsRecording(b)) - Number(readsRecording(a)));
  const steps: MethodInfo[] = [];
  for (;;) {
    const next = waiting.findIndex((method) => method.needs.every((noun) => have.has(noun)));
    if (next < 0) return steps;
    const [method] = waiting.splice(next, 1);
    steps.push(method);
    for (const noun of method.gives) have.add(noun);
  }
}

/** Whether a method reads the samples themselves. */
export function readsRecording(method: MethodInfo): boolean {
  return method.needs.includes("recording");
}

/** The method whose parameters say how samples are preprocessed: the one that finds spikes in them. */
export function detectionOf(methods: readonly MethodInfo[] | null): MethodInfo | null {
  return methods?.find((method) => readsRecording(method) && method.gives.includes("spikes")) ?? null;
}
