import { assert } from "../../core/errors.ts";
import type { Recording, RecordingSegment, Samples } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Numbers } from "../npy/decode.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { UNIT_OF_FILE } from "../recordings.ts";
import { type ProbePart, probeParts, type SavedGeometry } from "./probes.ts";
import { type Scale, scaledSamples, scaleOf, staysInt16 } from "./scale.ts";

/** A recording as SpikeInterface saves it, whatever holds its numbers. */
export interface SavedRecording {
  /** the reader's id and what a person would call it */
  format: string;
  title: string;
  description: ByteSource;
  files: readonly ByteSource[];
  rateHz: number;
  nSaved: number;
  channelIds: readonly string[] | null;
  segments: { nSamples: number; startSec: number | null }[];
  gainUv: number[] | null;
  offsetUv: number[] | null;
  /** [nSaved] property inter_sample_shift: how much later than the first a channel was sampled, in samples */
  shiftSamples: number[] | null;
  isFiltered: boolean | null;
  geometry: SavedGeometry;
  /** where the description would have said where the sites lie */
  geometryWords: string;
  isInt16: boolean;
  warnings: string[];
  /** Numbers [to − from, nSaved] of a segment, as stored. Throws AppError. */
  read(segment: number, from: number, to: number): Promise<Numbers>;
}

/** SpikeGLX's and Open Ephys' names of the channel of sync words. */
const SYNC_ID = /(#SY\d+|_SYNC)$/i;
const LF_ID = /(\.lf#|^LFP?\d+$)/i;
const MAX_LF_RATE_HZ = 5000; // LF bands have 2500 Hz at most, AP bands 20 kHz at least

/**
 * One recording for each probe, with the segments in the order of the files. Sync channels are known by their ids, where
 * they come last. Throws AppError as scaleOf does.
 */
export function savedRecordings(saved: SavedRecording): RecordingSource[] {
  const { description, rateHz, nSaved, files } = saved;
  const ids = saved.channelIds ?? [];
  let sync = 0;
  while (sync < nSaved - 1 && SYNC_ID.test(ids[nSaved - 1 - sync] ?? "")) sync++;
  const nChannels = nSaved - sync;
  const warnings = [...saved.warnings];
  const scale = scaleOf(description.path, { nChannels, nSaved }, saved.gainUv, saved.offsetUv, warnings);
  if (saved.isFiltered) {
    warnings.push(
      `${description.path} says that the samples were filtered before they were saved (is_filtered); leave the filter out of the preprocessing.`,
    );
  }
  const segments = placedSegments(saved, warnings);
  const delaySamples = delaysOf(saved, nChannels, warnings);
  const parts = probeParts(nChannels, saved.geometry, warnings);
  const stream: Recording["stream"] = rateHz <= MAX_LF_RATE_HZ || ids.some((id) => LF_ID.test(id)) ? "lf" : "ap";
  return parts.map((part, k) => {
    const { channels, probe } = part;
    return {
      format: saved.format,
      title: parts.length > 1 ? `${saved.title}, probe ${k + 1}` : saved.title,
      description,
      geometryWords: saved.geometryWords,
      warnings: k === 0 ? warnings : [...warnings],
      // recordings are told apart by their first file
      files: [...files.slice(k, k + 1), ...files.slice(0, k), ...files.slice(k + 1)],
      recording: {
        stream,
        rateHz,
        nChannels: channels.length,
        nSavedChannels: channels.length + sync,
        sync,
        segments,
        uvPerBit: Float64Array.from(channels, (c) => scale.uvPerBit[c]),
        ...(saved.gainUv ? {} : { unit: UNIT_OF_FILE }),
        delaySamples: delaySamples ? Float64Array.from(channels, (c) => delaySamples[c]) : new Float64Array(0),
        probe,
      },
      readSamples: (segment, from, to) => readPart(saved, scale, part, sync, segment, from, to),
    };
  });
}

async function readPart(
  saved: SavedRecording,
  scale: Scale,
  { channels }: ProbePart,
  sync: number,
  segment: number,
  from: number,
  to: number,
): Promise<Samples> {
  const { segments, nSaved } = saved;
  assert(segment in segments, "a segment of this recording");
  assert(from >= 0 && from <= to && to <= segments[segment].nSamples, "samples of this segment");
  if (from === to) return staysInt16(saved.isInt16, scale) ? new Int16Array(0) : new Float32Array(0);
  const samples = scaledSamples(await saved.read(segment, from, to), scale);
  if (channels.length + sync === nSaved) return samples;
  const nSync = Array.from({ length: sync }, (_, i) => nSaved - sync + i);
  return pickedColumns(samples, nSaved, [...channels, ...nSync]);
}

function pickedColumns(samples: Samples, nSaved: number, picked: readonly number[]): Samples {
  const nRows = samples.length / nSaved;
  const out =
    samples instanceof Int16Array ? new Int16Array(nRows * picked.length) : new Float32Array(nRows * picked.length);
  let at = 0;
  for (let row = 0; row < samples.length; row += nSaved) for (const c of picked) out[at++] = samples[row + c];
  return out;
}

/**
 * Segments on one clock that starts with the first. Where a start is not known, or one lies before the one before, they
 * follow one another without gaps, and a warning says so.
 */
function placedSegments({ segments, rateHz, description }: SavedRecording, warnings: string[]): RecordingSegment[] {
  const startsSec = segments.map(({ startSec }) => startSec);
  const first = startsSec[0] ?? 0;
  const isPlaced = startsSec.every((start, i) => start !== null && (i === 0 || start > (startsSec[i - 1] ?? Infinity)));
  if (segments.length > 1 && !isPlaced) {
    const found = startsSec.some((start) => start === null) ? "none" : "starts that do not ascend";
    warnings.push(
      `${description.path}: expected when each of its ${segments.length} segments starts (times or t_starts), found ${found}; they are taken to follow one another without gaps.`,
    );
  }
  let nBefore = 0;
  return segments.map(({ nSamples, startSec }) => {
    const startSecOfAll = isPlaced ? (startSec ?? 0) - first : nBefore / rateHz;
    nBefore += nSamples;
    return { startSec: startSecOfAll, nSamples };
  });
}

/** Null when the file says nothing, or nothing that can be. */
function delaysOf(
  { shiftSamples, description }: SavedRecording,
  nChannels: number,
  warnings: string[],
): number[] | null {
  if (!shiftSamples) return null;
  const neural = shiftSamples.slice(0, nChannels);
  if (neural.every((shift) => shift >= 0 && shift < 1)) return neural;
  const wrong = neural.findIndex((shift) => !(shift >= 0 && shift < 1));
  warnings.push(
    `${description.path}: expected inter_sample_shift from 0 to below 1 sample, found ${neural[wrong]} for channel ${wrong}; channels are not shifted in time.`,
  );
  return null;
}
