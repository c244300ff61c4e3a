import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { type Column, readColumn } from "../columns.ts";
import { type Drop, type Folder, fileBelow, folderInWords } from "../drop.ts";
import { readProbeinterface } from "../geometry/probeinterface.ts";
import { type NpyHeader, readNpyHeader } from "../npy/header.ts";
import { headOf } from "../sniff.ts";
import { segmentClock } from "../spikeinterface/segmentClock.ts";
import { spikesDataset } from "../spikes.ts";
import type { Claim, Reader } from "./reader.ts";

/** Column names of the two generations of SpikeInterface's peak type. */
const GENERATIONS = [
  { sample: "sample_index", channel: "channel_index", segment: "segment_index" },
  { sample: "sample_ind", channel: "channel_ind", segment: "segment_ind" },
] as const;
const ASSUMED_RATE_HZ = 30000; // the nominal rate of every Neuropixels AP band

interface Structured {
  source: ByteSource;
  columns: readonly string[];
}

/**
 * SpikeInterface's peaks and peak locations, two structured .npy told apart by their columns, and the motion_info folder
 * around them with its motion. The rate comes from a JSON beside them; without one (before 0.99), 30000 Hz are assumed with a warning.
 */
export const spikeinterfacePeaks: Reader = {
  id: "spikeinterface-peaks",
  title: "SpikeInterface peaks",
  about: {
    knownBy:
      "two structured .npy told apart by their columns (sample_index and amplitude; x and y), whatever their names; motion_info folders",
    reads:
      "times, channels, amplitudes, positions with z and alpha; the rate from a JSON beside them; several segments where the motion beside them tells how they lie in time",
    leaves: "",
  },
  async find(drop, all = drop) {
    const found = await Promise.all([...drop.values()].map((folder) => findInFolder(all, folder)));
    return found.flat();
  },
};

async function findInFolder(all: Drop, folder: Folder): Promise<Claim[]> {
  const tables = await structuredFiles(folder);
  const peaks = tables.filter((t) =>
    GENERATIONS.some((g) => t.columns.includes(g.sample) && t.columns.includes("amplitude")),
  );
  // a recording's table of contacts has x and y too, and nothing to do with peaks
  const locations = tables.filter(
    ({ columns }) => columns.includes("x") && columns.includes("y") && !columns.includes("device_channel_indices"),
  );
  if (peaks.length === 0 && !locations.some((t) => t.source.path.endsWith("peak_locations.npy"))) return [];
  if (peaks.length !== 1 || locations.length !== 1) {
    const found = [...peaks, ...locations].map((t) => t.source.path).join(", ");
    throw new AppError(
      peaks.length + locations.length > 2 ? "ambiguous" : "bad-file",
      `SpikeInterface peaks in ${folderInWords(folder.path)}: expected one table of peaks and one of locations, found ${peaks.length} and ${locations.length} (${found}).`,
      { peaks: peaks.length, locations: locations.length },
    );
  }
  const descriptions = await descriptionsIn(folder);
  const { title } = spikeinterfacePeaks;
  const files = [peaks[0].source, locations[0].source, ...descriptions];
  const segments = segmentsBeside(all, folder);
  return [
    {
      title,
      kind: "spikes",
      place: folderInWords(folder.path),
      files,
      open: () => openPeaks(peaks[0], locations[0], descriptions, files, segments),
    },
  ];
}

/** What may state the rate: every JSON that is neither a motion's description nor a probe's. */
async function descriptionsIn({ files }: Folder): Promise<ByteSource[]> {
  const out: ByteSource[] = [];
  for (const [name, source] of files) {
    if (!name.endsWith(".json") || name === "spikeinterface_info.json") continue;
    if (!(await readProbeinterface(source))) out.push(source);
  }
  return out;
}

/** Structured .npy files of a folder. Files that are not readable .npy at all are left to whoever needs them. */
async function structuredFiles(folder: Folder): Promise<Structured[]> {
  const out: Structured[] = [];
  for (const [name, source] of folder.files) {
    if (!name.endsWith(".npy") || !(await mayBeStructured(name, source))) continue;
    const header =
      name === "peaks.npy" || name === "peak_locations.npy" ? await readNpyHeader(source) : await headerOrNull(source);
    if (header?.fields.length) out.push({ source, columns: header.fields.map((f) => f.name) });
  }
  return out;
}

