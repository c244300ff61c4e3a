import type { SampleReader } from "../core/types.ts";
import type { ByteSource } from "./byteSource.ts";

/** A recording as a reader gives it. Stays in the thread that opened it. */
export interface RecordingSource extends SampleReader {
  /** what to tell the reader of it; a missing binary stands first */
  warnings: string[];
  /** what belongs to it: binaries first, then descriptions */
  files: readonly ByteSource[];
}
