import { tensor3d, tidy } from "@tensorflow/tfjs-core";
import type { SlotOrder } from "../../core/slotOrder.ts";
import type { SlotTable } from "../../core/types.ts";
import { denoise, project } from "../../ops/tpca.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { type LocalizeNeeds, localizerById, type PreparedLocalizer } from "../localize/localizers.ts";
import { featureWindow, localizerIds, measureFeature, slotsFor } from "../localize/measure.ts";
import type { KnownWaveforms } from "./known.ts";
import { samplePrototype, type WaveformSample } from "./sample.ts";
import { gatherSlots, mapSlots, type SlotMap, storedSlots } from "./slots.ts";

/** Positions of imported waveforms by every localizer asked for; made once per run. It may hold tensors: dispose it. */
export class WaveformLocalizer {
  readonly ids: readonly string[];
  readonly #known: KnownWaveforms;
  readonly #sample: WaveformSample;
  readonly #isDenoised: boolean;
  readonly #prototype: Float32Array;
  readonly #prepared: { id: string; localizer: PreparedLocalizer; map: SlotMap }[];

  constructor(known: KnownWaveforms, sample: WaveformSample, order: SlotOrder, params: ParamValues, seed: number) {
    this.ids = localizerIds(params);
    this.#known = known;
    this.#sample = sample;
    this.#isDenoised = params.localize_on === "denoised";
    this.#prototype = samplePrototype(known, sample, order, seed);
    const stored = storedSlots(known, order);
    const sites = { positionsUm: known.positionsUm, shank: new Int32Array(known.nChannels) };
    const tables = new Map<string, SlotTable>();
    const maps = new Map<SlotTable, SlotMap>();
    this.#prepared = this.ids.map((id) => {
      const localizer = localizerById(id).prepare(sites, params);
      const wanted = slotsFor(localizer.needs.channels, sites, tables);
      const map = maps.get(wanted) ?? mapSlots(stored, wanted);
      maps.set(wanted, map);
      return { id, localizer, map };
    });
  }

  /** By localizer: [n, 4] x, y, z, alpha of waveforms [n, K, L] that peak on `channel` [n]. */
  async locate(waveforms: Float32Array, channel: Int32Array): Promise<Record<string, Float32Array>> {
    const features = await this.#measure(waveforms, channel.length);
    const found: Record<string, Float32Array> = {};
    for (const { id, localizer, map } of this.#prepared) {
      const feature = gatherSlots(features.get(localizer.needs.feature)!, channel, map);
      found[id] = await localizer.run({ feature, channel, slots: map.slots });
    }
    return found;
  }

  dispose(): void {
    for (const { localizer } of this.#prepared) localizer.dispose();
  }

  /** Every feature that a localizer needs, [n, K stored], once. */
  async #measure(values: Float32Array, n: number): Promise<Map<LocalizeNeeds["feature"], Float32Array>> {
    const { source, rateHz } = this.#known;
    const { nSlots, nSamples } = source;
    const { tpca, samplesBefore } = this.#sample;
    const window = featureWindow({ samplesBefore, nSamples }, rateHz);
    const measured = new Map<LocalizeNeeds["feature"], Float32Array>();
    const waveforms = tidy(() => {
      const raw = tensor3d(values, [n, nSlots, nSamples]);
      return this.#isDenoised ? denoise(project(raw, tpca), tpca) : raw;
    });
    try {
      for (const { localizer } of this.#prepared) {
        const { feature } = localizer.needs;
        if (measured.has(feature)) continue;
        const tensor = measureFeature(waveforms, feature, window, this.#prototype);
        measured.set(feature, (await tensor.data()) as Float32Array);
        tensor.dispose();
      }
    } finally {
      waveforms.dispose();
    }
    return measured;
  }
}
