import { AppError } from "../../core/errors.ts";
import { withoutInnerChunks } from "../../protocol/chunkFiles.ts";
import type { Numbers } from "../npy/decode.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { openArray, type ZarrArray } from "../zarr/array.ts";
import type { ZarrStore } from "../zarr/store.ts";
import { bad, isObject, type Json, MAX_CHANNELS, MAX_SEGMENTS, rateHzOf, wholeNumber } from "./fields.ts";
import { savedRecordings } from "./saved.ts";
import { startByTimes } from "./times.ts";

/** A recording of fewer chunks is a few seconds long: a sample. */
const MANY_CHUNKS = 20;

/** Whether the attributes of a root are those of a recording that SpikeInterface saved. */
export function isSavedRecording(attributes: Json): boolean {
  return attributes.sampling_frequency !== undefined && attributes.num_segments !== undefined && !isSorting(attributes);
}

/** Sortings state the rate and the segments too. */
export function isSorting(attributes: Json): boolean {
  return attributes.unit_ids !== undefined || attributes.object === "sorting";
}

/**
 * The recording of a Zarr hierarchy of SpikeInterface, one for each probe. Reads descriptions and the properties of channels,
 * no samples. Throws AppError.
 */
export async function zarrRecordings(
  store: ZarrStore,
  attributes: Json,
  identity: { format: string; title: string },
): Promise<RecordingSource[]> {
  const { path } = store.marker;
  const warnings: string[] = [];
  const nSegments = wholeNumber(path, "num_segments", attributes.num_segments, 1, MAX_SEGMENTS);
  const rateHz = rateHzOf(path, attributes.sampling_frequency);
  const traces: ZarrArray[] = [];
  for (let i = 0; i < nSegments; i++) traces.push(await tracesOf(store, i, traces[0], warnings));
  const [{ nColumns: nSaved, dataType }] = traces;
  const starts = await optionalNumbers(store, "t_starts", nSegments, warnings);
  const segments: { nSamples: number; startSec: number | null }[] = [];
  for (const [i, { nRows }] of traces.entries()) {
    const byTimes = await timesOf(store, i, nRows, rateHz, warnings);
    const stated = starts?.[i] ?? Number.NaN;
    segments.push({ nSamples: nRows, startSec: byTimes ?? (Number.isFinite(stated) ? stated : null) });
  }
  const property = (name: string) => optionalNumbers(store, `properties/${name}`, nSaved, warnings);
  const annotations = isObject(attributes.annotations) ? attributes.annotations : {};
  const probegroup = [attributes.probegroup, attributes.probe].find(isObject);
  const { files } = store;
  const nInner = files.length - withoutInnerChunks(files).length;
  if (nInner >= MANY_CHUNKS) {
    warnings.push(
      `${path}: of its chunk files, only the first and the last of each array are listed; the record of a run tells the other ${nInner} by nothing.`,
    );
  }
  const location = await optionalArray(store, "properties/location", nSaved, warnings);
  return savedRecordings({
    ...identity,
    warnings,
    description: store.marker,
    files,
    rateHz,
    nSaved,
    channelIds: await channelIdsOf(store, nSaved),
    segments,
    gainUv: await property("gain_to_uV"),
    offsetUv: await property("offset_to_uV"),
    shiftSamples: await property("inter_sample_shift"),
    isFiltered: typeof annotations.is_filtered === "boolean" ? annotations.is_filtered : null,
    geometry: {
      path,
      probes: probegroup?.probes,
      locationUm: location && pairsOf(location.values, location.nColumns),
      group: await property("group"),
    },
    geometryWords: "probegroup, probe or the property location",
    isInt16: dataType === "int16",
    read: (segment, from, to) => traces[segment].readRows(from, to),
  });
}

