import type { Motion } from "../../core/types.ts";
import { textFile, type WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";

/** The generation of the folder's layout; SpikeInterface's loader looks only at `object`. */
const LAYOUT_VERSION = "0.105.0";

/**
 * A SpikeInterface Motion folder (spikeinterface/core/motion.py, Motion.save): loads with Motion.load. Displacement (T, S)
 * in µm, time bin centres in s, depths in µm, all float64. A lateral displacement goes beside it as lateral_um.npy (T,),
 * which SpikeInterface ignores.
 */
export function spikeinterfaceMotionFiles(folder: string, motion: Motion): WrittenFile[] {
  const nTimeBins = motion.timeBinCentersSec.length;
  const nDepthBins = motion.depthBinCentersUm.length;
  const info = {
    version: LAYOUT_VERSION,
    dev_mode: false,
    object: "Motion",
    num_segments: 1,
    direction: "y",
    interpolation_method: "linear",
  };
  const files = [
    textFile(`${folder}/spikeinterface_info.json`, JSON.stringify(info, null, 4)),
    npyFile(`${folder}/displacement_seg0.npy`, motion.displacementUm, [nTimeBins, nDepthBins], "<f8"),
    npyFile(`${folder}/temporal_bins_s_seg0.npy`, motion.timeBinCentersSec, [nTimeBins], "<f8"),
    npyFile(`${folder}/spatial_bins_um.npy`, motion.depthBinCentersUm, [nDepthBins], "<f8"),
  ];
  if (motion.lateralUm) files.push(npyFile(`${folder}/lateral_um.npy`, motion.lateralUm, [nTimeBins], "<f8"));
  return files;
}
