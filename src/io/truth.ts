import { AppError } from "../core/errors.ts";
import { joinShanks } from "../core/shankMotion.ts";
import type { DetectedSpikes, RecordingTruth } from "../core/spikeScore.ts";
import type { Motion } from "../core/types.ts";
import { type ByteSource, baseName, readJsonObject } from "./byteSource.ts";
import { type Column, columnOf, readColumn, readTable, requireEqualLengths } from "./columns.ts";
import { type Drop, type Folder, groupByFolder } from "./drop.ts";
import { requireSiblings } from "./readers/reader.ts";
import { spikeinterfaceMotion } from "./readers/spikeinterfaceMotion.ts";
import { TRUTH_FORMAT } from "./write/syntheticTruth.ts";

/** What is true of a simulated recording, with what is needed to compare. */
export interface SpikeTruth extends RecordingTruth {
  positionsUm: [xUm: number, yUm: number][];
  /** rms of the noise of a channel */
  noiseUv: number;
}

const TRUE_FILES = ["sample", "segment", "unit", "channel", "alpha", "xyz_um"].map((n) => `true_spike_${n}.npy`);

/** The truth folder among what was opened; null when there is none. Throws AppError when it is not whole. */
export async function readSpikeTruth(sources: readonly ByteSource[]): Promise<SpikeTruth | null> {
  const drop = groupByFolder(sources);
  for (const folder of drop.values()) {
    const source = folder.files.get("truth.json");
    const info = source ? await readJsonObject(source) : null;
    if (!source || info?.format !== TRUTH_FORMAT) continue;
    const motion = await readTrueMotion(drop, folder);
    return { ...(await readTruthFolder(folder, source.path, info)), ...(motion ? { motion } : {}) };
  }
  return null;
}

/** The motion below a truth folder: motion/, or motion_shank0/, motion_shank1/ … where shanks move apart. Null without any. */
async function readTrueMotion(drop: Drop, { path }: Folder): Promise<Motion | null> {
  const below = path === "" ? "" : `${path}/`;
  const motions: Motion[] = [];
  for (const name of ["motion", ...Array.from(drop.keys(), (_, shank) => `motion_shank${shank}`)]) {
    const folder = drop.get(`${below}${name}`);
    const [claim] = folder ? await spikeinterfaceMotion.find(new Map([[folder.path, folder]])) : [];
    const opened = await claim?.open();
    if (opened?.kind === "motion") motions.push(opened.motion);
  }
  return motions.length < 2 ? (motions[0] ?? null) : joinShanks(motions, [...motions.keys()], motions.length);
}

async function readTruthFolder(folder: Folder, path: string, info: Record<string, unknown>): Promise<SpikeTruth> {
  const files = requireSiblings(folder, TRUE_FILES, "The truth of a simulated recording");
  const [sample, segment, unit, channel, alpha] = await Promise.all(files.slice(0, 5).map((file) => readColumn(file)));
  const xyz = await readTable(files[5]);
  const [xUm, yUm, zUm] = [0, 1, 2].map((axis) => columnOf(xyz, axis));
  requireEqualLengths([sample, segment, unit, channel, alpha, xUm], "true spikes");
  const { rateHz, noiseUv, positionsUm } = info;
  if (typeof rateHz !== "number" || typeof noiseUv !== "number" || !isPositions(positionsUm)) {
    throw new AppError("bad-file", `${path}: expected rateHz, noiseUv and positionsUm, found not all of them.`, {
      path,
    });
  }
  checkChannels(channel, positionsUm.length);
  const columns = { sample, segment, channel, alpha, xUm, yUm, zUm };
  const spikes = Object.fromEntries(Object.entries(columns).map(([name, { values }]) => [name, values]));
  return {
    spikes: spikes as Record<keyof typeof columns, Float64Array>,
    unit: unit.values,
    rateHz,
    noiseUv,
    positionsUm,
  };
}

function isPositions(value: unknown): value is [number, number][] {
  return Array.isArray(value) && value.every((p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite));
}

function checkChannels({ path, values }: Column, nChannels: number): void {
  const row = values.findIndex((c) => !Number.isInteger(c) || c < 0 || c >= nChannels);
  if (row < 0) return;
  throw new AppError(
    "bad-data",
    `${path}: expected channels from 0 to ${nChannels - 1} of the simulated probe, found ${values[row]} in row ${row} (counting from 0).`,
    { path, row },
  );
}

