import { spokenName } from "../protocol/chunkFiles.ts";
import type { DatasetInfo } from "../protocol/datasets.ts";
import type { UnfinishedRun } from "../protocol/recordings.ts";
import { withCompute } from "./clients.ts";
import type { JobView } from "./jobReducer.ts";
import { useRun } from "./runStore.ts";
import { notifyError, type SessionState } from "./sessionStore.ts";

/** Runs that were stopped, by a person or by a reload, and can go on where they were. */

/** Set while there may be such a run: without it a first visit need not start the compute worker to be told of none. */
const MARK = "driftscope-unfinished";

/** A run begins that keeps where it stands: from now on there may be something to resume. */
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
  return spokenName(path);
}

/** Whether a run was over this recording, or these spikes: name and size of the first file, or of all of them, are the same. */
export function fitsOpen(run: UnfinishedRun, { files }: DatasetInfo): boolean {
  const [first] = files;
  if (!first || nameOf(first.path) !== nameOf(run.path)) return false;
  return run.bytes === first.bytes || run.bytes === files.reduce((sum, file) => sum + file.bytes, 0);
}

/**
 * The newest run over what is open that goes on with a method: the first of its steps that is not done here. Null when there is
 * none.
 */
export function unfinishedOf(
  runs: readonly UnfinishedRun[],
  { recording, spikes, spikesFrom }: Pick<SessionState, "recording" | "spikes" | "spikesFrom">,
  method: string,
  { steps: views }: Pick<JobView, "steps">,
): UnfinishedRun | null {
  const open = recording?.info ?? (spikesFrom === "file" ? spikes : null);
  if (!open) return null;
  const goesOnWith = ({ recipe: { steps } }: UnfinishedRun) =>
    (steps.find((step) => views[step.method]?.state !== "done") ?? steps[0]).method === method;
  return runs.find((run) => fitsOpen(run, open) && goesOnWith(run)) ?? null;
}
