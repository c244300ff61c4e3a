import { type AmplitudeFit, amplitudeFit } from "../core/amplitudeFit.ts";
import { peakToPeak } from "../core/contactPlaces.ts";
import { waveformFeatures } from "../core/waveformFeatures.ts";
import type { SpikeWaveform } from "./recordings.ts";

/** How well places of one spike explain its amplitudes: what the picture of the fit draws and the panel says in numbers. */
export interface SpikeFits {
  /** [K] of the waveforms as read */
  raw: Float64Array;
  /** [K] of the denoised ones; null without them */
  denoised: Float64Array | null;
  /** which of them localizers measured, and so the one that is fitted */
  on: "raw" | "denoised";
  /** what was measured, in words */
  feature: string;
  /** of amplitudes */
  unit: string;
  /** of at most two localizers, the network last */
  fits: readonly LocalizerFit[];
}

export interface LocalizerFit {
  localizer: string;
  placeUm: readonly [xUm: number, yUm: number, zUm: number];
  /** α is the localizer's own; else the best one at its place */
  isOwnAlpha: boolean;
  fit: AmplitudeFit;
}

const featureNames = { ptp: "Peak to peak", energy: "Energy", peak_voltage: "Voltage at the peak" } as const;

/** Amplitudes of contacts as localizers measure them; NaN where the samples are no numbers. */
function amplitudesOf(values: Float32Array, { nSamples, samplesBefore, measured }: SpikeWaveform): Float64Array {
  if (!measured) return peakToPeak(values, nSamples);
  const { from, to, feature } = measured;
  const { ptp, energy, peakVoltage } = waveformFeatures(values, nSamples, { from, to, samplesBefore });
  const wanted = { ptp, energy, peak_voltage: peakVoltage }[feature];
  const whole = peakToPeak(values, nSamples);
  return wanted.map((value, k) => (Number.isFinite(whole[k]) ? value : Number.NaN));
}

/** The localizers whose places are held against the amplitudes: what triangulates, else what was imported, and the network. */
function chosen(locations: SpikeWaveform["locations"]): string[] {
  const isPlace = (id: string) => id in locations && locations[id].slice(0, 3).every(Number.isFinite);
  const network = ["sln-cnn", "sln-transformer", "sln-cnn-pretrained", "sln-transformer-pretrained"].find(isPlace);
  const fitted = ["monopolar", "imported", "grid"].find(isPlace);
  return [...(fitted ? [fitted] : []), ...(network ? [network] : [])];
}

/**
 * Everything about the fits of one spike. α is the localizer's own where it says one in the unit of the amplitudes: that of the
 * monopolar fit and of a network with four outputs.
 */
export function spikeFits(waveform: SpikeWaveform): SpikeFits {
  const { locations, positionsUm, measured, denoised } = waveform;
  const raw = amplitudesOf(waveform.raw, waveform);
  const ofDenoised = denoised && amplitudesOf(denoised, waveform);
  const on = measured?.on === "denoised" && ofDenoised ? "denoised" : "raw";
  const fitted = on === "denoised" && ofDenoised ? ofDenoised : raw;
  const fits = chosen(locations).flatMap((localizer): LocalizerFit[] => {
    const [x, y, z, alpha] = locations[localizer];
    const isOwnAlpha = Number.isFinite(alpha) && (localizer === "monopolar" || localizer.startsWith("sln-"));
    const placeUm = [x, y, z] as const;
    const fit = amplitudeFit(fitted, positionsUm, placeUm, isOwnAlpha ? alpha : null);
    return fit ? [{ localizer, placeUm, isOwnAlpha, fit }] : [];
  });
  const feature = featureNames[measured?.feature ?? "ptp"];
  return { raw, denoised: ofDenoised, on, feature, unit: waveform.unit ?? "µV", fits };
}
