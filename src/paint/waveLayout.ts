import { contactSpacing } from "../core/contactPlaces.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { toScaleUm } from "../protocol/waveformLayout.ts";

/** How waveforms are laid around their contacts. */

/** Part of the room of a contact that its waveform takes across, and the largest deflection upwards or downwards. */
const widthPart = 0.86;
const heightPart = 0.8;
/** Where there is one contact in a row, or one row. */
const usualSpacingUm = [32, 20] as const;

/** Data units per sample and per µV: how a waveform is drawn around its contact. */
export interface WaveScale {
  /** room of a contact */
  roomUm: readonly [xUm: number, yUm: number];
  umPerSample: number;
  umPerUv: number;
}

/** The same µV are the same height on every contact, so that amplitudes can be compared. */
export function waveScale({ positionsUm, raw, denoised, nSamples }: SpikeWaveform, toScale: boolean): WaveScale {
  const steps = Math.max(1, nSamples - 1);
  if (toScale) {
    const umPerUv = toScaleUm.height / largest(raw);
    return { roomUm: [toScaleUm.width + 2, toScaleUm.height], umPerSample: toScaleUm.width / steps, umPerUv };
  }
  const [x, y] = contactSpacing(positionsUm).map((um, axis) => (Number.isFinite(um) ? um : usualSpacingUm[axis]));
  const most = Math.max(largest(raw), denoised ? largest(denoised) : 0);
  return { roomUm: [x, y], umPerSample: (widthPart * x) / steps, umPerUv: (heightPart * y) / most };
}

/** The largest magnitude, at least 1. */
function largest(values: ArrayLike<number>): number {
  let most = 1;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return most;
}

/** The waveform of a slot around its contact, µm: [nSamples] each. */
export function wavePath(
  values: Float32Array,
  k: number,
  { positionsUm, nSamples }: SpikeWaveform,
  { umPerSample, umPerUv }: WaveScale,
): { x: Float64Array; y: Float64Array } {
  const [xUm, yUm] = positionsUm[k];
  return {
    x: Float64Array.from({ length: nSamples }, (_, i) => xUm + (i - (nSamples - 1) / 2) * umPerSample),
    y: Float64Array.from({ length: nSamples }, (_, i) => yUm + values[k * nSamples + i] * umPerUv),
  };
}
