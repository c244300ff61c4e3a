import { AppError } from "../core/errors.ts";
import { type ByteSource, readJsonObject } from "./byteSource.ts";

/** What a look at the beginning of a file costs at most. */
const HEAD_BYTES = 4096;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** Files of one drop that are looked into; a look costs 0.1 ms on a disk and more in a browser. */
export const MAX_SNIFFED = 5000;
/** Names that promise a description or a header: these are looked into first. */
const TELLING = /\.(meta|json|oebin|xml|ch|nwb|h5|hdf5|py|npy|npz|zip|csv|tsv|txt|zarray|zattrs|zgroup|zmetadata)$/i;

const heads = new WeakMap<ByteSource, Promise<Uint8Array>>();
const jsons = new WeakMap<ByteSource, Promise<Record<string, unknown> | null>>();

/** The first 4 kB of a file, read once however many readers ask; empty for a file beyond the limit of looks. */
export function headOf(source: ByteSource): Promise<Uint8Array> {
  const known = heads.get(source) ?? source.read(0, Math.min(source.size, HEAD_BYTES));
  heads.set(source, known);
  return known;
}

/**
 * Of more than MAX_SNIFFED files, those beyond are known by their names alone: no reader gets to see into them, so that a
 * hundred thousand files of no format take no longer than a few thousand. Names of descriptions come first.
 */
export function limitSniffing(sources: readonly ByteSource[]): void {
  if (sources.length <= MAX_SNIFFED) return;
  const ordered = [
    ...sources.filter(({ path }) => TELLING.test(path)),
    ...sources.filter(({ path }) => !TELLING.test(path)),
  ];
  for (const source of ordered.slice(MAX_SNIFFED)) {
    heads.set(source, Promise.resolve(new Uint8Array(0)));
    jsons.set(source, Promise.resolve(null));
  }
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
