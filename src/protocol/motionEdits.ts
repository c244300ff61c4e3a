import { AppError } from "../core/errors.ts";
import { cleanMotion } from "../core/motionEdits/clean.ts";
import { editShanks } from "../core/motionEdits/curves.ts";
import { shiftLevel, zeroLevel } from "../core/motionEdits/level.ts";
import { maskTimes } from "../core/motionEdits/mask.ts";
import { replaceCurve } from "../core/motionEdits/replaceCurve.ts";
import { resampleMotion } from "../core/motionEdits/resample.ts";
import { smoothMotionOverTime } from "../core/motionEdits/smooth.ts";
import type { Motion, Range } from "../core/types.ts";

/**
 * Edits of a motion as JSON: the page makes them one by one, an exported run keeps them beside the motion, and the same
 * list over the same motion gives the same result.
 */

/** `shank`: of motions by shank the one that is edited, from 0; absent for all. */
export type MotionEdit = { shank?: number } & (
  | { kind: "clean"; maxSpeedUmPerSec: number; smoothSec: number }
  | { kind: "mask"; rangesSec: readonly Range[] }
  /** at the depth bin nearest to `depthUm`; null: the mean over depths, each keeping its distance to it */
  | { kind: "curve"; timeSec: readonly number[]; displacementUm: readonly number[]; depthUm: number | null }
  | { kind: "smooth"; sigmaSec: number }
  | { kind: "zero" }
  | { kind: "shift"; byUm: number }
  /** 0 keeps the bins there are */
  | { kind: "resample"; binSec: number; nDepths: number }
);

/** What lies beside an edited motion as edits.json: how it can be made again. */
export interface MotionEditFile {
  driftscope: 1;
  /** folder, beside its own, of the motion that was edited; null when that is not there */
  of: string | null;
  edits: readonly MotionEdit[];
}

/** Name of that file within the motion's folder. */
export const MOTION_EDITS_FILE = "edits.json";

/** Apply edits one after the other. The motion given stays as it is. Throws AppError where an edit does not fit it. */
export function applyEdits(motion: Motion, edits: readonly MotionEdit[]): Motion {
  return edits.reduce((edited, edit) => editShanks(edited, edit.shank, (one) => applyEdit(one, edit)), motion);
}

function applyEdit(motion: Motion, edit: MotionEdit): Motion {
  switch (edit.kind) {
    case "clean":
      return cleanMotion(motion, edit.maxSpeedUmPerSec, edit.smoothSec);
    case "mask":
      return maskTimes(motion, edit.rangesSec);
    case "curve":
      return replaceCurve(motion, edit, edit.depthUm);
    case "smooth":
      return smoothMotionOverTime(motion, edit.sigmaSec);
    case "zero":
      return zeroLevel(motion);
    case "shift":
      return shiftLevel(motion, edit.byUm);
    case "resample":
      return resampleMotion(motion, edit.binSec, edit.nDepths);
  }
}

type Fields = Record<string, unknown>;

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isAtLeastZero = (value: unknown) => isNumber(value) && value >= 0;
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(isNumber);
const isRange = (value: unknown) => isNumbers(value) && value.length === 2 && value[0] <= value[1];

/** What each kind of edit must hold. */
const VALID: Record<MotionEdit["kind"], (edit: Fields) => boolean> = {
  clean: (e) => isNumber(e.maxSpeedUmPerSec) && e.maxSpeedUmPerSec > 0 && isAtLeastZero(e.smoothSec),
  mask: (e) => Array.isArray(e.rangesSec) && e.rangesSec.length > 0 && e.rangesSec.every(isRange),
  curve: (e) =>
    isNumbers(e.timeSec) &&
    isNumbers(e.displacementUm) &&
    e.timeSec.length > 0 &&
    e.timeSec.length === e.displacementUm.length &&
    (e.depthUm === null || isNumber(e.depthUm)),
  smooth: (e) => isAtLeastZero(e.sigmaSec),
  zero: () => true,
  shift: (e) => isNumber(e.byUm),
  resample: (e) => isAtLeastZero(e.binSec) && isAtLeastZero(e.nDepths) && Number.isInteger(e.nDepths),
};

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isEdit(value: unknown): value is MotionEdit {
  if (!isFields(value) || typeof value.kind !== "string" || !Object.hasOwn(VALID, value.kind)) return false;
  const isShank = value.shank === undefined || (Number.isInteger(value.shank) && (value.shank as number) >= 0);
  return isShank && VALID[value.kind as MotionEdit["kind"]](value);
}

/** Read an edits.json. `name` is the file's, for the sentence. Throws AppError when it is no list of edits. */
export function parseMotionEdits(text: string, name: string): readonly MotionEdit[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new AppError("bad-file", `${name}: expected JSON, found text that cannot be parsed.`, {}, { cause: error });
  }
  return motionEditsOf(content, name);
}

/** The edits that parsed JSON holds. Throws AppError when it is no list of edits. */
export function motionEditsOf(content: unknown, name: string): readonly MotionEdit[] {
  const edits = isFields(content) ? content.edits : null;
  if (!Array.isArray(edits)) {
    throw new AppError("bad-file", `${name}: expected edits of a motion, an object with a list "edits", found none.`);
  }
  const wrong = edits.findIndex((edit) => !isEdit(edit));
  if (wrong >= 0) {
    const found = JSON.stringify(edits[wrong]).slice(0, 80);
    throw new AppError(
      "bad-file",
      `${name}: expected an edit (${Object.keys(VALID).join(", ")}) with its values, found ${found} at place ${wrong} (counting from 0).`,
    );
  }
  return edits;
}
