import type { SlotTable } from "./types.ts";

/**
 * Waveforms [n, K, L] cut from a tile of traces [T, C]: of spike i on channel c = channel[i], slot k holds trace
 * slots[c, k] from row[i] − samplesBefore, L samples. Zero outside the tile and in slots of −1.
 * The oracle of shaders/snippets.wgsl.
 */
export function snippets(
  traces: Float32Array,
  nChannels: number,
  row: ArrayLike<number>,
  channel: ArrayLike<number>,
  { nSlots, channels }: SlotTable,
  samplesBefore: number,
  nSamples: number,
): Float32Array {
  const nRows = traces.length / nChannels;
  const out = new Float32Array(row.length * nSlots * nSamples);
  for (let i = 0; i < row.length; i++) {
    const start = row[i] - samplesBefore;
    const from = Math.max(0, -start);
    const to = Math.min(nSamples, nRows - start);
    for (let k = 0; k < nSlots; k++) {
      const source = channels[channel[i] * nSlots + k];
      if (source < 0) continue;
      const at = (i * nSlots + k) * nSamples;
      for (let t = from; t < to; t++) out[at + t] = traces[(start + t) * nChannels + source];
    }
  }
  return out;
}
