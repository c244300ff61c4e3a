import { asAppError } from "../core/errors.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";
import { correctedRecordingKey, type Scratch } from "../protocol/scratch.ts";
import { isRecordKey, type JobState, loadJobState } from "./jobRecord.ts";

/** Jobs in a scratch that were stopped before the end, newest first. */
export async function unfinishedRuns(scratch: Scratch): Promise<UnfinishedRun[]> {
  const { records } = await recordsOf(scratch);
  return records
    .map(({ key, state: { recipe, input, step, nSpikes, savedAt } }) => {
      const { path, bytes } = input;
      return { key, path, bytes, step: { ...step, method: recipe.steps[step.index].method }, nSpikes, savedAt, recipe };
    })
    .sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
}

/** Forget a stopped job for good, with all that no other needs. `keep` are folders of what is on screen. */
export async function discardUnfinished(scratch: Scratch, key: string, keep: ReadonlySet<string>): Promise<void> {
  const { records } = await recordsOf(scratch);
  const own = records.find((record) => record.key === key)?.state.keys ?? [];
  const others = new Set(records.flatMap((record) => (record.key === key ? [] : record.state.keys)));
  await scratch.discard(key);
  for (const one of own) if (!others.has(one) && !keep.has(one)) await scratch.discard(one);
}

/** Give back the room of what nobody needs any more: no stopped job, and nothing that is on screen (`keep`). */
export async function discardFinished(scratch: Scratch, keep: ReadonlySet<string>): Promise<void> {
  const { records, inUse } = await recordsOf(scratch);
  if (inUse) return; // which folders a job of another page needs, only that page knows
  const needed = new Set([
    correctedRecordingKey,
    ...keep,
    ...records.flatMap(({ key, state }) => [key, ...state.keys]),
  ]);
  for (const key of await scratch.runs()) if (!needed.has(key)) await scratch.discard(key).catch(ifInUse);
}

/** What another page has open stays. */
function ifInUse(error: unknown): void {
  if (!asAppError(error)) throw error;
}

/** Every record that says something, and whether another page works on one. */
async function recordsOf(scratch: Scratch): Promise<{ records: { key: string; state: JobState }[]; inUse: boolean }> {
  const records: { key: string; state: JobState }[] = [];
  let inUse = false;
  for (const key of (await scratch.runs()).filter(isRecordKey)) {
    const run = await scratch.open(key);
    try {
      const saved = await loadJobState(run);
      if (saved) records.push({ key, state: saved.state });
    } catch (error) {
      ifInUse(error);
      inUse = true;
    } finally {
      await run.close();
    }
  }
  return { records, inUse };
}
