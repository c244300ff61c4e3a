import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { headOf } from "../sniff.ts";

/** A SpikeGLX description: `key=value` per line; keys that start with ~ hold lists `(a)(b)(c)…`. */
export interface Meta {
  path: string;
  values: ReadonlyMap<string, string>;
}

const MAX_META_BYTES = 8 * 1024 * 1024; // 1536 channels take 0.2 MB
const SNIFF_BYTES = 256;

/**
 * The description in a file, or null when the file is none: not `key=value` text from its first line on, or without
 * `typeThis`. Recognised by content alone; looks at the head of anything else. Bytes that are not UTF-8 become U+FFFD.
 */
export async function readMeta(source: ByteSource): Promise<Meta | null> {
  if (source.size === 0 || source.size > MAX_META_BYTES) return null;
  const head = (await headOf(source)).subarray(0, SNIFF_BYTES);
  if (head.length === 0) return null;
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return null;
  if (!/^\uFEFF?\s*~?\w+=/.test(new TextDecoder("utf-8", { ignoreBOM: true }).decode(head))) return null;
  const meta = parseMeta(source.path, new TextDecoder().decode(await source.read(0, source.size)));
  return meta.values.has("typeThis") ? meta : null;
}

/** Text → description. Values keep everything after the first "="; lines without one say nothing; the last of two equal keys counts. */
export function parseMeta(path: string, text: string): Meta {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0) values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return { path, values };
}

/** AppError in the manner of every sentence about a description. */
export function metaError(meta: Meta, key: string, expected: string): AppError {
  const value = meta.values.get(key);
  const found = value === undefined ? "none" : `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return new AppError("bad-file", `${meta.path}: expected ${key} to be ${expected}, found ${found}.`, {
    path: meta.path,
    key,
  });
}

/** The value of a key as a finite number, at least `min`; undefined when it is absent or empty. Throws AppError. */
export function optionalNumber(meta: Meta, key: string, min = Number.NEGATIVE_INFINITY): number | undefined {
  const text = meta.values.get(key);
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < min) throw metaError(meta, key, numberInWords(min));
  return value;
}

/** As `optionalNumber`, but it must be there. */
export function numberOf(meta: Meta, key: string, min = Number.NEGATIVE_INFINITY): number {
  const value = optionalNumber(meta, key, min);
  if (value === undefined) throw metaError(meta, key, numberInWords(min));
  return value;
}

function numberInWords(min: number): string {
  return min === Number.NEGATIVE_INFINITY ? "a number" : `a number of at least ${min}`;
}

/** What stands in each pair of parentheses of a list, the header first; empty when the key is absent. */
export function listOf(meta: Meta, key: string): string[] {
  return [...(meta.values.get(key) ?? "").matchAll(/\(([^()]*)\)/g)].map(([, inside]) => inside);
}

/** Numbers separated by ":", "," or blanks; NaN for what is no number. */
export function numbersIn(text: string): number[] {
  return text
    .split(/[\s:,]+/)
    .filter((part) => part !== "")
    .map(Number);
}
