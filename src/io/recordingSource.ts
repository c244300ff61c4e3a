import type { Recording } from "../core/types.ts";
import type { ByteSource } from "./byteSource.ts";

/** A recording with its samples, read by range and never whole. Stays in the thread that opened it. */
export interface RecordingSource {
  recording: Recording;
  /** what to tell the reader of it; a missing binary stands first */
  warnings: string[];
  /** what belongs to it: binaries first, then descriptions */
  files: readonly ByteSource[];
  /**
   * Samples [from, to) of a segment, [to − from, nSavedChannels] int16 row-major: neural channels first, sync words last.
   * Throws AppError when the file cannot give them any more.
   */
  readSamples(segment: number, from: number, to: number): Promise<Int16Array>;
}
