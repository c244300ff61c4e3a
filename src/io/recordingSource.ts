import type { SampleReader } from "../core/types.ts";
import type { ByteSource } from "./byteSource.ts";

/** A recording as a reader gives it. Stays in the thread that opened it. */
export interface RecordingSource extends SampleReader {
  /** the reader's id */
  format: string;
  /** what a person would call it, e.g. "SpikeGLX AP" */
  title: string;
  /** what to tell the reader of it; a missing binary stands first */
  warnings: string[];
  /** what belongs to it: binaries first, then descriptions */
  files: readonly ByteSource[];
  /** the file that describes it, beside which geometry is looked for */
  description: ByteSource;
  /** where that file would have said where the sites lie, e.g. "~snsGeomMap"; "" where the format has no place for it */
  geometryWords: string;
}
