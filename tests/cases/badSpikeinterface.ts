import type { BadInput } from "./badInput.ts";
import { columnProbe, probeinterfaceBytes } from "./geometryFiles.ts";
import { asBadFiles, binaryFolder, bytesOfValues, type Files, type Kwargs, valuesOf } from "./spikeinterfaceFiles.ts";

const raw = "traces_cached_seg0.raw";
const folder = (changes: Kwargs, more: Files = {}) => asBadFiles(binaryFolder(changes, more));
const without = (name: string) => folder({}).filter(({ path }) => path !== name);

/** Binary folders of SpikeInterface that cannot be opened. */
export const badSpikeinterface: readonly BadInput[] = [
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
];
