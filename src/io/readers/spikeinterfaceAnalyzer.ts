import { withoutInnerChunks } from "../../protocol/chunkFiles.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { type Column, readColumn } from "../columns.ts";
import { type Drop, type Folder, fileBelow, folderInWords } from "../drop.ts";
import { readNpyHeader } from "../npy/header.ts";
import { jsonIn } from "../sniff.ts";
import { type AnalyzerParts, analyzerSpikes, missingExtensions, under } from "../spikeinterface/analyzer.ts";
import { bad, type Json, MAX_SEGMENTS } from "../spikeinterface/fields.ts";
import { openArray, readRecords } from "../zarr/array.ts";
import { type ZarrStore, zarrStores } from "../zarr/store.ts";
import { brokenRecording, type Claim, type Reader } from "./reader.ts";

/** Spikes of a SortingAnalyzer of SpikeInterface, saved as a folder or as Zarr, with the positions it computed. */
export const spikeinterfaceAnalyzer: Reader = {
  id: "spikeinterface-analyzer",
  title: "SpikeInterface SortingAnalyzer",
  about: {
    knownBy: "spikeinterface_info with object SortingAnalyzer, as a .json or among the attributes of a Zarr folder",
    reads: "spikes and units of the sorting, spike_locations, spike_amplitudes, contacts of the probe",
    leaves: "templates, waveforms, metrics and every other extension; the recording it was computed from",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const folder of drop.values()) {
      const info = folder.files.get("spikeinterface_info.json");
      if (info && (await jsonIn(info))?.object === "SortingAnalyzer") claims.push(folderClaim(drop, folder, info));
    }
    for (const store of zarrStores(drop)) {
      const attributes = await store.attributes("").catch(() => ({})); // said by those who need them
      if (under(attributes, "spikeinterface_info").object === "SortingAnalyzer") claims.push(await zarrClaim(store));
    }
    return claims;
  },
};

const { title, id } = spikeinterfaceAnalyzer;
const LOCATIONS = "extensions/spike_locations/spike_locations";
const AMPLITUDES = "extensions/spike_amplitudes/amplitudes";

function claimOf(
  path: string,
  place: string,
  files: readonly ByteSource[],
  missing: string[],
  parts: () => Promise<AnalyzerParts>,
): Claim {
  if (missing.length > 0) return brokenRecording({ title, place, files }, missingExtensions(path, missing));
  return { title, kind: "spikes", place, files, open: async () => analyzerSpikes(await parts(), id, title) };
}

function folderClaim(drop: Drop, folder: Folder, info: ByteSource): Claim {
  const below = (name: string) => fileBelow(drop, folder.path, name);
  const inside = folder.path === "" ? "" : `${folder.path}/`;
  const parts = ["sorting", "extensions", "recording_info", "recording"].map((name) => inside + name);
  const isPart = (path: string) => parts.some((part) => path === part || path.startsWith(`${part}/`));
  const files = [...drop.values()]
    .filter((one) => one === folder || isPart(one.path))
    .flatMap((one) => [...one.files.values()]);
  const own =
    folder.path === "" ? files.filter(({ path }) => path.includes("/") || path === info.path || OWN.test(path)) : files;
  const missing = [
    ...(below(`${LOCATIONS}.npy`) ? [] : ["spike_locations"]),
    ...(below(`${AMPLITUDES}.npy`) ? [] : ["spike_amplitudes"]),
  ];
  return claimOf(info.path, folderInWords(folder.path), own, missing, () => folderParts(below, info));
}

/** What lies in the folder itself, where it was opened as loose files. */
const OWN =
  /^(settings|recording|sorting_provenance|sparsity|spikeinterface_info)\.(json|pickle)$|^sparsity_mask\.npy$/;

