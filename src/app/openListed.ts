import type { DroppedFile } from "../protocol/datasets.ts";
import { withIo } from "./clients.ts";
import { activeDataSet, switchDataSet, useDataSets } from "./dataSets.ts";
import { listFound, useDropList } from "./dropList.ts";
import { showOpened, switchRecording, whenOpened } from "./openFiles.ts";
import { notifyError, useSession } from "./sessionStore.ts";

/**
 * Open one of the data sets of a drop that held several: over the recording it is of where that has no spikes yet, else as a
 * data set of its own. One that was opened before is shown again as it stood. Never rejects.
 */
export function openListed(key: string): Promise<void> {
  return whenOpened(async () => {
    const { files, sets } = useDropList.getState();
    const set = sets.find((one) => one.key === key);
    if (!set) return;
    const known = dataSetWith(key);
    const there = useSession.getState().recordings.find((one) => one.key === key);
    if (set.kind === "spikes" && known) await switchDataSet(known);
    else if (there) switchRecording(there);
    else await openChosen(files, key, `${set.title} in ${set.place}`);
  });
}

/** The data set that a set was opened as; null when it was not, or was closed since. */
export function dataSetWith(key: string): string | null {
  const known = useDropList.getState().dataSetOf[key];
  return useDataSets.getState().entries.find(({ id }) => id === known)?.id ?? null;
}

async function openChosen(files: DroppedFile[], key: string, name: string): Promise<void> {
  useSession.setState({ opening: `Reading ${name}…` });
  try {
    const outcome = await withIo((io) => io.open(files, key));
    // spikes that are there already are another choice
    const isOther = outcome.opened.some(({ kind }) => kind === "spikes") && useSession.getState().spikes !== null;
    showOpened(outcome, files, isOther);
    listFound(outcome, files, activeDataSet()?.id ?? null);
  } catch (error) {
    notifyError(error);
  } finally {
    useSession.setState({ opening: null });
  }
}
