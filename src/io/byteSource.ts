import { AppError, messageOf } from "../core/errors.ts";

/** Bytes of one file, read by range. The only way readers see a file. */
export interface ByteSource {
  /** where it lay, relative to what was dropped, forward slashes */
  readonly path: string;
  readonly size: number;
  /** Bytes [start, end), exactly end − start of them. Throws AppError when the file cannot give them. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** The same at once, for libraries that cannot wait. Absent where the place of the file does not allow it. */
  readSync?(start: number, end: number): Uint8Array;
}

/** Throw AppError unless [start, end) lies inside a file of `size` bytes. */
export function checkRange(path: string, size: number, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= size) return;
  throw new AppError("bad-file", `${path} ends too early: expected bytes up to ${end}, the file has ${size}.`, {
    path,
    expected: end,
    found: size,
  });
}

/** What workers have and the page's own thread has not. */
type SyncReader = new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** A browser's File or Blob. Reading fails with a sentence when the file was moved or changed after it was dropped. */
export function fileSource(path: string, file: Blob): ByteSource {
  const gone = (error: unknown) =>
    new AppError(
      "bad-file",
      `${path} could not be read any more: it was moved, changed or deleted after it was opened (${messageOf(error)}).`,
      { path },
      { cause: error },
    );
  const { FileReaderSync } = globalThis as unknown as { FileReaderSync?: SyncReader };
  return {
    path,
    size: file.size,
    async read(start, end) {
      checkRange(path, file.size, start, end);
      try {
        return new Uint8Array(await file.slice(start, end).arrayBuffer());
      } catch (error) {
        throw gone(error);
      }
    },
    ...(FileReaderSync && {
      readSync(start: number, end: number) {
        checkRange(path, file.size, start, end);
        try {
          return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(start, end)));
        } catch (error) {
          throw gone(error);
        }
      },
    }),
  };
}

/** Bytes already in memory. Reads are views of them, not copies. */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  return {
    path,
    size: bytes.length,
    async read(start, end) {
      checkRange(path, bytes.length, start, end);
      return bytes.subarray(start, end);
    },
    readSync(start, end) {
      checkRange(path, bytes.length, start, end);
      return bytes.subarray(start, end);
    },
  };
}

/** The part of a path after its last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The part of a path before its last slash; "" for a loose file. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

const MAX_TEXT_BYTES = 16 * 1024 * 1024; // descriptions, not data

/** A JSON object in UTF-8. AppError when the file is too large for a description or is not a JSON object. */
export async function readJsonObject(source: ByteSource): Promise<Record<string, unknown>> {
  const { path, size } = source;
  if (size > MAX_TEXT_BYTES) {
    throw new AppError("bad-file", `${path}: expected a description of at most 16 MiB, found ${size} bytes.`, { path });
  }
  const text = new TextDecoder().decode(await source.read(0, size));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = size === 0 ? "an empty file" : "text that cannot be parsed";
    throw new AppError("bad-file", `${path}: expected JSON, found ${found}.`, { path }, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("bad-file", `${path}: expected a JSON object, found something else.`, { path });
  }
  return value as Record<string, unknown>;
}
