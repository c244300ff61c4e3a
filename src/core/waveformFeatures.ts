/**
 * Numbers that localizers take from each trace of a waveform. The oracle of shaders/waveformFeatures.wgsl and
 * prototypeProjection.wgsl. Waveforms are [n, K, L] row-major; an unused slot holds zeros and so gets zeros.
 *
 * Source: the features "ptp", "energy" and "peak_voltage" of SpikeInterface's localization, and the projection of its
 * "grid_convolution".
 */
export interface FeatureWindow {
  /** samples [from, to) of the waveform count for ptp and energy */
  from: number;
  to: number;
  /** sample of the peak */
  samplesBefore: number;
}

export interface WaveformFeatures {
  /** [n, K] largest − smallest value */
  ptp: Float64Array;
  /** [n, K] √Σv² */
  energy: Float64Array;
  /** [n, K] |v| at the peak sample */
  peakVoltage: Float64Array;
}

export function waveformFeatures(
  waveforms: ArrayLike<number>,
  nSamples: number,
  { from, to, samplesBefore }: FeatureWindow,
): WaveformFeatures {
  const nTraces = waveforms.length / nSamples;
  const ptp = new Float64Array(nTraces);
  const energy = new Float64Array(nTraces);
  const peakVoltage = new Float64Array(nTraces);
  for (let i = 0; i < nTraces; i++) {
    let low = Infinity;
    let high = -Infinity;
    let squares = 0;
    for (let t = i * nSamples + from; t < i * nSamples + to; t++) {
      const v = waveforms[t];
      if (v < low) low = v;
      if (v > high) high = v;
      squares += v * v;
    }
    ptp[i] = high - low;
    energy[i] = Math.sqrt(squares);
    peakVoltage[i] = Math.abs(waveforms[i * nSamples + samplesBefore]);
  }
  return { ptp, energy, peakVoltage };
}

/** [n, K]: Σ_t v(from + t) · prototype(t). */
export function prototypeProjection(
  waveforms: ArrayLike<number>,
  nSamples: number,
  prototype: ArrayLike<number>,
  from: number,
): Float64Array {
  const out = new Float64Array(waveforms.length / nSamples);
  for (let i = 0; i < out.length; i++) {
    const at = i * nSamples + from;
    for (let t = 0; t < prototype.length; t++) out[i] += waveforms[at + t] * prototype[t];
  }
  return out;
}
