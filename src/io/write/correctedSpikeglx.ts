import { AppError } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import type { CorrectedRecording } from "../../protocol/correction.ts";
import { baseName } from "../byteSource.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { listOf, type Meta, readMeta } from "../spikeglx/meta.ts";
import { originalName } from "../spikeglx/pairing.ts";
import { probeByPartNumber } from "../spikeglx/probeTable.ts";
import { savedChannels } from "../spikeglx/ranges.ts";
import { textFile, type WrittenFile } from "./file.ts";

/** A recording that came with no description of SpikeGLX has been running for a moment before it starts. */
const FIRST_SAMPLE = 3000;
const MAX_INT = 32768;
const SHANK_WIDTH_UM = 70;

/** Names and descriptions of the corrected files of a recording. */
export interface CorrectedFiles {
  /** name of a segment's files without extension */
  stem(segment: number): string;
  description(corrected: CorrectedRecording, segment: number): WrittenFile;
}

/** By the descriptions that the recording came with; by what is known of it where there is not one for each segment. */
export async function correctedFiles(source: RecordingSource): Promise<CorrectedFiles> {
  const { files, recording } = source;
  const metas = (await Promise.all(files.map(readMeta))).filter((meta) => meta !== null);
  const ofSegment = (segment: number) => (metas.length === recording.segments.length ? metas[segment] : null);
  const stem = (segment: number) => correctedStem(ofSegment(segment), files[0]?.path ?? "recording", segment);
  const description = (corrected: CorrectedRecording, segment: number) =>
    correctedMetaFile(ofSegment(segment), stem(segment), corrected, segment);
  return { stem, description };
}

/** "_corrected" before the gate, so that the run is another one and nothing of the original can be overwritten. */
function correctedStem(meta: Meta | null, path: string, segment: number): string {
  const name = meta ? originalName(meta) || baseName(meta.path) : "";
  const stem = (name || `${baseName(path).replace(/\.[^.]*$/, "")}_g0_t${segment}.imec0.ap.bin`).replace(/\.\w+$/, "");
  return /_g\d+_t/.test(stem) ? stem.replace(/_g(\d+)_t/, "_corrected_g$1_t") : `${stem}_corrected`;
}

/**
 * The description of a segment after correction. What the original says of the probe, the run and the time stays; counts,
 * sizes, the list of saved channels and the maps are those of the channels that are left, and `driftscopeCorrection` says
 * what was done. Where there is no original, what a reader needs is said (SpikeGLX's UserManual, "Metadata").
 */
function correctedMetaFile(
  original: Meta | null,
  stem: string,
  corrected: CorrectedRecording,
  segment: number,
): WrittenFile {
  const { recording, note } = corrected;
  const { nSavedChannels, rateHz, segments } = recording;
  const { nSamples } = segments[segment];
  const values = new Map(original?.values ?? generalValues(recording, segment));
  const set = (changes: Record<string, string | number>) => {
    for (const [key, value] of Object.entries(changes)) values.set(key, String(value));
  };
  set({
    fileName: `${stem}.bin`,
    fileSizeBytes: 2 * nSamples * nSavedChannels,
    fileTimeSecs: nSamples / rateHz,
    nSavedChans: nSavedChannels,
    driftscopeCorrection: note,
    ...(original ? channelKeys(original, corrected) : {}),
    "~snsGeomMap": geometryMap(original, recording),
  });
  // what would be wrong of the new samples
  for (const key of ["fileSHA1", "snsMaxChan"]) values.delete(key);
  const isAligned = recording.delaySamples.length > 0 && recording.delaySamples.every((delay) => delay === 0);
  if (isAligned) set({ "~muxTbl": oneGroup(values.get("acqApLfSy"), recording.nChannels) });
  return textFile(`${stem}.meta`, [...values].map(([key, value]) => `${key}=${value}\n`).join(""));
}

