import { correctDepths, correctLateral } from "../../core/motion.ts";
import type { Motion, SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
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

/** Whether positions are those of a network between two of its outer iterations. */
export function isIteration(id: string): boolean {
  return /-iter\d+$/.test(id);
}

/** Where all steps put the spikes, by localizer: those of steps since the spikes were found. */
export function locationsOf(steps: readonly StepResult[]): Record<string, Float32Array> {
  const found = steps.findLastIndex((step) => step.waveforms);
  return Object.assign({}, ...steps.slice(Math.max(0, found)).map((step) => step.locations));
}

/**
 * The localizer whose positions a table of spikes carries: the last whose depths are the table's, wherever it gives one, and a
 * network between its iterations only for want of another. Null when none is, as for spikes that were read from a file.
 */
export function localizerOf(spikes: SpikeTable, locations: Record<string, Float32Array>): string | null {
  const { depthUm, nSpikes } = spikes;
  const isOf = (xyza: Float32Array) => {
    if (xyza.length !== 4 * nSpikes) return false;
    for (let n = 0; n < nSpikes; n++) {
      if (Number.isFinite(xyza[4 * n + 1]) && Math.fround(depthUm[n]) !== xyza[4 * n + 1]) return false;
    }
    return xyza.some(Number.isFinite);
  };
  const found = Object.keys(locations).filter((id) => isOf(locations[id]));
  return found.findLast((id) => !isIteration(id)) ?? found.at(-1) ?? null;
}

/** The same spikes at the places [N, 4] of a localizer. */
export function placedAt(spikes: SpikeTable, xyza: Float32Array): SpikeTable {
  const column = (i: number) => Float64Array.from({ length: spikes.nSpikes }, (_, n) => xyza[4 * n + i]);
  return { ...spikes, xUm: column(0), depthUm: column(1), zUm: column(2), alpha: column(3) };
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
