import { create } from "zustand";
import { type DataSetState, emptyDataSet, putDataSet, takeDataSet } from "./dataSetState.ts";
import { bytesIn } from "./frozen.ts";
import { isActive } from "./jobReducer.ts";
import { useMotions } from "./motions.ts";
import { useRun } from "./runStore.ts";
import { notify, notifyError, type OpenRecording, useSession } from "./sessionStore.ts";
import { putSettings, type SetSettings, takeSettings } from "./setSettings.ts";
import { isSameRecording, recordingName } from "./showData.ts";

/**
 * Data sets of the session. One is on screen and lives in the stores; the others are put aside as they stood, each with its
 * spikes, motions, runs, view and selection, and come back by a switch.
 */

/** Arrays of data sets that are put aside may stay in memory up to this; beyond it they are read back when they are wanted. */
export const ASIDE_MEMORY_BYTES = 1e9;

export interface DataSetEntry {
  id: string;
  /** given by a person; null for what the data say of themselves */
  name: string | null;
  /** what the data say of themselves */
  title: string;
  /** "recording", "spikes" or "motions" */
  kind: "recording" | "spikes" | "motions";
  nSpikes: number | null;
  /** id of the demo that made it; null for files */
  demo: string | null;
}

export interface DataSetsState {
  entries: readonly DataSetEntry[];
  /** null while nothing is open */
  activeId: string | null;
  /** the one that is being read back */
  loadingId: string | null;
}

export const useDataSets = create<DataSetsState>(() => ({ entries: [], activeId: null, loadingId: null }));

interface Aside {
  /** null while only the browser's storage has it */
  state: DataSetState | null;
  settings: SetSettings;
  bytes: number;
}

const aside = new Map<string, Aside>();

/** What keeps data sets beyond their time in memory; nobody does until someone says so. */
export interface DataSetKeeper {
  /** write a data set down as it is; false where that cannot be done */
  save(id: string, state: DataSetState): Promise<boolean>;
  load(id: string): Promise<DataSetState | null>;
  forget(id: string): void;
}

let keeper: DataSetKeeper | null = null;

export function setKeeper(next: DataSetKeeper | null): void {
  keeper = next;
}

let demoToCome: string | null = null;

/** The next data set that appears is this demo's; null for one of files. */
export function expectDemo(id: string | null): void {
  demoToCome = id;
}

export function activeDataSet(): DataSetEntry | null {
  const { entries, activeId } = useDataSets.getState();
  return entries.find(({ id }) => id === activeId) ?? null;
}

export function nameOfDataSet({ name, title }: Pick<DataSetEntry, "name" | "title">): string {
  return name ?? title;
}

/** one data set is being replaced by another: what is open belongs to neither */
let isChanging = false;

/** Put a data set on screen, in place of what is there. Both workers hear of it. */
function put(state: DataSetState): void {
  isChanging = true;
  try {
    putDataSet(state);
  } finally {
    isChanging = false;
  }
  follow();
}

/** Whether another data set can be put on screen now; says why not. */
function mayChange(): boolean {
  if (!isActive(useRun.getState().job)) return true;
  notify("error", "A run is still under way on what is open; cancel it before changing the data set.");
  return false;
}

/** What is open is put aside: what comes next is a data set of its own. Nothing happens while nothing is open. */
export function beginDataSet(): void {
  if (!putAside()) return;
  useDataSets.setState({ activeId: null });
  put(emptyDataSet());
}

function putAside(): boolean {
  const { activeId } = useDataSets.getState();
  if (!activeId) return false;
  const state = takeDataSet();
  void keeper?.save(activeId, state);
  aside.set(activeId, { state, settings: takeSettings(), bytes: bytesIn(state) });
  void letGo();
  return true;
}

/** Data sets put aside first leave the memory first, once they are written down. */
async function letGo(): Promise<void> {
  for (;;) {
    const inMemory = [...aside].filter(([, { state }]) => state !== null);
    const bytes = inMemory.reduce((sum, [, one]) => sum + one.bytes, 0);
    const [first] = inMemory;
    if (!first || bytes <= ASIDE_MEMORY_BYTES || !keeper) return;
    const [id, one] = first;
    if (!one.state || !(await keeper.save(id, one.state))) return;
    if (aside.get(id) === one) aside.set(id, { ...one, state: null });
  }
}

/** Put another data set on screen. Never rejects. */
export async function switchDataSet(id: string): Promise<void> {
  const { activeId, loadingId } = useDataSets.getState();
  const wanted = aside.get(id);
  if (id === activeId || loadingId || !wanted || !mayChange()) return;
  const state = wanted.state ?? (await read(id));
  if (!state || !mayChange()) return;
  putAside();
  aside.delete(id);
  open(id, state, wanted.settings);
}

