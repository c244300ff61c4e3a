import { folderInWords } from "../drop.ts";
import { type MotionFiles, motionDataset } from "../motions.ts";
import { type Reader, requireSiblings } from "./reader.ts";

/** Drift as Kilosort keeps it, with the times of its batches (write/kilosortDrift.ts): what is added to a depth to correct it. */
export const kilosortDrift: Reader = {
  id: "kilosort-drift",
  title: "Kilosort drift",
  async find(drop) {
    const { id: format, title } = this;
    const folders = [...drop.values()].filter(
      ({ files }) => files.has("dshift.npy") || files.has("batch_times_sec.npy"),
    );
    return folders.map((folder) => {
      const names = ["dshift.npy", "batch_times_sec.npy", "yblk.npy"];
      const [displacement, timeBins, depthBins] = requireSiblings(folder, names, title);
      const files: MotionFiles = {
        format,
        title,
        warnings: [],
        displacement,
        timeBins,
        depthBins,
        timeBinsAre: "centres",
        isCorrection: true,
      };
      return {
        title,
        kind: "motion" as const,
        place: folderInWords(folder.path),
        files: [displacement, timeBins, depthBins],
        open: () => motionDataset(files),
      };
    });
  },
};
