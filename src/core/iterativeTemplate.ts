import type { MotionHistogram } from "./motionHistogram.ts";
import type { MotionWindow } from "./motionWindows.ts";
import { gaussianTaps, smoothLines } from "./smoothLines.ts";
import type { Motion } from "./types.ts";

/**
 * Motion by alignment to a template, as Kilosort 2.5 and 4 do it.
 *
 * Whole probe: F has its mean over depth subtracted; the template is the frame in the middle of the recording. In each of
 * n − 1 rounds every frame is shifted, circularly, by the whole number of bins within ±`nShiftsGlobal` of the largest
 * mean product with the template; the new template is the mean of all frames.
 *
 * Windows: frames and template are cut to the window and multiplied by its weights; c[s, t, b] is the mean product at
 * circular shift s within ±`nShiftsBlock`. c is smoothed over time and windows, then over shifts (Gaussian, mirrored at
 * the ends), and brought to tenths of a bin by exp(−(|Δ| / σ)^p / d); the best tenth is added to the whole shifts.
 *
 * Displacement = −shift · bin. A frame without spikes has no best shift: it takes that between its neighbours (the
 * reference lets it run to the end of the range).
 * Source: Steinmetz et al., Science 2021; SpikeInterface@a5f7dbb3 sortingcomponents/motion/iterative_template.py.
 */
export interface IterativeTemplateOptions {
  nShiftsGlobal: number;
  nIterations: number;
  nShiftsBlock: number;
  /** σ of the smoothing, in bins of each axis */
  smoothingSigma: number;
  krigingSigma: number;
  krigingP: number;
  krigingD: number;
}

/** Frames handled between two yields. */
const block = 16;
const stepsPerBin = 10;

/** Yields the share of the work that is done, often; returns the motion. Deterministic. */
export function* iterativeTemplate(
  histogram: MotionHistogram,
  windows: readonly MotionWindow[],
  options: IterativeTemplateOptions,
): Generator<number, Motion> {
  const { nTimes, nDepths, timeEdgesSec, depthEdgesUm } = histogram;
  const frames = centred(histogram);
  const nWindows = windows.length;
  const nRounds = options.nIterations;
  const nTotal = (nRounds + nWindows) * nTimes;
  const shift = new Float64Array(nTimes);
  let template: Float32Array = frames.slice(
    (middle(nTimes) * frames.length) / nTimes,
    ((middle(nTimes) + 1) * frames.length) / nTimes,
  );
  for (let round = 0; round + 1 < nRounds; round++) {
    for (let t = 0; t < nTimes; t++) {
      shift[t] += align(frames, t, template, histogram, options.nShiftsGlobal);
      if (t % block === block - 1) yield (round * nTimes + t) / nTotal;
    }
    template = meanFrame(frames, nTimes);
  }
  const nShifts = 2 * options.nShiftsBlock + 1;
  const covariance = new Float64Array(nShifts * nTimes * nWindows);
  for (let b = 0; b < nWindows; b++) {
    for (let t = 0; t < nTimes; t++) {
      const curve = windowCovariance(frames, t, template, histogram, windows[b], options.nShiftsBlock);
      for (let s = 0; s < nShifts; s++) covariance[(s * nTimes + t) * nWindows + b] = curve[s];
      if (t % block === block - 1) yield ((nRounds + b) * nTimes + t) / nTotal;
    }
  }
  const fine = fineShifts(smoothed(covariance, nShifts, nTimes, nWindows, options), nTimes, nWindows, options);
  const binUm = (depthEdgesUm[nDepths] - depthEdgesUm[0]) / nDepths;
  const displacementUm = fine.map((tenths, at) => 0 - (shift[Math.floor(at / nWindows)] + tenths) * binUm);
  fillEmpty(displacementUm, nWindows, histogram.counts);
  return {
    displacementUm,
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => (timeEdgesSec[t] + timeEdgesSec[t + 1]) / 2),
    depthBinCentersUm: Float64Array.from(windows, ({ centerUm }) => centerUm),
  };
}

/** Frame of the first template. */
function middle(nTimes: number): number {
  return Math.max(0, Math.floor(nTimes / 2) - 1);
}

/** [T, D, A] less the mean over depth. */
function centred({ values, nTimes, nDepths, nAmps }: MotionHistogram): Float32Array {
  const out = values.slice();
  for (let t = 0; t < nTimes; t++) {
    for (let a = 0; a < nAmps; a++) {
      let sum = 0;
      for (let d = 0; d < nDepths; d++) sum += values[(t * nDepths + d) * nAmps + a];
      for (let d = 0; d < nDepths; d++) out[(t * nDepths + d) * nAmps + a] -= sum / nDepths;
    }
  }
  return out;
}

function meanFrame(frames: Float32Array, nTimes: number): Float32Array {
  const size = frames.length / nTimes;
  const sum = new Float64Array(size);
  for (let at = 0; at < frames.length; at++) sum[at % size] += frames[at];
  return Float32Array.from(sum, (value) => value / nTimes);
}

/** Σ_k frame[(k − offset) mod n]·template[k]. */
function circularProduct(frame: Float32Array, template: Float32Array, offset: number): number {
  const n = frame.length;
  const turn = ((offset % n) + n) % n;
  let sum = 0;
  for (let k = 0; k < turn; k++) sum += frame[k - turn + n] * template[k];
  for (let k = turn; k < n; k++) sum += frame[k - turn] * template[k];
  return sum;
}

