import { assert } from "./errors.ts";
import { Fft } from "./fft.ts";

/**
 * Zero-phase filtering and sub-sample delay of many channels in one pass through the spectrum.
 *
 *   y_c = IFFT( FFT(gain_c · window · x_c) · response[k] · exp(−2πi·k·delay_c / N) )
 *
 * x fills the first rows of a frame of N, zeros the rest, and the frame is a circle: the caller keeps margins. Channel c
 * was sampled delay_c later than the first of its group, so delaying it by as much lines the channels up. At k = N/2 the
 * spectrum of a real signal is real: only the cosine counts. The oracle of shaders/spectralFilter*.wgsl.
 */
export interface SpectralFrame {
  /** rows of samples given, at most nFft */
  nRows: number;
  /** values per row */
  nColumns: number;
  /** length of the transform */
  nFft: number;
  /** rows [from, to) are returned */
  from: number;
  to: number;
}

export interface SpectralChannels {
  /** [C] column of each channel among the values of a row */
  columns: ArrayLike<number>;
  /** [C] µV of one unit of the samples */
  gains: ArrayLike<number>;
  /** [C] samples */
  delays: ArrayLike<number>;
}

/** samples: [nRows, nColumns]; response: [nFft/2 + 1]; window: [nRows]. Returns [to − from, C] µV. */
export function spectralFilter(
  samples: ArrayLike<number>,
  { columns, gains, delays }: SpectralChannels,
  response: ArrayLike<number>,
  window: ArrayLike<number>,
  { nRows, nColumns, nFft, from, to }: SpectralFrame,
): Float64Array {
  assert(nRows <= nFft && from >= 0 && from <= to && to <= nRows, "the rows lie in the frame");
  const nChannels = columns.length;
  const out = new Float64Array((to - from) * nChannels);
  const fft = new Fft(nFft);
  const re = new Float64Array(nFft);
  const im = new Float64Array(nFft);
  for (let c = 0; c < nChannels; c++) {
    re.fill(0);
    im.fill(0);
    for (let t = 0; t < nRows; t++) re[t] = gains[c] * window[t] * samples[t * nColumns + columns[c]];
    fft.forward(re, im);
    for (let k = 0; k <= nFft / 2; k++) {
      const angle = (-2 * Math.PI * k * delays[c]) / nFft;
      const cos = response[k] * Math.cos(angle);
      const sin = 2 * k === nFft ? 0 : response[k] * Math.sin(angle);
      const [a, b] = [re[k], im[k]];
      re[k] = a * cos - b * sin;
      im[k] = a * sin + b * cos;
      if (k > 0 && 2 * k < nFft) {
        re[nFft - k] = re[k];
        im[nFft - k] = -im[k];
      }
    }
    fft.inverse(re, im);
    for (let t = from; t < to; t++) out[(t - from) * nChannels + c] = re[t];
  }
  return out;
}

/**
 * [nRows] 1, but rising from 0 over the first `rise` rows and falling over the last `fall` as a raised cosine, so that a
 * frame that is cut out of a longer signal closes without a step.
 */
export function raisedCosineWindow(nRows: number, rise: number, fall: number): Float32Array {
  const ramp = (i: number, length: number) => (i < length ? 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / length) : 1);
  return Float32Array.from({ length: nRows }, (_, i) => ramp(i, rise) * ramp(nRows - 1 - i, fall));
}

/**
 * Delay every channel of a whole recording, [nRows, C] float64, as SpikeInterface's phase_shift does: zeros for
 * `marginSamples` on both sides (whose taper then changes nothing), one transform of exactly that length.
 */
export function phaseShift(
  samples: ArrayLike<number>,
  nRows: number,
  delays: ArrayLike<number>,
  marginSamples: number,
): Float64Array {
  const nFft = nRows + 2 * marginSamples;
  const nColumns = delays.length;
  const columns = Array.from({ length: nColumns }, (_, c) => c);
  const ones = (length: number) => new Float64Array(length).fill(1);
  const frame = { nRows, nColumns, nFft, from: 0, to: nRows };
  return spectralFilter(samples, { columns, gains: ones(nColumns), delays }, ones(nFft / 2 + 1), ones(nRows), frame);
}
