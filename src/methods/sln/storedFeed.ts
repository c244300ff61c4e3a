import { AppError } from "../../core/errors.ts";
import { unpackHalf } from "../../core/half.ts";
import { depthLateralOrder } from "../../core/neighbours.ts";
import { N_SAMPLES, N_SLOTS, SAMPLES_BEFORE } from "../../core/network/layout.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { StoredWaveforms } from "../../protocol/methods.ts";
import { coefficientsFile } from "../../protocol/scratch.ts";
import type { MethodInputs } from "../defineMethod.ts";
import { readStoredCoefficients } from "../detectLocalize/spikeColumns.ts";
import { randomRows } from "../localizeWaveforms/sample.ts";
import { mapSlots } from "../localizeWaveforms/slots.ts";
import type { FeedSettings, WaveformFeed } from "./feed.ts";
import { arrange, checkShape, ptpOf, rateWarnings, sampleSpikes, spikeAnchors, standardDeviation } from "./feedMath.ts";

/** Rows of coefficients read at once: 10 MB. */
const readRows = 65536;

/**
 * Waveforms that a detection kept as principal components: the coefficients stay in memory as they are stored, 160 bytes a
 * spike, and waveforms are made of them batch by batch. Throws AppError when they are gone or of another shape.
 */
export async function storedFeed(
  inputs: MethodInputs,
  stored: StoredWaveforms,
  { scale: given }: FeedSettings,
  seed: number,
): Promise<WaveformFeed> {
  const { spikes, channel, positionsUm } = placesOf(inputs);
  const advice =
    "run the detection again with waveform_channels 10, waveform_before_ms 1 and waveform_after_ms 2, on a recording of 30 kHz.";
  checkShape(stored.nSlots, stored.nSamples, advice);
  if (stored.samplesBefore !== SAMPLES_BEFORE)
    throw new AppError(
      "bad-data",
      `The networks read waveforms with their peak at sample ${SAMPLES_BEFORE}, these have it at sample ${stored.samplesBefore}: ${advice}`,
    );
  const coefficients = await readAll(inputs, stored, spikes.nSpikes);
  const nearest = { nSlots: N_SLOTS, channels: stored.slots };
  const { slots, from } = mapSlots(nearest, depthLateralOrder(nearest, positionsUm));
  const slotsOf = (table: Int32Array, row: number) =>
    table.subarray(channel[row] * N_SLOTS, (channel[row] + 1) * N_SLOTS);
  const make = (rows: ArrayLike<number>, over: number) =>
    arrange(waveformsOf(coefficients, stored, rows), (i) => slotsOf(from, rows[i]), over);
  const scale = given > 0 ? given : standardDeviation(make(randomRows(spikes.nSpikes, sampleSpikes, seed), 1));
  return {
    nSpikes: spikes.nSpikes,
    scale,
    runLength: 1,
    anchorsUm: spikeAnchors(slots, positionsUm, channel),
    channelsOf: (row) => slotsOf(slots.channels, row),
    positionsUm,
    read: async (rows) => make(rows, scale),
    ptp: async (rows) => ptpOf(make(rows, 1)),
    warnings: rateWarnings(inputs.recording?.reader.recording.rateHz ?? null),
  };
}

/** Where the spikes' channels lie. Throws AppError when the table does not say which they are, or nothing where. */
function placesOf({ spikes, probe }: MethodInputs): {
  spikes: SpikeTable;
  channel: Int32Array;
  positionsUm: Float32Array;
} {
  if (!spikes?.channel)
    throw new AppError("bad-data", "Expected the peak channel of each spike, found none; run the detection again.");
  if (!probe || probe.positionsUm.length === 0)
    throw new AppError(
      "bad-data",
      "Expected where the contacts of the probe lie, found nothing; open the recording with its .meta file.",
    );
  return { spikes, channel: spikes.channel, positionsUm: Float32Array.from(probe.positionsUm.flat()) };
}

/** [rows in the scratch, 10 · components] float16 bits */
async function readAll(
  { scratch, recording }: MethodInputs,
  { key, nComponents, order }: StoredWaveforms,
  nSpikes: number,
): Promise<Uint16Array> {
  const width = N_SLOTS * nComponents;
  const place = scratch ?? recording?.scratch;
  const run = await place?.open(key);
  try {
    const nStored = run ? (await run.size(coefficientsFile)) / (2 * width) : 0;
    if (!run || nStored < nSpikes || (order && order.length !== nSpikes))
      throw new AppError(
        "bad-data",
        `Expected the kept waveforms of ${nSpikes} spikes, found those of ${Math.floor(nStored)}; run the detection again.`,
        { nSpikes, nStored },
      );
    const all = new Uint16Array(nSpikes * width);
    for (let from = 0; from < nSpikes; from += readRows) {
      all.set(await readStoredCoefficients(run, width, from, Math.min(nSpikes, from + readRows)), from * width);
    }
    return all;
  } finally {
    await run?.close();
  }
}

/** Denoised waveforms [n, 10, 90] on the stored slots: mean + Σ coefficient · component. */
function waveformsOf(
  halves: Uint16Array,
  { nComponents, mean, components, order }: StoredWaveforms,
  rows: ArrayLike<number>,
): Float32Array {
  const width = N_SLOTS * nComponents;
  const out = new Float32Array(rows.length * N_SLOTS * N_SAMPLES);
  for (let i = 0; i < rows.length; i++) {
    const at = (order ? order[rows[i]] : rows[i]) * width;
    const coefficients = unpackHalf(halves.subarray(at, at + width));
    for (let k = 0; k < N_SLOTS; k++) {
      const trace = out.subarray((i * N_SLOTS + k) * N_SAMPLES, (i * N_SLOTS + k + 1) * N_SAMPLES);
      trace.set(mean);
      for (let p = 0; p < nComponents; p++) {
        const c = coefficients[k * nComponents + p];
        const component = p * N_SAMPLES;
        for (let t = 0; t < N_SAMPLES; t++) trace[t] += c * components[component + t];
      }
    }
  }
  return out;
}
