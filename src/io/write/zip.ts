import { type Zippable, zipSync } from "fflate";
import type { WrittenFile } from "./file.ts";

/** Float arrays hardly shrink, so they get the fastest level; pictures are compressed already. */
function levelFor(path: string): 0 | 1 | 6 {
  if (path.endsWith(".npy")) return 1;
  return path.endsWith(".png") ? 0 : 6;
}

/** Files as one zip archive. With `modifiedAt` the bytes depend on nothing else. Peak memory: the files and the archive. */
export function zipBytes(files: readonly WrittenFile[], modifiedAt: Date = new Date()): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const { path, bytes } of files) entries[path] = [bytes, { level: levelFor(path), mtime: modifiedAt }];
  return zipSync(entries);
}

/** `zipBytes` as something a browser can save. */
export function zipBlob(files: readonly WrittenFile[], modifiedAt?: Date): Blob {
  return new Blob([zipBytes(files, modifiedAt)], { type: "application/zip" });
}
