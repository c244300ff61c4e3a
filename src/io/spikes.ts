import { AppError } from "../core/errors.ts";
import type { ProbeSites, Range, SpikeTable } from "../core/types.ts";
import type { OpenedDataset, UnitInfo } from "../protocol/datasets.ts";
import type { ByteSource } from "./byteSource.ts";
import { type Column, notFinite, requireEqualLengths, requireFinite } from "./columns.ts";
import { unknownProbe } from "./geometry/unknownProbe.ts";

export type SpikesDataset = Extract<OpenedDataset, { kind: "spikes" }>;

/** What a reader found, before it is checked. Every column has one row per spike, in the order of the file. */
export interface RawSpikes {
  format: string;
  title: string;
  files: readonly ByteSource[];
  warnings: string[];
  timeSec: Column;
  depthUm: Column;
  ampUv: Column;
  xUm?: Column;
  zUm?: Column;
  alpha?: Column;
  channel?: Column;
  sampleIndex?: Column;
  segment?: Column;
  shank?: Column;
  /** unit numbers as the file has them, −1 for none */
  unit?: Column;
  /** what was said of units, by their numbers; units without spikes are left out */
  unitLabels?: ReadonlyMap<number, string>;
  /** what amplitudes are in, where that is not µV */
  amplitudeUnit?: string;
  /** further things the data set has beside the table, e.g. "waveforms" */
  alsoHas?: readonly string[];
  /** where the channels lie, when the data set says so */
  positionsUm?: ProbeSites["positionsUm"];
}

const MAX_FLOAT32 = 3.4028234663852886e38;
const OPTIONAL = ["xUm", "zUm", "alpha", "channel", "sampleIndex", "segment", "shank", "unit"] as const;
const HAS_WORDS = {
  xUm: "x",
  zUm: "z",
  alpha: "alpha",
  channel: "channels",
  sampleIndex: "sampleIndex",
  segment: "segments",
  shank: "shanks",
  unit: "units",
} as const;

/**
 * The one place where spikes are checked. Throws AppError for unequal lengths, no spikes, NaN or infinite times, depths or
 * amplitudes, negative times, and sample or channel numbers that are not whole. Warns and goes on for times out of order (sorted, stable), for depths that are all
 * equal, and for an optional column with NaN (left out).
 */
export function spikesDataset(raw: RawSpikes): SpikesDataset {
  const warnings = [...raw.warnings];
  const needed = [raw.timeSec, raw.depthUm, raw.ampUv];
  const optional = OPTIONAL.flatMap((key) => raw[key] ?? []);
  requireEqualLengths([...needed, ...optional], "spikes");
  requireSpikes(raw.timeSec);
  requireFinite(raw.timeSec);
  requireFinite(raw.depthUm);
  requireFinite(raw.ampUv, MAX_FLOAT32);
  requireNotNegative(raw.timeSec);
  if (raw.sampleIndex) requireWhole(raw.sampleIndex, "sample numbers");
  if (raw.channel) requireWhole(raw.channel, "channel numbers");
  if (raw.segment) requireWhole(raw.segment, "segment numbers");
  if (raw.shank) requireWhole(raw.shank, "shank numbers");
  if (raw.unit) requireWhole(raw.unit, "unit numbers");
  const order = sortedOrder(raw.timeSec, warnings);
  const spikes: SpikeTable = {
    nSpikes: raw.timeSec.values.length,
    timeSec: inOrder(raw.timeSec, order),
    depthUm: inOrder(raw.depthUm, order),
    ampUv: Float32Array.from(inOrder(raw.ampUv, order)),
  };
  const has = ["times", "depths", "amplitudes"];
  for (const key of OPTIONAL) {
    const column = usable(raw[key], warnings);
    if (!column) continue;
    has.push(HAS_WORDS[key]);
    const values = inOrder(column, order);
    if (key === "channel" || key === "segment" || key === "shank" || key === "unit")
      spikes[key] = Int32Array.from(values);
    else spikes[key] = values;
  }
  const depthRangeUm = rangeOf(spikes.depthUm);
  if (depthRangeUm[0] === depthRangeUm[1] && spikes.nSpikes > 1) {
    warnings.push(
      `${raw.depthUm.path}: every spike has the same depth (${depthRangeUm[0]} µm); motion cannot be seen in that.`,
    );
  }
  const timeRangeSec = [spikes.timeSec[0], spikes.timeSec[spikes.nSpikes - 1]] as const;
  return {
    kind: "spikes",
    spikes,
    info: {
      format: raw.format,
      title: raw.title,
      kind: "spikes",
      warnings,
      files: raw.files.map((f) => ({ path: f.path, bytes: f.size })),
      durationSec: timeRangeSec[1],
      nSpikes: spikes.nSpikes,
      has: [...has, ...(raw.alsoHas ?? [])],
      timeRangeSec,
      depthRangeUm,
      amplitudeRangeUv: rangeOf(spikes.ampUv),
      ...(raw.amplitudeUnit ? { amplitudeUnit: raw.amplitudeUnit } : {}),
      ...(spikes.unit ? { units: unitsOf(spikes.unit, raw.unitLabels) } : {}),
      ...(raw.positionsUm ? { probe: unknownProbe(raw.positionsUm) } : {}),
    },
  };
}

