import { areApart, type PlaceUm } from "../core/contactPlaces.ts";

/** How the waveforms of one spike are laid out; "auto" is to scale where the contacts leave room for that. */
export type WaveformLayout = "auto" | "to-scale" | "roomy";

/**
 * To scale they look as in the figures of evarol/spikeLocalizationNetwork: µm of the probe on equal axes, the anchor ± 60 µm,
 * each waveform 14 µm wide and its largest value 17 µm high.
 */
export const toScaleUm = { reach: 60, width: 14, height: 17 } as const;

/** Whether waveforms on these contacts are drawn to scale. */
export function isToScale(layout: WaveformLayout, positionsUm: readonly PlaceUm[]): boolean {
  return layout === "auto" ? areApart(positionsUm, toScaleUm.width, toScaleUm.height) : layout === "to-scale";
}
