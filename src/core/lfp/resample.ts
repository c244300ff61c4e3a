import { butterworth, decaySamples, powerResponse } from "../butterworth.ts";
import { assert } from "../errors.ts";
import { type Fft, powerOfTwo } from "../fft.ts";
import { raisedCosineWindow } from "../spectralFilter.ts";
import type { Samples } from "../types.ts";

/**
 * Field potentials filtered, lined up in time and brought to a lower rate, in one pass through the spectrum.
 *
 *   y = IFFT_M( FFT_N(window · x)[|k| < M/2] · |H|² · exp(−2πi·k·delay/N) ) · M/N,  N = factor · M
 *
 * H is a Butterworth band-pass (|H|²: forwards and backwards). The rate falls by a whole factor; what lies above the new
 * half rate is cut. A frame carries margins in which the filter decays to 10⁻³, then a taper that closes the circle.
 * Beyond the ends of a stretch the signal goes on by its odd reflection. Two channels share one transform.
 */
export interface ResamplePlan {
  /** samples per new sample */
  factor: number;
  /** Hz, the new rate */
  rateHz: number;
  /** samples of a frame, margins included */
  nFft: number;
  /** samples of each margin, a multiple of `factor` */
  margin: number;
  /** new samples that a frame gives at most */
  nKept: number;
  /** [nFft/2 + 1] */
  response: Float64Array;
  /** [nFft] */
  window: Float32Array;
}

const taperSec = 0.5;
const leastFrameSec = 30;

/** The rates that transforms can reach: whole factors with no prime beyond 5. */
function wholeFactor(ratio: number): number {
  const smooth = (n: number): boolean => n === 1 || [2, 3, 5].some((p) => n % p === 0 && smooth(n / p));
  for (let factor = Math.max(1, Math.round(ratio)); ; factor--) if (smooth(factor)) return factor;
}

/** nSamples: of the longest stretch to come. Throws AppError when the band does not fit below half the rate. */
export function resamplePlan(
  rateHz: number,
  wantedHz: number,
  { lowHz, highHz, order }: { lowHz: number; highHz: number; order: number },
  nSamples: number,
): ResamplePlan {
  const sections = butterworth(order, { lowHz, highHz }, rateHz);
  const factor = wholeFactor(rateHz / wantedHz);
  const taper = Math.round(taperSec * rateHz);
  const margin = factor * Math.ceil((decaySamples(sections, 1e-3) + taper) / factor);
  const enough = Math.max(3 * margin, leastFrameSec * rateHz);
  const nOut = powerOfTwo(Math.ceil(Math.min(enough, nSamples + 2 * margin) / factor));
  const nFft = nOut * factor;
  return {
    factor,
    rateHz: rateHz / factor,
    nFft,
    margin,
    nKept: nOut - (2 * margin) / factor,
    response: powerResponse(sections, nFft),
    window: raisedCosineWindow(nFft, taper, taper),
  };
}

/** Index of the sample that stands at place t of a signal of n, and whether it is reflected there. */
function reflectedIndex(t: number, n: number): number {
  if (t < 0) return Math.min(n - 1, -t);
  return t >= n ? Math.max(0, 2 * n - 2 - t) : t;
}

/** Of a stretch of samples as they were read. */
export interface FieldStretch {
  /** [nRows, nColumns] of the samples from `start` on */
  samples: Samples;
  nColumns: number;
  start: number;
  /** samples of the whole segment */
  nTotal: number;
}

/** Which samples of the segment a frame needs that begins (without margin) at sample `from`. */
export function frameRange({ nFft, margin }: ResamplePlan, from: number, nTotal: number): [first: number, end: number] {
  return [Math.max(0, from - margin), Math.min(nTotal, from - margin + nFft)];
}

/**
 * One or two channels of the frame that begins at sample `from`. gains: µV per bit; delays: samples. Returns
 * [channels][nKept] µV at the new rate.
 */
export function resampleFrame(
  plan: ResamplePlan,
  fft: { long: Fft; short: Fft },
  stretch: FieldStretch,
  from: number,
  channels: readonly { column: number; gain: number; delay: number }[],
): Float64Array[] {
  const { nFft, factor, margin, nKept, window } = plan;
  assert(channels.length === 1 || channels.length === 2, "two channels share a transform");
  const parts = channels.map((channel) => framed(stretch, from - margin, channel.column, channel.gain, window));
  const im = parts[1] ?? new Float64Array(nFft);
  fft.long.forward(parts[0], im);
  const nOut = nFft / factor;
  const spectra = channels.map(() => ({ re: new Float64Array(nOut), im: new Float64Array(nOut) }));
  for (let k = 0; 2 * k < nOut; k++) {
    const mirror = (nFft - k) % nFft;
    // of x = a + i·b with real a and b: A = (X[k] + X*[N−k])/2, B = (X[k] − X*[N−k])/2i
    const halves = [
      [(parts[0][k] + parts[0][mirror]) / 2, (im[k] - im[mirror]) / 2],
      [(im[k] + im[mirror]) / 2, (parts[0][mirror] - parts[0][k]) / 2],
    ];
    spectra.forEach((spectrum, c) => {
      const angle = (-2 * Math.PI * k * channels[c].delay) / nFft;
      const [cos, sin] = [plan.response[k] * Math.cos(angle), plan.response[k] * Math.sin(angle)];
      const [a, b] = halves[c];
      spectrum.re[k] = (a * cos - b * sin) / factor;
      spectrum.im[k] = (a * sin + b * cos) / factor;
      if (k > 0) {
        spectrum.re[nOut - k] = spectrum.re[k];
        spectrum.im[nOut - k] = -spectrum.im[k];
      }
    });
  }
  return spectra.map(({ re, im: imaginary }) => {
    fft.short.inverse(re, imaginary);
    return re.slice(margin / factor, margin / factor + nKept);
  });
}

/** [nFft] µV of one channel, continued beyond the ends of the segment, under the window. */
function framed(
  { samples, nColumns, start, nTotal }: FieldStretch,
  first: number,
  column: number,
  gain: number,
  window: Float32Array,
): Float64Array {
  const at = (t: number) => samples[(t - start) * nColumns + column];
  return Float64Array.from(window, (weight, k) => {
    const t = first + k;
    const value = at(reflectedIndex(t, nTotal));
    if (t < 0) return weight * gain * (2 * at(0) - value);
    return weight * gain * (t >= nTotal ? 2 * at(nTotal - 1) - value : value);
  });
}
