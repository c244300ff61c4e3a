import { AppError } from "../../core/errors.ts";
import { anchors } from "../../core/neighbours.ts";
import { N_SAMPLES, N_SLOTS, SAMPLES_BEFORE } from "../../core/network/layout.ts";
import type { SlotTable } from "../../core/types.ts";
import { waveformFeatures } from "../../core/waveformFeatures.ts";
import { featureWindow } from "../localize/measure.ts";

/** What both kinds of feed compute on the host. */

/** Hz of the waveforms that the networks were made for */
export const networkRateHz = 30000;
/** Spikes that scale, slot order and principal components are taken from. */
export const sampleSpikes = 5000;

/** Throws AppError unless waveforms are what the networks were made for. */
export function checkShape(nSlots: number, nSamples: number, advice: string): void {
  if (nSlots === N_SLOTS && nSamples === N_SAMPLES) return;
  throw new AppError(
    "bad-data",
    `The networks read ${N_SLOTS} channels of ${N_SAMPLES} samples (1 ms before the peak and 2 ms after it at 30 kHz); these waveforms have ${nSlots} channels of ${nSamples} samples: ${advice}`,
    { nSlots, nSamples },
  );
}

/** Standard deviation of all finite values; 1 where they do not differ, so that nothing is divided by zero. */
export function standardDeviation(values: ArrayLike<number>): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    n++;
    sum += values[i];
    squares += values[i] ** 2;
  }
  const variance = n > 0 ? squares / n - (sum / n) ** 2 : 0;
  return variance > 0 ? Math.sqrt(variance) : 1;
}

/** Anchors [N, 2] of spikes by their peak channel. */
export function spikeAnchors(slots: SlotTable, positionsUm: Float32Array, channel: Int32Array): Float32Array {
  // a channel that was left out has no slots, and no spikes: it stands for itself
  const channels = slots.channels.slice();
  for (let at = 0; at < channels.length; at += slots.nSlots) {
    if (channels.subarray(at, at + slots.nSlots).every((c) => c < 0)) channels[at] = at / slots.nSlots;
  }
  const perChannel = anchors({ ...slots, channels }, positionsUm);
  return Float32Array.from({ length: 2 * channel.length }, (_, i) => perChannel[2 * channel[i >> 1] + (i & 1)]);
}

/**
 * Traces of stored slots in the order of the network: out slot k is stored slot from[k] of `row`, zeros for −1; all over `scale`.
 * stored: [n, 10, 90]; fromOf gives [10] for each of the n.
 */
export function arrange(stored: Float32Array, fromOf: (i: number) => ArrayLike<number>, scale: number): Float32Array {
  const out = new Float32Array(stored.length);
  const nSpikes = stored.length / (N_SLOTS * N_SAMPLES);
  for (let i = 0; i < nSpikes; i++) {
    const from = fromOf(i);
    for (let k = 0; k < N_SLOTS; k++) {
      if (from[k] < 0) continue;
      const source = (i * N_SLOTS + from[k]) * N_SAMPLES;
      const target = (i * N_SLOTS + k) * N_SAMPLES;
      for (let t = 0; t < N_SAMPLES; t++) out[target + t] = stored[source + t] / scale;
    }
  }
  return out;
}

/** Peak to peak [n, 10] within the window that localizers measure. waveforms: [n, 10, 90] */
export function ptpOf(waveforms: Float32Array): Float32Array {
  const window = featureWindow({ samplesBefore: SAMPLES_BEFORE, nSamples: N_SAMPLES }, networkRateHz);
  return Float32Array.from(waveformFeatures(waveforms, N_SAMPLES, window).ptp);
}

/** A warning where the waveforms were sampled at another rate than the networks were made for. */
export function rateWarnings(rateHz: number | null): { code: string; message: string }[] {
  if (rateHz === null || Math.abs(rateHz / networkRateHz - 1) < 0.01) return [];
  return [
    {
      code: "sln-rate",
      message: `The networks were made for waveforms of ${networkRateHz} Hz, these have ${rateHz} Hz: a network trained here serves recordings of this rate alone.`,
    },
  ];
}
