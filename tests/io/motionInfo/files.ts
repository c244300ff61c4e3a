import { npyTableFile } from "../../../src/io/write/npy.ts";
import { f8, utf8 } from "../support.ts";

export type Files = Record<string, Uint8Array>;

export const RATE_HZ = 30_000;

/** SpikeInterface's two tables of peaks at these samples. */
export function peakFiles(samples: number[], segments: number[]): Files {
  const n = samples.length;
  const i8 = (name: string, values: number[]) => ({ name, dtype: "<i8" as const, values });
  const zeros = new Array<number>(n).fill(0);
  const column = (name: string, value: number) => ({
    name,
    dtype: "<f8" as const,
    values: zeros.map((_, i) => value + i),
  });
  return {
    "peaks.npy": npyTableFile("", n, [
      i8("sample_index", samples),
      i8("channel_index", zeros),
      column("amplitude", -90),
      i8("segment_index", segments),
    ]).bytes,
    "peak_locations.npy": npyTableFile("", n, [column("x", 8), column("y", 100)]).bytes,
    "parameters.json": utf8(JSON.stringify({ sampling_frequency: RATE_HZ })),
    "run_times.json": utf8("{}"),
  };
}

/** motion/ as Motion.save writes it: time bins of each segment, with a displacement that counts them. */
export function motionFiles(bins: number[][]): Files {
  const info = { object: "Motion", num_segments: bins.length, direction: "y", interpolation_method: "linear" };
  return Object.fromEntries([
    ["motion/spikeinterface_info.json", utf8(JSON.stringify(info))],
    ["motion/spatial_bins_um.npy", f8([200])],
    ...bins.flatMap((seconds, s) => [
      [`motion/temporal_bins_s_seg${s}.npy`, f8(seconds)],
      [
        `motion/displacement_seg${s}.npy`,
        f8(
          seconds.map((_, i) => 10 * s + i),
          [seconds.length, 1],
        ),
      ],
    ]),
  ]);
}
