import type { NetworkSpec } from "../core/network/layout.ts";
import type { Motion, ProbeSites, Range, Recording, RecordingSegment, SpikeTable } from "../core/types.ts";
import type { RunResult } from "./methods.ts";
import type { TrainedModel } from "./models.ts";
import type { MotionNote } from "./motions.ts";

/** One file of a drop: where it lay and its handle. `path` is relative to what was dropped, with forward slashes. */
export interface DroppedFile {
  path: string;
  file: File;
  /** what it is known by where the file itself is no longer at hand; `file` is then empty */
  described?: { bytes: number; sha1OfFirstMb: string };
}

/** One unit of a sorting, and what the sorter or a person said of it. */
export interface UnitInfo {
  /** as the file numbers it */
  id: number;
  nSpikes: number;
  /** as the file words it, e.g. "good", "mua", "noise"; absent when nobody said */
  label?: string;
}

/** What one data set is, as `inspect` prints it and the page shows it. Small JSON only; the arrays are beside it. */
export interface DatasetInfo {
  /** the reader's id, e.g. "medicine-peaks" */
  format: string;
  /** what a person would call it, e.g. "MEDiCINe peaks" */
  title: string;
  kind: "recording" | "spikes" | "motion" | "model";
  warnings: string[];
  /** files that belong to it, as dropped */
  files: { path: string; bytes: number }[];
  durationSec: number;
  /** it was open at an earlier visit and its files are not at hand: what needs their samples waits for them */
  absent?: true;
  /** spikes only */
  nSpikes?: number;
  has?: string[];
  /** s, first and last */
  timeRangeSec?: Range;
  depthRangeUm?: Range;
  amplitudeRangeUv?: Range;
  /** what amplitudes are in, where that is not µV, e.g. "Kilosort's units" */
  amplitudeUnit?: string;
  /** units in ascending order of their numbers, where the spikes were sorted */
  units?: UnitInfo[];
  /** motion only */
  nTimeBins?: number;
  nDepthBins?: number;
  displacementRangeUm?: Range;
  /** what the session that exported it knew of it */
  note?: MotionNote;
  /** models only; a scale of 0 where the file does not say what waveforms are divided by */
  network?: NetworkSpec & { waveformScale: number; about: string };
  /** recordings only */
  rateHz?: number;
  /** neural channels */
  nChannels?: number;
  /** over all segments */
  nSamples?: number;
  segments?: RecordingSegment[];
  /** µV of one bit: one number when it is the same for every channel */
  uvPerBit?: number | number[];
  /** [nChannels] in samples; empty when not known */
  delaySamples?: number[];
  probe?: ProbeSites;
  /** sync words at the end of each sample */
  sync?: number;
}

/** One opened data set. Exactly one of `spikes`, `motion`, `recording` and `model` is there. */
export type OpenedDataset =
  /** `run`: what its own run directory says of how they were found, with curves and all positions */
  | { kind: "spikes"; info: DatasetInfo; spikes: SpikeTable; run?: RunResult }
  | { kind: "motion"; info: DatasetInfo; motion: Motion }
  | { kind: "recording"; info: DatasetInfo; recording: Recording }
  | { kind: "model"; info: DatasetInfo; model: TrainedModel };

/** What a sorter or a person has said beside the unit of each spike. */
export type Sorting = Pick<DatasetInfo, "units" | "amplitudeUnit">;

/** µV, unless the data set says otherwise. */
export function amplitudeUnitOf(info: Pick<DatasetInfo, "amplitudeUnit"> | null | undefined): string {
  return info?.amplitudeUnit ?? "µV";
}

/** What a person is told of a format. */
export interface FormatNotes {
  /** by what it is known, whatever the files are called, e.g. "a .meta with typeThis=imec beside its binary" */
  knownBy: string;
  /** what is read of it */
  reads: string;
  /** what of it is not read; "" when everything is */
  leaves: string;
}

/** One row of the table of formats. */
export interface FormatRow extends FormatNotes {
  /** the reader's id, as `inspect` names it */
  id: string;
  title: string;
}

/** One data set among files that were looked at, before anything but descriptions is read. Small: a list of them is shown. */
export interface FoundSet {
  /** tells it from the others of the same files; the same whenever they are looked at */
  key: string;
  /** the reader's id, and what a person would call it */
  format: string;
  title: string;
  /** null when it is broken before anyone can say what it is */
  kind: DatasetInfo["kind"] | null;
  /** folder it lies in, in words */
  place: string;
  /** path of its first file, as dropped */
  path: string;
  nFiles: number;
  bytes: number;
  /** recordings only */
  durationSec?: number;
  rateHz?: number;
  nChannels?: number;
  stream?: Recording["stream"];
  /** key of the recording that spikes are taken to be of; of motions also that of spikes. Absent where nothing tells which */
  partner?: string;
  /** one sentence on why it cannot be opened */
  error?: string;
}

/** A data set that was opened, by its key among what was found. */
export type OpenedSet = OpenedDataset & { key: string };

/** What a drop held and what of it was opened. */
export interface OpenOutcome {
  found: FoundSet[];
  /** what is on screen next, spikes first; every recording is described, and `recordingKey` says which is to be opened */
  opened: OpenedSet[];
  /** of `opened`, the recording to open; null for none */
  recordingKey: string | null;
  /** keys of the sets that were read */
  read: string[];
  /** a sentence for each set that was to be read and is broken */
  failures: string[];
}

/** "−85.3 µV", "12.3 (L2 norm of PC features)": a number in the unit of the data set, in a sentence. */
export function amplitudeInWords(amplitude: string, unit: string): string {
  return unit === "µV" ? `${amplitude} µV` : `${amplitude} (${unit})`;
}

/** What a file of spikes tells beyond its rows. */
export interface SpikeFacts {
  probe?: ProbeSites;
  durationSec?: number;
}

/** The duration counts only where the file states more than the time of its last spike. */
export function factsOfSpikes({ probe, durationSec, timeRangeSec }: DatasetInfo): SpikeFacts {
  const isKnown = timeRangeSec !== undefined && durationSec > timeRangeSec[1];
  return { ...(probe ? { probe } : {}), ...(isKnown ? { durationSec } : {}) };
}
