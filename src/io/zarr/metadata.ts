import { bad, inWords, isObject, type Json } from "../spikeinterface/fields.ts";
import { elementBytes } from "./codecs.ts";

/** What is known of an array before it is opened, out of the description of either version of Zarr. */
export interface ArrayShape {
  shape: number[];
  /** of a file: of a shard, where chunks are gathered in shards */
  fileShape: number[];
  /** of what is decoded at once */
  chunkShape: number[];
  /** as Zarr 3 names it, e.g. "int16"; "v2:U8" for text of fixed length */
  dataType: string;
  /** name of the file of a chunk, below the array */
  fileName(coords: readonly number[]): string;
  /** for numbers: what stands where a chunk is missing */
  fill: number;
}

/** Chunks of hundreds of MB cannot be read by range; SpikeInterface writes one second, some 20 MB. */
const MAX_CHUNK_BYTES = 512 * 1024 * 1024;
const V2_TYPES: Record<string, string> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
};
Object.assign(V2_TYPES, { u4: "uint32", i8: "int64", u8: "uint64", f2: "float16", f4: "float32", f8: "float64" });

/** Codecs that are read; others are named in a sentence. */
const KNOWN_CODECS = ["blosc", "zstd", "lz4", "gzip", "zlib", "shuffle", "delta", "fixedscaleoffset", "crc32c"];
const V3_CODECS = [...KNOWN_CODECS, "bytes", "transpose", "sharding_indexed", "vlen-utf8"];
const V2_FILTERS = [...KNOWN_CODECS, "vlen-utf8"];

/** Shape, chunks and type of an array. Throws AppError for what is missing, contradicts itself or cannot be decoded. */
export function parseArray(path: string, json: Json): ArrayShape {
  const found = json.zarr_format === 3 ? parseV3(path, json) : parseV2(path, json);
  const { shape, chunkShape, fileShape, dataType } = found;
  if (chunkShape.length !== shape.length || fileShape.length !== shape.length) {
    throw bad(path, `chunks of ${shape.length} dimensions, as its shape has`, String(chunkShape.length));
  }
  const bytes = chunkShape.reduce((product, n) => product * n, elementBytes(dataType) ?? 1);
  if (bytes > MAX_CHUNK_BYTES) {
    throw bad(path, "chunks of at most 512 MiB; save it with chunks of about one second", `chunks of ${bytes} bytes`);
  }
  return found;
}

/** The file that holds a chunk, below its array. */
export function fileOfChunk(coords: readonly number[], { fileName, fileShape, chunkShape }: ArrayShape): string {
  return fileName(coords.map((c, k) => Math.floor((c * chunkShape[k]) / fileShape[k])));
}

function parseV2(path: string, json: Json): ArrayShape {
  if (json.zarr_format !== 2) throw bad(path, "zarr_format to be 2 or 3", inWords(json.zarr_format));
  const chunkShape = wholeNumbers(path, "chunks", json.chunks, 1);
  const { dtype } = json;
  if (typeof dtype !== "string") throw bad(path, "dtype to be one type of numbers or text", inWords(dtype));
  const dataType = V2_TYPES[dtype.slice(1)] ?? (/^[<>|][US]\d+$/.test(dtype) ? `v2:${dtype.slice(1)}` : "");
  if (dataType === "" && dtype !== "|O") throw bad(path, "dtype to be a type of numbers or text", inWords(dtype));
  const { compressor } = json;
  if (compressor !== null && compressor !== undefined) requireKnown(path, compressor, "id", KNOWN_CODECS);
  for (const filter of listOf(path, "filters", json.filters ?? [])) {
    requireKnown(path, filter, "id", V2_FILTERS);
    if (isObject(filter) && filter.id === "delta" && filter.astype !== undefined && filter.astype !== dtype) {
      throw bad(path, `a Delta filter of the array's own type ${dtype}`, inWords(filter.astype));
    }
  }
  const separator = json.dimension_separator === "/" ? "/" : ".";
  return {
    shape: wholeNumbers(path, "shape", json.shape, 0),
    chunkShape,
    fileShape: chunkShape,
    dataType: dataType === "" ? "v2:object" : dataType,
    fileName: (coords) => coords.join(separator) || "0",
    fill: fillOf(json.fill_value),
  };
}

function parseV3(path: string, json: Json): ArrayShape {
  const fileShape = wholeNumbers(path, "chunk_shape", configurationOf(json.chunk_grid).chunk_shape, 1);
  const { data_type: dataType } = json;
  if (typeof dataType !== "string") throw bad(path, "data_type to be a type of numbers or text", inWords(dataType));
  if (dataType !== "string" && elementBytes(dataType) === null)
    throw bad(path, "data_type to be a type of numbers or text", inWords(dataType));
  const codecs = listOf(path, "codecs", json.codecs);
  for (const codec of codecs) requireKnown(path, codec, "name", V3_CODECS);
  const sharding = codecs.find((codec) => isObject(codec) && codec.name === "sharding_indexed");
  const inner = configurationOf(sharding);
  const chunkShape = sharding ? wholeNumbers(path, "chunk_shape of its shards", inner.chunk_shape, 1) : fileShape;
  if (sharding) {
    for (const key of ["codecs", "index_codecs"]) {
      for (const codec of listOf(path, key, inner[key])) requireKnown(path, codec, "name", V3_CODECS);
    }
    if (!fileShape.every((n, k) => n % chunkShape[k] === 0))
      throw bad(path, "shards of whole chunks", `${fileShape} over ${chunkShape}`);
  }
  const encoding = isObject(json.chunk_key_encoding) ? json.chunk_key_encoding : {};
  const isDefault = encoding.name !== "v2";
  const separator = configurationOf(encoding).separator ?? (isDefault ? "/" : ".");
  return {
    shape: wholeNumbers(path, "shape", json.shape, 0),
    chunkShape,
    fileShape,
    dataType,
    fileName: (coords) => (isDefault ? ["c", ...coords] : coords).join(separator === "." ? "." : "/") || "0",
    fill: fillOf(json.fill_value),
  };
}

function configurationOf(value: unknown): Json {
  return isObject(value) && isObject(value.configuration) ? value.configuration : {};
}

function fillOf(value: unknown): number {
  if (typeof value === "number") return value;
  return value === "NaN" ? Number.NaN : 0;
}

function listOf(path: string, key: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(path, `${key} to be a list`, inWords(value));
}

function wholeNumbers(path: string, key: string, value: unknown, least: number): number[] {
  const isRight = (one: unknown) => typeof one === "number" && Number.isSafeInteger(one) && one >= least;
  if (Array.isArray(value) && value.length <= 8 && value.every(isRight)) return value;
  throw bad(path, `${key} to be whole numbers of at least ${least}`, inWords(value));
}

function requireKnown(path: string, codec: unknown, key: "id" | "name", known: readonly string[]): void {
  const name = isObject(codec) ? codec[key] : codec;
  if (typeof name === "string" && known.includes(name.replace(/^numcodecs\./, ""))) return;
  const advice = 'save the recording again with another compressor, e.g. Blosc, or with format="binary"';
  throw bad(
    path,
    "a compression that can be read here (Blosc, Zstandard, LZ4, gzip or zlib)",
    `${inWords(name)}; ${advice}`,
  );
}
