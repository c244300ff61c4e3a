import type { ProbeSites, RecordingSegment, SpikeTable } from "../core/types.ts";
import type { NotedMotion } from "./motions.ts";

/** What SpikeInterface and probeinterface take of what is open. */
export type SpikeinterfaceForm = "probeinterface" | "peaks" | "motion-info";

/** What is open, as far as an export to SpikeInterface may need it. */
export interface SpikeinterfaceGiven {
  spikes: SpikeTable | null;
  motions: readonly NotedMotion[];
  /** contacts of the recordings, else of the spikes; `name` tells their files apart */
  probes: readonly { name: string; probe: ProbeSites }[];
  /** of the recording, where one is open; a rate alone (`segments` empty) where only that is known */
  clock?: { rateHz: number; segments: readonly RecordingSegment[] };
}

/** A file to save, and what a reader should know of how it was made. */
export interface SpikeinterfaceFile {
  blob: Blob;
  name: string;
  notes: string[];
}
