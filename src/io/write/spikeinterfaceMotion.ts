import type { Motion } from "../../core/types.ts";
import { textFile, type WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";

/** The generation of the folder's layout; SpikeInterface's loader looks only at `object`. */
const LAYOUT_VERSION = "0.105.0";

/**
 * A SpikeInterface Motion folder (spikeinterface/core/motion.py, Motion.save): loads with Motion.load. Displacement (T, S)
 * in µm, time bin centres in s, depths in µm, all float64. Several motions are those of segments, on the same depths. A lateral displacement
 * goes beside it as lateral_um.npy (T,), which SpikeInterface ignores; of several segments it is left out.
 */
export function spikeinterfaceMotionFiles(folder: string, motion: Motion | readonly Motion[]): WrittenFile[] {
  const segments = "displacementUm" in motion ? [motion] : motion;
  const { depthBinCentersUm, lateralUm } = segments[0];
  const info = {
    version: LAYOUT_VERSION,
    dev_mode: false,
    object: "Motion",
    num_segments: segments.length,
    direction: "y",
    interpolation_method: "linear",
  };
  const nDepthBins = depthBinCentersUm.length;
  const files = [textFile(`${folder}/spikeinterface_info.json`, JSON.stringify(info, null, 4))];
  for (const [s, { displacementUm, timeBinCentersSec }] of segments.entries()) {
    const nTimeBins = timeBinCentersSec.length;
    files.push(
      npyFile(`${folder}/displacement_seg${s}.npy`, displacementUm, [nTimeBins, nDepthBins], "<f8"),
      npyFile(`${folder}/temporal_bins_s_seg${s}.npy`, timeBinCentersSec, [nTimeBins], "<f8"),
    );
  }
  files.push(npyFile(`${folder}/spatial_bins_um.npy`, depthBinCentersUm, [nDepthBins], "<f8"));
  if (lateralUm && segments.length === 1)
    files.push(npyFile(`${folder}/lateral_um.npy`, lateralUm, [lateralUm.length], "<f8"));
  return files;
}
