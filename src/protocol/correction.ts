import type { Recording } from "../core/types.ts";
import type { JobEvent } from "./methods.ts";

/** A recording after motion, before its samples exist. */
export interface CorrectedRecording {
  /** the result: fewer channels where some left the probe, the same segments, sync words and scale */
  recording: Recording;
  /** [recording.nChannels] channel of the original that each stands for */
  channels: Int32Array;
  /** what is done to the samples, in words */
  note: string;
}

/** Where corrected samples go, segment by segment in order. Rejects with an AppError when there is no room. */
export interface CorrectionSink {
  /** Start a segment of `bytes` in all. */
  begin(corrected: CorrectedRecording, segment: number, bytes: number): Promise<void>;
  /** Append samples, int16 little-endian: neural channels, then sync words. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The segment is whole: its description is written beside it. */
  end(): Promise<void>;
  /** Give up the segment that was begun and not ended; nothing of it stays. */
  discard(): Promise<void>;
}

/** What a correction did. */
export interface CorrectionSummary {
  complete: boolean;
  /** what was done, as the description of every segment says */
  note: string;
  nChannels: number;
  /** channels of the original that were dropped because their tissue left the probe */
  nRemoved: number;
  /** bad channels filled from their neighbours */
  filled: number[];
  nSegments: number;
  doneSec: number;
  /** values that an int16 cannot hold and that were cut */
  nClipped: number;
  timesRealTime: number;
}

/** Events of a correction: stages, progress and warnings of any job. */
export type CorrectionEvent = Extract<JobEvent, { kind: "stage" | "progress" | "warning" }>;

/** A finished file in the browser's own storage, to be saved from there. */
export interface SavedFile {
  name: string;
  blob: Blob;
}

export interface CorrectionOutcome {
  summary: CorrectionSummary;
  /** empty where a folder was chosen: there they lie already */
  files: SavedFile[];
}
