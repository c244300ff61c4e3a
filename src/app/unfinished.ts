import type { UnfinishedRun } from "../protocol/recordings.ts";
import { withCompute } from "./clients.ts";
import { useRun } from "./runStore.ts";
import { notifyError, type OpenRecording } from "./sessionStore.ts";

/** Runs that were stopped, by a person or by a reload, and can go on where they were. */

/** Set while there may be such a run: without it a first visit need not start the compute worker to be told of none. */
const MARK = "driftscope-unfinished";

/** A run over a recording begins: from now on there may be something to resume. */
export function markUnfinished(): void {
  localStorage.setItem(MARK, "1");
}

/** Ask the compute worker what can be resumed. Never rejects. */
export async function checkUnfinished(): Promise<void> {
  try {
    const unfinished = await withCompute((api) => api.unfinishedRuns());
    if (unfinished.length === 0) localStorage.removeItem(MARK);
    else markUnfinished();
    useRun.setState({ unfinished });
  } catch (error) {
    notifyError(error);
  }
}

/** At the start of the page: ask only where an earlier visit has begun a run. */
export function checkUnfinishedAtStart(): void {
  if (localStorage.getItem(MARK)) void checkUnfinished();
}

/** Forget a run for good, with what it had found. Never rejects. */
export async function discardUnfinished(key: string): Promise<void> {
  try {
    await withCompute((api) => api.discardUnfinished(key));
  } catch (error) {
    notifyError(error);
  }
  await checkUnfinished();
}

function nameOf(path: string): string {
  return path.split("/").at(-1) ?? path;
}

/** Whether a run was over this recording: the name and size of its first file, or of all of them, are the same. */
export function fitsRecording(run: UnfinishedRun, { info }: OpenRecording): boolean {
  const [first] = info.files;
  if (!first || nameOf(first.path) !== nameOf(run.path)) return false;
  return run.bytes === first.bytes || run.bytes === info.files.reduce((sum, file) => sum + file.bytes, 0);
}

/** The newest run that fits and in which a method took part; null when there is none. */
export function unfinishedOf(
  runs: readonly UnfinishedRun[],
  recording: OpenRecording | null,
  method: string,
): UnfinishedRun | null {
  if (!recording) return null;
  const takesPart = (run: UnfinishedRun) => run.recipe.steps.some((step) => step.method === method);
  return runs.find((run) => fitsRecording(run, recording) && takesPart(run)) ?? null;
}
