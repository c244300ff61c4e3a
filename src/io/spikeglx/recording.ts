import { AppError, assert } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { delaySamplesOf } from "./delays.ts";
import { uvPerBitOf } from "./gains.ts";
import { probeOf, probeSites } from "./geometry.ts";
import { type Meta, numberOf, optionalNumber } from "./meta.ts";
import { originalName, type Pair } from "./pairing.ts";
import { savedChannels } from "./ranges.ts";

/** What one description says, before the size of its binary is looked at. */
type Described = Omit<Recording, "segments">;

/** Rate, channels, scale and geometry out of a description. Throws AppError for what is missing or contradicts itself. */
export function describeMeta(meta: Meta, warnings: string[]): Described {
  const rateHz = numberOf(meta, "imSampRate", 1);
  const saved = savedChannels(meta);
  const name = probeOf(meta, warnings);
  return {
    stream: saved.stream,
    rateHz,
    nChannels: saved.nChannels,
    nSavedChannels: saved.nSaved,
    sync: saved.sync,
    uvPerBit: uvPerBitOf(meta, saved, name.facts, warnings),
    delaySamples: delaySamplesOf(meta, saved, name.facts, warnings),
    probe: probeSites(meta, saved, name),
  };
}

/**
 * Triggers of one run, probe and band belong together: the same name but for _t0, _t1 …, and everything that says how a
 * sample is to be read. A gate (_g0, _g1) is a recording of its own.
 */
export function sameRecordingKey({ source, meta }: Pair): string {
  const name = originalName(meta) || source.path.replace(/^.*\//, "");
  const keys = [
    "imSampRate",
    "snsApLfSy",
    "snsSaveChanSubset",
    "imDatPrb_sn",
    "imAiRangeMax",
    "~imroTbl",
    "~snsGeomMap",
  ];
  return [name.replace(/_t\d+(?=\.)/, "_t"), ...keys.map((key) => meta.values.get(key) ?? "")].join("\n");
}

/**
 * One recording out of the triggers of a run, in the order they were recorded; each starts where its `firstSample` lies
 * behind that of the first. A binary that is missing or shorter than described gives a warning, and what is there is read.
 */
export function recordingOf(triggers: readonly Pair[]): RecordingSource {
  const warnings: string[] = [];
  const parts = triggers
    .map((pair) => ({ ...pair, firstSample: firstSampleOf(pair.meta, triggers.length) }))
    .sort((a, b) => a.firstSample - b.firstSample);
  refuseSameStart(parts);
  const described = describeMeta(parts[0].meta, warnings);
  const { nSavedChannels, rateHz } = described;
  const segments = parts.map((part) => ({
    startSec: (part.firstSample - parts[0].firstSample) / rateHz,
    nSamples: countSamples(part, nSavedChannels, rateHz, warnings),
  }));
  return {
    format: "spikeglx",
    title: titleOf(parts[0].meta),
    recording: { ...described, segments },
    warnings,
    files: filesOf(parts),
    description: parts[0].source,
    geometryWords: "~snsGeomMap, in ~snsShankMap of a probe we know",
    async readSamples(segment, from, to) {
      assert(segment in segments, "a segment of this recording");
      assert(from >= 0 && from <= to && to <= segments[segment].nSamples, "samples of this segment");
      const { binary } = parts[segment];
      if (!binary || from === to) return new Int16Array(0);
      const sampleBytes = 2 * nSavedChannels;
      return int16Of(await binary.read(from * sampleBytes, to * sampleBytes));
    },
  };
}

/** Binaries first, then descriptions. */
export function filesOf(triggers: readonly Pair[]): ByteSource[] {
  return [...triggers.flatMap(({ binary }) => binary ?? []), ...triggers.map(({ source }) => source)];
}

/** With the band, as far as it can be told before anything is checked. */
export function titleOf(meta: Meta): string {
  const isLf = /^\s*0\s*,/.test(meta.values.get("snsApLfSy") ?? "");
  return `SpikeGLX ${isLf ? "LF" : "AP"}`;
}

function firstSampleOf(meta: Meta, nTriggers: number): number {
  return nTriggers > 1 ? numberOf(meta, "firstSample", 0) : (optionalNumber(meta, "firstSample", 0) ?? 0);
}

function refuseSameStart(parts: readonly { source: ByteSource; firstSample: number }[]): void {
  for (let i = 1; i < parts.length; i++) {
    if (parts[i].firstSample !== parts[i - 1].firstSample) continue;
    throw new AppError(
      "ambiguous",
      `Expected triggers of one run to start one after the other, found that ${parts[i - 1].source.path} and ${parts[i].source.path} both start at sample ${parts[i].firstSample}; open them one at a time.`,
      { path: parts[i].source.path },
    );
  }
}

/** Samples in the binary, by its real size. A cut-short file loses its last, incomplete sample. Throws AppError. */
function countSamples({ source, meta, binary }: Pair, nSaved: number, rateHz: number, warnings: string[]): number {
  const declared = optionalNumber(meta, "fileSizeBytes", 0);
  if (!binary) {
    const size = declared === undefined ? "" : ` (${declared} bytes)`;
    warnings.unshift(`${source.path}: expected the binary it describes${size} beside it, found none.`);
    return 0;
  }
  const sampleBytes = 2 * nSaved;
  const nSamples = Math.floor(binary.size / sampleBytes);
  const detail = { path: binary.path, expected: declared ?? null, found: binary.size };
  if (binary.size === 0) {
    throw new AppError("bad-file", `${binary.path} is empty: expected samples, found 0 bytes.`, detail);
  }
  const isCut = declared !== undefined && binary.size < declared;
  if (binary.size !== nSamples * sampleBytes && !isCut) {
    throw new AppError(
      "bad-file",
      `${binary.path}: expected whole samples of ${nSaved} channels (${sampleBytes} bytes each, by ${source.path}), found ${binary.size} bytes, ${binary.size - nSamples * sampleBytes} too many.`,
      detail,
    );
  }
  if (declared !== undefined && binary.size !== declared) {
    const verdict = isCut ? "is cut short" : "is longer than described";
    const sec = Number((nSamples / rateHz).toPrecision(4));
    warnings.push(
      `${binary.path} ${verdict}: expected ${declared} bytes by ${source.path}, found ${binary.size}; read as ${nSamples} samples (${sec} s).`,
    );
  }
  return nSamples;
}

/** Little-endian int16 out of bytes that may lie anywhere in their buffer. Shares memory where alignment allows. */
function int16Of(bytes: Uint8Array): Int16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}
