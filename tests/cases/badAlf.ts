import { f8, fourSpikes, i4, inFolder, sorterDrift } from "./alfFiles.ts";
import type { BadInput } from "./badInput.ts";

const alf = (more: Record<string, Uint8Array> = {}) => inFolder("alf", { ...fourSpikes, ...more });
const without = (name: string, files = fourSpikes) =>
  inFolder("alf", Object.fromEntries(Object.entries(files).filter(([one]) => one !== name)));
const text = (words: string) => new TextEncoder().encode(words);
const A = "0a1b2c3d-0000-4000-8000-000000000001";
const B = "0a1b2c3d-0000-4000-8000-000000000002";

/** IBL ALF files that cannot be opened. */
export const badAlf: readonly BadInput[] = [
  {
    name: "ALF spikes without depths",
    files: without("spikes.depths.npy"),
    sentence:
      "IBL ALF spikes in alf: expected spikes.times.npy, spikes.depths.npy and spikes.amps.npy side by side, found alf/spikes.amps.npy and alf/spikes.times.npy without spikes.depths.",
  },
  {
    name: "ALF spikes of unequal rows",
    files: alf({ "spikes.clusters.npy": i4([1, 2, 3]) }),
    sentence:
      "Expected the same number of rows in every file of spikes, found that alf/spikes.amps.npy has 4, alf/spikes.clusters.npy has 3, alf/spikes.depths.npy has 4 and alf/spikes.times.npy has 4.",
  },
  {
    name: "ALF spikes with NaN among the times",
    files: alf({ "spikes.times.npy": f8([0.5, Number.NaN, 2, 3]) }),
    sentence:
      "alf/spikes.times.npy: expected finite numbers, found 1 NaN or infinite one, the first in row 1 (counting from 0).",
  },
  {
    name: "ALF spikes none of which has a depth",
    files: alf({ "spikes.depths.npy": f8(new Array(4).fill(Number.NaN)) }),
    sentence:
      "alf/spikes.depths.npy: expected finite numbers, found 4 NaN or infinite ones, the first in row 0 (counting from 0).",
  },
  {
    name: "ALF spikes twice in one folder",
    files: [...alf(), ...inFolder("alf", { [`spikes.times.${A}.npy`]: f8([1, 2, 3, 4]) })],
    sentence: `Expected one file of spikes.times in alf, found 2: spikes.times.${A}.npy and spikes.times.npy; keep only one of them there.`,
  },
  {
    name: "ALF spikes of two downloads in one folder",
    files: inFolder(
      "alf",
      Object.fromEntries(
        [A, B].flatMap((id) => Object.entries(fourSpikes).map(([n, b]) => [n.replace(".npy", `.${id}.npy`), b])),
      ),
    ),
    sentence: `Expected one file of spikes.times in alf, found 2: spikes.times.${A}.npy and spikes.times.${B}.npy; keep only one of them there.`,
  },
  {
    name: "ALF spikes as one parquet table",
    files: [{ path: "alf/spikes.table.pqt", bytes: text("PAR1") }],
    sentence:
      "alf/spikes.table.pqt is parquet, which is not read; save spikes.times, spikes.depths and spikes.amps as .npy beside it.",
  },
  {
    name: "an ALF drift without its depths",
    files: without("drift_depths.um.npy", sorterDrift),
    sentence:
      "IBL ALF drift in alf: expected drift.times.npy, drift.um.npy and drift_depths.um.npy side by side, found alf/drift.times.npy and alf/drift.um.npy without drift_depths.um.",
  },
  {
    name: "an ALF drift of other shapes",
    files: inFolder("alf", { ...sorterDrift, "drift.um.npy": f8([1, 2, 3], [3, 1]) }),
    sentence:
      "alf/drift.um.npy: expected shape (2, 2) to fit alf/drift.times.npy and alf/drift_depths.um.npy, found shape (3, 1).",
  },
];

