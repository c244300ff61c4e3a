import { formatNames } from "../../src/io/readers/index.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { badFormats } from "./badFormats.ts";
import type { BadInput } from "./badInput.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const f8 = (values: number[], shape = [values.length]) => npyBytes(values, shape, "<f8");

const TIMES = [0.5, 1, 2, 3.25];
const DEPTHS = [100, 220, 340, 60];
const AMPLITUDES = [-80, -120, -60, -75];

/** The three files of a good MEDiCINe set of four spikes, some replaced. */
function triple(replaced: Partial<Record<"times" | "depths" | "amplitudes", Uint8Array>>): BadInput["files"] {
  return [
    { path: "peak_times.npy", bytes: replaced.times ?? f8(TIMES) },
    { path: "peak_depths.npy", bytes: replaced.depths ?? f8(DEPTHS) },
    { path: "peak_amplitudes.npy", bytes: replaced.amplitudes ?? f8(AMPLITUDES) },
  ];
}

const inFolder = (folder: string, files: BadInput["files"]) =>
  files.map(({ path, bytes }) => ({ path: `${folder}/${path}`, bytes }));

/** A .npy of any type string and shape around raw bytes, for what our writer does not write. */
export function rawNpy(descr: string, shape: string, nBytes: number, version = 1): Uint8Array {
  const header = utf8(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`);
  const out = new Uint8Array(10 + header.length + nBytes);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, header.length & 255, header.length >> 8]);
  out.set(header, 10);
  return out;
}

/** int64 with one value of 2^60. */
function largeIntegers(): Uint8Array {
  const bytes = npyBytes([1, 2, 3, 4], [4], "<i8");
  bytes[bytes.length - 8 * 2 + 7] = 0x10;
  return bytes;
}

function motionFolder(info: object, displacementShape: number[]): BadInput["files"] {
  const n = displacementShape.reduce((a, b) => a * b, 1);
  return [
    { path: "motion/spikeinterface_info.json", bytes: utf8(JSON.stringify(info)) },
    { path: "motion/displacement_seg0.npy", bytes: f8(new Array(n).fill(1), displacementShape) },
    { path: "motion/temporal_bins_s_seg0.npy", bytes: f8([0.5, 1.5, 2.5]) },
    { path: "motion/spatial_bins_um.npy", bytes: f8([0, 400]) },
  ];
}

const sln = (files: Record<string, Uint8Array>): BadInput["files"] =>
  Object.entries(files).map(([name, bytes]) => ({ path: `dataset/${name}.npy`, bytes }));

/** A zip of the good triple with one 32-bit word of the directory's first entry replaced. */
function zipWith(offset: number, word: number): Uint8Array {
  const bytes = zipBytes(triple({}));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let entry = 0;
  while (view.getUint32(entry, true) !== 0x02014b50) entry++;
  view.setUint32(entry + offset, word, true);
  return bytes;
}

const CRC_AT = 16;
const SIZE_AT = 24;

const SECOND_SET = inFolder("monday", triple({}));

const notNumbers: BadInput[] = [
  {
    name: "an empty file",
    files: triple({ depths: new Uint8Array(0) }),
    sentence: "peak_depths.npy is empty: expected a .npy array, found 0 bytes.",
  },
  {
    name: "text called .npy",
    files: triple({ depths: utf8("hello there, not numbers") }),
    sentence: 'peak_depths.npy is not a .npy file: expected it to start with "\\x93NUMPY", found "hello ".',
  },
  {
    name: "a .npy of a version that does not exist",
    files: triple({ times: rawNpy("'<f8'", "(4,)", 32, 9) }),
    sentence: "peak_times.npy: expected a .npy header of version 1, 2 or 3, found version 9.",
  },
  {
    name: "a header cut short",
    files: triple({ times: f8(TIMES).slice(0, 60) }),
    sentence: "peak_times.npy is cut short: expected a header of 118 bytes, the file has 60 bytes.",
  },
  {
    name: "data cut short",
    files: triple({ times: f8(TIMES).slice(0, 140) }),
    sentence: "peak_times.npy is cut short: expected 160 bytes from its header (shape (4,), <f8), found 140.",
  },
  {
    name: "a header that is no dictionary",
    files: triple({ times: rawNpy("__import__('os')", "(4,)", 32) }),
    sentence:
      'peak_times.npy: expected a .npy header, found text that is none (expected a value at position 10, found "_").',
  },
  {
    name: "a negative shape",
    files: triple({ times: rawNpy("'<f8'", "(-4,)", 32) }),
    sentence: "peak_times.npy: expected a shape of whole numbers in the .npy header, found none.",
  },
  {
    name: "an unknown type",
    files: triple({ times: rawNpy("'<q9'", "(4,)", 32) }),
    sentence: 'peak_times.npy: expected a numpy type in the .npy header, found "<q9".',
  },
  {
    name: "text instead of numbers",
    files: triple({ amplitudes: rawNpy("'<U5'", "(4,)", 80) }),
    sentence: "peak_amplitudes.npy: expected numbers, found text (<U5).",
  },
  {
    name: "complex numbers",
    files: triple({ amplitudes: rawNpy("'<c16'", "(4,)", 64) }),
    sentence: "peak_amplitudes.npy: expected numbers, found complex numbers (<c16).",
  },
  {
    name: "pickled objects",
    files: triple({ amplitudes: rawNpy("'|O'", "(4,)", 64) }),
    sentence: "peak_amplitudes.npy: expected numbers, found Python objects (|O).",
  },
  {
    name: "a table instead of one column",
    files: triple({ depths: f8([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]) }),
    sentence: "peak_depths.npy: expected one number per row, shape (N,) or (N, 1), found shape (4, 2).",
  },
  {
    name: "integers that do not fit",
    files: triple({ times: largeIntegers() }),
    sentence:
      "peak_times.npy: expected integers below 2^53, found a larger one at element 2 (counting from 0) of shape (4,).",
  },
];

const badNumbers: BadInput[] = [
  {
    name: "unequal lengths",
    files: triple({ depths: f8(DEPTHS.slice(1)) }),
    sentence:
      "Expected the same number of spikes in every file, found that peak_times.npy has 4, peak_depths.npy has 3, peak_amplitudes.npy has 4.",
  },
  {
    name: "no spikes at all",
    files: triple({ times: f8([]), depths: f8([]), amplitudes: f8([]) }),
    sentence: "peak_times.npy: expected at least one spike, found none.",
  },
  {
    name: "NaN among the depths",
    files: triple({ depths: f8([100, Number.NaN, 340, Number.NaN]) }),
    sentence:
      "peak_depths.npy: expected finite numbers, found 2 NaN or infinite ones, the first in row 1 (counting from 0).",
  },
  {
    name: "an infinite amplitude",
    files: triple({ amplitudes: f8([-80, -120, -60, Number.NEGATIVE_INFINITY]) }),
    sentence:
      "peak_amplitudes.npy: expected finite numbers, found 1 NaN or infinite one, the first in row 3 (counting from 0).",
  },
  {
    name: "negative times",
    files: triple({ times: f8([-1.5, -0.5, 2, 3]) }),
    sentence:
      "peak_times.npy: expected times from the first sample on, found 2 negative, the first (-1.5) in row 0 (counting from 0).",
  },
];

const wrongSets: BadInput[] = [
  {
    name: "nothing in the folder",
    files: [],
    sentence: "Expected spikes, a motion or a recording, found no file at all: what was opened is empty.",
  },
  {
    name: "one empty file of any kind",
    files: [{ path: "recording.dat", bytes: new Uint8Array(0) }],
    sentence: "recording.dat is empty: expected data, found 0 bytes.",
  },
  {
    name: "files of no format we know",
    files: [
      { path: "notes.txt", bytes: utf8("depth 3 mm") },
      { path: "picture.png", bytes: utf8("not really") },
    ],
    sentence: `Expected one of these formats: ${formatNames()}; found 2 files: notes.txt and picture.png.`,
  },
  {
    name: "one of three files missing",
    files: triple({}).slice(0, 2),
    sentence:
      "MEDiCINe peaks in the loose files: expected peak_times.npy, peak_depths.npy and peak_amplitudes.npy side by side, found peak_times.npy and peak_depths.npy without peak_amplitudes.npy.",
  },
  {
    name: "two sets of spikes at once",
    files: [...triple({}), ...SECOND_SET],
    sentence:
      "Expected one set of spikes, found 2: MEDiCINe peaks in monday and MEDiCINe peaks in the loose files; open them one at a time.",
  },
  {
    name: "an SLN data set without its sampling rate",
    files: sln({ spike_times: f8([10, 20]), spike_amplitudes: f8([1, 2]), spike_locs_y: f8([1, 2]) }),
    sentence:
      "SLN data set in dataset: expected spike_times.npy, spike_amplitudes.npy and fs.npy side by side, found spike_times.npy and spike_amplitudes.npy without fs.npy.",
  },
  {
    name: "an SLN data set with a rate of zero",
    files: sln({
      spike_times: f8([10, 20]),
      spike_amplitudes: f8([1, 2]),
      spike_locs_y: f8([1, 2]),
      fs: f8([0]),
    }),
    sentence: "dataset/fs.npy: expected a sampling rate in Hz above 0, found 0.",
  },
  {
    name: "an SLN data set without depths",
    files: sln({ spike_times: f8([10, 20]), spike_amplitudes: f8([1, 2]), fs: f8([30000]) }),
    sentence:
      "SLN data set: expected depths beside dataset/spike_times.npy in spike_locs_y.npy or spike_anchors.npy, found neither.",
  },
  {
    name: "SpikeInterface peaks without locations",
    files: [
      {
        path: "peaks.npy",
        bytes: rawNpy("[('sample_index', '<i8'), ('amplitude', '<f8')]", "(4,)", 64),
      },
    ],
    sentence:
      "SpikeInterface peaks in the loose files: expected one table of peaks and one of locations, found 1 and 0 (peaks.npy).",
  },
];

const badMotionsAndArchives: BadInput[] = [
  {
    name: "a motion whose shapes disagree",
    files: motionFolder({ object: "Motion", num_segments: 1, direction: "y" }, [2, 2]),
    sentence:
      "motion/displacement_seg0.npy: expected shape (3, 2) to fit motion/temporal_bins_s_seg0.npy and motion/spatial_bins_um.npy, found shape (2, 2).",
  },
  {
    name: "a motion of two segments",
    files: motionFolder({ object: "Motion", num_segments: 2, direction: "y" }, [3, 2]),
    sentence: "motion/spikeinterface_info.json: expected a motion of 1 segment, found 2; save each segment on its own.",
  },
  {
    name: "a motion across the probe",
    files: motionFolder({ object: "Motion", num_segments: 1, direction: "x" }, [3, 2]),
    sentence: 'motion/spikeinterface_info.json: expected a motion along "y", found "x".',
  },
  {
    name: "a description that is not JSON",
    files: [{ path: "motion/spikeinterface_info.json", bytes: utf8("{object: Motion") }],
    sentence: "motion/spikeinterface_info.json: expected JSON, found text that cannot be parsed.",
  },
  {
    name: "MEDiCINe's motion with bins out of order",
    files: [
      { path: "motion.npy", bytes: f8([1, 2, 3], [3, 1]) },
      { path: "time_bins.npy", bytes: f8([0, 2, 1]) },
      { path: "depth_bins.npy", bytes: f8([0]) },
    ],
    sentence: "time_bins.npy: expected ascending bins, found 1 after 2 in row 2 (counting from 0).",
  },
  {
    name: "an archive cut short",
    files: [{ path: "run.zip", bytes: zipBytes(triple({})).slice(0, 300) }],
    sentence: "run.zip: expected a zip archive, found no directory at its end; it may be cut short.",
  },
  {
    name: "a damaged archive",
    files: [{ path: "peaks.npz", bytes: zipWith(CRC_AT, 1234) }],
    sentence:
      "peaks.npz/peak_times.npy: expected an intact member of an archive, found that its check sum does not fit.",
  },
  {
    name: "an archive that would fill the memory",
    files: [{ path: "peaks.npz", bytes: zipWith(SIZE_AT, 2 ** 30) }],
    sentence:
      "peaks.npz/peak_times.npy: expected an intact member of an archive, found that it declares 1073741824 bytes, more than 87 compressed ones can hold.",
  },
];

export const badInputs: readonly BadInput[] = [
  ...notNumbers,
  ...badNumbers,
  ...wrongSets,
  ...badMotionsAndArchives,
  ...badFormats,
];
