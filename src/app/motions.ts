import { create } from "zustand";
import { assert } from "../core/errors.ts";
import { assertMotion } from "../core/motion.ts";
import type { Motion } from "../core/types.ts";
import type { DatasetInfo } from "../protocol/datasets.ts";
import type { DrawnMotion, MotionNote, MotionOrigin, NotedMotion } from "../protocol/motions.ts";
import { type MotionColour, nextColour } from "./motionColours.ts";
import { setMotion } from "./results.ts";

/**
 * The motions of the session: every one that was dropped, estimated or edited since the data were opened. One is active:
 * it corrects the rasters and is what a step starts from. Any one may be marked as the truth the others are held against.
 */
export interface MotionEntry {
  id: string;
  /** no two entries share one */
  title: string;
  /** replaced as a whole while a run learns it, never changed in place */
  motion: Motion;
  from: MotionOrigin;
  /** drawn in the motion panel and compared */
  shown: boolean;
  colour: MotionColour;
}

export interface MotionsState {
  entries: readonly MotionEntry[];
  /** null only while there is no entry */
  activeId: string | null;
  truthId: string | null;
}

export const useMotions = create<MotionsState>(() => ({ entries: [], activeId: null, truthId: null }));

let lastId = 0;

/** The entry of an id; null when there is none, or it was removed. */
export function motionById(id: string | null): MotionEntry | null {
  return useMotions.getState().entries.find((entry) => entry.id === id) ?? null;
}

/** The motion that corrects the rasters, as a selector; null while there is none. */
export function activeOf({ entries, activeId }: MotionsState): MotionEntry | null {
  return entries.find((entry) => entry.id === activeId) ?? null;
}

/** The motion marked as true, as a selector; null when none is. */
export function truthOf({ entries, truthId }: MotionsState): MotionEntry | null {
  return entries.find((entry) => entry.id === truthId) ?? null;
}

/** The motion that corrects the rasters now. */
export function activeMotion(): MotionEntry | null {
  return activeOf(useMotions.getState());
}

/** Change the list; whoever reads the active motion from the results is told when it is another. */
function change(next: Partial<MotionsState>): void {
  const before = activeMotion()?.motion ?? null;
  const { entries, activeId, truthId } = { ...useMotions.getState(), ...next };
  const isThere = (id: string | null) => entries.some((entry) => entry.id === id);
  useMotions.setState({
    entries,
    activeId: isThere(activeId) ? activeId : (entries.at(-1)?.id ?? null),
    truthId: isThere(truthId) ? truthId : null,
  });
  const now = activeMotion()?.motion ?? null;
  if (now !== before) setMotion(now);
}

/** "DREDge", or "DREDge 2" where that is taken. */
function freeTitle(wanted: string, except: string | null): string {
  const taken = new Set(useMotions.getState().entries.flatMap(({ id, title }) => (id === except ? [] : [title])));
  const base = wanted.trim() || "Motion";
  let title = base;
  for (let n = 2; taken.has(title); n++) title = `${base} ${n}`;
  return title;
}

/** Add a motion and make it the active one; returns its id. A title that is taken gets a number. */
export function addMotion({ title, motion, from }: Pick<MotionEntry, "title" | "motion" | "from">): string {
  assertMotion(motion);
  const { entries } = useMotions.getState();
  const id = `m${++lastId}`;
  const colour = nextColour(entries.map((entry) => entry.colour));
  const entry: MotionEntry = { id, title: freeTitle(title, null), motion, from, shown: true, colour };
  change({ entries: [...entries, entry], activeId: id });
  return id;
}

/** Change an entry; one that was removed meanwhile stays removed. */
export function updateMotion(
  id: string,
  { title, ...rest }: Partial<Pick<MotionEntry, "title" | "motion" | "from" | "shown">>,
): void {
  if (rest.motion) assertMotion(rest.motion);
  const named = title === undefined ? {} : { title: freeTitle(title, id) };
  const { entries } = useMotions.getState();
  change({ entries: entries.map((entry) => (entry.id === id ? { ...entry, ...rest, ...named } : entry)) });
}

/** Remove an entry. The newest of the others becomes active when it was the active one. */
export function removeMotion(id: string): void {
  change({ entries: useMotions.getState().entries.filter((entry) => entry.id !== id) });
}

