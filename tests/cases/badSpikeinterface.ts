import { zlibSync } from "fflate";
import { analyzerFolder } from "./analyzerFiles.ts";
import type { BadInput } from "./badInput.ts";
import { columnProbe, probeinterfaceBytes } from "./geometryFiles.ts";
import {
  asBadFiles,
  binaryFolder,
  bytesOfValues,
  type Files,
  jsonBytes,
  type Kwargs,
  valuesOf,
} from "./spikeinterfaceFiles.ts";
import { arrayV2, doubles, zarrFolder } from "./zarrFiles.ts";

const raw = "traces_cached_seg0.raw";
const folder = (changes: Kwargs, more: Files = {}) => asBadFiles(binaryFolder(changes, more));
const without = (name: string) => folder({}).filter(({ path }) => path !== name);

/** Binary folders of SpikeInterface that cannot be opened. */
const badFolders: readonly BadInput[] = [
  {
    name: "a SpikeInterface binary folder without its binary",
    files: without(raw).filter(({ path }) => path !== "probegroup.json"),
    sentence:
      "binary.json: expected the binary traces_cached_seg0.raw that it describes beside it, found none; open them together.",
  },
  {
    name: "an empty binary of SpikeInterface",
    files: folder({}, { [raw]: new Uint8Array(0) }),
    sentence: "traces_cached_seg0.raw is empty: expected samples, found 0 bytes.",
  },
  {
    name: "a binary of SpikeInterface of broken samples",
    files: folder({}, { [raw]: bytesOfValues(valuesOf()).slice(0, 101) }),
    sentence:
      "traces_cached_seg0.raw: expected whole samples of 4 channels (8 bytes each, by binary.json), found 101 bytes, 5 too many.",
  },
  {
    name: "a description of a binary without a rate",
    files: folder({ sampling_frequency: null }),
    sentence: "binary.json: expected sampling_frequency to be a rate in Hz above 0, found none.",
  },
  {
    name: "a description of a binary without a channel count",
    files: folder({ num_channels: undefined }),
    sentence: "binary.json: expected num_channels to be a whole number from 1 to 100000, found none.",
  },
  {
    name: "a description of a binary of text",
    files: folder({ dtype: "<U8" }),
    sentence: "binary.json: expected dtype to be a type of numbers such as int16 or float32, found text (<U8).",
  },
  {
    name: "a description of a binary of a third axis",
    files: folder({ time_axis: 2 }),
    sentence: "binary.json: expected time_axis to be 0 or 1, found 2.",
  },
  {
    name: "a description of a binary with too few gains",
    files: folder({ gain_to_uV: [1, 1] }),
    sentence: "binary.json: expected gain_to_uV to be one number for each of 4 channels, found 2 of them.",
  },
  {
    name: "a description of a binary with a gain of 0",
    files: folder({ gain_to_uV: [1, 0, 1, 1] }, { "properties/gain_to_uV.npy": new Uint8Array(3) }),
    sentence: "binary.json: expected gain_to_uV above 0 for every channel, found 0 for channel 1.",
  },
];

const zarr = (...given: Parameters<typeof zarrFolder>) => asBadFiles(zarrFolder(...given));
const zlib = { compressor: { id: "zlib", level: 1 }, encode: (bytes: Uint8Array) => zlibSync(bytes) };
const group = jsonBytes({ zarr_format: 2 });

const smallArray = {
  zarr_format: 2,
  shape: [20, 4],
  dtype: "<i2",
  compressor: null,
  filters: null,
  order: "C",
  fill_value: 0,
};

