import { AppError } from "../core/errors.ts";
import type { ByteSource } from "./byteSource.ts";

/** One member of a zip archive as its central directory describes it. */
export interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated */
  method: number;
  isEncrypted: boolean;
  crc: number;
  compressedSize: number;
  size: number;
  /** position of the member's own header in the archive */
  headerStart: number;
}

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65535;
const ENTRY_BYTES = 46;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MISSING = 0xffffffff; // the real value is in the zip64 part

/**
 * The central directory of a zip archive (PKWARE APPNOTE 4.3.12 to 4.3.16), zip64 included, read from the end of the file.
 * Throws AppError for anything cut short or inconsistent.
 */
export async function readZipDirectory(archive: ByteSource): Promise<ZipEntry[]> {
  const { start, size, count } = await findDirectory(archive);
  if (size > MAX_DIRECTORY_BYTES || start + size > archive.size) {
    throw damaged(archive, `a directory of ${size} bytes at ${start} in a file of ${archive.size}`);
  }
  const view = viewOf(await archive.read(start, start + size));
  const entries: ZipEntry[] = [];
  let at = 0;
  const isEntry = () => at + ENTRY_BYTES <= size && view.getUint32(at, true) === 0x02014b50;
  // writers that know no zip64 count modulo 65,536: what stands in the directory counts
  for (let i = 0; i < count || isEntry(); i++) {
    if (!isEntry()) {
      throw damaged(archive, `${i} members where its directory promises ${count}`);
    }
    const length =
      ENTRY_BYTES + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (at + length > size) throw damaged(archive, `a member description that runs past the directory`);
    entries.push(parseEntry(archive, view, at));
    at += length;
  }
  return entries;
}

function damaged(archive: ByteSource, found: string): AppError {
  return new AppError("bad-file", `${archive.path}: expected a zip archive, found ${found}; it may be cut short.`, {
    path: archive.path,
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function findDirectory(archive: ByteSource): Promise<{ start: number; size: number; count: number }> {
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT_BYTES);
  const view = viewOf(await archive.read(tailStart, archive.size));
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const end = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const needsZip64 = end.count === 0xffff || end.size === MISSING || end.start === MISSING;
    return needsZip64 ? findZip64Directory(archive, tailStart + at) : end;
  }
  throw damaged(archive, "no directory at its end");
}

/** The zip64 locator lies just before the end record and points at the zip64 end record. */
async function findZip64Directory(
  archive: ByteSource,
  endStart: number,
): Promise<{ start: number; size: number; count: number }> {
  if (endStart < 20) throw damaged(archive, "no zip64 directory");
  const locator = viewOf(await archive.read(endStart - 20, endStart));
  const recordStart = Number(locator.getBigUint64(8, true));
  if (locator.getUint32(0, true) !== 0x07064b50 || recordStart + 56 > archive.size) {
    throw damaged(archive, "no zip64 directory");
  }
  const record = viewOf(await archive.read(recordStart, recordStart + 56));
  return {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    start: Number(record.getBigUint64(48, true)),
  };
}

function parseEntry(archive: ByteSource, view: DataView, at: number): ZipEntry {
  const nameBytes = view.getUint16(at + 28, true);
  const name = new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameBytes);
  const entry: ZipEntry = {
    name: new TextDecoder().decode(name).replaceAll("\\", "/").replace(/^\/+/, ""),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    compressedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    headerStart: view.getUint32(at + 42, true),
  };
  return withZip64Sizes(archive, entry, view, at + ENTRY_BYTES + nameBytes, view.getUint16(at + 30, true));
}

/** Extra field 0x0001 holds, in this order, those of size, compressed size and position that did not fit in 32 bits. */
function withZip64Sizes(archive: ByteSource, entry: ZipEntry, view: DataView, start: number, length: number): ZipEntry {
  const wanted = (["size", "compressedSize", "headerStart"] as const).filter((key) => entry[key] === MISSING);
  if (wanted.length === 0) return entry;
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    if (at + 4 + 8 * wanted.length > start + length) break;
    for (const [i, key] of wanted.entries()) entry[key] = Number(view.getBigUint64(at + 4 + 8 * i, true));
    return entry;
  }
  throw damaged(archive, `no size for its member ${entry.name}`);
}