async function tracesOf(
  store: ZarrStore,
  segment: number,
  first: ZarrArray | undefined,
  warnings: string[],
): Promise<ZarrArray> {
  const { path } = store.marker;
  const name = `traces_seg${segment}`;
  const traces = await openArray(store, name);
  if (!traces) throw bad(path, `an array ${name} of its samples in ${store.place}`, "none");
  if (traces.shape.length !== 2 || traces.nRows === 0 || traces.nColumns === 0) {
    throw bad(traces.path, "samples × channels", `shape (${traces.shape.join(", ")})`);
  }
  wholeNumber(traces.path, "the number of channels", traces.nColumns, 1, MAX_CHANNELS);
  if (first && (first.nColumns !== traces.nColumns || first.dataType !== traces.dataType)) {
    const inWords = ({ nColumns, dataType }: ZarrArray) => `${nColumns} channels of ${dataType}`;
    throw bad(traces.path, `${inWords(first)}, as the segments before have`, inWords(traces));
  }
  if (traces.nMissing > 0) {
    const are = traces.nMissing === 1 ? "chunk is" : "chunks are";
    warnings.push(
      `${traces.path}: ${traces.nMissing} of ${traces.nFiles} ${are} missing and read as ${traces.fill}, its fill value; Zarr allows that, but so looks a copy that was broken off.`,
    );
  }
  return traces;
}

/** Null where there are no times, or none that can be read. Only the first and the last are read. */
async function timesOf(
  store: ZarrStore,
  segment: number,
  nSamples: number,
  rateHz: number,
  warnings: string[],
): Promise<number | null> {
  return orWarn(warnings, "they are not used", async () => {
    const times = await openArray(store, `times_seg${segment}`);
    if (!times) return null;
    if (times.shape.length !== 1 || times.nRows !== nSamples) {
      throw bad(times.path, `${nSamples} times in s, one for each sample`, `shape (${times.shape.join(", ")})`);
    }
    const [firstSec] = await times.readRows(0, 1);
    const [lastSec] = await times.readRows(nSamples - 1, nSamples);
    return startByTimes(times.path, firstSec, lastSec, nSamples, rateHz, warnings);
  });
}

async function optionalNumbers(
  store: ZarrStore,
  node: string,
  n: number,
  warnings: string[],
): Promise<number[] | null> {
  const found = await optionalArray(store, node, n, warnings);
  if (!found) return null;
  if (found.nColumns === 1) return [...found.values];
  warnings.push(`${found.path}: expected one number for each, found ${found.nColumns}; it was left out.`);
  return null;
}

/** An array of `n` rows of numbers; null where there is none, or with a warning where it cannot be read. */
async function optionalArray(
  store: ZarrStore,
  node: string,
  n: number,
  warnings: string[],
): Promise<{ path: string; values: Numbers; nColumns: number } | null> {
  return orWarn(warnings, "it was left out", async () => {
    const array = await openArray(store, node);
    if (!array) return null;
    const { path, nRows, nColumns } = array;
    if (nRows !== n || nColumns > 3) throw bad(path, `${n} rows of numbers`, `shape (${array.shape.join(", ")})`);
    return { path, values: await array.readRows(0, n), nColumns };
  });
}

async function orWarn<T>(warnings: string[], verdict: string, action: () => Promise<T | null>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(error.message.replace(/\.$/, `; ${verdict}.`));
    return null;
  }
}

/** Ids tell the band and words of sync, nothing else: without them the recording is read all the same. */
async function channelIdsOf(store: ZarrStore, nSaved: number): Promise<string[] | null> {
  return orWarn([], "", async () => {
    const ids = await openArray(store, "channel_ids");
    if (ids?.shape.length !== 1 || ids.nRows !== nSaved || !/^v2:|^string$/.test(ids.dataType)) return null;
    return ids.readText();
  });
}

function pairsOf(values: Numbers, nColumns: number): [number, number][] | null {
  if (nColumns < 2 || !values.every(Number.isFinite)) return null;
  return Array.from({ length: values.length / nColumns }, (_, i) => [values[i * nColumns], values[i * nColumns + 1]]);
}
