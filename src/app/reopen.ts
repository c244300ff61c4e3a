import type { DatasetInfo } from "../protocol/datasets.ts";
import { activeDataSet } from "./dataSets.ts";
import { DEMOS } from "./demos.ts";
import { collectHandles } from "./dropWalk.ts";
import { isMadeHere, loadHandles, mayRead } from "./keptHandles.ts";
import { filesOfDemo, openFiles } from "./openFiles.ts";
import { notifyError, useSession } from "./sessionStore.ts";

/** Data of an earlier visit whose files are not at hand: found again by themselves, at a click, or by another drop. */

/** What waits for its files; null when nothing does. */
export function awaitedInfo({
  recording,
  spikes,
}: Pick<ReturnType<typeof useSession.getState>, "recording" | "spikes">): DatasetInfo | null {
  if (recording?.info.absent) return recording.info;
  return spikes?.absent ? spikes : null;
}

/**
 * Open the files again that the open data set waits for: a demo's are made or fetched again, those of a handle read where the
 * person allows it. `ask`: a click was made, so that the browser may ask. False when they have to be dropped again. Never rejects.
 */
export async function reopen(ask: boolean): Promise<boolean> {
  const active = activeDataSet();
  if (!active || !awaitedInfo(useSession.getState())) return true;
  const demo = DEMOS.find(({ id }) => id === active.demo);
  if (demo) {
    await openFiles(filesOfDemo(demo), demo.title);
    return true;
  }
  try {
    const handles = await loadHandles(active.id);
    if (!(await mayRead(handles, ask))) return false;
    await openFiles(collectHandles(handles), active.title);
    return true;
  } catch (error) {
    notifyError(error);
    return false;
  }
}

/** Whether the browser has handles of what is waited for, which a click opens. Never rejects. */
export async function canReopen(): Promise<boolean> {
  const active = activeDataSet();
  if (!active) return false;
  try {
    return active.demo !== null || (await loadHandles(active.id)).some((thing) => !isMadeHere(thing));
  } catch (error) {
    notifyError(error);
    return false;
  }
}
