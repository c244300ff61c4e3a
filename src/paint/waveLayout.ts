import { contactSpacing } from "../core/contactPlaces.ts";
import type { DataTable } from "../protocol/figureData.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { toScaleUm } from "../protocol/waveformLayout.ts";
import type { CurveSource } from "./figure.ts";

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

/** The name of the waveform of a slot, and its numbers: over time, in its own unit. */
export function waveSource(
  name: string,
  values: Float32Array,
  k: number,
  { channels, nSamples, samplesBefore, rateHz, unit = "µV" }: SpikeWaveform,
): { name: string; source: () => CurveSource } {
  const source = () => ({
    x: Float64Array.from({ length: nSamples }, (_, i) => (1000 * (i - samplesBefore)) / rateHz),
    y: values.subarray(k * nSamples, (k + 1) * nSamples),
    xLabel: "Time from the peak (ms)",
    yLabel: `Amplitude (${unit})`,
  });
  return { name: `channel ${channels[k]}, ${name}`, source };
}

/** All waveforms side by side over time, as they are exported. */
export function waveTables(waveform: SpikeWaveform): DataTable[] {
  const kinds = { raw: waveform.raw, ...(waveform.denoised ? { denoised: waveform.denoised } : {}) };
  const curves = Object.entries(kinds).flatMap(([kind, values]) =>
    waveform.positionsUm.map((_, k) => waveSource(kind, values, k, waveform)),
  );
  const [first] = curves.map(({ source }) => source());
  const columns = curves.map(({ name, source }) => {
    const { y, yLabel } = source();
    return { label: `${name}: ${yLabel}`, values: Float64Array.from(y) };
  });
  const time = { label: first.xLabel ?? "", values: Float64Array.from(first.x) };
  return [
    { kind: "table", name: "waveforms", title: "Waveforms", nRows: waveform.nSamples, columns: [time, ...columns] },
  ];
}
