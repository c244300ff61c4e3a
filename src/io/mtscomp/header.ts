import { AppError } from "../../core/errors.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { jsonIn } from "../sniff.ts";

/** Number types that numpy names and we decode. */
export const NUMBER_TYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export type NumberType = keyof typeof NUMBER_TYPES;
export type Numbers = InstanceType<(typeof NUMBER_TYPES)[NumberType]>;

/** What a .ch says of the chunks of its .cbin. */
export interface ChunkTable {
  path: string;
  nChannels: number;
  rateHz: number;
  type: NumberType;
  /** bytes of one sample of all channels */
  rowBytes: number;
  /** [nChunks + 1] samples, from 0, ascending */
  bounds: readonly number[];
  /** [nChunks + 1] bytes in the .cbin, ascending */
  offsets: readonly number[];
  /** whether the samples of one channel lie together ("F") or those of one time ("C") */
  order: "F" | "C";
  hasTimeDiff: boolean;
  hasSpatialDiff: boolean;
  /** sample of the whole recording that the first one here is, where only a part was taken out of it */
  choppedFrom: number | undefined;
}

const MAX_CHANNELS = 1e5;
const MAX_CHUNK_BYTES = 512 * 1024 * 1024; // a second of 385 channels takes 23 MB
/** zlib shrinks at most by 1032: two bits of a block can stand for 258 bytes. */
const MAX_RATIO = 1032;

/** Whether a file is the description of an mtscomp recording, by content: a JSON object with chunk bounds and offsets. */
export async function isChunkTable(source: ByteSource): Promise<boolean> {
  const json = await jsonIn(source);
  return json !== null && Array.isArray(json.chunk_bounds) && Array.isArray(json.chunk_offsets);
}

/** The sizes a description states, for pairing alone: nothing is checked. */
export async function statedSizes(
  source: ByteSource,
): Promise<{ compressed: unknown; nSamples: unknown; nChannels: unknown }> {
  const { chunk_offsets: offsets, chunk_bounds: bounds, n_channels: nChannels } = (await jsonIn(source)) ?? {};
  const last = (list: unknown): unknown => (Array.isArray(list) ? list[list.length - 1] : undefined);
  return { compressed: last(offsets), nSamples: last(bounds), nChannels };
}

/**
 * The description of an mtscomp recording (format version 1.0), checked against itself. Throws AppError for a compression,
 * number type or order we do not know, and for chunks that do not follow one another.
 */
export async function readChunkTable(source: ByteSource): Promise<ChunkTable> {
  const { path } = source;
  const json = await readJsonObject(source);
  const bad = (key: string, expected: string) => misfit(path, key, expected, json[key]);
  if (json.algorithm !== "zlib") throw bad("algorithm", 'to be "zlib", the only one mtscomp writes');
  const nChannels = json.n_channels;
  if (!isWhole(nChannels) || nChannels < 1 || nChannels > MAX_CHANNELS)
    throw bad("n_channels", "to count the channels");
  const rateHz = json.sample_rate;
  if (typeof rateHz !== "number" || !(rateHz >= 1 && rateHz < 1e9)) throw bad("sample_rate", "to be a rate in Hz");
  const type = json.dtype;
  if (typeof type !== "string" || !Object.hasOwn(NUMBER_TYPES, type)) throw bad("dtype", "to be a numpy type we read");
  const order: unknown = json.chunk_order;
  if (order !== "F" && order !== "C") throw bad("chunk_order", 'to be "F" or "C"');
  const { do_time_diff: hasTimeDiff, do_spatial_diff: hasSpatialDiff } = json;
  if (typeof hasTimeDiff !== "boolean") throw bad("do_time_diff", "to be true or false");
  if (typeof hasSpatialDiff !== "boolean") throw bad("do_spatial_diff", "to be true or false");
  const bounds = ascending(path, "chunk_bounds", json.chunk_bounds, "samples");
  const offsets = ascending(path, "chunk_offsets", json.chunk_offsets, "bytes");
  if (bounds[0] !== 0) throw bad("chunk_bounds", "to begin at sample 0");
  if (bounds.length !== offsets.length) {
    const expected = `to have ${bounds.length} entries, as many as chunk_bounds`;
    throw misfit(path, "chunk_offsets", expected, offsets.length);
  }
  const { chopped_first_sample: choppedFrom } = json;
  if (choppedFrom !== undefined && !(isWhole(choppedFrom) && choppedFrom >= 0)) {
    throw bad("chopped_first_sample", "to be a sample of the whole recording");
  }
  const numberType = type as NumberType;
  const rowBytes = nChannels * NUMBER_TYPES[numberType].BYTES_PER_ELEMENT;
  const table: ChunkTable = {
    path,
    nChannels,
    rateHz,
    type: numberType,
    rowBytes,
    bounds,
    offsets,
    order,
    hasTimeDiff,
    hasSpatialDiff,
    choppedFrom,
  };
  if (choppedFrom === undefined) checkShape(path, json.shape, table); // else it is that of the whole
  checkChunkSizes(table);
  return table;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function ascending(path: string, key: string, list: unknown, unit: string): number[] {
  if (!Array.isArray(list) || list.length < 2) throw misfit(path, key, `to be a list of at least two ${unit}`, list);
  for (let i = 0; i < list.length; i++) {
    const least = i === 0 ? 0 : (list[i - 1] as number) + 1;
    if (isWhole(list[i]) && list[i] >= least) continue;
    throw misfit(path, key, `to be ascending ${unit}, at least ${least} in entry ${i} (counting from 0)`, list[i]);
  }
  return list as number[];
}

function checkShape(
  path: string,
  shape: unknown,
  { bounds, nChannels }: Pick<ChunkTable, "bounds" | "nChannels">,
): void {
  if (shape === undefined) return;
  const expected = [bounds[bounds.length - 1], nChannels];
  if (Array.isArray(shape) && shape.length === 2 && shape.every((n, i) => n === expected[i])) return;
  throw misfit(path, "shape", `to be ${JSON.stringify(expected)}, the last of chunk_bounds and n_channels`, shape);
}

/** A chunk is unpacked whole: its size must be one that memory holds and its bytes can give. */
function checkChunkSizes({ path, rowBytes, bounds, offsets }: ChunkTable): void {
  for (let i = 0; i + 1 < bounds.length; i++) {
    const nBytes = (bounds[i + 1] - bounds[i]) * rowBytes;
    const nCompressed = offsets[i + 1] - offsets[i];
    const most = Math.min(MAX_CHUNK_BYTES, nCompressed * MAX_RATIO);
    if (nBytes <= most) continue;
    throw new AppError(
      "bad-file",
      `${path}: expected chunks of at most 512 MiB, and no larger than their compressed bytes can hold, found chunk ${i} (counting from 0) of ${nBytes} bytes in ${nCompressed} compressed ones.`,
      { path, chunk: i },
    );
  }
}

function misfit(path: string, key: string, expected: string, value: unknown): AppError {
  const text = value === undefined ? "none" : (JSON.stringify(value) ?? "none");
  const found = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new AppError("bad-file", `${path}: expected ${key} ${expected}, found ${found}.`, { path, key });
}
