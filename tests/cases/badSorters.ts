import { npyBytes } from "../../src/io/write/npy.ts";
import type { BadInput } from "./badInput.ts";
import {
  type Files,
  featureChannels,
  features,
  kilosort4Files,
  paramsBytes,
  phyFiles,
  rawBytes,
} from "./sorterFiles.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A sound folder with some files replaced, or left out where undefined. */
function changed(sound: Files, changes: Record<string, Uint8Array | undefined>): BadInput["files"] {
  return Object.entries({ ...sound, ...changes }).flatMap(([name, bytes]) =>
    bytes ? [{ path: `ks/${name}`, bytes }] : [],
  );
}

const kilosort4 = (changes: Record<string, Uint8Array | undefined>) => changed(kilosort4Files(), changes);
const phy = (changes: Record<string, Uint8Array | undefined>) => changed(phyFiles(), changes);
const times = (values: number[]) => npyBytes(values, [6], "<f8");

/** Folders of Kilosort and phy that cannot be opened. */
export const badSorters: readonly BadInput[] = [
  {
    name: "Kilosort's arrays without params.py",
    files: kilosort4({ "params.py": undefined }),
    sentence:
      "ks/spike_times.npy: expected params.py in ks, which says how many samples a second has (sample_rate), found none.",
  },
  {
    name: "a params.py without a sampling rate",
    files: kilosort4({ "params.py": paramsBytes({ sample_rate: undefined }) }),
    sentence: "ks/params.py: expected sample_rate to be the sampling rate in Hz, e.g. sample_rate = 30000, found none.",
  },
  {
    name: "a params.py of a negative rate",
    files: kilosort4({ "params.py": paramsBytes({ sample_rate: "-30000" }) }),
    sentence:
      "ks/params.py: expected sample_rate to be the sampling rate in Hz, e.g. sample_rate = 30000, found -30000.",
  },
  {
    name: "a params.py beside files of other names",
    files: [
      { path: "ks/params.py", bytes: paramsBytes() },
      { path: "ks/times.npy", bytes: times([1, 2, 3, 4, 5, 6]) },
    ],
    sentence:
      "ks/params.py: expected the arrays of Kilosort or phy beside it under their own names, at least spike_times.npy, amplitudes.npy and spike_positions.npy or templates.npy, found none of them.",
  },
  {
    name: "Kilosort's arrays of unequal lengths",
    files: kilosort4({ "amplitudes.npy": npyBytes([1, 2, 3], [3], "<f4") }),
    sentence:
      "Expected the same number of spikes in every file, found that ks/spike_times.npy has 6, ks/amplitudes.npy has 3.",
  },
  {
    name: "a sorting without positions and without templates",
    files: phy({ "templates.npy": undefined }),
    sentence:
      "ks/params.py: expected where spikes lie beside it, in spike_positions.npy, or in channel_positions.npy with pc_features.npy and pc_feature_ind.npy or with templates.npy and spike_templates.npy, found neither.",
  },
  {
    name: "a sorting without amplitudes and without templates",
    files: kilosort4({ "amplitudes.npy": undefined }),
    sentence:
      "ks/params.py: expected amplitudes.npy beside it, or templates.npy and spike_templates.npy to tell how large spikes are, found neither.",
  },
  {
    name: "a channel map of another length than the positions",
    files: kilosort4({ "channel_map.npy": npyBytes([0, 1, 2], [3], "<i4") }),
    sentence:
      "Expected the same number of channels in every file, found that ks/channel_positions.npy has 4, ks/channel_map.npy has 3.",
  },
  {
    name: "a sorting with times before the first sample",
    files: kilosort4({ "spike_times.npy": times([-3000, 1, 2, 3, 4, 5]) }),
    sentence:
      "ks/spike_times.npy: expected times from the first sample on, found 1 negative, the first (-0.1) in row 0 (counting from 0).",
  },
  {
    name: "a sorting whose times are no samples",
    files: kilosort4({ "spike_times.npy": times([0.5, 1, 2, 3, 4, 5]) }),
    sentence: "ks/spike_times.npy: expected whole sample numbers, found 0.5 in row 0 (counting from 0).",
  },
  {
    name: "a spike of a template that is not there",
    files: phy({ "spike_templates.npy": npyBytes([0, 1, 2, 0], [4], "<i4") }),
    sentence:
      "ks/spike_templates.npy: expected template numbers that ks/templates.npy knows, from 0 to 1, found 2 in row 2 (counting from 0).",
  },
  {
    name: "positions of spikes without a depth",
    files: kilosort4({ "spike_positions.npy": npyBytes([1, 2, 3, 4, 5, 6], [6, 1], "<f4") }),
    sentence: "ks/spike_positions.npy: expected x and depth of each spike, shape (N, 2), found shape (6, 1).",
  },
  {
    name: "features that do not fit their channels",
    files: phy({
      "pc_features.npy": npyBytes(features.flat(2).slice(0, 16), [4, 2, 2], "<f4"),
      "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i4"),
    }),
    sentence:
      "ks/pc_features.npy: expected shape (4, components, 3) to fit ks/pc_feature_ind.npy, found shape (4, 2, 2).",
  },
  {
    name: "features of another number of spikes",
    files: phy({
      "pc_features.npy": npyBytes(features.flat(2).slice(0, 18), [3, 2, 3], "<f4"),
      "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i4"),
    }),
    sentence:
      "Expected the same number of spikes in every file, found that ks/spike_templates.npy has 4, ks/pc_features.npy has 3.",
  },
  {
    name: "templates of other channels than the probe's",
    files: phy({ "templates.npy": npyBytes([1, 2, 3, 4, 5, 6], [2, 1, 3], "<f4") }),
    sentence:
      "ks/templates.npy: expected shape (templates, samples, 4) to fit channel_positions.npy, or template_ind.npy beside it, found shape (2, 1, 3).",
  },
  {
    name: "templates on channels that are not there",
    files: phy({ "templates_ind.npy": npyBytes([0, 1, 2, 3, 0, 1, 2, 9], [2, 4], "<i4") }),
    sentence: "ks/templates_ind.npy: expected channels from 0 to 3 (−1 for none), found 9 in row 1 (counting from 0).",
  },
];

