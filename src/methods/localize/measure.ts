import { dispose, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import { nearestSlots, slotsWithin } from "../../core/neighbours.ts";
import type { SlotTable } from "../../core/types.ts";
import type { FeatureWindow } from "../../core/waveformFeatures.ts";
import { prototypeProjection, waveformFeatures } from "../../ops/waveformFeatures.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { MeasuredAmplitude } from "../../protocol/recordings.ts";
import { type LocalizeNeeds, localizers } from "./localizers.ts";

/** What localizers measure on waveforms, and on which channels. */

/** Samples of a waveform that localizers measure: half a millisecond to each side of the peak. */
export function featureWindow(
  { samplesBefore, nSamples }: { samplesBefore: number; nSamples: number },
  rateHz: number,
): FeatureWindow {
  const half = Math.max(1, Math.round(0.0005 * rateHz));
  return { from: Math.max(0, samplesBefore - half), to: Math.min(nSamples, samplesBefore + half), samplesBefore };
}

/** The same as a clicked spike is shown with: `params` are those of the step that localized. */
export function measuredAmplitude(
  params: ParamValues,
  sizes: { samplesBefore: number; nSamples: number },
  rateHz: number,
): MeasuredAmplitude {
  const { from, to } = featureWindow(sizes, rateHz);
  const feature = params.feature === "energy" || params.feature === "peak_voltage" ? params.feature : "ptp";
  return { feature, on: params.localize_on === "denoised" ? "denoised" : "raw", from, to };
}

/** One feature [n, K] of waveforms [n, K, L]. prototype: [window], for the feature of that name. */
export function measureFeature(
  waveforms: Tensor3D,
  feature: LocalizeNeeds["feature"],
  window: FeatureWindow,
  prototype: Float32Array,
): Tensor2D {
  if (feature === "prototype") return prototypeProjection(waveforms, prototype, window.from);
  const { ptp, energy, peakVoltage } = waveformFeatures(waveforms, window);
  const wanted = { ptp, energy, peak_voltage: peakVoltage }[feature];
  dispose([ptp, energy, peakVoltage].filter((tensor) => tensor !== wanted));
  return wanted;
}

/** The main localizer first. */
export function localizerIds(params: ParamValues): string[] {
  const main = params.localizer as string;
  const others = params.other_localizers === "all" ? localizers.map((l) => l.id).filter((id) => id !== main) : [];
  return [main, ...others];
}

/** The table that a rule asks for; one per rule in `tables`, so that its waveforms are cut once. */
export function slotsFor(
  rule: LocalizeNeeds["channels"],
  { positionsUm, shank }: { positionsUm: Float32Array; shank: Int32Array },
  tables: Map<string, SlotTable>,
): SlotTable {
  if ("nSlots" in rule) return rule;
  const key = JSON.stringify(rule);
  const table =
    tables.get(key) ??
    ("radiusUm" in rule
      ? slotsWithin(positionsUm, shank, rule.radiusUm)
      : nearestSlots(positionsUm, shank, rule.nNearest));
  tables.set(key, table);
  return table;
}