/** The place of the largest value, the first of equals; `otherwise` when all are equal. */
function largest(values: ArrayLike<number>, otherwise: number): number {
  let best = 0;
  let differ = false;
  for (let k = 1; k < values.length; k++) {
    if (values[k] !== values[0]) differ = true;
    if (values[k] > values[best]) best = k;
  }
  return differ ? best : otherwise;
}

/** Shift frame t in place to where it fits the template best. Returns the shift in bins. */
function align(
  frames: Float32Array,
  t: number,
  template: Float32Array,
  { nAmps, nTimes }: MotionHistogram,
  nShifts: number,
): number {
  const size = frames.length / nTimes;
  const frame = frames.subarray(t * size, (t + 1) * size);
  const products = Float64Array.from({ length: 2 * nShifts + 1 }, (_, s) =>
    circularProduct(frame, template, (s - nShifts) * nAmps),
  );
  const best = largest(products, nShifts) - nShifts;
  if (best === 0) return 0;
  const turn = (((best * nAmps) % size) + size) % size;
  const turned = new Float32Array(size);
  turned.set(frame.subarray(size - turn));
  turned.set(frame.subarray(0, size - turn), turn);
  frame.set(turned);
  return best;
}

/** [2·nShifts + 1] mean product of frame and template within the window. */
function windowCovariance(
  frames: Float32Array,
  t: number,
  template: Float32Array,
  { nDepths, nAmps }: MotionHistogram,
  { start, stop, weights }: MotionWindow,
  nShifts: number,
): Float64Array {
  const tapered = (values: Float32Array, from: number) =>
    values.slice(from + start * nAmps, from + stop * nAmps).map((value, k) => value * weights[Math.floor(k / nAmps)]);
  const frame = tapered(frames, t * nDepths * nAmps);
  const target = tapered(template, 0);
  return Float64Array.from(
    { length: 2 * nShifts + 1 },
    (_, s) => circularProduct(frame, target, (s - nShifts) * nAmps) / frame.length,
  );
}

/** covariance: [shifts, T, B]. */
function smoothed(
  covariance: Float64Array,
  nShifts: number,
  nTimes: number,
  nWindows: number,
  { smoothingSigma }: IterativeTemplateOptions,
): Float64Array {
  const taps = gaussianTaps(smoothingSigma);
  const plane = nTimes * nWindows;
  const out = covariance.slice();
  for (let s = 0; s < nShifts; s++) {
    let values: Float64Array = covariance.slice(s * plane, (s + 1) * plane);
    const overTime = { nLines: nWindows, lineStep: 1, length: nTimes, step: nWindows };
    values = smoothLines(values, overTime, taps, "mirror");
    values = smoothLines(values, { nLines: nTimes, lineStep: nWindows, length: nWindows, step: 1 }, taps, "mirror");
    out.set(values, s * plane);
  }
  return smoothLines(out, { nLines: plane, lineStep: 1, length: nShifts, step: plane }, taps, "mirror");
}

/** [T, B] the best shift in tenths of a bin. covariance: [shifts, T, B]. */
function fineShifts(
  covariance: Float64Array,
  nTimes: number,
  nWindows: number,
  { nShiftsBlock, krigingSigma, krigingP, krigingD }: IterativeTemplateOptions,
): Float64Array {
  const nShifts = 2 * nShiftsBlock + 1;
  const nFine = 2 * nShiftsBlock * stepsPerBin + 1;
  const fine = Float64Array.from({ length: nFine }, (_, k) => k / stepsPerBin - nShiftsBlock);
  const kernel = Float64Array.from({ length: nFine * nShifts }, (_, at) => {
    const distance = Math.abs(fine[Math.floor(at / nShifts)] - ((at % nShifts) - nShiftsBlock));
    return Math.exp(-((distance / krigingSigma) ** krigingP) / krigingD);
  });
  const curve = new Float64Array(nFine);
  return Float64Array.from({ length: nTimes * nWindows }, (_, at) => {
    for (let k = 0; k < nFine; k++) {
      let sum = 0;
      for (let s = 0; s < nShifts; s++) sum += kernel[k * nShifts + s] * covariance[s * nTimes * nWindows + at];
      curve[k] = sum;
    }
    return fine[largest(curve, nShiftsBlock * stepsPerBin)];
  });
}

/** Give frames without spikes the displacement between those of their neighbours, at the ends that of the nearest. */
export function fillEmpty(displacementUm: Float64Array, nWindows: number, counts: Int32Array): void {
  const known = Array.from(counts.keys()).filter((t) => counts[t] > 0);
  let after = 0;
  for (let t = 0; t < counts.length; t++) {
    if (counts[t] > 0) continue;
    while (after < known.length && known[after] < t) after++;
    const right = known[Math.min(after, known.length - 1)];
    const left = known[Math.max(0, after - 1)];
    const share = right > left ? Math.min(1, Math.max(0, (t - left) / (right - left))) : 0;
    for (let b = 0; b < nWindows; b++) {
      const low = displacementUm[left * nWindows + b];
      displacementUm[t * nWindows + b] = low + share * (displacementUm[right * nWindows + b] - low);
    }
  }
}
