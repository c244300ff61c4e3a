import { fromHalf } from "../../core/half.ts";
import type { SampleReader } from "../../core/types.ts";
import type { StepResult, StoredWaveforms } from "../../protocol/methods.ts";
import type { Scratch } from "../../protocol/scratch.ts";
import type { WaveformBlock } from "../../protocol/waveformBlock.ts";
import { measuredAmplitude } from "../localize/measure.ts";
import { Preprocessor } from "../preprocess/preprocessor.ts";
import { preprocessOptions } from "./settings.ts";
import { readStoredCoefficients } from "./spikeColumns.ts";

/** Spikes closer than this part of a tile are read in one go: preprocessing takes margins of about that length anyhow. */
const joinPart = 0.25;

/** How a long reading says where it is, and is stopped. */
export interface BlockControl {
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/**
 * Waveforms of many spikes of a finished run, as `spikeWaveform` gives that of one: read back from the recording and
 * preprocessed as the run did, spikes that lie close together in one go, and the denoised ones out of the stored components.
 * `rows` ascending. Null when it was stopped, or when the run has no waveforms.
 */
export async function waveformBlock(
  reader: SampleReader,
  scratch: Scratch,
  step: StepResult,
  rows: Int32Array,
  control: BlockControl,
): Promise<WaveformBlock | null> {
  const { waveforms, spikes, params } = step;
  if (!waveforms || !spikes?.channel || !spikes.sampleIndex) return null;
  const { nSlots, nSamples, samplesBefore, slots } = waveforms;
  const { probe, rateHz } = reader.recording;
  const channels = new Int32Array(rows.length * nSlots);
  rows.forEach((row, i) => {
    const peak = spikes.channel![row];
    channels.set(slots.subarray(peak * nSlots, (peak + 1) * nSlots), i * nSlots);
  });
  const raw = await rawOf(reader, step, rows, channels, control);
  if (!raw) return null;
  const denoised = await denoisedOf(scratch, waveforms, rows, channels);
  const { positionsUm } = probe;
  const shape = { rows, nSlots, nSamples, samplesBefore, rateHz, channels, positionsUm };
  const measured = measuredAmplitude(params, waveforms, rateHz);
  return { ...shape, raw, denoised, measured, unit: "µV", note: "" };
}

/** Spikes [from, to) of an order that one reading serves. */
function* readings(
  order: readonly number[],
  startOf: (i: number) => { segment: number; sample: number },
  nSamples: number,
  tileSamples: number,
): Generator<{ from: number; to: number; segment: number; start: number; end: number }> {
  for (let from = 0, to = 0; from < order.length; from = to) {
    const { segment, sample: start } = startOf(order[from]);
    let end = start + nSamples;
    for (to = from + 1; to < order.length; to++) {
      const next = startOf(order[to]);
      const isNear = next.segment === segment && next.sample - end <= joinPart * tileSamples;
      if (!isNear || next.sample + nSamples - start > tileSamples) break;
      end = Math.max(end, next.sample + nSamples);
    }
    yield { from, to, segment, start, end };
  }
}

/** [rows, nSlots, nSamples] µV, NaN for slots without a channel; null when it was stopped. */
async function rawOf(
  reader: SampleReader,
  { waveforms, spikes, params }: StepResult,
  rows: Int32Array,
  channels: Int32Array,
  { signal, onProgress }: BlockControl,
): Promise<Float32Array | null> {
  const { nSlots, nSamples, samplesBefore, noiseUv } = waveforms!;
  const connected = reader.recording.probe.connected;
  const excluded = [...noiseUv.keys()].filter((c) => Number.isNaN(noiseUv[c]) && connected[c]);
  const startOf = (i: number) => ({
    segment: spikes!.segment?.[rows[i]] ?? 0,
    sample: spikes!.sampleIndex![rows[i]] - samplesBefore,
  });
  const order = Array.from(rows, (_, i) => i).sort((a, b) => {
    const [one, other] = [startOf(a), startOf(b)];
    return one.segment - other.segment || one.sample - other.sample;
  });
  const out = new Float32Array(rows.length * nSlots * nSamples).fill(Number.NaN);
  const preprocessor = new Preprocessor(reader, { ...preprocessOptions(params), excluded });
  try {
    const places = new Map([...preprocessor.channels].map((c, i) => [c, i]));
    const nKept = preprocessor.channels.length;
    for (const { from, to, segment, start, end } of readings(order, startOf, nSamples, preprocessor.tileSamples)) {
      if (signal.aborted) return null;
      const traces = await preprocessor.process(segment, start, end);
      const values = (await traces.data()) as Float32Array;
      traces.dispose();
      for (const i of order.slice(from, to)) {
        const first = startOf(i).sample - start;
        for (let slot = 0; slot < nSlots; slot++) {
          const place = places.get(channels[i * nSlots + slot]);
          if (place === undefined) continue;
          const at = (i * nSlots + slot) * nSamples;
          for (let t = 0; t < nSamples; t++) out[at + t] = values[(first + t) * nKept + place];
        }
      }
      onProgress(to, rows.length);
    }
  } finally {
    preprocessor.dispose();
  }
  return out;
}

/** [rows, nSlots, nSamples] µV: mean + coefficients · components, NaN for slots without a channel. */
async function denoisedOf(
  scratch: Scratch,
  { key, nSlots, nSamples, nComponents, mean, components, order }: StoredWaveforms,
  rows: Int32Array,
  channels: Int32Array,
): Promise<Float32Array> {
  const out = new Float32Array(rows.length * nSlots * nSamples).fill(Number.NaN);
  const run = await scratch.open(key);
  try {
    for (let i = 0; i < rows.length; i++) {
      const stored = order ? order[rows[i]] : rows[i];
      const coefficients = await readStoredCoefficients(run, nSlots * nComponents, stored, stored + 1);
      for (let slot = 0; slot < nSlots; slot++) {
        if (channels[i * nSlots + slot] < 0) continue;
        const at = (i * nSlots + slot) * nSamples;
        for (let t = 0; t < nSamples; t++) {
          let sum = mean[t];
          for (let p = 0; p < nComponents; p++)
            sum += fromHalf(coefficients[slot * nComponents + p]) * components[p * nSamples + t];
          out[at + t] = sum;
        }
      }
    }
  } finally {
    await run.close();
  }
  return out;
}
