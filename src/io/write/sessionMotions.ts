import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { MOTION_EDITS_FILE, type MotionEditFile } from "../../protocol/motionEdits.ts";
import { MOTION_NOTE_FILE, type MotionNote, type NotedMotion } from "../../protocol/motions.ts";
import type { RunBundle } from "../../protocol/workers.ts";
import { jsonFile, type WrittenFile } from "./file.ts";

/** One motion of a run directory, and the name of its folder. */
export interface FolderMotion {
  name: string;
  motion: Motion;
  /** the method that estimated it and its parameters; null for one that was read or edited */
  run: { method: string; params: ParamValues } | null;
  /** what its stages took; empty where that is not known */
  stageSeconds: Record<string, number>;
  note: MotionNote | null;
  /** name of the folder of the motion that this one is an edit of; null for others, and where that is not there */
  original: string | null;
}

/**
 * The motions that a run directory holds: all of the session where it is given, else one of each step. A folder is named
 * after its method, or its title where there is none; names that are taken get "-2", "-3", ….
 */
export function folderMotions({ motions, result }: Pick<RunBundle, "motions" | "result">): FolderMotion[] {
  if (motions) return notedFolders(motions);
  const steps = result.steps.flatMap((step) => (step.motion ? [{ ...step, motion: step.motion }] : []));
  const names = freeNames(steps.map(({ method }) => method));
  return steps.map(({ method, motion, params, stageSeconds }, i) => ({
    name: names[i],
    motion,
    run: { method, params },
    stageSeconds,
    note: null,
    original: null,
  }));
}

/** The folders of noted motions alone. */
export function notedFolders(motions: readonly NotedMotion[]): FolderMotion[] {
  const runs = motions.map(({ note }) => (note.from.kind === "run" ? note.from : null));
  const names = freeNames(motions.map(({ note }, i) => runs[i]?.method ?? asFolderName(note.title)));
  const folderOf = ({ from }: MotionNote) =>
    from.kind === "edit" ? (names[motions.findIndex(({ note }) => note.id === from.of)] ?? null) : null;
  return motions.map(({ note, motion }, i) => ({
    name: names[i],
    motion,
    run: runs[i],
    stageSeconds: {},
    note,
    original: folderOf(note),
  }));
}

/** The same names, those that are taken with "-2", "-3", …. */
export function freeNames(wanted: readonly string[]): string[] {
  const taken = new Set<string>();
  return wanted.map((one) => {
    let name = one;
    for (let n = 2; taken.has(name); n++) name = `${one}-${n}`;
    taken.add(name);
    return name;
  });
}

/** "DREDge (edited)" → "dredge-edited": letters, digits and dashes, which every file system takes. */
function asFolderName(title: string): string {
  const plain = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 60) || "motion";
}

/** What the session knew of it, beside the arrays; how it was edited in a file of its own, from which it can be made again. */
export function noteFiles(folder: string, { note, original }: FolderMotion): WrittenFile[] {
  if (!note) return [];
  const notePath = `${folder}/${MOTION_NOTE_FILE}`;
  if (note.from.kind !== "edit" || !note.from.edits) return [jsonFile(notePath, note)];
  const { edits, ...from } = note.from;
  const file: MotionEditFile = { driftscope: 1, of: original, edits };
  return [jsonFile(notePath, { ...note, from }), jsonFile(`${folder}/${MOTION_EDITS_FILE}`, file)];
}