/** Zarr folders that cannot be opened. */
const badZarr: readonly BadInput[] = [
  {
    name: "a Zarr recording compressed with WavPack",
    files: zarr({}, { compressor: { id: "wavpack", level: 2 } }),
    sentence:
      'traces_seg0/.zarray: expected a compression that can be read here (Blosc, Zstandard, LZ4, gzip or zlib), found "wavpack"; save the recording again with another compressor, e.g. Blosc, or with format="binary".',
  },
  {
    name: "a Zarr recording without its samples",
    files: zarr().filter(({ path }) => !path.startsWith("traces")),
    sentence: ".zattrs: expected an array traces_seg0 of its samples in the loose files, found none.",
  },
  {
    name: "a Zarr recording without any chunk",
    files: zarr({}, zlib).filter(({ path }) => !/^traces_seg0\/\d/.test(path)),
    sentence: "traces_seg0/.zarray: expected the 3 chunk files it describes beside it, found none.",
  },
  {
    name: "a Zarr recording without a rate above 0",
    files: zarr({ sampling_frequency: 0 }),
    sentence: ".zattrs: expected sampling_frequency to be a rate in Hz above 0, found 0.",
  },
  {
    name: "a Zarr recording of chunks that are too large",
    files: zarr({}, {}, { "traces_seg0/.zarray": jsonBytes({ ...smallArray, chunks: [2 ** 27, 4] }) }),
    sentence:
      "traces_seg0/.zarray: expected chunks of at most 512 MiB; save it with chunks of about one second, found chunks of 1073741824 bytes.",
  },
  {
    name: "a sorting of SpikeInterface in Zarr",
    files: asBadFiles({
      "s.zarr/.zgroup": group,
      "s.zarr/.zattrs": jsonBytes({ sampling_frequency: 30000, num_segments: 1, unit_ids: [1] }),
    }),
    sentence:
      "s.zarr: expected spikes with positions; compute spike_locations in a SortingAnalyzer of SpikeInterface and open its folder, found a sorting of SpikeInterface, which says when units spiked but not where.",
  },
  {
    name: "a Zarr folder of something else",
    files: asBadFiles({ "x.zarr/.zgroup": group, ...arrayV2("x.zarr/images", doubles([1])) }),
    sentence:
      "x.zarr: expected a recording that SpikeInterface saved (sampling_frequency, num_segments and traces_seg0), found a Zarr folder with images.",
  },
  {
    name: "one array of a Zarr folder",
    files: zarr().filter(({ path }) => path.startsWith("traces")),
    sentence:
      "traces_seg0: expected a Zarr folder with all arrays of a recording; open the folder above, found one array of it alone.",
  },
  {
    name: "chunks of a Zarr array without its hidden files",
    files: zarr().filter(({ path }) => /^traces_seg0\/\d/.test(path)),
    sentence:
      "traces_seg0: expected the hidden file .zarray beside the chunks of a Zarr array (0.0 …), found none; drop the whole folder, or zip it with its hidden files.",
  },
];

const analyzer = Object.entries(analyzerFolder()).filter(([path]) => !path.includes("spike_locations"));

const badAnalyzers: readonly BadInput[] = [
  {
    name: "a SortingAnalyzer without positions of its spikes",
    files: asBadFiles(Object.fromEntries(analyzer)),
    sentence:
      'spikeinterface_info.json: expected the extensions spike_locations and spike_amplitudes of a SortingAnalyzer; compute them with analyzer.compute(["spike_locations"]), found none called spike_locations.',
  },
];

export const badSpikeinterface: readonly BadInput[] = [...badFolders, ...badZarr, ...badAnalyzers];

/** What of them is opened with a warning. */
export const oddSpikeinterface: readonly BadInput[] = [
  {
    name: "a binary of SpikeInterface without gains",
    files: folder({ gain_to_uV: null }).filter(({ path }) => !path.startsWith("properties")),
    sentence:
      "binary.json: expected gain_to_uV, the µV of one unit, found none; one unit is taken as 1 µV, so amplitudes are not in µV.",
  },
  {
    name: "a binary of SpikeInterface that was filtered",
    files: folder({ is_filtered: true }),
    sentence:
      "binary.json says that the samples were filtered before they were saved (is_filtered); leave the filter out of the preprocessing.",
  },
  {
    name: "a binary of SpikeInterface with a probe of other channels",
    files: folder(
      {},
      { "probegroup.json": probeinterfaceBytes(columnProbe(3, { device_channel_indices: [0, 1, 2] })) },
    ),
    sentence: "probegroup.json: expected 4 connected contacts, one for each channel, found 3; positions are unknown.",
  },
  {
    name: "a property of channels that cannot be read",
    files: folder({}, { "properties/gain_to_uV.npy": new Uint8Array(3) }),
    sentence:
      'properties/gain_to_uV.npy is not a .npy file: expected it to start with "\\x93NUMPY", found 00 00 00; the property was left out.',
  },
  {
    name: "a Zarr recording of which a chunk is missing",
    files: zarr({}, zlib).filter(({ path }) => path !== "traces_seg0/1.0"),
    sentence:
      "traces_seg0/.zarray: 1 of 3 chunk is missing and read as 0, its fill value; Zarr allows that, but so looks a copy that was broken off.",
  },
];
