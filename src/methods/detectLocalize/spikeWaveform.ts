import { unpackHalf } from "../../core/half.ts";
import type { SampleReader } from "../../core/types.ts";
import type { StepResult, StoredWaveforms } from "../../protocol/methods.ts";
import type { SpikeWaveform } from "../../protocol/recordings.ts";
import { coefficientsFile, type Scratch } from "../../protocol/scratch.ts";
import { measuredAmplitude } from "../localize/measure.ts";
import { Preprocessor } from "../preprocess/preprocessor.ts";
import { preprocessOptions } from "./settings.ts";
import { coefficientBytes } from "./spikeColumns.ts";

/**
 * One spike of a finished or stopped run: its waveform read back from the recording and preprocessed as the run did, and
 * the denoised one out of the stored components. Null when the run has no such spike.
 */
export async function spikeWaveform(
  reader: SampleReader,
  scratch: Scratch,
  step: StepResult,
  index: number,
): Promise<SpikeWaveform | null> {
  const { waveforms, spikes, locations } = step;
  if (!waveforms || !spikes?.channel || !spikes.sampleIndex || index < 0 || index >= spikes.nSpikes) return null;
  const { recording } = reader;
  const { nSlots, nSamples, samplesBefore, slots } = waveforms;
  const peak = spikes.channel[index];
  const row = Array.from(slots.subarray(peak * nSlots, (peak + 1) * nSlots));
  const present = row.flatMap((channel, slot) => (channel >= 0 ? [{ channel, slot }] : []));
  const [segment, sample] = [spikes.segment?.[index] ?? 0, spikes.sampleIndex[index]];
  const [raw, denoised] = await Promise.all([
    rawOf(
      reader,
      step,
      segment,
      sample,
      present.map(({ channel }) => channel),
    ),
    denoisedOf(scratch, waveforms, waveforms.order ? waveforms.order[index] : index),
  ]);
  return {
    index,
    channels: Int32Array.from(present, ({ channel }) => channel),
    positionsUm: present.map(({ channel }) => recording.probe.positionsUm[channel]),
    nSamples,
    samplesBefore,
    rateHz: recording.rateHz,
    ...(recording.unit ? { unit: recording.unit } : {}),
    raw,
    denoised: Float32Array.from({ length: present.length * nSamples }, (_, i) => {
      const { slot } = present[Math.floor(i / nSamples)];
      return denoised[slot * nSamples + (i % nSamples)];
    }),
    locations: Object.fromEntries(
      Object.entries(locations ?? {}).map(([id, xyza]) => {
        const [x, y, z, alpha] = xyza.subarray(4 * index, 4 * index + 4);
        return [id, [x, y, z, alpha]];
      }),
    ),
    measured: measuredAmplitude(step.params, waveforms, recording.rateHz),
  };
}

/** [channels, nSamples] µV around a sample. */
async function rawOf(
  reader: SampleReader,
  { waveforms, params }: StepResult,
  segment: number,
  sample: number,
  channels: readonly number[],
): Promise<Float32Array> {
  const { nSamples, samplesBefore, noiseUv } = waveforms!;
  const connected = reader.recording.probe.connected;
  const excluded = [...noiseUv.keys()].filter((c) => Number.isNaN(noiseUv[c]) && connected[c]);
  const preprocessor = new Preprocessor(reader, { ...preprocessOptions(params), excluded });
  try {
    const from = sample - samplesBefore;
    const traces = await preprocessor.process(segment, from, from + nSamples);
    const values = (await traces.data()) as Float32Array;
    traces.dispose();
    const places = new Map([...preprocessor.channels].map((c, i) => [c, i]));
    const nKept = preprocessor.channels.length;
    return Float32Array.from({ length: channels.length * nSamples }, (_, i) => {
      const place = places.get(channels[Math.floor(i / nSamples)]);
      return place === undefined ? Number.NaN : values[(i % nSamples) * nKept + place];
    });
  } finally {
    preprocessor.dispose();
  }
}

/** [nSlots, nSamples] µV: mean + coefficients · components. */
async function denoisedOf(scratch: Scratch, waveforms: StoredWaveforms, row: number): Promise<Float32Array> {
  const { key, nSlots, nSamples, nComponents, mean, components } = waveforms;
  const bytes = coefficientBytes(nSlots * nComponents);
  const stored = await scratch.peek(key, coefficientsFile, row * bytes, (row + 1) * bytes);
  const coefficients = unpackHalf(new Uint16Array(stored.buffer));
  return Float32Array.from({ length: nSlots * nSamples }, (_, i) => {
    const [slot, t] = [Math.floor(i / nSamples), i % nSamples];
    let sum = mean[t];
    for (let p = 0; p < nComponents; p++) sum += coefficients[slot * nComponents + p] * components[p * nSamples + t];
    return sum;
  });
}
