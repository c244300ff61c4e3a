import { Random } from "../../src/core/random.ts";
import { type SlotOrder, slotTables } from "../../src/core/slotOrder.ts";
import { type NpyDtype, npyBytes } from "../../src/io/write/npy.ts";
import { staggeredProbe } from "./probes.ts";

/** A small SLN data set of point sources whose places are known. */
export interface SyntheticSln {
  /** by path; spike times are not in order, as files may have them */
  files: Record<string, Uint8Array>;
  /** [N, 3] µm, in order of time */
  truthUm: Float64Array;
  /** [N] peak channels in order of time */
  channel: Int32Array;
  /** [N, C, L] what every channel would have recorded, in order of time */
  recorded: Float32Array;
}

export const slnSizes = { nChannels: 64, nSlots: 10, nSamples: 90, samplesBefore: 30, rateHz: 30000 };

/** −1 at sample 30: a trough and a slower hump. */
function shape(t: number): number {
  const s = t - slnSizes.samplesBefore;
  return -Math.exp(-0.5 * (s / 3) ** 2) + 0.35 * Math.exp(-0.5 * ((s - 14) / 6) ** 2);
}

/** α/r of sources 8 to 40 µm beside a Neuropixels 1.0 probe, noise of 2 units, waveforms in either slot order. */
export function syntheticSln(order: SlotOrder, nSpikes: number): SyntheticSln {
  const { nChannels, nSlots, nSamples } = slnSizes;
  const random = new Random(11);
  const positionsUm = staggeredProbe(nChannels);
  const truthUm = new Float64Array(3 * nSpikes);
  const channel = new Int32Array(nSpikes);
  const recorded = new Float32Array(nSpikes * nChannels * nSamples);
  const amplitude = new Float32Array(nSpikes);
  for (let n = 0; n < nSpikes; n++) {
    const [x, y, z] = [4 + 56 * random.uniform(), 60 + 500 * random.uniform(), 8 + 32 * random.uniform()];
    const alpha = 3000 + 5000 * random.uniform();
    truthUm.set([x, y, z], 3 * n);
    const heights = Float64Array.from(
      { length: nChannels },
      (_, c) => alpha / Math.hypot(x - positionsUm[2 * c], y - positionsUm[2 * c + 1], z),
    );
    channel[n] = heights.indexOf(Math.max(...heights));
    amplitude[n] = -heights[channel[n]];
    heights.forEach((height, c) => {
      for (let t = 0; t < nSamples; t++)
        recorded[(n * nChannels + c) * nSamples + t] = height * shape(t) + 2 * random.normal();
    });
  }
  const { channels } = slotTables(positionsUm, new Int32Array(nChannels), nSlots)[order];
  // row of the file ↔ spike in order of time: neighbours swapped in pairs
  const spikeOf = Int32Array.from({ length: nSpikes }, (_, row) => ((row ^ 1) < nSpikes ? row ^ 1 : row));
  const waveforms = new Float32Array(nSpikes * nSlots * nSamples);
  spikeOf.forEach((n, row) => {
    for (let k = 0; k < nSlots; k++) {
      const at = (n * nChannels + channels[channel[n] * nSlots + k]) * nSamples;
      waveforms.set(recorded.subarray(at, at + nSamples), (row * nSlots + k) * nSamples);
    }
  });
  const files = {
    ...tables(spikeOf, channel, amplitude, positionsUm),
    "waveforms_all.npy": npyBytes(waveforms, [nSpikes, nSlots, nSamples], "<f4"),
  };
  return { files, truthUm, channel, recorded };
}

/** The tables beside the waveforms; row i is spike `spikeOf[i]`. Places are what a coarse localizer leaves: the peak channel. */
function tables(spikeOf: Int32Array, channel: Int32Array, amplitude: Float32Array, positionsUm: Float32Array) {
  const column = (dtype: NpyDtype, of: (n: number) => number) =>
    npyBytes(Float64Array.from(spikeOf, of), [spikeOf.length], dtype);
  return {
    "fs.npy": npyBytes([slnSizes.rateHz], [1], "<f8"),
    "spike_times.npy": column("<i8", (n) => 1000 + 700 * n),
    "spike_channels.npy": column("<i4", (n) => channel[n]),
    "spike_amplitudes.npy": column("<f4", (n) => amplitude[n]),
    "spike_locs_x.npy": column("<f8", (n) => positionsUm[2 * channel[n]]),
    "spike_locs_y.npy": column("<f8", (n) => positionsUm[2 * channel[n] + 1]),
    "channel_locations.npy": npyBytes(positionsUm, [slnSizes.nChannels, 2], "<f4"),
  };
}

/** Median |difference| in µm of x, y and z from the truth. */
export function medianErrorUm(locations: ArrayLike<number>, truthUm: Float64Array): [number, number, number] {
  const median = (axis: number) => {
    const errors = Float64Array.from({ length: truthUm.length / 3 }, (_, n) =>
      Math.abs(locations[4 * n + axis] - truthUm[3 * n + axis]),
    ).sort();
    return errors[errors.length >> 1];
  };
  return [median(0), median(1), median(2)];
}
