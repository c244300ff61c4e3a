import type { SlotOrder } from "../../core/slotOrder.ts";
import { denoiseTpca, projectTpca } from "../../core/tpca.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { StepResult } from "../../protocol/methods.ts";
import type { SpikeWaveform } from "../../protocol/recordings.ts";
import type { WaveformBlock } from "../../protocol/waveformBlock.ts";
import type { WaveformSet } from "../../protocol/waveforms.ts";
import { measuredAmplitude } from "../localize/measure.ts";
import { type KnownWaveforms, knownWaveforms } from "./known.ts";
import { sampleWaveforms, type WaveformSample } from "./sample.ts";
import { type SlotOrderChoice, slotOrderDoubt, slotOrderInUse, slotOrderSentence, storedSlots } from "./slots.ts";

/** Enough to tell the slot order and to fit components for the eye. */
const sampleSpikes = 500;

/** Spikes that are read at a time where many are. */
const batchSpikes = 256;

/** What the files say of a spike's place, among the localizers. */
const IMPORTED = "imported";

/** Imported waveforms as a person looks at them: one spike at a time, read from the file when asked for. */
export class ImportedWaveforms {
  readonly set: WaveformSet;
  /** as the files have them */
  readonly #spikes: SpikeTable;
  #measured: Promise<{ known: KnownWaveforms; sample: WaveformSample }> | null = null;
  /** [C, K] channel of each stored slot, by their order, once somebody asked */
  readonly #slots = new Map<SlotOrder, Int32Array>();

  constructor(set: WaveformSet, spikes: SpikeTable) {
    this.set = set;
    this.#spikes = spikes;
  }

  /** Measure a sample of the waveforms before the first one is looked at. Never rejects: what is amiss is said then. */
  async prepare(): Promise<void> {
    this.#measured ??= this.#measure();
    await this.#measured.catch(() => undefined);
  }

  /**
   * One spike in the unit of its file, with where the files and the last step that localized put it. Null when there is no
   * such row. Throws AppError when the data set does not say which channels its waveforms are of.
   */
  async waveform(index: number, choice: SlotOrderChoice, localized: StepResult | null): Promise<SpikeWaveform | null> {
    if (index < 0 || index >= this.set.waveforms.nSpikes) return null;
    this.#measured ??= this.#measure();
    const { known, sample } = await this.#measured;
    const { source, positionsUm, rateHz } = known;
    const { nSamples } = source;
    const { anchorsUm } = this.set;
    const stored = await source.readRows([index]);
    const denoised = denoiseTpca(projectTpca(stored, sample.tpca), sample.tpca);
    const slots = nearestFirst(known, this.#slotsIn(slotOrderInUse(choice, sample.verdict), known), index);
    const inOrder = (values: ArrayLike<number>) =>
      Float32Array.from({ length: slots.length * nSamples }, (_, i) => {
        const { slot } = slots[Math.floor(i / nSamples)];
        return values[slot * nSamples + (i % nSamples)];
      });
    const doubt = slotOrderDoubt(choice, sample.verdict);
    return {
      index,
      channels: Int32Array.from(slots, ({ channel }) => channel),
      positionsUm: slots.map(({ channel }) => [positionsUm[2 * channel], positionsUm[2 * channel + 1]]),
      nSamples,
      samplesBefore: sample.samplesBefore,
      rateHz,
      raw: inOrder(stored),
      denoised: inOrder(denoised),
      locations: this.#locations(index, localized),
      measured: measuredAmplitude(localized?.params ?? {}, { samplesBefore: sample.samplesBefore, nSamples }, rateHz),
      ...(anchorsUm ? { anchorUm: [anchorsUm[3 * index], anchorsUm[3 * index + 1]] } : {}),
      unit: "in the file's unit",
      note: `${slotOrderSentence(choice, sample.verdict)}${doubt ? ` ${doubt}` : ""}`,
    };
  }

  /**
   * Several spikes, `rows` ascending, as `waveform` gives one. Null when it was stopped. Throws AppError when the data set does
   * not say which channels its waveforms are of.
   */
  async block(
    rows: Int32Array,
    choice: SlotOrderChoice,
    localized: StepResult | null,
    { signal, onProgress }: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<WaveformBlock | null> {
    this.#measured ??= this.#measure();
    const { known, sample } = await this.#measured;
    const { source, rateHz } = known;
    const { nSlots, nSamples } = source;
    const stored = this.#slotsIn(slotOrderInUse(choice, sample.verdict), known);
    const channels = new Int32Array(rows.length * nSlots).fill(-1);
    const raw = new Float32Array(rows.length * nSlots * nSamples).fill(Number.NaN);
    const denoised = raw.slice();
    for (let from = 0; from < rows.length; from += batchSpikes) {
      if (signal.aborted) return null;
      const batch = rows.subarray(from, from + batchSpikes);
      const read = await source.readRows(batch);
      const smooth = denoiseTpca(projectTpca(read, sample.tpca), sample.tpca);
      batch.forEach((row, i) => {
        nearestFirst(known, stored, row).forEach(({ channel, slot }, k) => {
          const to = (from + i) * nSlots + k;
          const at = (i * nSlots + slot) * nSamples;
          channels[to] = channel;
          raw.set(read.subarray(at, at + nSamples), to * nSamples);
          denoised.set(smooth.subarray(at, at + nSamples), to * nSamples);
        });
      });
      onProgress(Math.min(rows.length, from + batchSpikes), rows.length);
    }
    const { positionsUm } = this.set;
    const { samplesBefore } = sample;
    const measured = measuredAmplitude(localized?.params ?? {}, { samplesBefore, nSamples }, rateHz);
    const shape = { rows, nSlots, nSamples, samplesBefore, rateHz, channels, positionsUm };
    return {
      ...shape,
      raw,
      denoised,
      measured,
      unit: "in the file's unit",
      note: slotOrderSentence(choice, sample.verdict),
    };
  }

  #slotsIn(order: SlotOrder, known: KnownWaveforms): Int32Array {
    const channels = this.#slots.get(order) ?? storedSlots(known, order).channels;
    this.#slots.set(order, channels);
    return channels;
  }

  async #measure() {
    const known = knownWaveforms(this.set);
    return { known, sample: await sampleWaveforms(known, sampleSpikes, 0) };
  }

  #locations(index: number, localized: StepResult | null): SpikeWaveform["locations"] {
    const { xUm, depthUm, zUm, alpha } = this.#spikes;
    const at = (column: Float64Array | undefined) => column?.[index] ?? Number.NaN;
    const found: SpikeWaveform["locations"] = { [IMPORTED]: [at(xUm), at(depthUm), at(zUm), at(alpha)] };
    for (const [id, xyza] of Object.entries(localized?.locations ?? {})) {
      const [x, y, z, a] = xyza.subarray(4 * index, 4 * index + 4);
      found[id] = [x, y, z, a];
    }
    return found;
  }
}

/** The stored slots of a spike from its peak channel outwards. */
function nearestFirst({ source, channel, positionsUm }: KnownWaveforms, channels: Int32Array, index: number) {
  const peak = channel[index];
  const far = (c: number) =>
    Math.hypot(positionsUm[2 * c] - positionsUm[2 * peak], positionsUm[2 * c + 1] - positionsUm[2 * peak + 1]);
  return Array.from(channels.subarray(peak * source.nSlots, (peak + 1) * source.nSlots), (c, slot) => ({
    channel: c,
    slot,
  }))
    .filter((one) => one.channel >= 0)
    .sort((a, b) => far(a.channel) - far(b.channel) || a.channel - b.channel);
}
