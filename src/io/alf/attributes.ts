import { AppError, asAppError } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { type Column, readColumn } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { readNpyHeader } from "../npy/header.ts";
import { listInWords } from "../readers/reader.ts";
import type { AlfSet } from "./names.ts";

/**
 * The file of an attribute; of several time scales the plain one, else the first by name. Undefined when there is none.
 * Throws AppError where two files claim to be it.
 */
export function attributeFile(set: AlfSet, key: string): ByteSource | undefined {
  const scaled = [...set.chosen.keys()].filter((one) => one.startsWith(`${key}_`)).sort();
  const found = set.chosen.get(key) ?? set.chosen.get(scaled[0] ?? "");
  if (!found || found.length === 1) return found?.[0];
  throw new AppError(
    "ambiguous",
    `Expected one file of ${key} in ${folderInWords(set.folder)}, found ${found.length}: ${listInWords(found.map(({ path }) => baseName(path)).sort())}; keep only one of them there.`,
    { key, found: found.length },
  );
}

/** The same where it is a .npy. */
export function arrayFile(set: AlfSet, key: string): ByteSource | undefined {
  const source = attributeFile(set, key);
  return source && /\.npy$/i.test(source.path) ? source : undefined;
}

/** The arrays of an object, by attribute. */
export function arraysOf(set: AlfSet, object: string): ByteSource[] {
  return [...set.chosen.values()].flatMap((found) =>
    found.filter(
      ({ path }) =>
        /\.npy$/i.test(path) &&
        baseName(path)
          .replace(/^_[a-z0-9]+_/i, "")
          .startsWith(`${object}.`),
    ),
  );
}

/** Throw unless all arrays of an object have as many rows: then they are not of one data set. Returns the number of rows. */
export async function requireSameRows(set: AlfSet, object: string): Promise<number> {
  const sources = arraysOf(set, object).sort((a, b) => (a.path < b.path ? -1 : 1)); // however they were dropped
  const counts: number[] = [];
  for (const source of sources) counts.push((await readNpyHeader(source)).shape[0] ?? 0);
  if (counts.every((n) => n === counts[0])) return counts[0] ?? 0;
  const found = listInWords(sources.map(({ path }, i) => `${path} has ${counts[i]}`));
  throw new AppError("bad-file", `Expected the same number of rows in every file of ${object}, found that ${found}.`, {
    files: sources.map(({ path }) => path),
    counts,
  });
}

/** What only adds to the spikes: read, or left out with a warning that says why. */
export async function ifReadable<T>(warnings: string[], leftOut: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    const known = asAppError(error);
    if (!known) throw error;
    warnings.push(known.message.replace(/\.$/, `; ${leftOut}.`));
    return null;
  }
}

/** The column of an array that may be there. */
export async function optionalColumn(set: AlfSet, key: string): Promise<Column | undefined> {
  const source = arrayFile(set, key);
  return source && readColumn(source);
}
