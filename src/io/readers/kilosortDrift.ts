import type { ByteSource } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { batchTimes, type DriftFiles, driftFilesIn } from "../kilosort/drift.ts";
import { motionDataset } from "../motions.ts";
import { type Claim, type Reader, requireSiblings } from "./reader.ts";

/**
 * Drift as Kilosort keeps it: what is added to a depth to correct it. With the times of its batches, as
 * write/kilosortDrift.ts writes it, or as ops["dshift"] and ops["yblk"] saved from Kilosort's own ops.npy.
 */
export const kilosortDrift: Reader = {
  id: "kilosort-drift",
  title: "Kilosort drift",
  about: {
    knownBy: "dshift.npy beside yblk.npy",
    reads:
      "shift of each batch and block with its sign turned, times of batches by batch_times_sec.npy or 60,000 samples each",
    leaves: "",
  },
  async find(drop: Drop) {
    return [...drop.values()].flatMap((folder) => {
      const pairs = driftFilesIn(folder);
      const isMine = pairs.length > 0 || folder.files.has("dshift.npy") || folder.files.has("batch_times_sec.npy");
      if (isMine && pairs.length === 0)
        requireSiblings(folder, ["dshift.npy", "batch_times_sec.npy", "yblk.npy"], this.title);
      return pairs.map((pair) => claimOf(folder, pair, folder.files.get("batch_times_sec.npy")));
    });
  },
};

function claimOf(folder: Folder, { dshift, yblk }: DriftFiles, times: ByteSource | undefined): Claim {
  const { id: format, title } = kilosortDrift;
  return {
    title,
    kind: "motion",
    place: folderInWords(folder.path),
    files: [dshift, ...(times ? [times] : []), yblk],
    async open() {
      const warnings: string[] = [];
      const timeBins = times ?? (await batchTimes(folder, dshift, warnings));
      const bins = { displacement: dshift, timeBins, depthBins: yblk, timeBinsAre: "centres" as const };
      return motionDataset({ format, title, warnings, ...bins, isCorrection: true });
    },
  };
}
