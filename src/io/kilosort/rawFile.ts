import { AppError, assert } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import type { Drop } from "../drop.ts";
import { foldersUpwards } from "../geometry/beside.ts";
import { unknownProbe } from "../geometry/unknownProbe.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { UNIT_OF_FILE } from "../recordings.ts";
import { readContacts } from "./contacts.ts";
import type { SorterFolder } from "./folder.ts";
import { type Params, paramsError, rateOf, rawPaths, wholeOf } from "./params.ts";
import { RAW_TYPES, type RawType, rawSamples } from "./rawSamples.ts";

/** The raw file of a folder: what can be opened, or why there is nothing to open. */
export interface RawFile {
  /** in the order they were sorted; empty where there is nothing to open */
  binaries: ByteSource[];
  /** another reader has it, with all that describes it */
  isElsewhere: boolean;
  /** what to tell of it; "" when there is nothing to tell */
  sentence: string;
}

const MAX_CHANNELS = 1e5;
const DATA_FILE = /\.(bin|dat|raw)$/i;

/**
 * The binary that dat_path names, by its base name, in the folder, those above it or, if it is the only one, anywhere; else
 * the only data file there or above whose size is whole samples. `all` is everything that was opened: what another reader has is left to it.
 */
export function findRawFile({ folder, params }: SorterFolder, rest: Drop, all: Drop): RawFile {
  const names = rawPaths(params).map((path) => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1));
  const found = names.map((name) => fileNamed(rest, folder.path, name));
  const binaries = found.filter((source) => source !== null);
  if (names.length > 0 && binaries.length === names.length) return { binaries, isElsewhere: false, sentence: "" };
  const stems = new Set([...all.values()].flatMap(({ files }) => [...files.keys()].map(stemOf)));
  if (names.some((name) => stems.has(stemOf(name))) && binaries.length === 0)
    return { binaries: [], isElsewhere: true, sentence: "" };
  const fitting = binaries.length === 0 ? filesOfWholeSamples(rest, folder.path, params) : [];
  const named = names.length === 0 ? "none" : names.slice(0, 3).join(", ");
  if (fitting.length === 1) {
    const [{ path }] = fitting;
    return {
      binaries: fitting,
      isElsewhere: false,
      sentence: `${path} was taken for the raw file by its size, which is whole samples; ${params.source.path} names ${named}.`,
    };
  }
  return {
    binaries: [],
    isElsewhere: false,
    sentence: `${params.source.path}: the raw file it names (${named}) is not among what was opened, and spikes were opened without it; for traces, drop it together with this folder and whatever describes it (.meta).`,
  };
}

const stemOf = (name: string) => name.replace(/\.[^.]*$/, "");

function fileNamed(drop: Drop, from: string, name: string): ByteSource | null {
  for (const path of [...foldersUpwards(from), ""]) {
    const here = drop.get(path)?.files.get(name);
    if (here) return here;
  }
  const anywhere = [...drop.values()].flatMap(({ files }) => files.get(name) ?? []);
  return anywhere.length === 1 ? anywhere[0] : null;
}

/** Only where a sorter is put: data of other folders fit by chance, and have descriptions of their own. */
function filesOfWholeSamples(drop: Drop, from: string, params: Params): ByteSource[] {
  const { values } = params;
  const [n, offset, type] = [values.get("n_channels_dat"), values.get("offset") ?? 0, typeOf(params)];
  if (typeof n !== "number" || typeof offset !== "number" || !type || !(n >= 1)) return [];
  return [...foldersUpwards(from), ""]
    .flatMap((path) => [...(drop.get(path)?.files.values() ?? [])])
    .filter(({ path, size }) => DATA_FILE.test(path) && size > offset && (size - offset) % (n * type.bytes) === 0);
}

function typeOf({ values }: Params): RawType | null {
  const name = values.get("dtype") ?? "int16";
  return typeof name === "string" ? (RAW_TYPES.get(name.replace(/^[<=|]/, "")) ?? null) : null;
}

