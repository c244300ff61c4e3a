import { AppError } from "../../core/errors.ts";
import { type ByteSource, memorySource } from "../byteSource.ts";

/** A file whose bytes can be had at once. */
export type SyncSource = ByteSource & Required<Pick<ByteSource, "readSync">>;

/** What may be taken into memory whole, where a place gives no bytes at once (a member of an archive). */
const MAX_WHOLE_BYTES = 512 * 1024 * 1024;

/** The same file, readable at once. AppError where it is too large to be held and its place does not allow that. */
export async function syncSource(source: ByteSource): Promise<SyncSource> {
  const { path, size, readSync } = source;
  if (readSync) return { ...source, readSync };
  if (size > MAX_WHOLE_BYTES) {
    throw new AppError(
      "bad-file",
      `${path}: expected an HDF5 file on disk, found one of ${size} bytes where it cannot be read by range; take it out of its archive and open it by itself.`,
      { path, size },
    );
  }
  const whole = memorySource(path, await source.read(0, size));
  return whole as SyncSource;
}
