/** What a page keeps in the browser from one visit to the next, as it crosses to the thread that writes it. */

/** Arrays that are written together, one after the other, each from a multiple of eight bytes. */
export interface KeptPack {
  /** name of its file; never used twice for other bytes */
  name: string;
  parts: ArrayBufferView[];
}

/** Where each part of a pack begins, and the bytes of all of them. */
export function packPlaces(byteLengths: readonly number[]): { starts: number[]; bytes: number } {
  let at = 0;
  const starts = byteLengths.map((length) => {
    const start = at;
    at += 8 * Math.ceil(length / 8);
    return start;
  });
  return { starts, bytes: at };
}

/** The folder of the browser's storage that kept data sets lie in, beside that of runs. */
export const keptFolder = "driftscope-kept";
