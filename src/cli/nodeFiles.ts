import { closeSync, openSync, readSync } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AppError, messageOf } from "../core/errors.ts";
import type { ByteSource } from "../io/byteSource.ts";

const ZARR_NAMES = new Set([".zarray", ".zattrs", ".zgroup", ".zmetadata"]);

/**
 * Every file named, or below a folder named, in a stable order. Paths are relative to the parent of what was named, with
 * forward slashes, as in a drop on the page. Hidden files are left out but for those that describe Zarr arrays, a link is followed once. Throws AppError for a path
 * that does not exist or cannot be read.
 */
export async function nodeSources(paths: readonly string[]): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  for (const path of paths) await walk(resolve(path), basename(resolve(path)), sources, new Set());
  return sources;
}

/** `visited` holds the real folders above and before, so that a link to one of them ends the walk. */
async function walk(path: string, relative: string, sources: ByteSource[], visited: Set<string>): Promise<void> {
  const found = await explained(path, () => stat(path));
  if (found.isFile()) {
    sources.push(nodeSource(path, relative, found.size));
    return;
  }
  if (!found.isDirectory()) return;
  const real = await explained(path, () => realpath(path));
  if (visited.has(real)) return;
  visited.add(real);
  const names = await explained(path, () => readdir(path));
  for (const name of names.filter((n) => !n.startsWith(".") || ZARR_NAMES.has(n)).sort()) {
    await walk(join(path, name), `${relative}/${name}`, sources, visited);
  }
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
