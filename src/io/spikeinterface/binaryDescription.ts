import type { ByteSource } from "../byteSource.ts";
import { dtypeInWords, parseDtype, type Scalar } from "../npy/dtype.ts";
import { jsonIn } from "../sniff.ts";
import {
  bad,
  inWords,
  isObject,
  type Json,
  MAX_CHANNELS,
  MAX_SEGMENTS,
  perChannel,
  rateHzOf,
  wholeNumber,
} from "./fields.ts";

/** What SpikeInterface's binary.json, or a description of one plain binary file, says of the samples. */
export interface BinaryDescription {
  source: ByteSource;
  /** one for each segment, as the file states them: relative to it, or absolute and perhaps gone */
  filePaths: string[];
  rateHz: number;
  nChannels: number;
  /** one number of a sample */
  scalar: Scalar;
  /** 0: samples × channels; 1: channels × samples */
  timeAxis: 0 | 1;
  /** bytes before the first sample */
  fileOffset: number;
  /** as text; null when there are none */
  channelIds: string[] | null;
  /** [nChannels] µV of one unit of a sample, and µV of a sample of 0; null when not known */
  gainUv: number[] | null;
  offsetUv: number[] | null;
  /** s of the first sample of each segment; null when none is stated */
  startSec: (number | null)[] | null;
  /** the samples were filtered before they were saved; null when nobody says */
  isFiltered: boolean | null;
  /** the file ends within a sample, as whoever described it knows: that one is left out */
  isCutShort: boolean;
}

const CLASS = /(^|\.)BinaryRecordingExtractor$/;
/** numpy's long names of the types one meets in raw files. */
const LONG_NAMES: Record<string, string> = {
  int8: "|i1",
  uint8: "|u1",
  int16: "<i2",
  uint16: "<u2",
  int32: "<i4",
  uint32: "<u4",
  int64: "<i8",
  uint64: "<u8",
  float16: "<f2",
  float32: "<f4",
  float64: "<f8",
};

/**
 * A JSON object that describes binary files of samples, known by its content whatever its name: `class` ends with
 * BinaryRecordingExtractor, or there is no class and `kwargs` names the files, the rate, the channels and the type. Null for
 * any other file; AppError when it is one, but something in it is missing or wrong.
 */
export async function readBinaryDescription(source: ByteSource): Promise<BinaryDescription | null> {
  if (!/\.json$/i.test(source.path)) return null;
  const json = await jsonIn(source);
  if (!json || !isObject(json.kwargs)) return null;
  const { kwargs } = json;
  if (json.class === undefined || json.class === null) {
    const keys = ["file_paths", "sampling_frequency", "dtype"];
    if (!keys.every((key) => kwargs[key] !== undefined)) return null;
  } else if (typeof json.class !== "string" || !CLASS.test(json.class)) {
    return null;
  }
  return parse(source, kwargs, json);
}

function parse(source: ByteSource, kwargs: Json, json: Json): BinaryDescription {
  const { path } = source;
  const filePaths = filePathsOf(path, kwargs.file_paths);
  const key = kwargs.num_channels === undefined ? "num_chan" : "num_channels";
  const nChannels = wholeNumber(path, kwargs[key] === undefined ? "num_channels" : key, kwargs[key], 1, MAX_CHANNELS);
  const timeAxis = kwargs.time_axis ?? 0;
  if (timeAxis !== 0 && timeAxis !== 1) throw bad(path, "time_axis to be 0 or 1", inWords(timeAxis));
  const properties = isObject(json.properties) ? json.properties : {};
  const annotations = isObject(json.annotations) ? json.annotations : {};
  const isFiltered = kwargs.is_filtered ?? annotations.is_filtered;
  return {
    source,
    filePaths,
    rateHz: rateHzOf(path, kwargs.sampling_frequency),
    nChannels,
    scalar: scalarOf(path, kwargs.dtype),
    timeAxis,
    fileOffset: wholeNumber(path, "file_offset", kwargs.file_offset ?? 0, 0, Number.MAX_SAFE_INTEGER),
    channelIds: channelIdsOf(path, kwargs.channel_ids, nChannels),
    gainUv: perChannel(path, "gain_to_uV", kwargs.gain_to_uV ?? properties.gain_to_uV, nChannels),
    offsetUv: perChannel(path, "offset_to_uV", kwargs.offset_to_uV ?? properties.offset_to_uV, nChannels),
    startSec: startsOf(path, kwargs.t_starts, filePaths.length),
    isFiltered: typeof isFiltered === "boolean" ? isFiltered : null,
    isCutShort: annotations.incomplete_last_sample === true,
  };
}

function filePathsOf(path: string, value: unknown): string[] {
  const list = typeof value === "string" ? [value] : value;
  const isList = Array.isArray(list) && list.length > 0 && list.length <= MAX_SEGMENTS;
  if (isList && list.every((one) => typeof one === "string" && one !== "")) return list;
  throw bad(path, "file_paths to be the names of its binary files", inWords(value));
}

/** A type as numpy writes it, short ("<i2") or long ("int16"); without a byte order it is little-endian. */
function scalarOf(path: string, value: unknown): Scalar {
  const text = typeof value === "string" ? (LONG_NAMES[value] ?? value.replace(/^(?![<>|=])/, "<")) : "";
  const scalar = parseDtype(text)?.scalar;
  if (scalar && scalar.kind !== "b") return scalar;
  const found = typeof value === "string" && parseDtype(text) ? dtypeInWords(text) : inWords(value);
  throw bad(path, "dtype to be a type of numbers such as int16 or float32", found);
}

function channelIdsOf(path: string, value: unknown, nChannels: number): string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.length === nChannels) return value.map(String);
  throw bad(path, `channel_ids of ${nChannels} channels`, Array.isArray(value) ? String(value.length) : inWords(value));
}

function startsOf(path: string, value: unknown, nSegments: number): (number | null)[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || value.length !== nSegments) {
    throw bad(path, `t_starts to be one time in s for each of ${nSegments} files`, inWords(value));
  }
  return value.map((one) => (typeof one === "number" && Number.isFinite(one) ? one : null));
}
