import { AppError, assert } from "../../core/errors.ts";
import type { Recording } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import { unknownProbe } from "../geometry/unknownProbe.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { UNIT_OF_FILE } from "../recordings.ts";
import type { Meta } from "../spikeglx/meta.ts";
import { savedChannels } from "../spikeglx/ranges.ts";
import { recordingOf } from "../spikeglx/recording.ts";
import { countWholeChunks, decodedSource } from "./decodedSource.ts";
import { type ChunkTable, NUMBER_TYPES, readChunkTable } from "./header.ts";
import type { ChunkedSet } from "./pairing.ts";

/** A set that SpikeGLX's description belongs to. */
export type DescribedSet = ChunkedSet & { meta: NonNullable<ChunkedSet["meta"]> };

/** Chunks first, then descriptions. */
export function filesOf(sets: readonly ChunkedSet[]): ByteSource[] {
  const cbins = sets.flatMap(({ cbin }) => cbin ?? []);
  const metas = sets.flatMap(({ meta }) => meta?.source ?? []);
  return [...cbins, ...sets.map(({ table }) => table), ...metas, ...sets.flatMap(({ others }) => others)];
}

/** The recording SpikeGLX described, its samples decoded chunk by chunk; triggers of a run are its segments. Throws AppError. */
export async function describedRecording(sets: readonly DescribedSet[], title: string): Promise<RecordingSource> {
  const warnings: string[] = [];
  const pairs = [];
  for (const set of sets) {
    const table = await readChunkTable(set.table);
    requireFit(table, set.meta.meta);
    const binary = set.cbin && decodedSource(checked(set.cbin, table, warnings), table);
    const { source, meta } = set.meta;
    if (table.choppedFrom !== undefined) warnings.push(partInWords(table, table.choppedFrom));
    pairs.push({ source, binary, meta: table.choppedFrom === undefined ? meta : withoutSize(meta) });
  }
  const recording = recordingOf(pairs);
  return {
    ...recording,
    format: "mtscomp",
    title,
    warnings: [...warnings, ...recording.warnings],
    files: filesOf(sets),
  };
}

/** What the chunks alone tell: rate, channels and samples in bits. Throws AppError. */
export async function bareRecording(set: ChunkedSet, title: string): Promise<RecordingSource> {
  const { table: source, cbin } = set;
  assert(!set.meta, "a set without SpikeGLX's description");
  const table = await readChunkTable(source);
  const warnings: string[] = [];
  const bytes = cbin && decodedSource(checked(cbin, table, warnings), table);
  if (!bytes)
    warnings.push(`${source.path}: expected the .cbin it describes (${sizeOf(table)} bytes) beside it, found none.`);
  if (table.choppedFrom !== undefined) warnings.push(partInWords(table, table.choppedFrom));
  const { nChannels, sync } = neuralChannels(table);
  warnings.push(
    `${source.path}: expected the .meta that SpikeGLX wrote with it, found none; the scale is unknown, so amplitudes are in units of the file and not in µV, and channels are not shifted in time.`,
  );
  if (sync > 0) {
    warnings.push(
      `${source.path}: of its ${table.nChannels} channels the last was taken as the sync word, as probes have it.`,
    );
  }
  const nSamples = bytes ? bytes.size / table.rowBytes : 0;
  const recording: Recording = {
    stream: table.rateHz < 5000 ? "lf" : "ap",
    rateHz: table.rateHz,
    nChannels,
    nSavedChannels: table.nChannels,
    sync,
    segments: [{ startSec: 0, nSamples }],
    uvPerBit: new Float64Array(nChannels).fill(1),
    unit: UNIT_OF_FILE,
    delaySamples: new Float64Array(0),
    probe: unknownProbe(),
  };
  return {
    format: "mtscomp",
    title,
    recording,
    warnings,
    files: filesOf([set]),
    description: source,
    geometryWords: "the .meta beside it",
    async readSamples(segment, from, to) {
      assert(segment === 0, "a segment of this recording");
      assert(from >= 0 && from <= to && to <= nSamples, "samples of this segment");
      const isInt16 = table.type === "int16";
      if (!bytes || from === to) return isInt16 ? new Int16Array(0) : new Float32Array(0);
      const part = await bytes.read(from * table.rowBytes, to * table.rowBytes);
      const values = new NUMBER_TYPES[table.type](part.slice().buffer);
      return values instanceof Int16Array ? values : Float32Array.from(values);
    },
  };
}

/** A probe's 384 channels come with one sync word; nothing in the chunks says so. */
function neuralChannels({ nChannels, type }: ChunkTable): { nChannels: number; sync: number } {
  const sync = nChannels === 385 && type === "int16" ? 1 : 0;
  return { nChannels: nChannels - sync, sync };
}

function partInWords({ path, rateHz }: ChunkTable, firstSample: number): string {
  return `${path}: only a part of the recording, from its sample ${firstSample} (${Number((firstSample / rateHz).toFixed(3))} s) on; times count from there.`;
}

/** Without the size of the whole, which a part has not. */
function withoutSize({ path, values }: Meta): Meta {
  return { path, values: new Map([...values].filter(([key]) => key !== "fileSizeBytes")) };
}

function sizeOf({ offsets }: ChunkTable): number {
  return offsets[offsets.length - 1];
}

/** The file of chunks as it is. A warning when it ends before its last chunk; AppError when it goes on behind it. */
function checked(cbin: ByteSource, table: ChunkTable, warnings: string[]): ByteSource {
  const { path, size } = cbin;
  const expected = sizeOf(table);
  if (size > expected) {
    const message = `${path}: expected ${expected} bytes by ${table.path}, found ${size}; they do not belong together.`;
    throw new AppError("bad-file", message, { path, expected, found: size });
  }
  const nWhole = countWholeChunks(table, cbin);
  if (size < expected && nWhole > 0) {
    const nChunks = table.bounds.length - 1;
    warnings.push(
      `${path} is cut short: expected ${expected} bytes by ${table.path}, found ${size}; read up to its last whole chunk, ${nWhole} of ${nChunks} (${table.bounds[nWhole]} samples).`,
    );
  }
  return cbin;
}

function requireFit(table: ChunkTable, meta: Meta): void {
  const { nSaved } = savedChannels(meta);
  if (table.nChannels === nSaved && table.type === "int16") return;
  throw new AppError(
    "bad-file",
    `${table.path}: expected ${nSaved} channels of int16 by ${meta.path}, found ${table.nChannels} of ${table.type}.`,
    { path: table.path },
  );
}
