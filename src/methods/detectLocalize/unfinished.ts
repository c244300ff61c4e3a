import { asAppError } from "../../core/errors.ts";
import type { UnfinishedRun } from "../../protocol/recordings.ts";
import type { Scratch } from "../../protocol/scratch.ts";
import { loadState, type RunState } from "./runState.ts";

/** Runs in a scratch that were stopped before the end, newest first. */
export async function unfinishedRuns(scratch: Scratch): Promise<UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const { key, state } of await statesOf(scratch)) {
    if (!state || state.complete) continue;
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
  for (const { key, state } of await statesOf(scratch)) {
    if (key !== keep && (!state || state.complete)) await scratch.discard(key).catch(ifInUse);
  }
}

/** What another page has open stays. */
function ifInUse(error: unknown): void {
  if (!asAppError(error)) throw error;
}

/** Every run and where it stands, null for one that never got started; those that another page works on are left alone. */
async function statesOf(scratch: Scratch): Promise<{ key: string; state: RunState | null }[]> {
  const found: { key: string; state: RunState | null }[] = [];
  for (const key of await scratch.runs()) {
    const run = await scratch.open(key);
    try {
      found.push({ key, state: (await loadState(run))?.state ?? null });
    } catch (error) {
      ifInUse(error);
    } finally {
      await run.close();
    }
  }
  return found;
}
