import { AppError } from "../../core/errors.ts";
import { numberColumn } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";
import { deviceOf, type Electrodes } from "./electrodes.ts";

/** Depth of each spike in µm from the tip, by the names that writers of NWB have given it. */
const SPIKE_DEPTHS = [
  "spike_distances_from_probe_tip_um",
  "spike_relative_depths_um",
  "spike_relative_depths",
  "spike_depths",
];
/** The electrode on which a unit is largest: `peak_channel_id` by the number of the electrode, the other by its row. */
const PEAK_ID = "peak_channel_id";
const PEAK_ROW = "max_electrode";
/** Depth of each unit in µm from the tip, as sorters and SpikeInterface name it. */
const UNIT_DEPTHS = ["depth", "depths", "estimated_y"];
const LABELS = ["quality", "label", "ks2_label", "KSLabel", "group", "default_qc"];

/** Rows [ends[u−1], ends[u]) of a column belong to unit u. */
export type Ends = Float64Array;

/** How the depth of a spike is known. */
export type DepthSource =
  | { kind: "spikes"; of: Hdf5Dataset }
  /** row of the table of electrodes, or the number of one */
  | { kind: "peak"; of: Hdf5Dataset; isId: boolean }
  /** its electrodes, and which is the largest of them by its mean waveform; without one only a unit of one electrode has a peak */
  | { kind: "electrodes"; of: Hdf5Dataset; ends: Ends; waveforms: Hdf5Dataset | null }
  | { kind: "waveforms"; waveforms: Hdf5Dataset }
  | { kind: "units"; of: Hdf5Dataset };

/** A table of sorted units, without its spikes. */
export interface UnitTable {
  path: string;
  words: string;
  nUnits: number;
  spikeTimes: Hdf5Dataset;
  ends: Ends;
  /** [nUnits] numbers of the units as the file has them, or their rows where those are none */
  ids: Float64Array;
  labels: Map<number, string>;
  depth: DepthSource | null;
  /** units of each probe, by its name; one of name "" where units are not told apart by probe */
  probes: Map<string, number[]>;
}

/** Read what a table of units has. Throws AppError for one without spike times or with a damaged index. */
export function readUnitTable(reading: Hdf5Reading, path: string, electrodes: Electrodes | null): UnitTable {
  const spikeTimes = reading.dataset(`${path}/spike_times`);
  const ends = endsOf(reading, `${path}/spike_times_index`, spikeTimes.shape[0] ?? 0);
  const nUnits = ends.length;
  const ids = idsOf(reading, path, nUnits);
  const depth = depthSource(reading, path, nUnits, electrodes);
  return {
    path,
    words: reading.words(path),
    nUnits,
    spikeTimes,
    ends,
    ids,
    labels: labelsOf(reading, path, ids),
    depth,
    probes: probesOf(reading, path, nUnits, depth, electrodes),
  };
}

export function arrayIn(reading: Hdf5Reading, path: string, name: string): Hdf5Dataset | null {
  return reading.kindOf(`${path}/${name}`) === "dataset" ? reading.dataset(`${path}/${name}`) : null;
}

/** A column of one number for each unit; null when there is none. */
export function unitNumbers(reading: Hdf5Reading, path: string, name: string, nUnits: number): Float64Array | null {
  const of = arrayIn(reading, path, name);
  return of?.isNumbers && of.shape.length === 1 && of.shape[0] === nUnits ? numberColumn(reading, of).values : null;
}

/** The ends of a ragged column. Throws AppError unless they ascend to at most the number of its rows. */
function endsOf(reading: Hdf5Reading, path: string, nRows: number): Ends {
  const { values, path: words } = numberColumn(reading, reading.dataset(path));
  const bad = values.findIndex((end, i) => !(end >= (values[i - 1] ?? 0) && end <= nRows));
  if (bad < 0) return values;
  const message = `${words}: expected ascending ends of at most ${nRows}, found ${values[bad]} in row ${bad} (counting from 0).`;
  throw new AppError("bad-file", message, { path: words, row: bad });
}

function idsOf(reading: Hdf5Reading, path: string, nUnits: number): Float64Array {
  const ids = unitNumbers(reading, path, "id", nUnits);
  const isUsable = ids?.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31) && new Set(ids).size === nUnits;
  return isUsable && ids ? ids : Float64Array.from({ length: nUnits }, (_, i) => i);
}

