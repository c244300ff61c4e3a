import { npyBytes } from "../../src/io/write/npy.ts";
import type { BadInput } from "./badInput.ts";

export type AlfFiles = Record<string, Uint8Array>;

export const f8 = (values: ArrayLike<number>, shape: number[] = [values.length]) => npyBytes(values, shape, "<f8");
export const i4 = (values: ArrayLike<number>) => npyBytes(values, [values.length], "<i4");

/** Four spikes of two units under ALF names, in volts. */
export const fourSpikes: AlfFiles = {
  "spikes.times.npy": f8([0.5, 1, 2, 3.25]),
  "spikes.depths.npy": f8([100, 220, 340, 60]),
  "spikes.amps.npy": f8([80e-6, 120e-6, 60e-6, 75e-6]),
};

/** Drift as iblsorter writes it: depths as one row, µm that are added to a depth. */
export const sorterDrift: AlfFiles = {
  "drift.times.npy": f8([1, 3]),
  "drift.um.npy": f8([-10, -5, 4, 2], [2, 2]),
  "drift_depths.um.npy": f8([0, 400], [1, 2]),
};

export function inFolder(folder: string, files: AlfFiles): BadInput["files"] {
  return Object.entries(files).map(([name, bytes]) => ({ path: `${folder}/${name}`, bytes }));
}
