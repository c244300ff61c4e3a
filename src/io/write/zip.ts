import { type Zippable, zipSync } from "fflate";
import type { WrittenFile } from "./file.ts";

/** Float arrays hardly shrink, so they get the fastest level; pictures are compressed already. */
function levelFor(path: string, isShrunk: boolean): 0 | 1 | 6 {
  if (path.endsWith(".npy")) return isShrunk ? 1 : 0;
  return path.endsWith(".png") ? 0 : 6;
}

/**
 * Files as one zip archive. With `modifiedAt` the bytes depend on nothing else. Arrays of more than `mostShrunkBytes` are stored as
 * they are, which takes a moment where shrinking takes seconds. Peak memory: the files and the archive.
 */
export function zipBytes(
  files: readonly WrittenFile[],
  modifiedAt: Date = new Date(),
  mostShrunkBytes = Number.POSITIVE_INFINITY,
): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const { path, bytes } of files) {
    const level = levelFor(path, bytes.length <= mostShrunkBytes);
    entries[path] = [bytes, { level, mtime: modifiedAt }];
  }
  return zipSync(entries);
}

/** `zipBytes` as something a browser can save. */
export function zipBlob(files: readonly WrittenFile[], modifiedAt?: Date, mostShrunkBytes?: number): Blob {
  return new Blob([zipBytes(files, modifiedAt, mostShrunkBytes)], { type: "application/zip" });
}
