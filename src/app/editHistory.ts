import type { Range } from "../core/types.ts";
import type { MotionEdit } from "../protocol/motionEdits.ts";

/** Edits of a motion with their undo: every change of the list, a removal too, is one step that can be taken back. */

export type Edits = readonly MotionEdit[];

export interface EditHistory {
  past: readonly Edits[];
  now: Edits;
  future: readonly Edits[];
}

export function historyOf(edits: Edits): EditHistory {
  return { past: [], now: edits, future: [] };
}

/** Another list; what was undone before is forgotten. */
export function changed({ past, now }: EditHistory, next: Edits): EditHistory {
  return { past: [...past, now], now: next, future: [] };
}

/** One step back; the same history when there is none. */
export function undone(history: EditHistory): EditHistory {
  const { past, now, future } = history;
  return past.length === 0
    ? history
    : { past: past.slice(0, -1), now: past[past.length - 1], future: [now, ...future] };
}

/** One step forward again; the same history when there is none. */
export function redone(history: EditHistory): EditHistory {
  const { past, now, future } = history;
  return future.length === 0 ? history : { past: [...past, now], now: future[0], future: future.slice(1) };
}

/**
 * The list with an edit more. A mask joins a mask just before it, so that stretches side by side are bridged as one and
 * not from each other's bridges.
 */
export function withEdit(edits: Edits, edit: MotionEdit): Edits {
  const last = edits.at(-1);
  if (edit.kind !== "mask" || last?.kind !== "mask" || last.shank !== edit.shank) return [...edits, edit];
  const rangesSec = [...last.rangesSec, ...edit.rangesSec].sort((a, b) => a[0] - b[0]);
  return [...edits.slice(0, -1), { ...last, rangesSec }];
}

/** The list without one edit, or without one range of a mask that has several. */
export function withoutEdit(edits: Edits, index: number, range: Range | null): Edits {
  return edits.flatMap((edit, i) => {
    if (i !== index) return [edit];
    if (edit.kind !== "mask" || !range) return [];
    const rangesSec = edit.rangesSec.filter((one) => one !== range);
    return rangesSec.length > 0 ? [{ ...edit, rangesSec }] : [];
  });
}