/** Let this motion correct the rasters. */
export function activateMotion(id: string): void {
  assert(motionById(id), `motion ${id} is there`);
  change({ activeId: id });
}

/** Mark the motion that is known to be true; null for none. */
export function markTruth(id: string | null): void {
  change({ truthId: id });
}

/** Motions of another moment or of another visit, with the ids they had, in place of those that are there. */
export function restoreMotions({ entries, activeId, truthId }: MotionsState): void {
  const numbers = entries.map(({ id }) => Number(id.slice(1))).filter(Number.isInteger);
  lastId = Math.max(lastId, ...numbers);
  change({ entries, activeId, truthId });
}

/** Forget every motion of the session. */
export function clearMotions(): void {
  change({ entries: [] });
}

/** The spikes are others: what was estimated from those before says nothing about these. One from a file may be the truth and stays. */
export function forgetEstimates(): void {
  const { entries } = useMotions.getState();
  const isFromFile = ({ from }: MotionEntry): boolean => {
    if (from.kind !== "edit") return from.kind === "file";
    const original = entries.find((entry) => entry.id === from.of);
    return original !== undefined && isFromFile(original);
  };
  change({ entries: entries.filter(isFromFile) });
}

/** A motion that was read from files, with what its reader says. */
export interface ReadMotion {
  motion: Motion;
  info: DatasetInfo;
}

/** Readers of what moved a simulation or the probe itself. */
const TRUE_FORMATS: readonly string[] = ["imposed-motion", "simulated-motion"];

function foldersOf(info: DatasetInfo): string[] {
  return (info.files[0]?.path ?? "").split("/").slice(0, -1);
}

/** Simulations of ours keep what is true in a folder of that name. */
function isTrue(info: DatasetInfo): boolean {
  return TRUE_FORMATS.includes(info.format) || foldersOf(info).some((folder) => /^truth$/i.test(folder));
}

/** What a person would know it by: its folder, or the one above where that says no more than that it holds a motion. */
function titleOf(info: DatasetInfo): string {
  return foldersOf(info).findLast((folder) => !/^motion$/i.test(folder)) ?? info.title;
}

/**
 * Add the motions of one drop, with the titles, origins and marks of the session that wrote them, where one did. Active
 * is then the one that was, else the first that is not the truth; a truth alone leaves the active one as it is.
 */
export function addReadMotions(read: readonly ReadMotion[]): void {
  const activeBefore = useMotions.getState().activeId;
  const added = read.map(({ motion, info }) => {
    const { note } = info;
    const from: MotionOrigin = note?.from ?? { kind: "file", format: info.format, title: info.title };
    const id = addMotion({ title: note?.title ?? titleOf(info), motion, from });
    return { id, note, from, isTruth: note?.isTruth ?? isTrue(info) };
  });
  const truth = added.find(({ isTruth }) => isTruth);
  if (truth) markTruth(truth.id);
  // ids are of a session: edits name their originals by the ids that these have in this one
  for (const { id, from } of added) {
    if (from.kind !== "edit") continue;
    const original = added.find(({ note }) => note?.id === from.of);
    updateMotion(id, { from: { ...from, of: original?.id ?? "" } });
  }
  const chosen = added.find(({ note }) => note?.isActive) ?? added.find(({ isTruth }) => !isTruth);
  change({ activeId: chosen?.id ?? activeBefore ?? added[0]?.id ?? null });
}

/** The motions that are shown, as the paint worker takes them. */
export function drawnMotions({ entries, activeId, truthId }: MotionsState = useMotions.getState()): DrawnMotion[] {
  const shown = entries.filter((entry) => entry.shown);
  return shown.map(({ id, title, motion, colour }) => {
    return { id, title, motion, colour, isActive: id === activeId, isTruth: id === truthId };
  });
}

/** Every motion of the session as an export takes it. */
export function notedMotions(): NotedMotion[] {
  return notedMotionsOf(useMotions.getState());
}

export function notedMotionsOf({ entries, activeId, truthId }: MotionsState): NotedMotion[] {
  return entries.map(({ id, title, from, motion }) => {
    const note: MotionNote = { id, title, from, isTruth: id === truthId, isActive: id === activeId };
    return { note, motion };
  });
}