/** Units that have spikes, in ascending order. */
function unitsOf(unit: Int32Array, labels: ReadonlyMap<number, string> | undefined): UnitInfo[] {
  const counts = new Map<number, number>();
  for (const id of unit) if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([id, nSpikes]) => {
      const label = labels?.get(id);
      return { id, nSpikes, ...(label === undefined ? {} : { label }) };
    });
}

/** Lowest and highest of at least one finite value. */
export function rangeOf(values: ArrayLike<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

function requireSpikes({ path, values }: Column): void {
  if (values.length > 0) return;
  throw new AppError("bad-data", `${path}: expected at least one spike, found none.`, { path });
}

function requireNotNegative({ path, values }: Column): void {
  const first = values.findIndex((v) => v < 0);
  if (first < 0) return;
  const count = values.reduce((n, v) => n + Number(v < 0), 0);
  throw new AppError(
    "bad-data",
    `${path}: expected times from the first sample on, found ${count} negative, the first (${values[first]}) in row ${first} (counting from 0).`,
    { path, count, row: first },
  );
}

function requireWhole({ path, values }: Column, what: string): void {
  const row = values.findIndex((v) => !Number.isSafeInteger(v));
  if (row < 0) return;
  throw new AppError(
    "bad-data",
    `${path}: expected whole ${what}, found ${values[row]} in row ${row} (counting from 0).`,
    {
      path,
      row,
    },
  );
}

/** Row of the file for each spike of the table, which is sorted by time; null when they are the same. */
export function timeOrder(timeSec: Float64Array): Uint32Array | null {
  if (nEarlierThanBefore(timeSec) === 0) return null;
  return Uint32Array.from(timeSec, (_, i) => i).sort((a, b) => timeSec[a] - timeSec[b] || a - b);
}

function nEarlierThanBefore(values: Float64Array): number {
  let count = 0;
  for (let i = 1; i < values.length; i++) if (values[i] < values[i - 1]) count++;
  return count;
}

function sortedOrder({ path, values }: Column, warnings: string[]): Uint32Array | null {
  const order = timeOrder(values);
  if (!order) return null;
  const count = nEarlierThanBefore(values);
  const times = count === 1 ? "1 spike was" : `${count} spikes were`;
  warnings.push(`${path}: ${times} earlier than the spike before; the spikes were sorted by time.`);
  return order;
}

function inOrder({ values }: Column, order: Uint32Array | null): Float64Array {
  return order ? Float64Array.from(order, (i) => values[i]) : values;
}

function usable(column: Column | undefined, warnings: string[]): Column | null {
  if (!column) return null;
  const found = notFinite(column.values);
  if (!found) return column;
  warnings.push(
    `${column.path}: ${found.count} of ${column.values.length} values are NaN or infinite, the first in row ${found.first} (counting from 0); this column was left out.`,
  );
  return null;
}
