import type { Motion } from "../core/types.ts";
import type { MotionOrigin } from "../protocol/motions.ts";
import { addMotion, updateMotion } from "./motions.ts";
import { startOptimisationLog } from "./optimisationLog.ts";

/** Motions that the running job learns: each of its steps has one entry, which follows it. */

let entries = new Map<string, string>();

/** A job begins: what earlier ones learned stays as it is, and its own course is kept from here on. */
export function startRunMotions(): void {
  entries = new Map();
  startOptimisationLog();
}

/** The motion of a step as it stands. An entry that was removed meanwhile does not come back. */
export function takeRunMotion(title: string, motion: Motion, from: Extract<MotionOrigin, { kind: "run" }>): void {
  const id = entries.get(from.method);
  if (id) updateMotion(id, { motion, from });
  else entries.set(from.method, addMotion({ title, motion, from }));
}
