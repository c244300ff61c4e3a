import { assert } from "./errors.ts";
import { Random } from "./random.ts";

/**
 * The time course of a typical spike on its own channel, for localizers that weigh traces by it.
 * Source: SpikeInterface's grid convolution, which normalises waveforms to the peak and takes the median over spikes.
 */

/**
 * Median over at most `maxPeaks` spikes, drawn without replacement by `seed`, of v(t)/|v(peak)|. Spikes of zero height are
 * left out. traces: [n, L] on the detection channel. Returns [L], −1 or 1 at samplesBefore.
 */
export function spikePrototype(
  traces: ArrayLike<number>,
  nSamples: number,
  samplesBefore: number,
  seed: number,
  maxPeaks = 5000,
): Float32Array {
  const rows: number[] = [];
  for (let at = 0; at < traces.length; at += nSamples) if (traces[at + samplesBefore] !== 0) rows.push(at);
  assert(rows.length > 0, "at least one spike with a height");
  const random = new Random(seed);
  const n = Math.min(maxPeaks, rows.length);
  for (let i = 0; i < n && rows.length > n; i++) {
    const j = i + random.integer(rows.length - i);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const values = new Float32Array(n);
  return Float32Array.from({ length: nSamples }, (_, t) => {
    for (let i = 0; i < n; i++) values[i] = traces[rows[i] + t] / Math.abs(traces[rows[i] + samplesBefore]);
    values.sort();
    return n % 2 === 1 ? values[(n - 1) / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  });
}

/** −exp(−½(t/σ)²), t in ms from the sample of the peak: what stands in when no spikes are at hand. [L] */
export function gaussianPrototype(
  nSamples: number,
  samplesBefore: number,
  rateHz: number,
  sigmaMs = 0.25,
): Float32Array {
  return Float32Array.from(
    { length: nSamples },
    (_, i) => -Math.exp(-0.5 * (((i - samplesBefore) * 1000) / rateHz / sigmaMs) ** 2),
  );
}
