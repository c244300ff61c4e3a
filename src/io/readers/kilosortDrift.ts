import { folderInWords } from "../drop.ts";
import { driftFilesIn, driftMotion, filesOfDrift } from "../kilosort/drift.ts";
import { type Reader, requireSiblings } from "./reader.ts";

/**
 * Drift as Kilosort keeps it: what is added to a depth to correct it. With the times of its batches, as
 * write/kilosortDrift.ts writes it, or as ops["dshift"] and ops["yblk"] saved from Kilosort's own ops.npy.
 */
export const kilosortDrift: Reader = {
  id: "kilosort-drift",
  title: "Kilosort drift",
  names: "dshift.npy beside yblk.npy",
  about: {
    knownBy: "dshift.npy beside yblk.npy",
    reads:
      "shift of each batch and block with its sign turned, times of batches by batch_times_sec.npy or 60,000 samples each",
    leaves: "",
  },
  async find(drop) {
    const { id: format, title } = this;
    return [...drop.values()].flatMap((folder) => {
      const pairs = driftFilesIn(folder);
      const isMine = pairs.length > 0 || folder.files.has("dshift.npy") || folder.files.has("batch_times_sec.npy");
      if (isMine && pairs.length === 0)
        requireSiblings(folder, ["dshift.npy", "batch_times_sec.npy", "yblk.npy"], title);
      return pairs.map((pair) => ({
        title,
        kind: "motion" as const,
        place: folderInWords(folder.path),
        files: filesOfDrift(folder, pair),
        open: () => driftMotion(folder, pair, { format, title }),
      }));
    });
  },
};
