import { create } from "zustand";
import type { DroppedFile, FoundSet, OpenOutcome } from "../protocol/datasets.ts";
import { isChoice } from "../protocol/foundSets.ts";

/** The data sets of the last drop that held more than could be opened at once, so that each can be opened when it is wanted. */
export interface DropListState {
  files: DroppedFile[];
  sets: readonly FoundSet[];
  isShown: boolean;
  /** id of the data set that a set was opened as, by key */
  dataSetOf: Readonly<Record<string, string>>;
}

export const useDropList = create<DropListState>(() => ({ files: [], sets: [], isShown: false, dataSetOf: {} }));

/** Keep the list of a drop that leaves something to choose; any other drop leaves the list as it is. */
export function listFound(outcome: OpenOutcome, files: DroppedFile[], dataSetId: string | null): void {
  const { found, read } = outcome;
  const before = useDropList.getState();
  const isSameDrop = before.files === files;
  if (!isSameDrop && !isChoice(found)) return;
  const opened = dataSetId === null ? [] : read.map((key) => [key, dataSetId] as const);
  const dataSetOf = { ...(isSameDrop ? before.dataSetOf : {}), ...Object.fromEntries(opened) };
  const wasBroken = new Map(isSameDrop ? before.sets.map(({ key, error }) => [key, error]) : []);
  // one that was broken when it was read stays so, though a look alone does not see it
  const sets = found.map((one) => ({ ...one, error: one.error ?? wasBroken.get(one.key) }));
  useDropList.setState({ files, sets, dataSetOf, isShown: true });
}

export function showDropList(isShown: boolean): void {
  useDropList.setState({ isShown });
}
