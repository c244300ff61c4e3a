import type { RecordingSource } from "../recordingSource.ts";
import { bad, MAX_CHANNELS, rateHzOf, wholeNumber } from "../spikeinterface/fields.ts";
import { type SavedRecording, savedRecordings } from "../spikeinterface/saved.ts";
import { openArray, type ZarrArray } from "./array.ts";
import type { ZarrStore } from "./store.ts";

const ELECTRODES = "general/extracellular_ephys/electrodes";
const UV_PER_VOLT = 1e6;

/** Paths of every ElectricalSeries of an NWB file in Zarr, in order. */
export async function electricalSeries(store: ZarrStore): Promise<string[]> {
  const found: string[] = [];
  for (const node of store.nodes) {
    const { neurodata_type: type } = await store.attributes(node);
    if (typeof type === "string" && type.endsWith("ElectricalSeries")) found.push(node);
  }
  return found.sort();
}

/** One ElectricalSeries, one recording for each probe. Reads descriptions and electrodes, no samples. Throws AppError. */
export async function nwbZarrRecordings(store: ZarrStore, node: string, format: string): Promise<RecordingSource[]> {
  const data = await openArray(store, `${node}/data`);
  if (!data) throw bad(store.marker.path, `an array ${node}/data of samples`, "none");
  if (data.shape.length !== 2 || data.nRows === 0) {
    throw bad(data.path, "samples of shape (time, channels)", `shape (${data.shape.join(", ")})`);
  }
  const nSaved = wholeNumber(data.path, "the number of channels", data.nColumns, 1, MAX_CHANNELS);
  const warnings: string[] = [];
  if (data.nMissing > 0) {
    warnings.push(
      `${data.path}: ${data.nMissing} of ${data.nFiles} chunks are missing and read as ${data.fill}, its fill value.`,
    );
  }
  const description = store.describing(`${node}/data`);
  const own = store.files.filter((file) => file.path.includes(`${node}/`) && file !== description);
  const attributes = await store.attributes(`${node}/data`);
  const conversion = Number(attributes.conversion ?? 1);
  const perChannel = await numbersIn(store, `${node}/channel_conversion`, nSaved);
  const gainUv = Array.from({ length: nSaved }, (_, c) => conversion * (perChannel?.[c] ?? 1) * UV_PER_VOLT);
  const offsetUv = Number(attributes.offset ?? 0) * UV_PER_VOLT;
  return savedRecordings({
    format,
    title: `NWB ${node.split("/").at(-1)}`,
    description,
    files: [description, ...own],
    rateHz: await rateOf(store, node, data, warnings),
    nSaved,
    channelIds: null,
    segments: [{ nSamples: data.nRows, startSec: null }],
    gainUv,
    offsetUv: Number.isFinite(offsetUv) ? new Array<number>(nSaved).fill(offsetUv) : null,
    shiftSamples: null,
    isFiltered: null,
    geometry: { path: store.marker.path, ...(await placesOf(store, node, nSaved)) },
    geometryWords: "rel_x and rel_y of its electrodes",
    isInt16: data.dataType === "int16",
    warnings,
    read: (_, from, to) => data.readRows(from, to),
  });
}

/** The stated rate; else that of the first and last timestamp, with a warning. */
async function rateOf(store: ZarrStore, node: string, data: ZarrArray, warnings: string[]): Promise<number> {
  const { rate } = await store.attributes(`${node}/starting_time`);
  if (rate !== undefined) return rateHzOf(`${data.path} (rate of starting_time)`, rate);
  const times = await openArray(store, `${node}/timestamps`);
  if (!times || times.nRows !== data.nRows || data.nRows < 2) {
    throw bad(data.path, "a rate in starting_time, or a timestamp for each sample", "neither");
  }
  const [[firstSec], [lastSec]] = [await times.readRows(0, 1), await times.readRows(times.nRows - 1, times.nRows)];
  const rateHz = (times.nRows - 1) / (lastSec - firstSec);
  warnings.push(
    `${times.path}: no rate is stated; ${Number(rateHz.toPrecision(8))} Hz is that of the first and the last timestamp, and gaps between are not looked for.`,
  );
  return rateHzOf(times.path, rateHz);
}

/** Of the rows of the table of electrodes that the series names. Nothing where the table has no positions on the probe. */
async function placesOf(
  store: ZarrStore,
  node: string,
  nSaved: number,
): Promise<Pick<SavedRecording["geometry"], "locationUm" | "group">> {
  const rows = await numbersIn(store, `${node}/electrodes`, nSaved);
  const [x, y] = [await numbersIn(store, `${ELECTRODES}/rel_x`), await numbersIn(store, `${ELECTRODES}/rel_y`)];
  if (!rows || !x || !y) return {};
  const locationUm = rows.map((row): [number, number] => [x[row], y[row]]);
  if (!locationUm.flat().every(Number.isFinite)) return {};
  const names = await openArray(store, `${ELECTRODES}/group_name`).catch(() => null);
  const groups = names && /^v2:|^string$/.test(names.dataType) ? await names.readText().catch(() => null) : null;
  const distinct = [...new Set(groups)];
  return { locationUm, group: groups && rows.map((row) => distinct.indexOf(groups[row])) };
}

async function numbersIn(store: ZarrStore, node: string, n?: number): Promise<number[] | null> {
  const array = await openArray(store, node);
  if (array?.nColumns !== 1 || array.nRows > MAX_CHANNELS) return null;
  if (n === undefined || array.nRows === n) return [...(await array.readRows(0, array.nRows))];
  return null;
}
