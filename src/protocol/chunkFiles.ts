import { AppError } from "../core/errors.ts";

/** Guard against a dropped home folder: walking it would take minutes and read nothing we want. */
export const MAX_FILES = 20_000;
/** Chunks of Zarr arrays beside them: an hour of recording has thousands. */
export const MAX_CHUNK_FILES = 500_000;

/** Whether a file is called as a chunk of a Zarr array is: "0", "12.0", "c.3.0", or "c/3/0" below a folder. */
export function isChunkName(path: string): boolean {
  return /(^|\/)(c\.)?\d+(\.\d+)*$/.test(path);
}

/** Counts the files of a walk. Throws AppError as soon as there are more than anyone means to open. */
export class FileCount {
  #nFiles = 0;
  #nChunks = 0;

  add(path: string): void {
    const isChunk = isChunkName(path);
    if (isChunk) this.#nChunks++;
    else this.#nFiles++;
    if (this.#nFiles <= MAX_FILES && this.#nChunks <= MAX_CHUNK_FILES) return;
    const what = isChunk ? `${MAX_CHUNK_FILES} chunks of arrays` : `${MAX_FILES} files`;
    throw new AppError(
      "nothing-found",
      `The folder holds more than ${what}; drop the data set's own folder instead of one above it.`,
      { maxFiles: isChunk ? MAX_CHUNK_FILES : MAX_FILES },
    );
  }
}

const CHUNK_PART = /(?:^|\/)(?:c[./])?\d+(?:[./]\d+)*$/;

/**
 * Files without the chunks of Zarr arrays between the first and the last of each array: what is listed of them, and what a
 * record of a run tells them by. In the order they came.
 */
export function withoutInnerChunks<T extends { path: string }>(files: readonly T[]): T[] {
  const ends = new Map<string, { first: T; last: T }>();
  for (const file of files) {
    const at = isChunkName(file.path) ? file.path.search(CHUNK_PART) : -1;
    if (at < 0) continue;
    const array = file.path.slice(0, at);
    const known = ends.get(array);
    if (!known) ends.set(array, { first: file, last: file });
    else if (comesBefore(file.path, known.first.path)) known.first = file;
    else if (comesBefore(known.last.path, file.path)) known.last = file;
  }
  const kept = new Set([...ends.values()].flatMap(({ first, last }) => [first, last]));
  return files.filter((file) => kept.has(file) || !isChunkName(file.path));
}

/** By the numbers of chunks: "9.0" comes before "10.0". */
function comesBefore(a: string, b: string): boolean {
  const [partsA, partsB] = [a, b].map((path) => (CHUNK_PART.exec(path)?.[0] ?? "").match(/\d+/g)?.map(Number) ?? []);
  const differing = partsA.findIndex((part, k) => part !== partsB[k]);
  return differing >= 0 && partsA[differing] < (partsB[differing] ?? -1);
}

/** A file as a person calls it: by its name, or, where it only describes a Zarr folder or array, by that folder's. */
export function spokenName(path: string): string {
  const parts = path.split("/");
  const isDescription = /^(\.z\w+|zarr\.json)$/.test(parts[parts.length - 1]);
  return (isDescription && parts.at(-2)) || parts[parts.length - 1];
}
