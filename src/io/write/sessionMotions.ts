import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { MOTION_NOTE_FILE, type MotionNote } from "../../protocol/motions.ts";
import type { RunBundle } from "../../protocol/workers.ts";
import { jsonFile, type WrittenFile } from "./file.ts";

/** One motion of a run directory, and the name of its folder. */
export interface FolderMotion {
  name: string;
  motion: Motion;
  /** the method that estimated it and its parameters; null for one that was read or edited */
  run: { method: string; params: ParamValues } | null;
  note: MotionNote | null;
}

/**
 * The motions that a run directory holds: all of the session where it is given, else one of each step. A folder is named
 * after its method, or its title where there is none; names that are taken get "-2", "-3", ….
 */
export function folderMotions({ motions, result }: Pick<RunBundle, "motions" | "result">): FolderMotion[] {
  const taken = new Set<string>();
  const free = (wanted: string) => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
    taken.add(name);
    return name;
  };
  if (motions) {
    return motions.map(({ note, motion }) => {
      const run = note.from.kind === "run" ? note.from : null;
      return { name: free(run?.method ?? asFolderName(note.title)), motion, run, note };
    });
  }
  return result.steps.flatMap(({ method, motion, params }) =>
    motion ? [{ name: free(method), motion, run: { method, params }, note: null }] : [],
  );
}

/** "DREDge (edited)" → "dredge-edited": letters, digits and dashes, which every file system takes. */
function asFolderName(title: string): string {
  const plain = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 60) || "motion";
}

/** What the session knew of it, beside the arrays. */
export function noteFiles(folder: string, note: MotionNote | null): WrittenFile[] {
  return note ? [jsonFile(`${folder}/${MOTION_NOTE_FILE}`, note)] : [];
}
