import { create } from "zustand";
import { messageOf } from "../core/errors.ts";
import { withIo } from "./clients.ts";
import { useCorrelation } from "./correlation.ts";
import { type DataSetState, takeDataSet } from "./dataSetState.ts";
import {
  activeDataSet,
  closeAllDataSets,
  type DataSetEntry,
  restoreDataSets,
  setKeeper,
  settingsAside,
  switchDataSet,
  useDataSets,
} from "./dataSets.ts";
import { isActive, type JobView } from "./jobReducer.ts";
import { type Keep, KeptDataSet } from "./keptDataSet.ts";
import { forgetHandles } from "./keptHandles.ts";
import { applyLinkedView } from "./linkSync.ts";
import { useMotions } from "./motions.ts";
import { whenOpened } from "./openFiles.ts";
import { usePositions } from "./positions.ts";
import { reopen } from "./reopen.ts";
import { type ResultKind, subscribeResults } from "./results.ts";
import { useRuns } from "./runList.ts";
import { useRun } from "./runStore.ts";
import { useScores } from "./scores.ts";
import { setKeptFolders } from "./scratchFolders.ts";
import { holdLock } from "./sessionLock.ts";
import { notify, useSession } from "./sessionStore.ts";
import { type SetSettings, takeSettings } from "./setSettings.ts";
import { filesOf } from "./showData.ts";
import { useTraces } from "./traces.ts";
import { useView } from "./viewStore.ts";

/**
 * The session from one visit to the next. Results lie in the browser's private file system, written by the file worker some time
 * after they have come to rest; settings and the list of data sets are small and lie in its local storage, written at once.
 * One page of a browser keeps its session; others keep nothing and say so.
 */
export interface KeptState {
  /** "elsewhere": another page keeps its own; "nowhere": the browser lets none keep anything */
  state: "starting" | "restoring" | "on" | "elsewhere" | "nowhere";
  /** when the session that was restored had been kept, ISO; null when there was none, or it was told */
  restoredFrom: string | null;
  /** something has changed since it was written last */
  isDirty: boolean;
}

export const useKept = create<KeptState>(() => ({ state: "starting", restoredFrom: null, isDirty: false }));

interface Index {
  entries: DataSetEntry[];
  activeId: string | null;
  savedAt: string;
  /** folders of the scratch that each needs */
  folders: Record<string, string[]>;
}

const INDEX = "driftscope-data-sets";
const SETTINGS = "driftscope-settings-";
/** there while what was kept is being put on screen, and for a moment after */
const TRYING = "driftscope-restoring";
const TRYING_MS = 2000;
const RESULTS_REST_MS = 800;
const SETTINGS_REST_MS = 300;

const api: Keep = {
  keepPack: (...given) => withIo((io) => io.keepPack(...given)),
  keep: (...given) => withIo((io) => io.keep(...given)),
  kept: (key) => withIo((io) => io.kept(key)),
  keptPacks: (...given) => withIo((io) => io.keptPacks(...given)),
};

const sets = new Map<string, KeptDataSet>();
let folders: Record<string, string[]> = {};
let writing: Promise<unknown> = Promise.resolve();
let hasWarned = false;

function setOf(id: string): KeptDataSet {
  const known = sets.get(id) ?? new KeptDataSet(id, api);
  sets.set(id, known);
  return known;
}

function readIndex(): Index | null {
  const text = localStorage.getItem(INDEX);
  return text === null ? null : (JSON.parse(text) as Index);
}

function writeIndex(): void {
  const { entries, activeId } = useDataSets.getState();
  const known = new Set(entries.map(({ id }) => id));
  folders = Object.fromEntries(Object.entries(folders).filter(([id]) => known.has(id)));
  const index: Index = { entries: [...entries], activeId, savedAt: new Date().toISOString(), folders };
  store(INDEX, entries.length > 0 ? index : null);
  setKeptFolders([...new Set(Object.values(folders).flat())]);
}

function store(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    warnOnce(error);
  }
}

function warnOnce(error: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  notify("warning", `What is open is not kept for the next visit: ${messageOf(error)}`);
}

/** Folders of the scratch that a data set needs: of its own results and of its runs. */
function foldersOf({ found, runs }: DataSetState): string[] {
  const results = [found, ...runs.runs.map((run) => run.found)].flatMap((one) => one?.run?.steps ?? []);
  return [
    ...new Set(results.flatMap(({ scratchKeys, waveforms }) => [...(scratchKeys ?? []), waveforms?.key ?? []].flat())),
  ];
}

/** Write a data set down, after what is being written. */
function save(id: string, state: DataSetState): Promise<boolean> {
  const own = state.recording ? filesOf(state.recording.info, state.recordingFiles) : [];
  const saved = writing.then(async () => {
    try {
      await setOf(id).save(state, own);
      folders[id] = foldersOf(state);
      writeIndex();
      return true;
    } catch (error) {
      warnOnce(error);
      return false;
    }
  });
  writing = saved;
  return saved;
}

let resultsTimer: ReturnType<typeof setTimeout> | undefined;
let settingsTimer: ReturnType<typeof setTimeout> | undefined;

function resultsChanged(): void {
  if (!useKept.getState().isDirty) useKept.setState({ isDirty: true });
  clearTimeout(resultsTimer);
  // what a job has found is kept when it has ended; that it can be gone on with is another matter
  if (isActive(useRun.getState().job)) return;
  resultsTimer = setTimeout(() => void saveResults(), RESULTS_REST_MS);
}

