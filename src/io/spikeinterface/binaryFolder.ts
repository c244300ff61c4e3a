import { AppError } from "../../core/errors.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { type Drop, type Folder, fileBelow } from "../drop.ts";
import type { Numbers } from "../npy/decode.ts";
import { decodeRun } from "../npy/decode.ts";
import { readNpyHeader } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { jsonIn } from "../sniff.ts";
import type { BinaryDescription } from "./binaryDescription.ts";
import { isObject } from "./fields.ts";
import { channelProperties } from "./properties.ts";
import { savedRecordings } from "./saved.ts";
import { startByTimes } from "./times.ts";

/** A description with its binaries, one for each segment. */
export interface DescribedBinary {
  description: BinaryDescription;
  binaries: ByteSource[];
}

/** Files of other formats, which are never samples however well their size may fit. */
const OTHER_FORMAT =
  /\.(npy|npz|zip|json|jsonl|txt|md|csv|tsv|png|svg|pdf|html|py|mat|meta|cbin|ch|nwb|h5|xml|log|pkl)$/i;

const frameBytes = ({ scalar, nChannels }: BinaryDescription) => scalar.bytes * nChannels;

/**
 * The binaries of a description: where it says (relative to it), by their base names beside it (the folder was moved), or,
 * for a description of one file, the only file beside it that holds whole samples. Null when one is not there.
 */
export function binariesOf(
  description: BinaryDescription,
  drop: Drop,
  folder: Folder,
  taken: ReadonlySet<ByteSource>,
): ByteSource[] | null {
  const found = description.filePaths.map((stated) => {
    const path = stated.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    return fileBelow(drop, folder.path, path) ?? folder.files.get(baseName(path));
  });
  const there = found.flatMap((file) => file ?? []);
  if (there.length === found.length) return there;
  if (found.length > 1) return null;
  const fitting = [...folder.files.values()].filter((file) => {
    const bytes = file.size - description.fileOffset;
    return !taken.has(file) && !OTHER_FORMAT.test(file.path) && bytes > 0 && bytes % frameBytes(description) === 0;
  });
  return fitting.length === 1 ? fitting : null;
}

/** What else SpikeInterface saves beside a description: read for channels, probes and times, or only known. */
export interface FolderParts {
  properties: Folder | undefined;
  probes: ByteSource | undefined;
  times: Map<number, ByteSource>;
  others: ByteSource[];
}

export function folderParts(drop: Drop, folder: Folder): FolderParts {
  const times = new Map<number, ByteSource>();
  for (const [name, file] of folder.files) {
    const segment = /^times_cached_seg(\d+)\.npy$/.exec(name)?.[1];
    if (segment !== undefined) times.set(Number(segment), file);
  }
  const known = ["si_folder.json", "provenance.json", "spikeinterface_info.json"];
  return {
    properties: drop.get(folder.path === "" ? "properties" : `${folder.path}/properties`),
    probes: folder.files.get("probegroup.json") ?? folder.files.get("probe.json"),
    times,
    others: known.flatMap((name) => folder.files.get(name) ?? []),
  };
}

/** Every file of the parts, properties in the end. */
export function filesOfParts({ properties, probes, times, others }: FolderParts): ByteSource[] {
  return [...(probes ? [probes] : []), ...times.values(), ...others, ...(properties?.files.values() ?? [])];
}

/** The recording, one for each probe. Throws AppError for a binary that is empty or holds no whole samples. */
export async function binaryRecordings(
  { description, binaries }: DescribedBinary,
  parts: FolderParts,
  identity: { format: string; title: string; files: readonly ByteSource[]; warnings: readonly string[] },
): Promise<RecordingSource[]> {
  const { source, nChannels, rateHz, scalar } = description;
  const warnings = [...identity.warnings];
  const nSamples = binaries.map((binary) => countSamples(description, binary, warnings));
  const properties = await channelProperties(parts.properties, nChannels, warnings);
  const segments: { nSamples: number; startSec: number | null }[] = [];
  for (const [i, n] of nSamples.entries()) {
    const times = parts.times.get(i);
    const byTimes = times && (await timesOf(times, n, rateHz, warnings));
    segments.push({ nSamples: n, startSec: byTimes ?? description.startSec?.[i] ?? null });
  }
  return savedRecordings({
    ...identity,
    warnings,
    description: source,
    rateHz,
    nSaved: nChannels,
    channelIds: description.channelIds,
    segments,
    gainUv: properties.gainUv ?? description.gainUv,
    offsetUv: properties.offsetUv ?? description.offsetUv,
    shiftSamples: properties.shiftSamples,
    isFiltered: await isFiltered(description, parts),
    geometry: {
      path: parts.probes?.path ?? source.path,
      probes: parts.probes && ((await jsonIn(parts.probes))?.probes ?? []),
      locationUm: properties.locationUm,
      group: properties.group,
    },
    geometryWords: "probegroup.json or probe.json of its folder",
    isInt16: scalar.kind === "i" && scalar.bytes === 2,
    read: (segment, from, to) => readNumbers(description, binaries[segment], nSamples[segment], from, to),
  });
}