async function read(id: string): Promise<DataSetState | null> {
  useDataSets.setState({ loadingId: id });
  try {
    const state = (await keeper?.load(id)) ?? null;
    if (!state) notify("error", "This data set is no longer in the browser's storage; drop its files again.");
    return state;
  } catch (error) {
    notifyError(error);
    return null;
  } finally {
    useDataSets.setState({ loadingId: null });
  }
}

function open(id: string, state: DataSetState, settings: SetSettings): void {
  useDataSets.setState({ activeId: id });
  put(state);
  putSettings(settings);
}

/** Data sets of an earlier visit, none of them on screen yet; what was opened meanwhile stays. */
export function restoreDataSets(entries: readonly DataSetEntry[], settingsOf: (id: string) => SetSettings): void {
  for (const { id } of entries) aside.set(id, { state: null, settings: settingsOf(id), bytes: 0 });
  useDataSets.setState((state) => ({ entries: [...entries, ...state.entries] }));
}

export function renameDataSet(id: string, name: string): void {
  change(id, { name: name.trim() || null });
}

/** Close a data set: its memory and its room in the browser are given back. Another one comes on screen, where there is one. */
export async function closeDataSet(id: string): Promise<void> {
  const { entries, activeId } = useDataSets.getState();
  if (id === activeId && !mayChange()) return;
  const left = entries.filter((entry) => entry.id !== id);
  useDataSets.setState({ entries: left });
  aside.delete(id);
  if (id === activeId) {
    useDataSets.setState({ activeId: null });
    put(emptyDataSet());
    const next = left.at(-1);
    if (next) await switchDataSet(next.id);
  }
  keeper?.forget(id);
}

/** The data set put aside whose recording is this one of the same drop; null when there is none. */
export function asideWith(one: OpenRecording): string | null {
  const isOf = ({ state }: Aside) => state?.recordings.includes(one) === true && isSameRecording(state.recording, one);
  return [...aside].find(([, entry]) => isOf(entry))?.[0] ?? null;
}

/** Close all of them. */
export async function closeAllDataSets(): Promise<void> {
  if (!mayChange()) return;
  const { activeId } = useDataSets.getState();
  const others = useDataSets.getState().entries.filter(({ id }) => id !== activeId);
  for (const { id } of others) await closeDataSet(id);
  if (activeId) await closeDataSet(activeId);
}

/** The data sets that are not on screen and in memory, for whoever writes them down. */
export function settingsAside(): [id: string, settings: SetSettings][] {
  return [...aside].map(([id, { settings }]) => [id, settings]);
}

function change(id: string, next: Partial<DataSetEntry>): void {
  useDataSets.setState(({ entries }) => ({
    entries: entries.map((entry) => (entry.id === id ? { ...entry, ...next } : entry)),
  }));
}

/** What the open data say of themselves; null while nothing is open. */
function describeOpen(): Pick<DataSetEntry, "title" | "kind" | "nSpikes"> | null {
  const { recording, spikes } = useSession.getState();
  const [motion] = useMotions.getState().entries;
  const nSpikes = spikes?.nSpikes ?? null;
  if (recording) return { title: recordingName(recording.info), kind: "recording", nSpikes };
  if (spikes) {
    const folder = spikes.files[0]?.path.split("/").slice(0, -1).at(-1);
    return { title: folder ?? spikes.title, kind: "spikes", nSpikes };
  }
  return motion ? { title: motion.title, kind: "motions", nSpikes: null } : null;
}

/** "MEDiCINe peaks", or "MEDiCINe peaks 2" where another data set says the same of itself. */
function freeTitle(wanted: string, except: string | null): string {
  const { entries } = useDataSets.getState();
  const taken = new Set(entries.flatMap((entry) => (entry.id === except ? [] : [nameOfDataSet(entry)])));
  let title = wanted;
  for (let n = 2; taken.has(title); n++) title = `${wanted} ${n}`;
  return title;
}

let lastNumber = 0;

function newId(): string {
  return `set-${Date.now().toString(36)}-${++lastNumber}`;
}

function follow(): void {
  const said = isChanging ? null : describeOpen();
  const active = activeDataSet();
  if (!said) return;
  const described = { ...said, title: freeTitle(said.title, active?.id ?? null) };
  if (!active) {
    const entry: DataSetEntry = { id: newId(), name: null, demo: demoToCome, ...described };
    useDataSets.setState(({ entries }) => ({ entries: [...entries, entry], activeId: entry.id }));
  } else if (
    active.title !== described.title ||
    active.kind !== described.kind ||
    active.nSpikes !== described.nSpikes
  ) {
    change(active.id, described);
  }
}

/** Follow what is open: a data set is there from its first data on. Returns the function that stops it. */
export function startDataSets(): () => void {
  const stops = [useSession.subscribe(follow), useMotions.subscribe(follow)];
  follow();
  return () => {
    for (const stop of stops) stop();
  };
}
