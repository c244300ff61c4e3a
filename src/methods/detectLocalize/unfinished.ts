import type { UnfinishedRun } from "../../protocol/recordings.ts";
import type { Scratch } from "../../protocol/scratch.ts";
import { loadState, type RunState } from "./runState.ts";

/** Runs in a scratch that were stopped before the end, newest first. */
export async function unfinishedRuns(scratch: Scratch): Promise<UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const { key, state } of await statesOf(scratch)) {
    if (state.complete) continue;
    const { params, seed, recording, doneSec, totalSec, nSpikes, savedAt } = state;
    const recipe = {
      driftscope: 1 as const,
      title: recording.path,
      seed,
      steps: [{ method: "detect-localize", params }],
    };
    found.push({ key, ...recording, doneSec, totalSec, nSpikes, savedAt, recipe });
  }
  return found.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/** Give back the room of finished runs whose spikes nobody has on screen any more, and of runs that never got started. */
export async function discardFinished(scratch: Scratch, keep: string | null): Promise<void> {
  const states = new Map((await statesOf(scratch)).map(({ key, state }) => [key, state]));
  for (const key of await scratch.runs()) {
    const state = states.get(key);
    if (key !== keep && (!state || state.complete)) await scratch.discard(key);
  }
}

async function statesOf(scratch: Scratch): Promise<{ key: string; state: RunState }[]> {
  const found: { key: string; state: RunState }[] = [];
  for (const key of await scratch.runs()) {
    const run = await scratch.open(key);
    const saved = await loadState(run);
    await run.close();
    if (saved) found.push({ key, state: saved.state });
  }
  return found;
}
