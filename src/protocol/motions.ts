import type { Motion } from "../core/types.ts";
import type { ParamValues } from "./methods.ts";
import type { MotionEdit } from "./motionEdits.ts";

/** Where a motion of a session came from. */
export type MotionOrigin =
  /** read from files: the reader's format id and what a person would call it */
  | { kind: "file"; format: string; title: string }
  /** estimated here; `complete` is false while it runs and when it was stopped before its end */
  | { kind: "run"; method: string; params: ParamValues; seed: number; complete: boolean }
  /** made by hand from another motion of the session; without `edits` it is not known how */
  | { kind: "edit"; of: string; edits?: readonly MotionEdit[] };

/** What a session knows of a motion beside its numbers: kept as JSON in its exported folder. */
export interface MotionNote {
  /** unique within its session; what `of` of an edit names */
  id: string;
  title: string;
  from: MotionOrigin;
  /** known to be true: imposed or simulated */
  isTruth: boolean;
  /** the one that corrected the spikes */
  isActive: boolean;
}

/** A motion with its note, as an export takes it. */
export interface NotedMotion {
  note: MotionNote;
  motion: Motion;
}

/** A motion as pictures of several draw it: those that are shown, in the order of the session. */
export interface DrawnMotion {
  id: string;
  title: string;
  motion: Motion;
  /** for dark and for light ground */
  colour: { dark: string; light: string };
  isActive: boolean;
  isTruth: boolean;
}

/** Name of the note's file within a motion's folder. */
export const MOTION_NOTE_FILE = "driftscope_motion.json";
