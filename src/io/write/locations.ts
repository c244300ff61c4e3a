import { correctDepths, correctLateral } from "../../core/motion.ts";
import type { Motion, SpikeTable } from "../../core/types.ts";
import type { WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";

/** Positions of every spike, (N, 4) float32: x, y, z in µm and alpha, NaN where unknown. Uncorrected, in file order. */
export function locationsFile(path: string, spikes: SpikeTable): WrittenFile {
  return tableFile(path, spikes, spikes.xUm, spikes.depthUm);
}

/** The same after motion: y and, where a lateral displacement is known, x. Observed − displacement, one rule for both. */
export function correctedFile(path: string, spikes: SpikeTable, motion: Motion): WrittenFile {
  const depthUm = correctDepths(motion, spikes.timeSec, spikes.depthUm, spikes.shank);
  const xUm = spikes.xUm && correctLateral(motion, spikes.timeSec, spikes.xUm);
  return tableFile(path, spikes, xUm, depthUm);
}

function tableFile(
  path: string,
  spikes: SpikeTable,
  xUm: Float64Array | undefined,
  depthUm: Float64Array,
): WrittenFile {
  const columns = [xUm, depthUm, spikes.zUm, spikes.alpha];
  const table = new Float32Array(spikes.nSpikes * columns.length);
  for (const [c, column] of columns.entries()) {
    for (let i = 0; i < spikes.nSpikes; i++) table[i * columns.length + c] = column ? column[i] : Number.NaN;
  }
  return npyFile(path, table, [spikes.nSpikes, columns.length], "<f4");
}
