import { median } from "../../core/motion.ts";
import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";

/**
 * MEDiCINe's own output (jazlab/medicine): motion.npy (T, D) float32 µm, time_bins.npy (T,) and depth_bins.npy (D,)
 * float64, medicine_parameters.json. MEDiCINe's time bins are where each bin starts, so half a bin is taken off our
 * centres; the bin is `time_bin_size` of the parameters, else the median distance between centres. A motion by another
 * method has no parameters of MEDiCINe's: null leaves that file out.
 */
export function medicineMotionFiles(folder: string, motion: Motion, params: ParamValues | null): WrittenFile[] {
  const centersSec = motion.timeBinCentersSec;
  const nDepthBins = motion.depthBinCentersUm.length;
  const binSec = typeof params?.time_bin_size === "number" ? params.time_bin_size : spacingOf(centersSec);
  const leftEdgesSec = centersSec.map((t) => t - binSec / 2);
  return [
    npyFile(`${folder}/motion.npy`, motion.displacementUm, [centersSec.length, nDepthBins], "<f4"),
    npyFile(`${folder}/time_bins.npy`, leftEdgesSec, [centersSec.length], "<f8"),
    npyFile(`${folder}/depth_bins.npy`, motion.depthBinCentersUm, [nDepthBins], "<f8"),
    ...(params ? [jsonFile(`${folder}/medicine_parameters.json`, params)] : []),
  ];
}

/** Median distance between neighbours; 0 for a single one, whose width nothing tells. */
function spacingOf(centers: Float64Array): number {
  return centers.length < 2 ? 0 : median(centers.subarray(1).map((v, i) => v - centers[i]));
}