/** Folders that open all the same, with a warning. */
export const oddSorters: readonly BadInput[] = [
  {
    name: "a sorting whose raw file is gone",
    files: kilosort4({}),
    sentence:
      "ks/params.py: the raw file it names (run_g0_t0.imec0.ap.bin) is not among what was opened, and spikes were opened without it; for traces, drop it together with this folder and whatever describes it (.meta).",
  },
  {
    name: "Kilosort's drift in a pickle",
    files: kilosort4({ "ops.npy": utf8("pickled") }),
    sentence:
      'ks/ops.npy is a Python pickle and was not opened; the drift Kilosort estimated is in it: to see it, run ops = numpy.load("ops.npy", allow_pickle=True).item(); numpy.save("dshift.npy", ops["dshift"]); numpy.save("yblk.npy", ops["yblk"]) in Python and drop the folder again.',
  },
  {
    name: "a sorting beside a motion exported for it",
    files: kilosort4({
      "dshift.npy": npyBytes([-8], [1, 1], "<f8"),
      "yblk.npy": npyBytes([10], [1], "<f8"),
      "batch_times_sec.npy": npyBytes([1], [1], "<f8"),
    }),
    sentence:
      "ks/dshift.npy has the times of its batches beside it, as Driftscope exports a motion: Kilosort is taken not to have applied it. Where it did, take ks/batch_times_sec.npy away and drop the folder again.",
  },
  {
    name: "labels of units without their numbers",
    files: kilosort4({ "cluster_group.tsv": utf8("unit\tgroup\n0\tgood\n") }),
    sentence:
      "ks/cluster_group.tsv: expected a column cluster_id in its first line, found unit, group; its labels were left out.",
  },
  {
    name: "labels of units that are no numbers",
    files: kilosort4({ "cluster_group.tsv": utf8("cluster_id\tgroup\n0\tgood\nseven\tmua\n") }),
    sentence: 'ks/cluster_group.tsv: expected a unit\'s number in line 3, found "seven"; its labels were left out.',
  },
  {
    name: "an empty table of labels",
    files: kilosort4({ "cluster_group.tsv": new Uint8Array(0) }),
    sentence:
      "ks/cluster_group.tsv: expected a table of units with a header, found an empty file; its labels were left out.",
  },
  {
    name: "spikes that lie where their templates lie",
    files: phy({}),
    sentence:
      "ks/templates.npy: every spike lies where its template lies, as there are no spike_positions.npy and no pc_features.npy to place it by; drift cannot be seen in that, except as units that come and go.",
  },
  {
    name: "a whitening matrix of another probe",
    files: phy({ "whitening_mat_inv.npy": npyBytes([1, 0, 0, 1], [2, 2], "<f4") }),
    sentence:
      "ks/whitening_mat_inv.npy: expected shape (4, 4) to fit channel_positions.npy, found shape (2, 2); templates are taken as whitened as they are.",
  },
  {
    name: "a raw file of an unknown number type",
    files: kilosort4({ "params.py": paramsBytes({ dtype: "'int12'" }), "run_g0_t0.imec0.ap.bin": rawBytes(20) }),
    sentence: 'ks/params.py: expected dtype to be one of int16, uint16, int32, float32, float64, found "int12".',
  },
  {
    name: "a raw file of fewer channels than the channel map names",
    files: kilosort4({ "params.py": paramsBytes({ n_channels_dat: "4" }), "run_g0_t0.imec0.ap.bin": rawBytes(20) }),
    sentence: "ks/channel_map.npy: expected columns from 0 to 3 (n_channels_dat of ks/params.py), found 4.",
  },
  {
    name: "an empty raw file",
    files: kilosort4({ "run_g0_t0.imec0.ap.bin": new Uint8Array(0) }),
    sentence: "ks/run_g0_t0.imec0.ap.bin: expected samples of 10 bytes, found 0 bytes in all.",
  },
];