/** What was waiting to be kept when a job begins, as it was before: a page that is left during the job finds at least that. */
function saveBeforeJob({ state, steps }: JobView): void {
  const active = activeDataSet();
  if (!active || !useKept.getState().isDirty) return;
  const now = takeDataSet();
  void save(active.id, { ...now, found: { ...now.found, state, steps } });
}

async function saveResults(): Promise<void> {
  const active = activeDataSet();
  useKept.setState({ isDirty: false });
  if (active && !isActive(useRun.getState().job)) await save(active.id, takeDataSet());
}

function saveSettings(): void {
  clearTimeout(settingsTimer);
  settingsTimer = undefined;
  const active = activeDataSet();
  if (active) store(SETTINGS + active.id, takeSettings());
  for (const [id, settings] of settingsAside()) store(SETTINGS + id, settings);
}

function settingsChanged(): void {
  clearTimeout(settingsTimer);
  settingsTimer = setTimeout(saveSettings, SETTINGS_REST_MS);
}

function forget(id: string): void {
  const gone = sets.get(id);
  sets.delete(id);
  delete folders[id];
  localStorage.removeItem(SETTINGS + id);
  writeIndex();
  const forgetting = async () => {
    await Promise.all([withIo((io) => io.forgetKept(id)), forgetHandles(id)]);
  };
  writing = writing.then(forgetting).catch((error: unknown) => (gone ? warnOnce(error) : undefined));
}

async function restore(index: Index): Promise<void> {
  useKept.setState({ state: "restoring" });
  const there = new Set(await withIo((io) => io.keptKeys()));
  const entries = index.entries.filter(({ id }) => there.has(id));
  folders = index.folders ?? {};
  const settingsOf = (id: string): SetSettings => {
    const text = localStorage.getItem(SETTINGS + id);
    return text === null ? takeSettings() : (JSON.parse(text) as SetSettings);
  };
  restoreDataSets(entries, settingsOf);
  if (activeDataSet()) return; // somebody was faster: the others stand in the menu
  if (localStorage.getItem(TRYING) !== null) {
    // a page that dies of what it restores must not die again and again
    localStorage.removeItem(TRYING);
    notify(
      "info",
      "The last visit was not put on screen, because trying to did not come to its end; open it from below.",
    );
    return;
  }
  localStorage.setItem(TRYING, "1");
  setTimeout(() => localStorage.removeItem(TRYING), TRYING_MS);
  const last = entries.find(({ id }) => id === index.activeId) ?? entries.at(-1);
  if (!last) return;
  await switchDataSet(last.id);
  applyLinkedView();
  useKept.setState({ restoredFrom: index.savedAt });
  void reopen(false);
}

let isStarted = false;

/** Restore what the last visit left, then keep what is open. Never rejects. */
async function start(): Promise<void> {
  const index = readIndex();
  try {
    if (!(await holdLock(index !== null))) {
      useKept.setState({ state: "elsewhere" });
      return;
    }
    setKeeper({ save, load: (id) => setOf(id).load(), forget });
    if (index) await whenOpened(() => restore(index));
    follow();
    useKept.setState({ state: "on" });
  } catch (error) {
    useKept.setState({ state: "nowhere" });
    warnOnce(error);
  }
}

/** Begin once, when the page is there. */
export function startKeptSession(): void {
  if (isStarted) return;
  isStarted = true;
  void start();
}

function follow(): void {
  for (const kind of ["spikes", "motion", "loss", "run"] satisfies ResultKind[]) subscribeResults(kind, resultsChanged);
  for (const one of [useMotions, useRuns, useScores, useCorrelation, useSession]) one.subscribe(resultsChanged);
  for (const one of [useRun, useView, usePositions, useTraces]) one.subscribe(settingsChanged);
  useRun.subscribe(({ job }, before) => {
    // what a job has found is worth more than the moment it takes
    if (!isActive(job) && isActive(before.job)) setTimeout(() => void saveResults());
    if (isActive(job) && !isActive(before.job)) saveBeforeJob(before.job);
  });
  useDataSets.subscribe((state, before) => {
    if (state.activeId !== before.activeId) useKept.setState({ restoredFrom: null });
    if (state.entries !== before.entries || state.activeId !== before.activeId) writeIndex();
  });
  // a page that is left has no time to write much: what is small
  addEventListener("pagehide", () => {
    saveSettings();
    localStorage.removeItem(TRYING); // it was left, and did not die
  });
  if (activeDataSet()) resultsChanged();
}

/** The restored session has been taken note of. */
export function dismissRestored(): void {
  useKept.setState({ restoredFrom: null });
}

/** Close everything; what was kept of it goes. */
export async function startEmpty(): Promise<void> {
  await closeAllDataSets();
  dismissRestored();
}

/** Bytes that the browser says all of this page takes; null where it does not. */
export async function keptBytes(): Promise<number | null> {
  const estimate = await navigator.storage?.estimate?.();
  return estimate?.usage ?? null;
}

/** Forget all that is kept in this browser (data sets, stopped runs, handles, layout) but the program itself. Never rejects. */
export async function forgetEverything(): Promise<void> {
  await startEmpty();
  await writing;
  try {
    await Promise.all([withIo((io) => io.forgetKept(null)), forgetHandles(null), withIo((io) => io.forgetScratch())]);
    for (const key of Object.keys(localStorage)) if (key.startsWith("driftscope-")) localStorage.removeItem(key);
    useRun.setState({ unfinished: [] });
  } catch (error) {
    notify("error", `Not everything could be forgotten: ${messageOf(error)}`);
  }
}
