import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { driftFilesIn, exportedDriftIn, ownDriftIn } from "../kilosort/drift.ts";
import { filesOfSorting, type SorterFolder, sorterFolders, unreadSorters } from "../kilosort/folder.ts";
import { findRawFile, openRawFile } from "../kilosort/rawFile.ts";
import { openSorting, titleOf } from "../kilosort/spikes.ts";
import { type Claim, type Reader, recordingClaim } from "./reader.ts";

/**
 * Folders of Kilosort 2, 2.5, 3 and 4, and whatever else phy opens: a params.py (known by its text), spike_times.npy and the
 * arrays beside it, which only their names tell apart; and the raw file, where it is there and nothing else describes it.
 */
export const kilosort: Reader = {
  id: "kilosort",
  title: "Kilosort / phy",
  names: "spike_times.npy beside params.py",
  about: {
    knownBy: "params.py (by its text) beside spike_times.npy",
    reads:
      "times, positions (spike_positions, else out of pc_features, else of the templates), amplitudes in Kilosort's units, units with their labels, contacts and shanks; the raw file by range where it lies beside",
    leaves: "ops.npy (a pickle), template_features, similar_templates; amplitudes in µV are in none of its files",
  },
  async find(drop, all = drop) {
    const claims: Claim[] = [];
    for (const sorter of await sorterFolders(drop)) claims.push(...claimsOf(sorter, drop, all, this.id));
    return claims;
  },
  leftOver: unreadSorters,
};

function claimsOf(sorter: SorterFolder, drop: Drop, all: Drop, id: string): Claim[] {
  const { folder } = sorter;
  const place = folderInWords(folder.path);
  const raw = findRawFile(sorter, drop, all);
  const claims: Claim[] = [];
  if (folder.files.has("spike_times.npy")) {
    const whole = all.get(folder.path) ?? folder; // with what the reader of drift has taken
    const gone = raw.binaries.length === 0 && raw.sentence !== "" ? [raw.sentence] : [];
    const beside = {
      warnings: [...gone, ...driftToExport(whole), ...exportedDriftIn(whole)],
      drift: ownDriftIn(whole),
      hasRecording: raw.isElsewhere,
    };
    claims.push({
      title: titleOf(folder),
      kind: "spikes",
      place,
      files: filesOfSorting(sorter),
      open: () => openSorting(sorter, id, beside),
    });
  }
  if (raw.binaries.length > 0) {
    const recording = () => openRawFile(sorter, raw, id);
    const files = [...raw.binaries, sorter.params.source];
    claims.push(recordingClaim({ title: "Kilosort's raw file", place, files, recording }));
  }
  return claims;
}

/** The drift that Kilosort estimated lies in a pickle, which is never executed: how to get it out, where nobody has yet. */
function driftToExport(folder: Folder): string[] {
  const ops = folder.files.get("ops.npy");
  if (!ops || driftFilesIn(folder).length > 0) return [];
  return [
    `${ops.path} is a Python pickle and was not opened; the drift Kilosort estimated is in it: to see it, run ops = numpy.load("ops.npy", allow_pickle=True).item(); numpy.save("dshift.npy", ops["dshift"]); numpy.save("yblk.npy", ops["yblk"]) in Python and drop the folder again.`,
  ];
}