/** Columns stand first in a header, as a list of pairs; seen in the head that every reader shares. */
async function mayBeStructured(name: string, source: ByteSource): Promise<boolean> {
  if (name === "peaks.npy" || name === "peak_locations.npy") return true;
  return new TextDecoder("latin1").decode((await headOf(source)).subarray(0, 256)).includes("[(");
}

async function headerOrNull(source: ByteSource): Promise<NpyHeader | null> {
  try {
    return await readNpyHeader(source);
  } catch (error) {
    if (error instanceof AppError) return null; // some other reader's file; it says what is wrong when it is asked for
    throw error;
  }
}

async function openPeaks(
  peaks: Structured,
  locations: Structured,
  descriptions: readonly ByteSource[],
  files: readonly ByteSource[],
  segments: Segments,
): Promise<OpenedDataset> {
  const names = GENERATIONS.find((g) => peaks.columns.includes(g.sample)) ?? GENERATIONS[0];
  const warnings: string[] = [];
  const segment = peaks.columns.includes(names.segment) ? await readColumn(peaks.source, names.segment) : null;
  const startsSec = segment && (await startsOf(segment, segments));
  const rateHz = await findRate(descriptions, peaks.source.path, warnings);
  const sampleIndex = await readColumn(peaks.source, names.sample);
  const startSec = (row: number) => (startsSec && segment ? startsSec[segment.values[row]] : 0);
  const seconds = sampleIndex.values.map((sample, row) => startSec(row) + sample / rateHz);
  const timeSec = { path: sampleIndex.path, values: seconds };
  const position = async (axis: string) =>
    locations.columns.includes(axis) ? readColumn(locations.source, axis) : undefined;
  const { id: format, title } = spikeinterfacePeaks;
  return spikesDataset({
    format,
    title,
    files,
    warnings,
    timeSec,
    sampleIndex,
    ...(startsSec && segment ? { segment } : {}),
    ampUv: await readColumn(peaks.source, "amplitude"),
    channel: peaks.columns.includes(names.channel) ? await readColumn(peaks.source, names.channel) : undefined,
    depthUm: await readColumn(locations.source, "y"),
    xUm: await position("x"),
    zUm: await position("z"),
    alpha: await position("alpha"),
  });
}

/** What may tell how segments lie in time. */
interface Segments {
  bins: ByteSource[];
  parameters: ByteSource | undefined;
}

function segmentsBeside(all: Drop, { path }: Folder): Segments {
  const bins: ByteSource[] = [];
  const next = () => fileBelow(all, path, `motion/temporal_bins_s_seg${bins.length}.npy`);
  for (let found = next(); found; found = next()) bins.push(found);
  return { bins, parameters: fileBelow(all, path, "parameters.json") };
}

/**
 * s of the first sample of each segment; null for one that begins at 0. The gaps between segments are not in the peaks: where nothing beside tells
 * them, their times cannot be put on one clock.
 */
async function startsOf({ path, values }: Column, { bins, parameters }: Segments): Promise<number[] | null> {
  const clock = bins.length > 0 ? await segmentClock(bins, parameters) : null;
  if (clock && values.every((segment) => clock.startsSec[segment] !== undefined))
    return clock.startsSec.length > 1 || clock.startsSec[0] !== 0 ? clock.startsSec : null;
  const row = values.findIndex((segment) => segment !== values[0]);
  if (row < 0) return null;
  throw new AppError(
    "bad-data",
    `${path}: expected the peaks of one segment, found segment ${values[row]} after ${values[0]} in row ${row} (counting from 0); save each segment on its own.`,
    { path, row },
  );
}

async function findRate(descriptions: readonly ByteSource[], peaksPath: string, warnings: string[]): Promise<number> {
  for (const source of descriptions) {
    const rateHz = rateIn(await readJsonObject(source), 0);
    if (rateHz === null) continue;
    if (rateHz > 0 && Number.isFinite(rateHz)) return rateHz;
    throw new AppError("bad-data", `${source.path}: expected a sampling rate in Hz above 0, found ${rateHz}.`, {
      path: source.path,
    });
  }
  warnings.push(
    `${peaksPath}: no file beside it states the sampling rate, so ${ASSUMED_RATE_HZ} Hz is assumed; if the recording had another, all times are off by that factor.`,
  );
  return ASSUMED_RATE_HZ;
}

/** "sampling_frequency" wherever it stands in a description, a few levels deep. */
function rateIn(value: unknown, depth: number): number | null {
  if (typeof value !== "object" || value === null || depth > 4) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "sampling_frequency" && typeof inner === "number") return inner;
    const found = rateIn(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
