import { create } from "zustand";
import { asAppError } from "../core/errors.ts";
import { motionOfShank } from "../core/motion.ts";
import { type DrawnCurve, depthOfCurveAt } from "../core/motionEdits/replaceCurve.ts";
import type { Motion, Range } from "../core/types.ts";
import { applyEdits, type MotionEdit } from "../protocol/motionEdits.ts";
import type { EditedView } from "../protocol/pictures.ts";
import {
  changed,
  type EditHistory,
  type Edits,
  historyOf,
  redone,
  undone,
  withEdit,
  withoutEdit,
} from "./editHistory.ts";
import { isActive } from "./jobReducer.ts";
import { rangeInWords } from "./motionEditWords.ts";
import {
  activateMotion,
  activeMotion,
  addMotion,
  type MotionEntry,
  motionById,
  removeMotion,
  updateMotion,
  useMotions,
} from "./motions.ts";
import { useRun } from "./runStore.ts";
import { errorSentence } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/**
 * Editing the active motion by hand. The motion itself is never touched: an edited copy stands beside it in the list of
 * motions, made anew from it by the list of edits whenever that changes, so that every edit can be taken back.
 */

export type EditTool = "clean" | "mask" | "draw" | "paste" | "smooth" | "level" | "bins";

/** What belongs to one edited copy; kept while the page lives, so that undo survives a look at another motion. */
interface EditSession {
  /** what the edits are applied to */
  base: Motion;
  /** edits that `base` already holds, when what it was made from is gone */
  before: Edits;
  history: EditHistory;
}

export interface MotionEditingState {
  /** the edited copy in hand; null when nothing is edited */
  id: string | null;
  tool: EditTool;
  /** shank whose motion is edited; null for all */
  shank: number | null;
  /** which curve a line is drawn for: the nearest one, all together, or the one of a depth in µm */
  depth: "nearest" | "all" | number;
  /** why the last edit could not be made */
  problem: string | null;
  sessions: Readonly<Record<string, EditSession>>;
}

export const useMotionEditing = create<MotionEditingState>(() => ({
  id: null,
  tool: "clean",
  shank: null,
  depth: "nearest",
  problem: null,
  sessions: {},
}));

/** The edits of the copy in hand and whether there is something to undo or redo; null while nothing is edited. */
export function historyInHand({ id, sessions }: MotionEditingState): EditHistory | null {
  return id === null ? null : (sessions[id]?.history ?? null);
}

/** Why a motion cannot be edited now; null when it can. */
export function whyNotEdit({ from }: MotionEntry): string | null {
  const isLearned = from.kind === "run" && !from.complete && isActive(useRun.getState().job);
  return isLearned ? "This motion is still being learned; edit it when the run has ended." : null;
}

function isSame(a: Motion, b: Motion): boolean {
  return (
    a.displacementUm.length === b.displacementUm.length && a.displacementUm.every((v, i) => v === b.displacementUm[i])
  );
}

/** How an edited motion that was opened from a file can be edited on: from its original, where that gives it exactly. */
function sessionOf({ motion, from }: MotionEntry): EditSession {
  const edits = from.kind === "edit" ? (from.edits ?? []) : [];
  const original = from.kind === "edit" ? motionById(from.of)?.motion : undefined;
  try {
    if (original && isSame(applyEdits(original, edits), motion))
      return { base: original, before: [], history: historyOf(edits) };
  } catch (error) {
    if (!asAppError(error)) throw error; // edits that do not fit the original: it is another one
  }
  return { base: motion, before: edits, history: historyOf([]) };
}

/** Edit the active motion: a copy of it, or itself when it is one that was made so. */
export function startEditing(): void {
  const active = activeMotion();
  if (!active || whyNotEdit(active) !== null) return;
  const { sessions } = useMotionEditing.getState();
  const { title, motion, from } = active;
  if (from.kind === "edit") {
    const session = sessions[active.id] ?? sessionOf(active);
    useMotionEditing.setState({ id: active.id, problem: null, sessions: { ...sessions, [active.id]: session } });
    return;
  }
  const id = addMotion({ title: `${title} (edited)`, motion, from: { kind: "edit", of: active.id, edits: [] } });
  const session: EditSession = { base: motion, before: [], history: historyOf([]) };
  useMotionEditing.setState({ id, problem: null, shank: null, sessions: { ...sessions, [id]: session } });
}

/** Put the copy aside. One that was not changed goes, and its original is the active one again. */
export function stopEditing(): void {
  const { id, sessions } = useMotionEditing.getState();
  useMotionEditing.setState({ id: null, problem: null });
  const entry = motionById(id);
  if (!id || entry?.from.kind !== "edit" || entry.from.edits?.length !== 0) return;
  const { past, future } = sessions[id].history;
  if (past.length + future.length > 0) return; // there is something to take back
  const isInHand = activeMotion() === entry;
  const original = motionById(entry.from.of);
  removeMotion(id);
  if (isInHand && original) activateMotion(original.id);
}