/** IBL ALF files that are opened with a warning. */
export const oddAlf: readonly BadInput[] = [
  {
    name: "ALF amplitudes that are not volts",
    files: alf({ "spikes.amps.npy": f8([80, 120, 60, 75]) }),
    sentence:
      "alf/spikes.amps.npy: expected amplitudes in V, found a median of 77.5, which no spike has; they were taken as they are and their unit is unknown.",
  },
  {
    name: "ALF amplitudes that may be millivolts",
    files: alf({ "spikes.amps.npy": f8([0.08, 0.12, 0.06, 0.075]) }),
    sentence: "alf/spikes.amps.npy: amplitudes were taken as V, but a median of 0.0775 is more than a spike has.",
  },
  {
    name: "ALF spikes some of which have no depth",
    files: alf({ "spikes.depths.npy": f8([100, Number.NaN, 340, 60]) }),
    sentence:
      "alf/spikes.depths.npy: 1 of 4 spikes have no number (NaN or infinite), as the sorter could not place them; they were left out.",
  },
  {
    name: "ALF spikes in two revisions",
    files: [...alf(), ...inFolder("alf/#2024-05-06#", { "spikes.depths.npy": f8([1, 2, 3, 4]) })],
    sentence:
      "alf/#2024-05-06#/spikes.depths.npy is the newest revision and was taken; alf/spikes.depths.npy was not read.",
  },
  {
    name: "ALF metrics as parquet",
    files: alf({ "spikes.clusters.npy": i4([0, 1, 0, 1]), "clusters.metrics.pqt": text("PAR1") }),
    sentence:
      'alf/clusters.metrics.pqt is parquet, which is not read: the column label is missing and units have no labels; save it beside as text with pandas.read_parquet("clusters.metrics.pqt").to_csv("clusters.metrics.csv").',
  },
  {
    name: "ALF metrics without a column of labels",
    files: alf({ "spikes.clusters.npy": i4([0, 1, 0, 1]), "clusters.metrics.csv": text("cluster_id,snr\n0,2\n1,3\n") }),
    sentence:
      "alf/clusters.metrics.csv: expected a column of labels (label, labels, group, KSLabel, ks2_label or default_qc), found none; units have no labels.",
  },
  {
    name: "ALF spikes from before the clock of the session",
    files: alf({
      "spikes.times.npy": f8([-0.5, 1, 2, 3.5]),
      "spikes.samples.npy": f8([30_000, 75_000, 105_000, 150_000]),
    }),
    sentence:
      "alf/spikes.times.npy: 1 spike lies before 0 s on the clock of the session; times were counted from the first sample instead (spikes.samples), 1.5 s later.",
  },
  {
    name: "ALF channels of unequal rows",
    files: alf({ "channels.localCoordinates.npy": f8([0, 20, 32, 20], [2, 2]), "channels.rawInd.npy": i4([0, 1, 2]) }),
    sentence:
      "Expected the same number of rows in every file of channels, found that alf/channels.localCoordinates.npy has 2 and alf/channels.rawInd.npy has 3; contacts are unknown.",
  },
  {
    name: "an ALF drift of iblsorter",
    files: inFolder("alf", sorterDrift),
    sentence:
      "alf/drift.um.npy: taken as iblsorter writes it, as drift_depths.um.npy has shape (1, D): µm that are added to a depth, so the motion shown is its negative; iblsorter's own spikes.depths are corrected by it already.",
  },
  {
    name: "ALF spikes with the drift that their sorter took off",
    files: alf(sorterDrift),
    sentence:
      "alf/spikes.depths.npy: iblsorter located these spikes after its own drift correction; alf/drift.um.npy (-4 to 10 µm) was put back, so that depths are as recorded, and they are those of the file where its motion is taken off.",
  },
  {
    name: "ALF spikes without a drift",
    files: alf(),
    sentence:
      "alf/spikes.depths.npy: pykilosort and iblsorter locate spikes after their own drift correction, and no drift.um lies beside: where one of them sorted, what moves here is what that left.",
  },
  {
    name: "an ALF drift copied from SpikeInterface",
    files: inFolder("alf", { ...sorterDrift, "drift_depths.um.npy": f8([0, 400]) }),
    sentence:
      "alf/drift.um.npy: taken as a copy of SpikeInterface's motion, as drift_depths.um.npy has shape (D,): µm that are subtracted from a depth; iblsorter, whose sign is the opposite, writes (1, D).",
  },
];