/** The raw file as a recording: the channels of channel_map.npy, in its order, which is that of the spikes' channels. */
export async function openRawFile(
  sorter: SorterFolder,
  { binaries, sentence }: RawFile,
  format: string,
): Promise<RecordingSource> {
  const { folder, params } = sorter;
  const { source } = params;
  const rateHz = rateOf(params);
  const nColumns = wholeOf(params, "n_channels_dat", 1);
  if (nColumns > MAX_CHANNELS) throw paramsError(params, "n_channels_dat", `a count of channels up to ${MAX_CHANNELS}`);
  const offset = wholeOf(params, "offset", 0, 0);
  const type = typeOf(params);
  if (!type)
    throw paramsError(params, "dtype", `one of ${[...RAW_TYPES.keys()].filter((k) => k.length > 2).join(", ")}`);
  const warnings = sentence === "" ? [] : [sentence];
  const contacts = await readContacts(folder);
  const { columns, isPlaced } = columnsOf(
    sorter,
    contacts?.channelMap ?? null,
    contacts?.sites.positionsUm.length ?? 0,
    nColumns,
  );
  if (columns.length < nColumns)
    warnings.push(
      `${baseName(binaries[0].path)}: ${columns.length} of ${nColumns} columns are read, those of channel_map.npy, in its order.`,
    );
  const sampleBytes = nColumns * type.bytes;
  const parts = binaries.map((binary) => ({ binary, nSamples: countSamples(binary, offset, sampleBytes, warnings) }));
  const nSamples = parts.reduce((sum, part) => sum + part.nSamples, 0);
  if (parts.length > 1)
    warnings.push(
      `${source.path}: ${parts.length} raw files are read one after the other without a gap, as they were sorted.`,
    );
  warnings.push(
    `${source.path}: it does not say how many µV a unit of the raw file is; traces and amplitudes are in units of the file (1 µV each).`,
  );
  if (params.values.get("hp_filtered") === true)
    warnings.push(`${source.path}: the raw file is filtered already (hp_filtered = True).`);
  const read = rawSamples(parts, { type, nColumns, columns, offset });
  return {
    format,
    title: "Kilosort's raw file",
    recording: {
      stream: "ap",
      rateHz,
      nChannels: columns.length,
      nSavedChannels: columns.length,
      sync: 0,
      segments: [{ startSec: 0, nSamples }],
      uvPerBit: new Float64Array(columns.length).fill(1),
      unit: UNIT_OF_FILE,
      delaySamples: new Float64Array(0),
      probe:
        contacts && isPlaced
          ? contacts.sites
          : unknownProbe(
              [],
              columns.map(() => true),
            ),
    },
    warnings,
    files: [...binaries, source, ...(contacts?.files ?? [])],
    description: source,
    geometryWords: "channel_positions.npy",
    async readSamples(segment, from, to) {
      assert(segment === 0, "a segment of this recording");
      assert(from >= 0 && from <= to && to <= nSamples, "samples of this segment");
      return read(from, to);
    },
  };
}

/** Which columns of the raw file are channels, and whether their places are known. Throws AppError for one that is not there. */
function columnsOf(
  { folder, params }: SorterFolder,
  map: Float64Array | null,
  nPlaced: number,
  nColumns: number,
): { columns: number[]; isPlaced: boolean } {
  const all = Array.from({ length: nColumns }, (_, i) => i);
  if (!map) return { columns: all, isPlaced: nPlaced === nColumns };
  const beyond = map.find((column) => column >= nColumns);
  if (beyond === undefined) return { columns: [...map], isPlaced: true };
  throw new AppError(
    "bad-file",
    `${folder.files.get("channel_map.npy")?.path}: expected columns from 0 to ${nColumns - 1} (n_channels_dat of ${params.source.path}), found ${beyond}.`,
    { found: beyond },
  );
}

/** Whole samples behind the first `offset` bytes. Throws AppError where there are none. */
function countSamples({ path, size }: ByteSource, offset: number, sampleBytes: number, warnings: string[]): number {
  const nSamples = Math.floor((size - offset) / sampleBytes);
  if (nSamples < 1) {
    const room = offset > 0 ? ` behind the first ${offset} bytes` : "";
    throw new AppError(
      "bad-file",
      `${path}: expected samples of ${sampleBytes} bytes${room}, found ${size} bytes in all.`,
      { path },
    );
  }
  const left = size - offset - nSamples * sampleBytes;
  if (left > 0)
    warnings.push(
      `${path}: expected whole samples of ${sampleBytes} bytes, found ${left} bytes behind the last one; they were left out.`,
    );
  return nSamples;
}
