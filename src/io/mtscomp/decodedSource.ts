import { AppError } from "../../core/errors.ts";
import { type ByteSource, checkRange } from "../byteSource.ts";
import { decodeChunk } from "./decode.ts";
import type { ChunkTable } from "./header.ts";

/** Chunks kept decoded. A second of 385 channels takes 23 MB, and readers come back to the one they stopped in. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024;

/** How many chunks of a .cbin are there whole. */
export function countWholeChunks({ offsets }: ChunkTable, { size }: ByteSource): number {
  let n = 0;
  while (n + 1 < offsets.length && offsets[n + 1] <= size) n++;
  return n;
}

/**
 * The samples of a .cbin as the bytes of the file it was compressed from: a source of the uncompressed size, which reads and
 * decodes only the chunks a range touches. The last chunks stay in memory. Chunks the file does not hold whole are left out.
 * Its sentences name it "(decoded)", for its sizes are not those on the disk. Throws AppError when no chunk is whole.
 */
export function decodedSource(cbin: ByteSource, table: ChunkTable): ByteSource {
  const nChunks = countWholeChunks(table, cbin);
  const { path } = cbin;
  if (nChunks === 0) {
    const message = `${path} is cut short: expected at least the first chunk (${table.offsets[1]} bytes, by ${table.path}), found ${cbin.size} bytes.`;
    throw new AppError("bad-file", message, { path, expected: table.offsets[1], found: cbin.size });
  }
  const { rowBytes, bounds, offsets } = table;
  const size = bounds[nChunks] * rowBytes;
  const chunkAt = keepLast(
    (i) => (bounds[i + 1] - bounds[i]) * rowBytes,
    async (i) => {
      const values = await decodeChunk(table, i, await cbin.read(offsets[i], offsets[i + 1]), path);
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    },
  );
  const decoded = `${path} (decoded)`;
  return {
    path: decoded,
    size,
    async read(start, end) {
      checkRange(decoded, size, start, end);
      const out = new Uint8Array(end - start);
      for (let i = chunkOf(bounds, Math.floor(start / rowBytes)); i < nChunks; i++) {
        const firstByte = bounds[i] * rowBytes;
        if (firstByte >= end) break;
        const from = Math.max(start, firstByte);
        const to = Math.min(end, bounds[i + 1] * rowBytes);
        if (to > from) out.set((await chunkAt(i)).subarray(from - firstByte, to - firstByte), from - start);
      }
      return out;
    },
  };
}

/** The chunk a sample lies in, by bisection. */
function chunkOf(bounds: readonly number[], sample: number): number {
  let [low, high] = [0, bounds.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= sample) low = middle;
    else high = middle;
  }
  return low;
}

/** Remember the outcomes used last, up to MAX_KEPT_BYTES of them; failures are asked again. */
function keepLast<T>(bytesOf: (i: number) => number, make: (i: number) => Promise<T>): (i: number) => Promise<T> {
  const kept = new Map<number, Promise<T>>();
  let keptBytes = 0;
  const forget = (i: number) => {
    if (kept.delete(i)) keptBytes -= bytesOf(i);
  };
  return (i) => {
    const known = kept.get(i);
    const wanted = known ?? make(i);
    forget(i); // a Map lists its entries in the order they were set: the last used stands last
    kept.set(i, wanted);
    keptBytes += bytesOf(i);
    for (const oldest of kept.keys()) {
      if (keptBytes <= MAX_KEPT_BYTES || oldest === i) break;
      forget(oldest);
    }
    if (!known) wanted.catch(() => forget(i));
    return wanted;
  };
}
