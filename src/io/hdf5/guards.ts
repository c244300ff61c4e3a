import { AppError } from "../../core/errors.ts";

const MAGIC = [0x47, 0x43, 0x4f, 0x4c, 1]; // "GCOL", version 1
const [HEADER_BYTES, OBJECT_HEADER_BYTES] = [16, 16];
/** Of one use of a file: a tile of a recording takes a few thousand at most. */
export const MAX_READS = 1_000_000;

/**
 * Throw where bytes that HDF5 asks for are a heap of texts that it would never come to the end of: an object of no length, or
 * of one beyond the heap, which a damaged file can hold. HDF5 adds that length to where it is, in 32 bits, and goes on.
 * Layout: HDF5 File Format Specification 3.0, III.E; lengths take 8 bytes, as requireWideSizes has seen to.
 */
export function requireEndingHeap(path: string, bytes: Uint8Array): void {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const heapBytes = Number(view.getBigUint64(8, true));
  for (let at = HEADER_BYTES; at + OBJECT_HEADER_BYTES <= Math.min(bytes.length, heapBytes); ) {
    const [index, length] = [view.getUint16(at, true), Number(view.getBigUint64(at + 8, true))];
    const step = index === 0 ? length : OBJECT_HEADER_BYTES + 8 * Math.ceil(length / 8);
    if (step === 0 || at + step > heapBytes) throw damaged(path, "a heap of texts that does not end");
    at += step;
  }
}

/** Throw unless a superblock, at its signature, says that addresses and lengths take 8 bytes, as every writer does. */
export function requireWideSizes(path: string, superblock: Uint8Array): void {
  const at = superblock[8] < 2 ? 13 : 9;
  if (superblock.length < at + 2) throw damaged(path, `a header of ${superblock.length} bytes`);
  const [offsets, lengths] = [superblock[at], superblock[at + 1]];
  if (offsets === 8 && lengths === 8) return;
  throw damaged(path, `addresses of ${offsets} and lengths of ${lengths} bytes in its header`);
}

/** Throw when HDF5 reads on and on, as in a circle of links. */
export function requireFewReads(path: string, nReads: number): void {
  if (nReads > MAX_READS) throw damaged(path, "parts of it that lead to each other without an end");
}

function damaged(path: string, found: string): AppError {
  const message = `${path}: expected an intact HDF5 file, found ${found}; it may be damaged.`;
  return new AppError("bad-file", message, { path });
}
