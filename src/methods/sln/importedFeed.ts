import { AppError } from "../../core/errors.ts";
import { N_SAMPLES, N_SLOTS, SAMPLES_BEFORE } from "../../core/network/layout.ts";
import { denoiseTpca, fitTpca, projectTpca, type TpcaModel } from "../../core/tpca.ts";
import type { WaveformSet } from "../../protocol/waveforms.ts";
import type { MethodInputs } from "../defineMethod.ts";
import { type KnownWaveforms, knownWaveforms } from "../localizeWaveforms/known.ts";
import {
  commonPeak,
  maxComponents,
  randomRows,
  sampleWaveforms,
  tracesWithSignal,
} from "../localizeWaveforms/sample.ts";
import {
  mapSlots,
  type SlotOrderChoice,
  slotOrderDoubt,
  slotOrderInUse,
  slotOrderSentence,
  storedSlots,
} from "../localizeWaveforms/slots.ts";
import type { FeedSettings, WaveformFeed } from "./feed.ts";
import { arrange, checkShape, ptpOf, rateWarnings, sampleSpikes, spikeAnchors, standardDeviation } from "./feedMath.ts";

/** Neighbouring rows that are read together: a row of its own costs a call for 4 kB. */
const runLength = 64;

/** What is known of the slots before the first waveform is read for the network. */
interface Slots extends Pick<WaveformFeed, "anchorsUm" | "channelsOf" | "positionsUm" | "warnings"> {
  /** [10] stored slot of each of the network's, of a spike */
  fromOf(row: number): ArrayLike<number>;
  tpca: TpcaModel;
  samplesBefore: number;
  /** waveforms of a sample, as stored */
  sample: Float32Array;
}

/** Imported waveforms, read by rows. Throws AppError for what the data set does not say and for another shape. */
export async function importedFeed(
  { spikes }: MethodInputs,
  set: WaveformSet,
  settings: FeedSettings,
  seed: number,
): Promise<WaveformFeed> {
  const source = set.waveforms;
  checkShape(source.nSlots, source.nSamples, "extract them again, or open the recording and detect its spikes.");
  if (!spikes || spikes.nSpikes !== source.nSpikes)
    throw new AppError(
      "bad-data",
      `Expected a waveform for each of the ${spikes?.nSpikes ?? 0} spikes, found ${source.nSpikes}; open the data set that both belong to.`,
    );
  const slots = set.channel ? await knownSlots(set, settings.slotOrder, seed) : await slotsAsGiven(set, seed);
  const { fromOf, tpca, samplesBefore, sample, warnings, ...places } = slots;
  const scale = settings.scale || set.waveformScale || standardDeviation(sample);
  const peakWarning = {
    code: "sln-peak",
    message: `The networks read waveforms with their peak at sample ${SAMPLES_BEFORE}, here most have it at sample ${samplesBefore}: a network trained here serves such waveforms alone.`,
  };
  return {
    ...places,
    nSpikes: source.nSpikes,
    scale,
    runLength,
    read: async (rows) => arrange(await source.readRows(rows), (i) => fromOf(rows[i]), scale),
    ptp: async (rows) => {
      const denoised = Float32Array.from(denoiseTpca(projectTpca(await source.readRows(rows), tpca), tpca));
      return ptpOf(arrange(denoised, (i) => fromOf(rows[i]), 1));
    },
    warnings: [
      ...warnings,
      ...rateWarnings(set.rateHz),
      ...(Math.abs(samplesBefore - SAMPLES_BEFORE) > 3 ? [peakWarning] : []),
    ],
  };
}

/** Channels and contacts are known: the slot order is found out or taken as chosen. */
async function knownSlots(set: WaveformSet, choice: SlotOrderChoice, seed: number): Promise<Slots> {
  const known: KnownWaveforms = knownWaveforms(set);
  const { channel, positionsUm } = known;
  const { verdict, tpca, samplesBefore, waveforms } = await sampleWaveforms(known, sampleSpikes, seed);
  if (choice === "auto" && !verdict.isClear)
    throw new AppError(
      "bad-data",
      "The waveforms do not tell in which order their channels stand, and a network cannot be trained without it; choose the slot order that they were written with.",
    );
  const order = slotOrderInUse(choice, verdict);
  const { slots, from } = mapSlots(storedSlots(known, order), storedSlots(known, "depth-lateral"));
  const slotsOf = (table: Int32Array, row: number) =>
    table.subarray(channel[row] * N_SLOTS, (channel[row] + 1) * N_SLOTS);
  const doubt = slotOrderDoubt(choice, verdict);
  return {
    anchorsUm: set.anchorsUm ? withoutZ(set.anchorsUm) : spikeAnchors(slots, positionsUm, channel),
    channelsOf: (row) => slotsOf(slots.channels, row),
    positionsUm,
    fromOf: (row) => slotsOf(from, row),
    tpca,
    samplesBefore,
    sample: waveforms,
    warnings: [
      { code: "slot-order", message: slotOrderSentence(choice, verdict) },
      ...(doubt ? [{ code: "slot-order-doubt", message: doubt }] : []),
    ],
  };
}

/** A training subset says where the middle of each spike's channels is, not which they are. Throws AppError without that. */
async function slotsAsGiven(set: WaveformSet, seed: number): Promise<Slots> {
  const { anchorsUm, waveforms: source } = set;
  if (!anchorsUm)
    throw new AppError(
      "bad-data",
      "Expected the peak channel of each spike in spike_channels.npy, or the middle of its channels in anchors.npy, found neither.",
    );
  const sample = await source.readRows(randomRows(source.nSpikes, sampleSpikes, seed));
  const traces = tracesWithSignal(sample, N_SAMPLES);
  if (traces.length < 2 * N_SAMPLES)
    throw new AppError("bad-data", "Expected waveforms of spikes, found nothing but zeros; check waveforms.npy.");
  const asStored = Int32Array.from({ length: N_SLOTS }, (_, k) => k);
  return {
    anchorsUm: withoutZ(anchorsUm),
    channelsOf: null,
    positionsUm: null,
    fromOf: () => asStored,
    tpca: fitTpca(traces, N_SAMPLES, maxComponents),
    samplesBefore: commonPeak(sample, N_SLOTS, N_SAMPLES),
    sample,
    warnings: [
      {
        code: "slot-order",
        message:
          "The data set does not say on which channels its waveforms were recorded: their slots are taken to stand by depth, then across.",
      },
    ],
  };
}

/** [N, 2] of [N, 3] */
function withoutZ(xyz: Float32Array): Float32Array {
  return Float32Array.from({ length: (2 * xyz.length) / 3 }, (_, i) => xyz[3 * (i >> 1) + (i & 1)]);
}
