import type { SpikeWaveform } from "./recordings.ts";

/** Waveforms of several spikes, as `SpikeWaveform` has that of one. */
export interface WaveformBlock {
  /** [n] rows of the table of spikes */
  rows: Int32Array;
  nSlots: number;
  nSamples: number;
  /** samples before the peak */
  samplesBefore: number;
  rateHz: number;
  /** [n, nSlots] channel of each slot, nearest first; −1 where a spike has fewer */
  channels: Int32Array;
  /** [C] x and depth of the contacts, µm */
  positionsUm: [xUm: number, yUm: number][];
  /** [n, nSlots, nSamples] in `unit`; NaN where there is no channel */
  raw: Float32Array;
  /** the same, as principal components give it; null when none were fitted */
  denoised: Float32Array | null;
  /** what the localizers measured on each contact */
  measured: SpikeWaveform["measured"];
  unit: string;
  /** what a person should know about these samples, in sentences; empty when there is nothing */
  note: string;
}

/** One waveform of a block, the `at`-th, without the slots that have no channel. */
export function waveformIn(block: WaveformBlock, at: number): Omit<SpikeWaveform, "locations"> {
  const { rows, nSlots, nSamples, samplesBefore, rateHz, positionsUm, raw, denoised, measured, unit, note } = block;
  const own = block.channels.subarray(at * nSlots, (at + 1) * nSlots);
  const slots = [...own.keys()].filter((slot) => own[slot] >= 0);
  const samplesOf = (values: Float32Array) => {
    const out = new Float32Array(slots.length * nSamples);
    slots.forEach((slot, k) => {
      const from = (at * nSlots + slot) * nSamples;
      out.set(values.subarray(from, from + nSamples), k * nSamples);
    });
    return out;
  };
  return {
    index: rows[at],
    channels: Int32Array.from(slots, (slot) => own[slot]),
    positionsUm: slots.map((slot) => positionsUm[own[slot]]),
    nSamples,
    samplesBefore,
    rateHz,
    raw: samplesOf(raw),
    denoised: denoised && samplesOf(denoised),
    ...(measured ? { measured } : {}),
    ...(unit === "µV" ? {} : { unit }),
    ...(note === "" ? {} : { note }),
  };
}
