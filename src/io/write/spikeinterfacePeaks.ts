import type { SpikeTable } from "../../core/types.ts";
import type { WrittenFile } from "./file.ts";
import { type NpyColumn, npyTableFile } from "./npy.ts";

/** Spikes that know their sample and their channel. */
export type Peaks = SpikeTable & Required<Pick<SpikeTable, "sampleIndex" | "channel">>;

export function arePeaks(spikes: SpikeTable): spikes is Peaks {
  return spikes.sampleIndex !== undefined && spikes.channel !== undefined;
}

/**
 * SpikeInterface's peaks.npy (base_peak_dtype of its node pipeline) and peak_locations.npy (dtype of its localizers): structured arrays of
 * sample_index, channel_index, amplitude, segment_index and of x, y and, where known, z and alpha. Unknown x is NaN.
 */
export function spikeinterfacePeaksFiles(folder: string, peaks: Peaks): WrittenFile[] {
  const { nSpikes, sampleIndex, channel, segment, ampUv, xUm, depthUm, zUm, alpha } = peaks;
  const f8 = (name: string, values: ArrayLike<number>): NpyColumn => ({ name, dtype: "<f8", values });
  const i8 = (name: string, values: ArrayLike<number>): NpyColumn => ({ name, dtype: "<i8", values });
  return [
    npyTableFile(`${folder}/peaks.npy`, nSpikes, [
      i8("sample_index", sampleIndex),
      i8("channel_index", channel),
      f8("amplitude", ampUv),
      i8("segment_index", segment ?? new Int32Array(nSpikes)),
    ]),
    npyTableFile(`${folder}/peak_locations.npy`, nSpikes, [
      f8("x", xUm ?? new Float64Array(nSpikes).fill(Number.NaN)),
      f8("y", depthUm),
      ...(zUm ? [f8("z", zUm)] : []),
      ...(alpha ? [f8("alpha", alpha)] : []),
    ]),
  ];
}
