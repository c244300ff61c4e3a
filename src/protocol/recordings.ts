import type { ParamValues, Recipe } from "./methods.ts";

/** What crosses threads about a raw recording: stretches of traces, one spike's waveform, runs that can be resumed. */

/** A stretch of a recording as read and as preprocessed, side by side. */
export interface TraceWindow {
  segment: number;
  /** s from the first sample of the recording */
  startSec: number;
  rateHz: number;
  nSamples: number;
  /** channels of the recording, all neural ones, from the lowest shank and depth upwards */
  channels: Int32Array;
  /** what values are in, where that is not µV */
  unit?: string;
  /** [nSamples, nChannels] µV in the order of `channels`, each channel without its median */
  raw: Float32Array;
  /** the same after preprocessing; NaN for channels that it leaves out */
  processed: Float32Array;
  /** what was done, in words, e.g. "300 Hz high-pass, phase shift, global median" */
  processing: string;
}

/** Where to read traces, and with which preprocessing (parameters of the step that detects). */
export interface TraceRequest {
  segment: number;
  /** s from the first sample of the recording, middle of the window; moved inside the segment where it reaches out */
  centerSec: number;
  durationSec: number;
  params: ParamValues;
}

/** Which number of a waveform its localizers were given. */
export interface MeasuredAmplitude {
  feature: "ptp" | "energy" | "peak_voltage";
  on: "raw" | "denoised";
  /** samples [from, to) */
  from: number;
  to: number;
}

/** One spike on the channels around it. */
export interface SpikeWaveform {
  /** row in the table of spikes */
  index: number;
  /** what a person calls it, where the table is an extract of a longer one; absent where that is the row */
  number?: number;
  /** [K] channel of each slot, nearest first */
  channels: Int32Array;
  /** [K] µm */
  positionsUm: [xUm: number, yUm: number][];
  nSamples: number;
  /** samples before the peak */
  samplesBefore: number;
  rateHz: number;
  /** [K, nSamples] µV, preprocessed, read back from the file; imported ones as the file has them, see `unit` */
  raw: Float32Array;
  /** [K, nSamples] µV, mean + projection on the principal components; null when none were fitted */
  denoised: Float32Array | null;
  /** what each localizer says, by its id: x, y, z µm, alpha µV·µm */
  locations: Record<string, [xUm: number, yUm: number, zUm: number, alpha: number]>;
  /** place from which local coordinates count, µm, where the data set says it; absent: the mean of the contacts */
  anchorUm?: [xUm: number, yUm: number];
  /** what the localizers measured on each contact; absent: peak to peak of raw over all samples */
  measured?: MeasuredAmplitude;
  /** of raw and denoised, in words; absent when that is µV */
  unit?: string;
  /** what a person should know about these samples, in sentences; absent when there is nothing */
  note?: string;
}

/** What a run would need before it starts. */
export interface RunEstimate {
  /** largest memory at any moment, bytes */
  memoryBytes: number;
  /** room for intermediate results, bytes */
  diskBytes: number;
  /** what the figures assume, in words */
  basis: string;
}

/** A run that was stopped, by a person or by a reload, and can go on where it was once its recording or spikes are open again. */
export interface UnfinishedRun {
  /** folder of its record in the scratch */
  key: string;
  /** name of the first file of the recording, or of the spikes */
  path: string;
  /** of all their files */
  bytes: number;
  /** the step that was under way, from 0, and how much of it was done, 0 to 1 */
  step: { index: number; method: string; title: string; share: number };
  nSpikes: number;
  savedAt: string;
  /** with the steps that led to the one under way, also where that was run alone */
  recipe: Recipe;
}

/** Where local positions count from. */
export interface SpikeAnchors {
  /** [N, 2] x, y of the middle of each spike's channels, µm; null where that cannot be known */
  anchorsUm: Float32Array | null;
  /** what is needed for them, one sentence; null when they are there */
  missing: string | null;
}
