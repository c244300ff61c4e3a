import { folderInWords } from "../drop.ts";
import { type MotionFiles, motionDataset } from "../motions.ts";
import { type Reader, requireSiblings } from "./reader.ts";

/** MEDiCINe's output folder. Its time_bins are where each bin starts; `motionDataset` turns them into middles and says so. */
export const medicineMotion: Reader = {
  id: "medicine-motion",
  title: "MEDiCINe motion",
  names: "motion.npy, time_bins.npy and depth_bins.npy",
  about: {
    knownBy: "motion.npy, time_bins.npy and depth_bins.npy by name",
    reads: "displacement; the start of each time bin is turned into its middle",
    leaves: "",
  },
  async find(drop) {
    const { id: format, title } = this;
    const folders = [...drop.values()].filter(({ files }) => files.has("time_bins.npy") || files.has("depth_bins.npy"));
    return folders.map((folder) => {
      const [displacement, timeBins, depthBins] = requireSiblings(
        folder,
        ["motion.npy", "time_bins.npy", "depth_bins.npy"],
        title,
      );
      const parameters = folder.files.get("medicine_parameters.json");
      const alsoThere = parameters ? [parameters] : [];
      const files: MotionFiles = {
        format,
        title,
        warnings: [],
        displacement,
        timeBins,
        depthBins,
        alsoThere,
        timeBinsAre: "left edges",
      };
      return {
        title,
        kind: "motion" as const,
        place: folderInWords(folder.path),
        files: [displacement, timeBins, depthBins, ...alsoThere],
        open: () => motionDataset(files),
      };
    });
  },
};
