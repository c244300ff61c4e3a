import { numberColumn } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";

const ECEPHYS = "/general/extracellular_ephys";
export const ELECTRODES = `${ECEPHYS}/electrodes`;

/** Columns that say where a contact lies in the plane of its probe, in µm: NWB's own, then those of the Allen Institute. */
const PLANES = [
  ["rel_x", "rel_y"],
  ["probe_horizontal_position", "probe_vertical_position"],
] as const;
const SHANKS = ["shank", "shank_id", "shank_ids", "shank_index"];

/** The table of electrodes of an NWB file: one row for each contact of every probe. */
export interface Electrodes {
  nRows: number;
  /** [nRows] numbers that other tables name rows by */
  id: Float64Array;
  /** [nRows] µm in the plane of the probe; null where the table does not say */
  positionUm: { x: Float64Array; y: Float64Array; columns: string } | null;
  /** [nRows] index into `devices` */
  device: Int32Array;
  /** names of probes, in the order of the table */
  devices: string[];
  /** [nRows] shank on its probe, from 0 */
  shank: Int32Array;
  /** [nRows] how much later than the first of its group a channel was sampled, in samples; null where the table does not say */
  delaySamples: Float64Array | null;
}

/** Null when there is no such table, or nothing in it. Throws AppError for one that is damaged. */
export function readElectrodes(reading: Hdf5Reading): Electrodes | null {
  if (reading.kindOf(ELECTRODES) !== "group") return null;
  const id = numbersOf(reading, "id");
  if (!id || id.length === 0) return null;
  const nRows = id.length;
  const ofRows = (name: string) => {
    const values = numbersOf(reading, name);
    return values?.length === nRows ? values : null;
  };
  const groups = groupsOf(reading, nRows);
  const { device, devices } = devicesOf(reading, groups);
  return {
    nRows,
    id,
    positionUm: positions(ofRows),
    device,
    devices,
    shank: shanksOf(reading, nRows, device, groups),
    delaySamples: ofRows("inter_sample_shift"),
  };
}

function positions(ofRows: (name: string) => Float64Array | null): Electrodes["positionUm"] {
  for (const [xName, yName] of PLANES) {
    const [x, y] = [ofRows(xName), ofRows(yName)];
    if (x && y) return { x, y, columns: `${xName} and ${yName}` };
  }
  return null;
}

function columnOf(reading: Hdf5Reading, name: string): Hdf5Dataset | null {
  const path = `${ELECTRODES}/${name}`;
  return reading.kindOf(path) === "dataset" ? reading.dataset(path) : null;
}

function numbersOf(reading: Hdf5Reading, name: string): Float64Array | null {
  const column = columnOf(reading, name);
  return column && column.shape.length === 1 && column.isNumbers ? numberColumn(reading, column).values : null;
}

function textsOf(reading: Hdf5Reading, name: string, nRows: number): string[] | null {
  const column = columnOf(reading, name);
  const texts = column && reading.texts(column);
  return texts?.length === nRows ? texts : null;
}

/** [nRows] path of the group of each electrode; one group for all where the table does not say. */
function groupsOf(reading: Hdf5Reading, nRows: number): string[] {
  const names = textsOf(reading, "group_name", nRows);
  if (names) return names.map((name) => `${ECEPHYS}/${name}`);
  const column = columnOf(reading, "group");
  const targets = column && reading.targets(column);
  return targets?.length === nRows ? targets : new Array<string>(nRows).fill(ECEPHYS);
}

/** Probes that the groups are on. Two groups are on the same one when their devices are the same object. */
function devicesOf(reading: Hdf5Reading, groups: readonly string[]): Pick<Electrodes, "device" | "devices"> {
  const [identities, names] = [[] as string[], [] as string[]];
  const ofGroup = new Map<string, number>();
  const device = Int32Array.from(groups, (group) => {
    const known = ofGroup.get(group);
    if (known !== undefined) return known;
    const { identity, name } = deviceOf(reading, group);
    const at = identities.indexOf(identity);
    if (at < 0) {
      identities.push(identity);
      names.push(name);
    }
    ofGroup.set(group, at < 0 ? names.length - 1 : at);
    return ofGroup.get(group) as number;
  });
  return { device, devices: names };
}

export function deviceOf(reading: Hdf5Reading, group: string): { identity: string; name: string } {
  const path = `${group}/device`;
  if (reading.kindOf(path) !== "group") return { identity: "", name: "" };
  const target = reading.linkTarget(path);
  const identity = reading.attribute(path, "object_id");
  return {
    identity: typeof identity === "string" ? identity : target,
    name: target.slice(target.lastIndexOf("/") + 1),
  };
}

/** The shank the table names, else one for each group of a probe that has several. */
function shanksOf(reading: Hdf5Reading, nRows: number, device: Int32Array, groups: readonly string[]): Int32Array {
  const given = shankNames(reading, nRows) ?? groups;
  const onDevice = new Map<number, Set<string>>();
  for (let row = 0; row < nRows; row++) {
    const known = onDevice.get(device[row]) ?? new Set();
    onDevice.set(device[row], known.add(given[row]));
  }
  const ranks = new Map<number, Map<string, number>>();
  for (const [one, names] of onDevice) {
    const sorted = [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    ranks.set(one, new Map(sorted.map((name, rank) => [name, rank])));
  }
  return Int32Array.from(given, (name, row) => ranks.get(device[row])?.get(name) ?? 0);
}

function shankNames(reading: Hdf5Reading, nRows: number): string[] | null {
  for (const name of SHANKS) {
    const numbers = numbersOf(reading, name);
    const names = numbers ? Array.from(numbers, String) : textsOf(reading, name, nRows);
    if (names?.length === nRows) return names;
  }
  return null;
}