async function folderParts(below: (name: string) => ByteSource | undefined, info: ByteSource): Promise<AnalyzerParts> {
  const file = (name: string) => {
    const found = below(name);
    if (found) return found;
    throw bad(info.path, `${name} of the SortingAnalyzer`, "none");
  };
  const json = async (name: string): Promise<Json> => {
    const found = below(name);
    return found ? readJsonObject(found) : {};
  };
  const [spikes, places, heights] = [file("sorting/spikes.npy"), file(`${LOCATIONS}.npy`), file(`${AMPLITUDES}.npy`)];
  const sorting = await json("sorting/numpysorting_info.json");
  const { fields } = await readNpyHeader(spikes);
  const columns = (await readNpyHeader(places)).fields;
  const locations = new Map<string, Column>();
  for (const { name } of columns) locations.set(name, await readColumn(places, name));
  const hasSegments = fields.some(({ name }) => name === "segment_index");
  return {
    path: info.path,
    files: [spikes, places, heights, info],
    settings: await json("settings.json"),
    recording: await json("recording_info/recording_attributes.json"),
    probegroup: await json("recording_info/probegroup.json"),
    rateHz: sorting.sampling_frequency,
    unitIds: Array.isArray(sorting.unit_ids) ? sorting.unit_ids : [],
    sampleIndex: await readColumn(spikes, "sample_index"),
    unitIndex: await readColumn(spikes, "unit_index"),
    segment: hasSegments ? await readColumn(spikes, "segment_index") : null,
    locations,
    amplitudes: await readColumn(heights),
  };
}

async function zarrClaim(store: ZarrStore): Promise<Claim> {
  const there = async (node: string) => (await store.array(node).catch(() => null)) !== null;
  const missing = [
    ...((await there(LOCATIONS)) ? [] : ["spike_locations"]),
    ...((await there(AMPLITUDES)) ? [] : ["spike_amplitudes"]),
  ];
  return claimOf(store.marker.path, store.place, store.files, missing, () => zarrParts(store));
}

async function zarrParts(store: ZarrStore): Promise<AnalyzerParts> {
  const { path } = store.marker;
  const column = async (node: string): Promise<Column> => {
    const array = await openArray(store, node);
    if (!array) throw bad(path, `the array ${node} of the SortingAnalyzer`, "none");
    if (array.nMissing > 0) throw bad(array.path, `${array.nFiles} chunks`, `${array.nMissing} of them missing`);
    if (array.nColumns !== 1) throw bad(array.path, "one number per spike", `${array.nColumns}`);
    return { path: array.path, values: Float64Array.from(await array.readRows(0, array.nRows)) };
  };
  const sampleIndex = await column("sorting/spikes/sample_index");
  const locations = await readRecords(store, LOCATIONS);
  if (!locations) throw bad(path, `the array ${LOCATIONS} of the SortingAnalyzer`, "none");
  const info = await store.attributes("recording_info");
  return {
    path,
    files: withoutInnerChunks(
      store.files.filter(
        (file) => file.path === path || /\/(spikes|spike_locations|spike_amplitudes)\//.test(file.path),
      ),
    ),
    settings: under(await store.attributes(""), "settings"),
    recording: under(info, "recording_attributes"),
    probegroup: under(info, "probegroup"),
    rateHz: (await store.attributes("sorting")).sampling_frequency,
    unitIds: await unitIdsOf(store),
    sampleIndex,
    unitIndex: await column("sorting/spikes/unit_index"),
    segment: await segmentsOf(store, sampleIndex.values.length),
    locations,
    amplitudes: await column(AMPLITUDES),
  };
}

async function unitIdsOf(store: ZarrStore): Promise<unknown[]> {
  const ids = await openArray(store, "sorting/unit_ids");
  if (!ids) return [];
  return /^v2:|^string$/.test(ids.dataType) ? ids.readText() : [...(await ids.readRows(0, ids.nRows))];
}

/** Segment of each spike, out of the first and last spike of each segment. */
async function segmentsOf(store: ZarrStore, nSpikes: number): Promise<Column | null> {
  const slices = await openArray(store, "sorting/spikes/segment_slices");
  if (!slices || slices.nRows < 2 || slices.nRows > MAX_SEGMENTS) return null;
  if (slices.nColumns !== 2) throw bad(slices.path, "the first and last spike of each segment", `${slices.nColumns}`);
  const bounds = await slices.readRows(0, slices.nRows);
  const values = new Float64Array(nSpikes);
  for (let s = 0; s < slices.nRows; s++) values.fill(s, bounds[2 * s], bounds[2 * s + 1]);
  return { path: slices.path, values };
}
