import { asAppError, messageOf } from "../core/errors.ts";
import type { ParamValue, ParamValues } from "../protocol/methods.ts";
import { motionEditsOf } from "../protocol/motionEdits.ts";
import { MOTION_NOTE_FILE, type MotionNote, type MotionOrigin } from "../protocol/motions.ts";
import { type ByteSource, readJsonObject } from "./byteSource.ts";

/**
 * What a session wrote of a motion, and of how it was edited; what cannot be read is left out with a warning, the motion
 * is there all the same.
 */
export async function readMotionNote(
  source: ByteSource,
  edits: ByteSource | undefined,
): Promise<{ note?: MotionNote; warnings: string[] }> {
  const value = await readJsonObject(source).catch(() => null);
  const note = value && noteOf(value);
  if (note && (note.from.kind !== "edit" || !edits)) return { note, warnings: [] };
  if (note?.from.kind === "edit" && edits) return withEdits(note, note.from, edits);
  const warning = `${source.path}: expected a note as ${MOTION_NOTE_FILE} holds it, found something else; the motion was read without it.`;
  return { warnings: [warning] };
}

async function withEdits(note: MotionNote, from: Extract<MotionOrigin, { kind: "edit" }>, source: ByteSource) {
  try {
    const edits = motionEditsOf(await readJsonObject(source), source.path);
    return { note: { ...note, from: { ...from, edits } }, warnings: [] };
  } catch (error) {
    if (!asAppError(error)) throw error;
    return { note, warnings: [`${messageOf(error)} The motion was read without it.`] };
  }
}

function noteOf({ id, title, from, isTruth, isActive }: Record<string, unknown>): MotionNote | null {
  const origin = isObject(from) ? originOf(from) : null;
  if (typeof id !== "string" || typeof title !== "string" || !origin) return null;
  return { id, title, from: origin, isTruth: isTruth === true, isActive: isActive === true };
}

function originOf(from: Record<string, unknown>): MotionOrigin | null {
  const { kind, format, title, method, params, seed, complete, of } = from;
  if (kind === "file" && typeof format === "string" && typeof title === "string") return { kind, format, title };
  if (kind === "edit" && typeof of === "string") return { kind, of };
  if (kind !== "run" || typeof method !== "string" || typeof seed !== "number" || !isParams(params)) return null;
  return { kind, method, params, seed, complete: complete === true };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isParams(value: unknown): value is ParamValues {
  return isObject(value) && Object.values(value).every(isParam);
}

function isParam(value: unknown): value is ParamValue {
  if (Array.isArray(value)) return value.every((v) => typeof v === "number");
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}
