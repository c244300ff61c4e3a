import { type Dataset, type Dtype, File, type Group, ready } from "h5wasm";
import type { Numbers } from "../../../src/io/npy/decode.ts";

type Written = Numbers | BigInt64Array;

let nFiles = 0;

/** The bytes of an NWB file that a function fills. */
export async function nwbBytes(fill: (file: File) => void, version: string | null = "2.7.0"): Promise<Uint8Array> {
  const { FS } = await ready;
  const name = `made${nFiles++}.nwb`;
  const file = new File(name, "w", { libver: ["v108", "v110"] });
  if (version !== null) {
    file.create_attribute("nwb_version", version);
    file.create_attribute("neurodata_type", "NWBFile");
  }
  for (const group of ["acquisition", "processing", "general"]) file.create_group(group);
  fill(file);
  file.close();
  const bytes = FS.readFile(name) as Uint8Array;
  FS.unlink(name);
  return bytes.slice();
}

/** A group of a type, made with those above it. */
export function object(file: File, path: string, type: string): Group {
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const above = parts.slice(0, depth).join("/");
    if (!file.get(above)) file.create_group(above);
  }
  const group = file.create_group(path) as Group;
  group.create_attribute("neurodata_type", type);
  return group;
}

interface Stored {
  shape?: number[];
  chunks?: number[];
  /** level of gzip */
  gzip?: number;
}

/** A column of numbers or of text. */
export function column(group: Group, name: string, data: Written | string[], stored: Stored = {}): Dataset {
  const { shape = [data.length], chunks, gzip } = stored;
  const dtype = Array.isArray(data) ? "S" : undefined;
  const compression = gzip === undefined ? {} : { compression: "gzip" as const, compression_opts: [gzip] };
  return group.create_dataset({
    name,
    data: data as never,
    shape,
    ...(dtype ? { dtype } : {}),
    ...(chunks ? { chunks } : {}),
    ...compression,
  }) as Dataset;
}

export interface SeriesFacts extends Stored {
  path?: string;
  data: Written;
  shape: number[];
  rateHz?: number;
  startSec?: number;
  timestamps?: Float64Array;
  electrodes?: Int32Array;
  unit?: string;
  conversion?: number;
  offset?: number;
  channelConversion?: Float64Array;
}

/** An ElectricalSeries. */
export function series(file: File, facts: SeriesFacts): void {
  const { path = "acquisition/ElectricalSeriesAP", data, timestamps, electrodes, channelConversion } = facts;
  const group = object(file, path, "ElectricalSeries");
  const { shape, chunks, gzip } = facts;
  const dataset = column(group, "data", data, {
    shape,
    ...(chunks ? { chunks } : {}),
    ...(gzip === undefined ? {} : { gzip }),
  });
  const real = (name: string, value: number) => dataset.create_attribute(name, value, [], "<d" as Dtype as string);
  if (facts.conversion !== undefined) real("conversion", facts.conversion);
  if (facts.offset !== undefined) real("offset", facts.offset);
  if (facts.unit !== undefined) dataset.create_attribute("unit", facts.unit);
  if (timestamps) column(group, "timestamps", timestamps);
  if (facts.rateHz !== undefined) {
    const start = column(group, "starting_time", new Float64Array([facts.startSec ?? 0]), { shape: [] });
    start.create_attribute("rate", facts.rateHz, [], "<d");
  }
  if (electrodes) column(group, "electrodes", electrodes);
  if (channelConversion) column(group, "channel_conversion", channelConversion);
}

export interface ElectrodeFacts {
  x?: number[];
  y?: number[];
  /** group of each electrode */
  groups: string[];
  /** device of each group */
  devices: Record<string, string>;
  more?: Record<string, Written | string[]>;
}

/** The table of electrodes, with its groups and their devices. */
export function electrodes(file: File, { x, y, groups, devices, more = {} }: ElectrodeFacts): void {
  const table = object(file, "general/extracellular_ephys/electrodes", "DynamicTable");
  column(
    table,
    "id",
    Int32Array.from(groups, (_, i) => i),
  );
  column(table, "group_name", groups);
  if (x) column(table, "rel_x", Float64Array.from(x));
  if (y) column(table, "rel_y", Float64Array.from(y));
  for (const [name, data] of Object.entries(more)) column(table, name, data);
  for (const device of new Set(Object.values(devices))) {
    object(file, `general/devices/${device}`, "Device").create_attribute("object_id", `id-${device}`);
  }
  for (const [name, device] of Object.entries(devices)) {
    const group = object(file, `general/extracellular_ephys/${name}`, "ElectrodeGroup");
    group.create_soft_link(`/general/devices/${device}`, "device");
  }
}

/** A table of units: spike times of each, and further columns. */
export function units(
  file: File,
  spikeTimes: number[][],
  more: Record<string, Written | string[]> = {},
  path = "units",
): Group {
  const group = object(file, path, "Units");
  let n = 0;
  const ends = spikeTimes.map((times) => (n += times.length));
  column(
    group,
    "id",
    Int32Array.from(spikeTimes, (_, i) => i),
  );
  column(group, "spike_times", Float64Array.from(spikeTimes.flat()));
  column(group, "spike_times_index", n < 256 ? Uint8Array.from(ends) : Uint32Array.from(ends));
  for (const [name, data] of Object.entries(more)) column(group, name, data);
  return group;
}