/** The folder's own annotations stand over those of the description, which is of what was saved. */
async function isFiltered(description: BinaryDescription, { others }: FolderParts): Promise<boolean | null> {
  const folder = others.find(({ path }) => baseName(path) === "si_folder.json");
  const annotations = folder && (await jsonIn(folder))?.annotations;
  const stated = isObject(annotations) ? annotations.is_filtered : undefined;
  return typeof stated === "boolean" ? stated : description.isFiltered;
}

async function timesOf(
  times: ByteSource,
  nSamples: number,
  rateHz: number,
  warnings: string[],
): Promise<number | null> {
  const { path } = times;
  const header = await readNpyHeader(times);
  const [n = 0] = header.shape;
  if (header.shape.length !== 1 || n !== nSamples) {
    warnings.push(`${path}: expected ${nSamples} times in s, one for each sample, found ${n}; they are not used.`);
    return null;
  }
  const [first] = await readNpyRows(times, header, 0, 1);
  const [last] = await readNpyRows(times, header, n - 1, n);
  return startByTimes(path, first, last, nSamples, rateHz, warnings);
}

function countSamples(description: BinaryDescription, { path, size }: ByteSource, warnings: string[]): number {
  const { source, nChannels, fileOffset } = description;
  const bytes = size - fileOffset;
  const perSample = frameBytes(description);
  const nSamples = Math.floor(bytes / perSample);
  const detail = { path, expected: perSample, found: size };
  if (bytes <= 0) {
    const after = fileOffset > 0 ? ` after an offset of ${fileOffset}` : "";
    throw new AppError("bad-file", `${path} is empty: expected samples${after}, found ${size} bytes.`, detail);
  }
  if (bytes === nSamples * perSample) return nSamples;
  if (description.isCutShort && nSamples > 0) {
    warnings.push(
      `${path} ends within a sample of ${nChannels} channels (${perSample} bytes each): the last ${bytes - nSamples * perSample} bytes were left out.`,
    );
    return nSamples;
  }
  throw new AppError(
    "bad-file",
    `${path}: expected whole samples of ${nChannels} channels (${perSample} bytes each, by ${source.path}), found ${bytes} bytes, ${bytes - nSamples * perSample} too many.`,
    detail,
  );
}

/** Channel runs asked of a disk at once, where each channel lies on its own. */
const RUNS_AT_ONCE = 16;

async function readNumbers(
  description: BinaryDescription,
  binary: ByteSource,
  nSamples: number,
  from: number,
  to: number,
): Promise<Numbers> {
  const { scalar, nChannels, timeAxis, fileOffset } = description;
  const n = to - from;
  if (timeAxis === 0) {
    const start = fileOffset + from * frameBytes(description);
    const bytes = await binary.read(start, start + n * frameBytes(description));
    return numbersOf(bytes, scalar, n * nChannels, binary.path);
  }
  const isInt16 = scalar.kind === "i" && scalar.bytes === 2;
  const out = isInt16 ? new Int16Array(n * nChannels) : new Float32Array(n * nChannels);
  for (let c = 0; c < nChannels; c += RUNS_AT_ONCE) {
    const runs = Array.from({ length: Math.min(RUNS_AT_ONCE, nChannels - c) }, async (_, k) => {
      const start = fileOffset + ((c + k) * nSamples + from) * scalar.bytes;
      const bytes = await binary.read(start, start + n * scalar.bytes);
      const values = numbersOf(bytes, scalar, n, binary.path);
      for (let i = 0; i < n; i++) out[i * nChannels + c + k] = values[i];
    });
    await Promise.all(runs);
  }
  return out;
}

/** int16 and float32 as the machine reads them share memory where alignment allows; every other type becomes float64. */
function numbersOf(bytes: Uint8Array, scalar: BinaryDescription["scalar"], count: number, path: string): Numbers {
  const isPlain = scalar.littleEndian && (scalar.kind === "i" ? scalar.bytes === 2 : scalar.bytes === 4);
  if (isPlain && scalar.kind !== "u") {
    const aligned = bytes.byteOffset % scalar.bytes === 0 ? bytes : bytes.slice();
    return scalar.kind === "i"
      ? new Int16Array(aligned.buffer, aligned.byteOffset, count)
      : new Float32Array(aligned.buffer, aligned.byteOffset, count);
  }
  const isInt16 = scalar.kind === "i" && scalar.bytes === 2;
  const out = new Float64Array(count);
  const unsafe = decodeRun({
    bytes,
    scalar,
    byteStart: 0,
    byteStep: scalar.bytes,
    count,
    out,
    outStart: 0,
    outStep: 1,
  });
  if (unsafe < 0) return isInt16 ? Int16Array.from(out) : out;
  throw new AppError("bad-file", `${path}: expected integers below 2^53, found a larger one.`, { path });
}