function labelsOf(reading: Hdf5Reading, path: string, ids: Float64Array): Map<number, string> {
  for (const name of LABELS) {
    const of = arrayIn(reading, path, name);
    const texts = of?.shape.length === 1 && of.shape[0] === ids.length ? reading.texts(of) : null;
    if (texts) return new Map(texts.flatMap((text, i) => (text === "" ? [] : [[ids[i], text] as const])));
  }
  return new Map();
}

function depthSource(
  reading: Hdf5Reading,
  path: string,
  nUnits: number,
  electrodes: Electrodes | null,
): DepthSource | null {
  const spikes = firstOf(SPIKE_DEPTHS, (name) => arrayIn(reading, path, name));
  if (spikes?.isNumbers) return { kind: "spikes", of: spikes };
  const hasPlaces = electrodes?.positionUm != null;
  const ofUnits = (name: string) => {
    const of = arrayIn(reading, path, name);
    return of?.isNumbers && of.shape.length === 1 && of.shape[0] === nUnits ? of : null;
  };
  const peak = ofUnits(PEAK_ID) ?? ofUnits(PEAK_ROW);
  if (hasPlaces && peak) return { kind: "peak", of: peak, isId: peak.path.endsWith(PEAK_ID) };
  const waveforms = arrayIn(reading, path, "waveform_mean");
  const mean = waveforms?.isNumbers && waveforms.shape.length === 3 && waveforms.shape[0] === nUnits ? waveforms : null;
  const of = arrayIn(reading, path, "electrodes");
  if (hasPlaces && of && reading.kindOf(`${path}/electrodes_index`) === "dataset") {
    const ends = endsOf(reading, `${path}/electrodes_index`, of.shape[0]);
    if (ends.length === nUnits) return { kind: "electrodes", of, ends, waveforms: mean };
  }
  if (hasPlaces && mean && mean.shape[2] === electrodes.nRows) return { kind: "waveforms", waveforms: mean };
  const depth = firstOf(UNIT_DEPTHS, ofUnits);
  return depth ? { kind: "units", of: depth } : null;
}

function firstOf<T>(names: readonly string[], get: (name: string) => T | null): T | null {
  for (const name of names) {
    const found = get(name);
    if (found) return found;
  }
  return null;
}

/** Depths count from the tip of a probe: units of two probes are two sets. */
function probesOf(
  reading: Hdf5Reading,
  path: string,
  nUnits: number,
  depth: DepthSource | null,
  electrodes: Electrodes | null,
): Map<string, number[]> {
  const names = probeNames(reading, path, nUnits, depth, electrodes);
  const probes = new Map<string, number[]>();
  for (let unit = 0; unit < nUnits; unit++) {
    const name = names?.[unit] ?? "";
    const units = probes.get(name);
    if (units) units.push(unit);
    else probes.set(name, [unit]);
  }
  return probes.size === 1 ? new Map([["", [...probes.values()][0]]]) : probes;
}

function probeNames(
  reading: Hdf5Reading,
  path: string,
  nUnits: number,
  depth: DepthSource | null,
  electrodes: Electrodes | null,
): string[] | null {
  const said = arrayIn(reading, path, "probe_name");
  const texts = said?.shape[0] === nUnits ? reading.texts(said) : null;
  if (texts?.length === nUnits) return texts;
  const groups = arrayIn(reading, path, "electrode_group");
  const targets = groups?.shape[0] === nUnits ? reading.targets(groups) : null;
  if (targets?.length === nUnits) {
    const known = new Map([...new Set(targets)].map((group) => [group, deviceOf(reading, group).name]));
    return targets.map((group) => known.get(group) ?? "");
  }
  if (!electrodes || !depth || depth.kind === "units" || depth.kind === "spikes" || depth.kind === "waveforms")
    return null;
  const values = numberColumn(reading, depth.of).values;
  const rowOfUnit = (unit: number) => {
    if (depth.kind === "electrodes") return values[unit === 0 ? 0 : depth.ends[unit - 1]];
    return depth.isId ? electrodes.id.indexOf(values[unit]) : values[unit];
  };
  return Array.from({ length: nUnits }, (_, unit) => electrodes.devices[electrodes.device[rowOfUnit(unit)]] ?? "");
}
