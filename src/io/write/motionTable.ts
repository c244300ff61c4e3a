import type { Motion } from "../../core/types.ts";
import { textFile, type WrittenFile } from "./file.ts";

/** Name of a column: displacement at a depth in µm. */
export const depthColumn = "displacement_um_at_";
export const lateralColumn = "lateral_um";

/** A motion as a table for spreadsheets: time_s (bin centres), one column per depth, and the lateral displacement if known. */
export function motionTableFile(path: string, motion: Motion): WrittenFile {
  const { displacementUm, timeBinCentersSec, depthBinCentersUm, lateralUm } = motion;
  const nDepths = depthBinCentersUm.length;
  const header = ["time_s", ...Array.from(depthBinCentersUm, (y) => `${depthColumn}${y}`)];
  const rows = Array.from(timeBinCentersSec, (t, i) => [
    t,
    ...displacementUm.subarray(i * nDepths, (i + 1) * nDepths),
    ...(lateralUm ? [lateralUm[i]] : []),
  ]);
  const lines = [[...header, ...(lateralUm ? [lateralColumn] : [])], ...rows].map((cells) => `${cells.join(",")}\n`);
  return textFile(path, lines.join(""));
}
