import { closeSync, openSync, readSync } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AppError, messageOf } from "../core/errors.ts";
import type { ByteSource } from "../io/byteSource.ts";
import { FileCount, isChunkName, MAX_CHUNK_FILES } from "../protocol/chunkFiles.ts";

const STATS_AT_ONCE = 64;
const ZARR_NAMES = new Set([".zarray", ".zattrs", ".zgroup", ".zmetadata"]);

/**
 * Every file named, or below a folder named, in a stable order. Paths are relative to the parent of what was named, with
 * forward slashes, as in a drop on the page. Hidden files are left out but for those that describe Zarr arrays, a link is followed once. Throws AppError for a path
 * that does not exist or cannot be read, and as soon as there are more files than anyone means to open.
 */
export async function nodeSources(paths: readonly string[]): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  const count = new FileCount();
  for (const path of paths) await walk(resolve(path), basename(resolve(path)), sources, new Set(), count);
  return sources;
}

/** `visited` holds the real folders above and before, so that a link to one of them ends the walk. */
async function walk(
  path: string,
  relative: string,
  sources: ByteSource[],
  visited: Set<string>,
  count: FileCount,
): Promise<void> {
  const found = await explained(path, () => stat(path));
  if (found.isFile()) {
    count.add(relative);
    sources.push(nodeSource(path, relative, found.size));
    return;
  }
  if (!found.isDirectory()) return;
  const real = await explained(path, () => realpath(path));
  if (visited.has(real)) return;
  visited.add(real);
  const names = await explained(path, () => readdir(path));
  const chunks = names.filter(isChunkName).sort();
  const sizes = await sizesOf(chunks.map((name) => join(path, name)));
  for (const name of names.filter((n) => !n.startsWith(".") || ZARR_NAMES.has(n)).sort()) {
    const [child, below] = [join(path, name), `${relative}/${name}`];
    const size = sizes.get(child);
    if (size === undefined) await walk(child, below, sources, visited, count);
    else {
      count.add(below);
      sources.push(nodeSource(child, below, size));
    }
  }
}

/** Sizes of those that are plain files, asked for together: one by one, a hundred thousand chunks would take a minute. */
async function sizesOf(paths: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (let i = 0; i < Math.min(paths.length, MAX_CHUNK_FILES); i += STATS_AT_ONCE) {
    const some = paths.slice(i, i + STATS_AT_ONCE);
    const found = await Promise.all(some.map((path) => explained(path, () => stat(path))));
    for (const [k, one] of found.entries()) if (one.isFile()) sizes.set(some[k], one.size);
  }
  return sizes;
}

function nodeSource(path: string, relative: string, size: number): ByteSource {
  return {
    path: relative,
    size,
    read: (start, end) => explained(path, () => readRange(path, relative, start, end)),
    readSync: (start, end) => readRangeSync(path, relative, start, end),
  };
}

/** Opened and closed for each range: no handle outlives a reader, and a tile is 8 MiB, so opening costs nothing beside it. */
async function readRange(path: string, relative: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(Math.max(0, end - start));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) {
        const message = `${relative} ends too early: expected bytes up to ${end}, the file has ${start + done}.`;
        throw new AppError("bad-file", message, { path: relative, expected: end, found: start + done });
      }
      done += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

function readRangeSync(path: string, relative: string, start: number, end: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(Math.max(0, end - start));
    const done = readSync(file, bytes, 0, bytes.length, start);
    if (done === bytes.length) return bytes;
    const message = `${relative} ends too early: expected bytes up to ${end}, the file has ${start + done}.`;
    throw new AppError("bad-file", message, { path: relative, expected: end, found: start + done });
  } finally {
    closeSync(file);
  }
}

async function explained<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error && "code" in error)) throw error;
    const why = error.code === "ENOENT" ? "there is no such file or folder" : messageOf(error);
    throw new AppError(
      "bad-file",
      `${path}: expected a file or folder that can be read, but ${why}.`,
      { path },
      { cause: error },
    );
  }
}
