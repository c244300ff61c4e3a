import { AppError } from "../core/errors.ts";
import { type ByteSource, readJsonObject } from "./byteSource.ts";

/** What a look at the beginning of a file costs at most. */
const HEAD_BYTES = 4096;
const MAX_JSON_BYTES = 16 * 1024 * 1024;

const heads = new WeakMap<ByteSource, Promise<Uint8Array>>();
const jsons = new WeakMap<ByteSource, Promise<Record<string, unknown> | null>>();

/** The first 4 kB of a file, read once however many readers ask. */
export function headOf(source: ByteSource): Promise<Uint8Array> {
  const known = heads.get(source) ?? source.read(0, Math.min(source.size, HEAD_BYTES));
  heads.set(source, known);
  return known;
}

/**
 * The JSON object in a file, whatever its name; null when it is none, or too large for a description. Parsed once however
 * many readers ask: callers must not change it. To say what is wrong with a file that must be JSON, use readJsonObject.
 */
export function jsonIn(source: ByteSource): Promise<Record<string, unknown> | null> {
  const known = jsons.get(source) ?? parse(source);
  jsons.set(source, known);
  return known;
}

async function parse(source: ByteSource): Promise<Record<string, unknown> | null> {
  if (source.size < 2 || source.size > MAX_JSON_BYTES) return null;
  const first = (await headOf(source)).find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  if (first !== 0x7b) return null; // {
  try {
    return await readJsonObject(source);
  } catch (error) {
    if (error instanceof AppError && error.code === "bad-file") return null;
    throw error;
  }
}