export function toggleEditing(): void {
  if (useMotionEditing.getState().id) stopEditing();
  else startEditing();
}

/** Make the copy what the history says, or say why that cannot be. */
function take(next: (session: EditSession) => EditHistory): void {
  const { id, sessions } = useMotionEditing.getState();
  const entry = motionById(id);
  if (!id || entry?.from.kind !== "edit") return;
  const session = sessions[id];
  const history = next(session);
  if (history === session.history) return;
  try {
    const motion = applyEdits(session.base, history.now);
    updateMotion(id, { motion, from: { ...entry.from, edits: [...session.before, ...history.now] } });
    useMotionEditing.setState({ problem: null, sessions: { ...sessions, [id]: { ...session, history } } });
  } catch (error) {
    if (!asAppError(error)) throw error;
    useMotionEditing.setState({ problem: errorSentence(error) });
  }
}

/** Edits as a tool gives them: without the shank, which is chosen for all tools. */
export type ToolEdit = MotionEdit extends infer E ? (E extends MotionEdit ? Omit<E, "shank"> : never) : never;

/** One more edit, of the shank that is chosen. */
export function addEdit(edit: ToolEdit): void {
  const { shank } = useMotionEditing.getState();
  const whole: MotionEdit = shank === null ? edit : { ...edit, shank };
  take(({ history }) => changed(history, withEdit(history.now, whole)));
}

/** The motion that edits are seen on: the copy as it stands, of the chosen shank where one is. */
export function motionInHand(): Motion | null {
  const { id, shank } = useMotionEditing.getState();
  const motion = motionById(id)?.motion;
  return motion ? motionOfShank(motion, shank ?? undefined) : null;
}

const toMs = (sec: number) => Math.round(1000 * sec) / 1000;

/** Mask a stretch of time; ends in any order. */
export function addMask(a: number, b: number): void {
  const range: Range = [toMs(Math.min(a, b)), toMs(Math.max(a, b))];
  const isEmpty = !motionInHand()?.timeBinCentersSec.some((t) => t >= range[0] && t <= range[1]);
  if (isEmpty) setEditProblem(`No time bin of this motion has its middle within ${rangeInWords(range)}.`);
  else addEdit({ kind: "mask", rangesSec: [range] });
}

/** Put a curve in place, at the depth chosen. `nearestTo` is the point that says which curve is the nearest. */
export function addCurve(curve: DrawnCurve, nearestTo: { timeSec: number; displacementUm: number }): void {
  const motion = motionInHand();
  if (!motion) return;
  const { depth } = useMotionEditing.getState();
  const nearest = () => depthOfCurveAt(motion, nearestTo.timeSec, nearestTo.displacementUm);
  addEdit({ kind: "curve", ...curve, depthUm: depth === "all" ? null : depth === "nearest" ? nearest() : depth });
}

/** Several at once, each with the shank it names: one step for undo. */
export function addEdits(edits: Edits): void {
  take(({ history }) => changed(history, [...history.now, ...edits]));
}

/** Take out one edit, or one range of a mask. What came after it is made anew. */
export function removeEdit(index: number, range: Range | null): void {
  take(({ history }) => changed(history, withoutEdit(history.now, index, range)));
}

/** Take out all edits; undo brings them back. */
export function resetEdits(): void {
  take(({ history }) => (history.now.length === 0 ? history : changed(history, [])));
}

export function undoEdit(): void {
  take(({ history }) => undone(history));
}

export function redoEdit(): void {
  take(({ history }) => redone(history));
}

/** Say what is wrong with what was typed. */
export function setEditProblem(problem: string | null): void {
  useMotionEditing.setState({ problem });
}

/** What the pictures show of the editing; null while nothing is edited. */
function editedView(state: MotionEditingState): EditedView | null {
  const from = motionById(state.id)?.from;
  if (from?.kind !== "edit") return null;
  const masks = (historyInHand(state)?.now ?? []).flatMap((edit) => (edit.kind === "mask" ? [edit] : []));
  const seen = masks.filter((edit) => edit.shank === undefined || edit.shank === state.shank);
  return { originalId: from.of, shank: state.shank, maskedSec: seen.flatMap(({ rangesSec }) => rangesSec) };
}

/**
 * Follow the list of motions: another active one ends the editing, and what was removed is forgotten. The pictures follow
 * the editing.
 */
export function startEditSync(): () => void {
  const stopView = useMotionEditing.subscribe((state) => useView.setState({ editing: editedView(state) }));
  const stopMotions = useMotions.subscribe(({ entries, activeId }) => {
    const { id, sessions } = useMotionEditing.getState();
    const gone = Object.keys(sessions).filter((key) => !entries.some((entry) => entry.id === key));
    if (gone.length > 0) {
      const kept = Object.fromEntries(Object.entries(sessions).filter(([key]) => !gone.includes(key)));
      useMotionEditing.setState({ sessions: kept });
    }
    if (id !== null && id !== activeId) stopEditing();
  });
  return () => {
    stopView();
    stopMotions();
  };
}
