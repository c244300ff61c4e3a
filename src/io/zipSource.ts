import { Inflate, inflateSync } from "fflate";
import { AppError } from "../core/errors.ts";
import { isChunkName } from "../protocol/chunkFiles.ts";
import { type ByteSource, checkRange, memorySource } from "./byteSource.ts";
import { crc32 } from "./crc32.ts";
import { headOf } from "./sniff.ts";
import { readZipDirectory, type ZipEntry } from "./zipDirectory.ts";

const MAX_MEMBER_BYTES = 2 * 1024 ** 3;
const MAX_DEFLATE_RATIO = 1032; // the format cannot do better: 258 bytes from 2 bits
const LOCAL_HEADER_BYTES = 30;
/** Up to here a compressed member is looked at without inflating the rest of it. */
const HEAD_BYTES = 4096;

/** Whether a file starts as a zip archive does (also one without members). Looks at its head alone. */
export async function isZip(source: ByteSource): Promise<boolean> {
  if (source.size < 22) return false;
  const [p, k, a, b] = await headOf(source);
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/**
 * The members of a zip or npz, as files in a folder named after the archive. Only the directory at its end is read now.
 * Stored members are read by range; of a compressed one the first 4 kB are had by themselves, beyond them it is inflated whole
 * and kept, but for the chunks of Zarr arrays. Throws AppError for a damaged directory; a member throws when it is read: encrypted, in an unknown compression, larger than 2 GiB, or not what the
 * directory declares (so a bomb stops at its declared size).
 */
export async function openZip(archive: ByteSource): Promise<ByteSource[]> {
  const entries = await readZipDirectory(archive);
  return entries
    .filter((e) => !e.name.endsWith("/") && !e.name.startsWith("__MACOSX/"))
    .map((e) => memberSource(archive, e));
}

function memberSource(archive: ByteSource, entry: ZipEntry): ByteSource {
  const path = `${archive.path}/${entry.name}`;
  let opened: Promise<ByteSource> | null = null;
  let head: Promise<Uint8Array | null> | null = null;
  return {
    path,
    size: entry.size,
    async read(start, end) {
      if (!opened && entry.method === 8 && end <= HEAD_BYTES && entry.size > HEAD_BYTES) {
        head ??= inflateHead(archive, entry, path);
        const known = await head;
        checkRange(path, entry.size, start, end);
        if (known) return known.subarray(start, end);
      }
      // a chunk of a Zarr array is read whole once: kept, an archive of them would fill the memory bit by bit
      if (isChunkName(path)) return (await openMember(archive, entry, path)).read(start, end);
      opened ??= openMember(archive, entry, path);
      return (await opened).read(start, end);
    },
  };
}

/** The first 4 kB of a compressed member; null when they cannot be had, which reading all of it then explains. */
async function inflateHead(archive: ByteSource, entry: ZipEntry, path: string): Promise<Uint8Array | null> {
  refuseUnreadable(entry, path);
  const start = await startOfMember(archive, entry, path);
  const head = new Uint8Array(HEAD_BYTES);
  let n = 0;
  const inflate = new Inflate((chunk) => {
    head.set(chunk.subarray(0, HEAD_BYTES - n), n);
    n = Math.min(HEAD_BYTES, n + chunk.length);
  });
  try {
    for (let at = 0; n < HEAD_BYTES && at < entry.compressedSize; at += HEAD_BYTES) {
      const to = Math.min(entry.compressedSize, at + HEAD_BYTES);
      inflate.push(await archive.read(start + at, start + to), to === entry.compressedSize);
    }
  } catch {
    return null;
  }
  return n === HEAD_BYTES ? head : null;
}

async function openMember(archive: ByteSource, entry: ZipEntry, path: string): Promise<ByteSource> {
  refuseUnreadable(entry, path);
  const start = await startOfMember(archive, entry, path);
  if (entry.method === 0) {
    if (entry.compressedSize !== entry.size) throw damaged(path, "its two sizes differ although it is not compressed");
    return {
      path,
      size: entry.size,
      async read(from, to) {
        checkRange(path, entry.size, from, to);
        return archive.read(start + from, start + to);
      },
    };
  }
  const compressed = await archive.read(start, start + entry.compressedSize);
  return memorySource(path, inflateMember(compressed, entry, path));
}

async function startOfMember(archive: ByteSource, entry: ZipEntry, path: string): Promise<number> {
  const local = await archive.read(entry.headerStart, entry.headerStart + LOCAL_HEADER_BYTES);
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) throw damaged(path, "its header is not where the archive says");
  return entry.headerStart + LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

function refuseUnreadable(entry: ZipEntry, path: string): void {
  if (entry.isEncrypted) {
    throw new AppError("bad-file", `${path}: expected a member that can be read, found one locked with a password.`, {
      path,
    });
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw new AppError(
      "bad-file",
      `${path}: expected a stored or deflated member, found compression method ${entry.method}.`,
      {
        path,
        method: entry.method,
      },
    );
  }
  if (entry.method === 0) return;
  if (entry.size > MAX_MEMBER_BYTES) {
    const message = `${path}: expected a compressed member of at most 2 GiB, found ${entry.size} bytes declared.`;
    throw new AppError("bad-file", message, { path, size: entry.size });
  }
  if (entry.size > entry.compressedSize * MAX_DEFLATE_RATIO) {
    throw damaged(path, `it declares ${entry.size} bytes, more than ${entry.compressedSize} compressed ones can hold`);
  }
}

/** One byte more than declared is room enough to see that there is more. */
function inflateMember(compressed: Uint8Array, entry: ZipEntry, path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = inflateSync(compressed, { out: new Uint8Array(entry.size + 1) });
  } catch (error) {
    throw damaged(path, "its compressed bytes cannot be decoded", error);
  }
  if (bytes.length !== entry.size) throw damaged(path, `it does not inflate to the ${entry.size} bytes declared`);
  if (crc32(bytes) !== entry.crc) throw damaged(path, "its check sum does not fit");
  return bytes;
}

function damaged(path: string, why: string, cause?: unknown): AppError {
  return new AppError(
    "bad-file",
    `${path}: expected an intact member of an archive, found that ${why}.`,
    { path },
    { cause },
  );
}
