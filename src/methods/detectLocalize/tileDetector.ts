import { type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import type { PeakRules, Peaks } from "../../core/exclusivePeaks.ts";
import { packHalf } from "../../core/half.ts";
import { nearestSlots, slotsWithin } from "../../core/neighbours.ts";
import type { TpcaModel } from "../../core/tpca.ts";
import type { ProbeSites, SlotTable } from "../../core/types.ts";
import type { FeatureWindow } from "../../core/waveformFeatures.ts";
import { exclusivePeaks } from "../../ops/exclusivePeaks.ts";
import { snippets } from "../../ops/snippets.ts";
import { denoise, project } from "../../ops/tpca.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { localizerById, type PreparedLocalizer } from "../localize/localizers.ts";
import { featureWindow, localizerIds, measureFeature, slotsFor } from "../localize/measure.ts";
import type { DetectSettings } from "./settings.ts";

/** The kept channels as tables: where they lie and who their neighbours are. Indices count kept channels. */
export interface KeptSites {
  /** [C] channel of the recording */
  channels: Int32Array;
  /** [C, 2] µm */
  positionsUm: Float32Array;
  /** [C] */
  shank: Int32Array;
  /** rivals in detection */
  rivals: SlotTable;
  /** channels of a waveform */
  slots: SlotTable;
}

export function keptSites(probe: ProbeSites, channels: Int32Array, settings: DetectSettings): KeptSites {
  const positionsUm = Float32Array.from([...channels].flatMap((c) => probe.positionsUm[c]));
  const shank = Int32Array.from(channels, (c) => probe.shank[c] ?? 0);
  return {
    channels,
    positionsUm,
    shank,
    rivals: slotsWithin(positionsUm, shank, settings.radiusUm),
    slots: nearestSlots(positionsUm, shank, settings.nSlots),
  };
}

/** Peaks of a tile of traces [T, C] in rows [fromRow, toRow). noiseUv: [C]; 0 is a channel that never measured. */
export function peaksOfTile(
  traces: Tensor2D,
  sites: KeptSites,
  noiseUv: ArrayLike<number>,
  settings: DetectSettings,
  [fromRow, toRow]: readonly [number, number],
): Promise<Peaks> {
  const { threshold, sign, excludeSamples } = settings;
  const thresholds = Float32Array.from(noiseUv, (uv) => (uv > 0 ? threshold * uv : Number.POSITIVE_INFINITY));
  const rules: PeakRules = { thresholds, neighbours: sites.rivals, sign, excludeSamples, fromRow, toRow };
  return exclusivePeaks(traces, rules);
}

/** Rows that a tile needs before and after those in which peaks are looked for. */
export function haloOf({ excludeSamples, samplesBefore, nSamples }: DetectSettings): number {
  return Math.max(excludeSamples + 1, samplesBefore, nSamples - samplesBefore);
}

/** Positions of the peaks of a tile by every localizer asked for; made once per run. */
export class TileLocalizer {
  readonly ids: readonly string[];
  readonly #prepared: { id: string; localizer: PreparedLocalizer; slots: SlotTable }[];
  readonly #settings: DetectSettings;
  readonly #window: FeatureWindow;
  readonly #denoiseBy: TpcaModel | null;
  readonly #prototype: Float32Array;

  constructor(
    sites: KeptSites,
    params: ParamValues,
    settings: DetectSettings,
    rateHz: number,
    model: TpcaModel,
    prototype: Float32Array,
  ) {
    this.ids = localizerIds(params);
    this.#settings = settings;
    this.#window = featureWindow(settings, rateHz);
    this.#denoiseBy = params.localize_on === "denoised" ? model : null;
    this.#prototype = prototype;
    const tables = new Map<string, SlotTable>();
    this.#prepared = this.ids.map((id) => {
      const localizer = localizerById(id).prepare(sites, params);
      return { id, localizer, slots: slotsFor(localizer.needs.channels, sites, tables) };
    });
  }

  /** By localizer: [n, 4] x, y, z, alpha of peaks in a tile of traces [T, C]. */
  async locate(traces: Tensor2D, { row, channel }: Peaks): Promise<Record<string, Float32Array>> {
    const { samplesBefore, nSamples } = this.#settings;
    const found: Record<string, Float32Array> = {};
    for (const slots of new Set(this.#prepared.map((p) => p.slots))) {
      const waveforms = tidy(() => {
        const raw = snippets(traces, row, channel, slots, samplesBefore, nSamples);
        return this.#denoiseBy ? denoise(project(raw, this.#denoiseBy), this.#denoiseBy) : raw;
      });
      for (const { id, localizer } of this.#prepared.filter((p) => p.slots === slots)) {
        const feature = measureFeature(waveforms, localizer.needs.feature, this.#window, this.#prototype);
        found[id] = await localizer.run({ feature, channel, slots });
        feature.dispose();
      }
      waveforms.dispose();
    }
    return found;
  }

  dispose(): void {
    for (const { localizer } of this.#prepared) localizer.dispose();
  }
}

/** [n, nSlots, nComponents] float16 bits: the waveforms of peaks as principal components. */
export async function coefficientsOf(
  traces: Tensor2D,
  { row, channel }: Peaks,
  { slots }: KeptSites,
  { samplesBefore, nSamples }: DetectSettings,
  model: TpcaModel,
): Promise<Uint16Array> {
  const coefficients = tidy(() => project(snippets(traces, row, channel, slots, samplesBefore, nSamples), model));
  const values = (await coefficients.data()) as Float32Array;
  coefficients.dispose();
  return packHalf(values);
}