/** The spikes a run detected, and where its localizers put them. */
export interface DetectedRun {
  spikes: DetectedSpikes;
  locations: { localizer: string; values: Float64Array; nColumns: number }[];
}

/**
 * spikes/sample_index.npy, channel.npy and, with several segments, segment.npy of a run directory, and every table of
 * locations/. Rows are brought into the order of segment and sample. Null when the run holds no detected
 * spikes. Throws AppError for tables that do not fit together.
 */
export async function readDetectedRun(sources: readonly ByteSource[], nChannels: number): Promise<DetectedRun | null> {
  const drop = groupByFolder(sources);
  const folder = folderNamed(drop, "spikes", ["sample_index.npy", "channel.npy"]);
  if (!folder) return null;
  const column = (name: string) => readColumn(folder.files.get(name)!);
  const [sample, channel] = [await column("sample_index.npy"), await column("channel.npy")];
  const segment = folder.files.has("segment.npy") ? await column("segment.npy") : null;
  requireEqualLengths([sample, channel, ...(segment ? [segment] : [])], "spikes");
  checkChannels(channel, nChannels);
  const order = inOrder(sample.values, segment?.values);
  const sorted = (values: Float64Array) => Float64Array.from(order, (i) => values[i]);
  return {
    spikes: {
      sample: sorted(sample.values),
      channel: sorted(channel.values),
      ...(segment ? { segment: sorted(segment.values) } : {}),
    },
    locations: await locationTables(drop, folder, order),
  };
}

/** Rows by segment, then sample; equal ones stay as they were. */
function inOrder(sample: Float64Array, segment: Float64Array | undefined): Uint32Array {
  return Uint32Array.from(sample, (_, i) => i).sort(
    (a, b) => (segment ? segment[a] - segment[b] : 0) || sample[a] - sample[b] || a - b,
  );
}

/**
 * Where each localizer of a run directory puts its spikes, by localizer: [N, 4] x, y, z, alpha, NaN where there is none, in
 * the order of time. Empty when the folder holds no locations. Throws AppError for tables that do not fit.
 */
export async function readLocations(sources: readonly ByteSource[]): Promise<Record<string, Float64Array>> {
  const drop = groupByFolder(sources);
  const folder = folderNamed(drop, "spikes", ["times_sec.npy"]);
  if (!folder) return {};
  const times = await readColumn(folder.files.get("times_sec.npy")!);
  const tables = await locationTables(drop, folder, inOrder(times.values, undefined));
  return Object.fromEntries(tables.map(({ localizer, ...table }) => [localizer, fourColumns(table)]));
}

function fourColumns({ values, nColumns }: { values: Float64Array; nColumns: number }): Float64Array {
  if (nColumns === 4) return values;
  const out = new Float64Array((values.length / nColumns) * 4).fill(Number.NaN);
  const kept = Math.min(4, nColumns);
  for (let i = 0; i * nColumns < values.length; i++) {
    for (let k = 0; k < kept; k++) out[4 * i + k] = values[i * nColumns + k];
  }
  return out;
}

async function locationTables(drop: Drop, spikes: Folder, order: Uint32Array): Promise<DetectedRun["locations"]> {
  const folder = drop.get(spikes.path.replace(/spikes$/, "locations"));
  const tables: DetectedRun["locations"] = [];
  for (const source of folder?.files.values() ?? []) {
    const localizer = baseName(source.path).replace(/\.npy$/, "");
    if (!source.path.endsWith(".npy")) continue;
    const { values, nRows, nColumns, path } = await readTable(source);
    if (nRows !== order.length) {
      throw new AppError("bad-file", `${path}: expected one row for each of ${order.length} spikes, found ${nRows}.`, {
        path,
      });
    }
    const sorted = new Float64Array(values.length);
    order.forEach((from, to) => {
      sorted.set(values.subarray(from * nColumns, (from + 1) * nColumns), to * nColumns);
    });
    tables.push({ localizer, values: sorted, nColumns });
  }
  return tables.sort((a, b) => (a.localizer < b.localizer ? -1 : 1));
}

function folderNamed(drop: Drop, name: string, needed: readonly string[]): Folder | undefined {
  return [...drop.values()].find(
    ({ path, files }) => (path === name || path.endsWith(`/${name}`)) && needed.every((n) => files.has(n)),
  );
}
