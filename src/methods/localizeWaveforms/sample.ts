import { AppError } from "../../core/errors.ts";
import { Random } from "../../core/random.ts";
import { detectSlotOrder, type SlotOrder, type SlotOrderVerdict } from "../../core/slotOrder.ts";
import { spikePrototype } from "../../core/spikePrototype.ts";
import { fitTpca, type TpcaModel } from "../../core/tpca.ts";
import { waveformFeatures } from "../../core/waveformFeatures.ts";
import { featureWindow } from "../localize/measure.ts";
import type { KnownWaveforms } from "./known.ts";
import { storedSlots } from "./slots.ts";

export const maxComponents = 8;

/** What a random sample of the waveforms says of all of them. */
export interface WaveformSample {
  /** [n] rows of the data set, ascending */
  rows: Int32Array;
  /** [n, K, L] */
  waveforms: Float32Array;
  verdict: SlotOrderVerdict;
  /** samples before the peak: where most spikes have their largest deflection */
  samplesBefore: number;
  /** fitted on all channels of the sample */
  tpca: TpcaModel;
}

/** Read and measure at most `nSpikes` random spikes. Throws AppError when they hold nothing. */
export async function sampleWaveforms(known: KnownWaveforms, nSpikes: number, seed: number): Promise<WaveformSample> {
  const { source, channel, positionsUm, nChannels } = known;
  const { nSlots, nSamples } = source;
  const rows = randomRows(source.nSpikes, nSpikes, seed);
  const waveforms = await source.readRows(rows);
  const traces = tracesWithSignal(waveforms, nSamples);
  if (traces.length < 2 * nSamples) {
    throw new AppError(
      "bad-data",
      `Expected waveforms of spikes, found ${rows.length} random ones that hold nothing but zeros; check the file of waveforms.`,
    );
  }
  const whole = { from: 0, to: nSamples, samplesBefore: 0 };
  const { ptp } = waveformFeatures(waveforms, nSamples, whole);
  const peaks = Int32Array.from(rows, (row) => channel[row]);
  return {
    rows,
    waveforms,
    verdict: detectSlotOrder(ptp, peaks, positionsUm, new Int32Array(nChannels)),
    samplesBefore: commonPeak(waveforms, nSlots, nSamples),
    tpca: fitTpca(traces, nSamples, Math.min(maxComponents, nSamples)),
  };
}

/** The time course of a typical spike on its peak channel, within the window of the localizers. */
export function samplePrototype(
  known: KnownWaveforms,
  { rows, waveforms, samplesBefore }: WaveformSample,
  order: SlotOrder,
  seed: number,
): Float32Array {
  const { nSlots, nSamples } = known.source;
  const { from, to } = featureWindow({ samplesBefore, nSamples }, known.rateHz);
  const { channels } = storedSlots(known, order);
  const onPeak = new Float32Array(rows.length * (to - from));
  rows.forEach((row, n) => {
    const peak = known.channel[row];
    const slot = channels.subarray(peak * nSlots, (peak + 1) * nSlots).indexOf(peak);
    const at = (n * nSlots + slot) * nSamples;
    onPeak.set(waveforms.subarray(at + from, at + to), n * (to - from));
  });
  return spikePrototype(onPeak, to - from, samplesBefore - from, seed);
}

/** Different rows, ascending: reads go through the file once. */
export function randomRows(nRows: number, nWanted: number, seed: number): Int32Array {
  if (nRows <= nWanted) return Int32Array.from({ length: nRows }, (_, row) => row);
  const random = new Random(seed);
  const picked = new Set<number>();
  while (picked.size < nWanted) picked.add(random.integer(nRows));
  return Int32Array.from(picked).sort();
}

/** Traces of zeros (a window that reached out of the recording) and broken ones say nothing of a waveform's shape. */
export function tracesWithSignal(waveforms: Float32Array, nSamples: number): Float32Array {
  const kept = new Float32Array(waveforms.length);
  let to = 0;
  for (let at = 0; at < waveforms.length; at += nSamples) {
    const trace = waveforms.subarray(at, at + nSamples);
    if (!trace.some((v) => v !== 0) || !trace.every(Number.isFinite)) continue;
    kept.set(trace, to);
    to += nSamples;
  }
  return kept.subarray(0, to);
}

/**
 * The sample at which most spikes have their largest magnitude over all slots: files do not say where in its window the peak
 * lies. At an equal number the first.
 */
export function commonPeak(waveforms: Float32Array, nSlots: number, nSamples: number): number {
  const counts = new Int32Array(nSamples);
  for (let at = 0; at < waveforms.length; at += nSlots * nSamples) {
    let largest = 0;
    let peak = -1;
    for (let i = 0; i < nSlots * nSamples; i++) {
      const height = Math.abs(waveforms[at + i]);
      if (!(height > largest)) continue;
      largest = height;
      peak = i % nSamples;
    }
    if (peak >= 0) counts[peak]++;
  }
  return counts.indexOf(Math.max(...counts));
}
