import { Random } from "../../src/core/random.ts";
import { memoryRecording } from "./memoryRecording.ts";

/** Parameters that leave the samples as they are. */
export const asRead = { filter: "none", reference: "none", phase_shift: "off", bad_channels: "keep" };

const nChannels = 8;
const [troughUv, widthSamples, noiseUv] = [400, 1.5, 6];

/**
 * White noise with a trough of 400 µV at each (segment, sample, channel) asked for, lower on farther channels; 1 µV per bit.
 * Every third spike is a tenth larger, so that waveforms vary.
 */
export function handmadeRecording(
  lengths: readonly number[],
  spikes: readonly (readonly [segment: number, sample: number, channel: number])[],
) {
  const random = new Random(11);
  const startOf = (segment: number) => lengths.slice(0, segment).reduce((sum, n) => sum + n, 0);
  const values = Float64Array.from({ length: startOf(lengths.length) * nChannels }, () => noiseUv * random.normal());
  const reader = memoryRecording(new Int16Array(values.length), nChannels, { nSavedChannels: nChannels });
  const { positionsUm } = reader.recording.probe;
  for (const [i, [segment, sample, channel]] of spikes.entries()) {
    const [x, y] = positionsUm[channel];
    for (let t = Math.max(0, sample - 20); t < Math.min(lengths[segment], sample + 20); t++) {
      const shape = -troughUv * (i % 3 === 0 ? 1.1 : 1) * Math.exp(-0.5 * ((t - sample) / widthSamples) ** 2);
      positionsUm.forEach(([ox, oy], c) => {
        values[(startOf(segment) + t) * nChannels + c] += shape / (1 + Math.hypot(ox - x, oy - y) / 20);
      });
    }
  }
  const segments = lengths.map((nSamples, s) => ({ startSec: s, nSamples }));
  return memoryRecording(Int16Array.from(values, Math.round), nChannels, { nSavedChannels: nChannels, segments });
}