/** Counts, saved channels and the maps of those left. */
function channelKeys(original: Meta, { recording, channels }: CorrectedRecording): Record<string, string> {
  const saved = savedChannels(original);
  const kept = [...channels];
  const { nChannels, sync } = recording;
  const columns = [...kept, ...Array.from({ length: sync }, (_, s) => saved.nChannels + s)];
  const acquired = acquiredNumbers(original, saved.nSaved);
  const keys: Record<string, string> = {
    snsApLfSy: saved.stream === "ap" ? `${nChannels},0,${sync}` : `0,${nChannels},${sync}`,
    snsSaveChanSubset: rangesOf(columns.map((c) => acquired[c])),
  };
  const [shankHeader, ...sites] = listOf(original, "~snsShankMap");
  if (shankHeader !== undefined && sites.length > 0) {
    const own = sites.length === saved.nChannels ? sites : saved.channel.map((c) => sites[c]);
    keys["~snsShankMap"] = `(${shankHeader})${kept.map((c) => `(${own[c]})`).join("")}`;
  }
  const [mapHeader, ...entries] = listOf(original, "~snsChanMap");
  if (mapHeader !== undefined && entries.length === saved.nSaved) {
    const own = columns.map((c, order) => `(${entries[c].replace(/:\d+$/, `:${order}`)})`);
    keys["~snsChanMap"] = `(${mapHeader})${own.join("")}`;
  }
  return keys;
}

/** Acquired channel behind each saved column: AP, then LF, then sync. */
function acquiredNumbers(meta: Meta, nSaved: number): number[] {
  const text = meta.values.get("snsSaveChanSubset") ?? "all";
  if (/^(all)?$/i.test(text)) return Array.from({ length: nSaved }, (_, i) => i);
  return text.split(",").flatMap((part) => {
    const [first, last = first] = part.split(":").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** [0, 1, 2, 7] → "0:2,7". */
function rangesOf(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (end + 1 < numbers.length && numbers[end + 1] === numbers[end] + 1) end++;
    parts.push(end > i ? `${numbers[i]}:${numbers[end]}` : String(numbers[i]));
    i = end + 1;
  }
  return parts.join(",");
}

/** Header (part, shanks, shank pitch, shank width); sites (shank:x:z:used), x from the left edge of its own shank. */
function geometryMap(original: Meta | null, { probe }: Recording): string {
  const known = probeByPartNumber(probe.partNumber)?.shankPitchUm ?? 0;
  const [header = `${probe.partNumber || "unknown"},${probe.nShanks},${known},${SHANK_WIDTH_UM}`] = original
    ? listOf(original, "~snsGeomMap")
    : [];
  const pitchUm = Number(header.split(",")[2]);
  const number = (value: number) => String(Number(value.toFixed(4)));
  const sites = probe.positionsUm.map(([x, y], c) => {
    const shank = probe.shank[c];
    return `(${shank}:${number(x - shank * pitchUm)}:${number(y)}:${probe.connected[c] ? 1 : 0})`;
  });
  return `(${header})${sites.join("")}`;
}

/** All channels converted at the same moment. */
function oneGroup(acquired: string | undefined, nChannels: number): string {
  const n = Math.max(nChannels, Number((acquired ?? "").split(",")[0]) || 0);
  return `(${n},1)(${Array.from({ length: n }, (_, i) => i).join(" ")})`;
}

/** A description of a recording that came without one of SpikeGLX. Throws AppError where channels differ in scale. */
function generalValues({ rateHz, nChannels, sync, stream, uvPerBit, segments, probe }: Recording, segment: number) {
  if (uvPerBit.some((uv) => uv !== uvPerBit[0]))
    throw new AppError("bad-data", "Expected one scale for all channels to write for SpikeGLX, found several.");
  const counts = stream === "ap" ? `${nChannels},0,${sync}` : `0,${nChannels},${sync}`;
  const gain = 1e6 / MAX_INT / uvPerBit[0]; // of a full range of 1 V
  return Object.entries({
    acqApLfSy: counts,
    firstSample: FIRST_SAMPLE + Math.round(segments[segment].startSec * rateHz),
    imAiRangeMax: 1,
    imAiRangeMin: -1,
    imMaxInt: MAX_INT,
    [stream === "ap" ? "imChan0apGain" : "imChan0lfGain"]: gain,
    imDatPrb_pn: probe.partNumber,
    imSampRate: rateHz,
    snsApLfSy: counts,
    snsSaveChanSubset: "all",
    typeThis: "imec",
  }).map(([key, value]): [string, string] => [key, String(value)]);
}
