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
