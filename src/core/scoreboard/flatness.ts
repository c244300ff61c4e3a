/**
 * How flat a raster is: the rms over time of how far each time bin lies above or below the mean raster, µm.
 *
 * Depth is cut into windows of about 400 µm. In a window the spikes of a time bin, at depths y_i, are moved by the shift s
 * that fits them best under the mean raster of all other bins, taken as a density f:
 *   s_t = argmax_s Σ_i ln(f(y_i − s) + ε),   |s| ≤ 60 µm
 * with f smoothed by 4 µm and ε a tenth of its mean. The result is the rms of s_t about its mean per window, bins weighted by
 * their spikes. It is 0 for a raster that only repeats, about the rms of the motion that a correction leaves otherwise, and
 * never below the noise of the positions over √(spikes per bin). Our own; the idea that corrected units lie flat is that of
 * evarol/spikelocalizationtensor's drift check, which follows one centre of mass.
 */
const PITCH_UM = 2;
const SMOOTH_UM = 4;
const LAG_UM = 60;
const WINDOW_UM = 400;
const MIN_SPIKES = 100; // per bin and window on average: fewer cannot be placed
const MIN_BIN_SPIKES = 30; // below this a bin of a window takes no part
const MAX_WINDOWS = 100;
const YIELD_BINS = 16;
const MAX_SORTED = 100_000; // spikes that tell the range, evenly out of all
const OUTLIERS = 0.002; // of the spikes at either end lie outside of the raster
const BIN_CHOICES_SEC = [1, 2, 5, 10, 20, 30, 60];

/** How a raster is cut. That of the uncorrected spikes serves the corrected ones too, or they could not be compared. */
export interface FlatnessFrame {
  lowUm: number;
  highUm: number;
  nWindows: number;
  binSec: number;
  nBins: number;
}

/** timeSec: [N] ascending; depthUm: [N], NaN takes no part. Null when no spike has a depth. */
export function flatnessFrame(timeSec: Float64Array, depthUm: Float64Array): FlatnessFrame | null {
  const every = Math.ceil(depthUm.length / MAX_SORTED);
  const sorted = depthUm.filter((y, i) => i % every === 0 && Number.isFinite(y)).sort();
  if (sorted.length === 0) return null;
  const at = Math.floor(OUTLIERS * sorted.length);
  const [lowUm, highUm] = [sorted[at], sorted[sorted.length - 1 - at]];
  const nWindows = Math.min(MAX_WINDOWS, Math.max(1, Math.round((highUm - lowUm) / WINDOW_UM)));
  const lastSec = timeSec[timeSec.length - 1];
  const ratePerWindow = (every * sorted.length) / Math.max(lastSec, 1) / nWindows;
  const binSec = BIN_CHOICES_SEC.find((sec) => ratePerWindow * sec >= MIN_SPIKES) ?? 60;
  return { lowUm, highUm, nWindows, binSec, nBins: Math.max(1, Math.ceil(lastSec / binSec)) };
}

/** rms shift in µm; NaN when no window has two bins with spikes enough. Yields now and then, so that others get a turn. */
export function* flatness(timeSec: Float64Array, depthUm: Float64Array, frame: FlatnessFrame): Generator<void, number> {
  const raster = rasterOf(timeSec, depthUm, frame);
  const total = new Float64Array(raster.nDepths);
  for (let k = 0; k < raster.counts.length; k++) total[k % raster.nDepths] += raster.counts[k];
  const perWindow = Math.ceil(raster.nDepths / frame.nWindows);
  let [square, weight] = [0, 0];
  for (let w = 0; w < frame.nWindows; w++) {
    const [low, high] = [w * perWindow, Math.min(raster.nDepths, (w + 1) * perWindow)];
    const found = yield* shiftsOf(raster, total, low, high);
    if (found.length < 2) continue;
    const n = found.reduce((sum, { nSpikes }) => sum + nSpikes, 0);
    const mean = found.reduce((sum, { shiftUm, nSpikes }) => sum + shiftUm * nSpikes, 0) / n;
    for (const { shiftUm, nSpikes } of found) square += nSpikes * (shiftUm - mean) ** 2;
    weight += n;
  }
  return weight > 0 ? Math.sqrt(square / weight) : Number.NaN;
}

interface Raster {
  /** [T, D] spikes */
  counts: Float64Array;
  nBins: number;
  nDepths: number;
}

function rasterOf(
  timeSec: Float64Array,
  depthUm: Float64Array,
  { lowUm, highUm, binSec, nBins }: FlatnessFrame,
): Raster {
  const nDepths = Math.floor((highUm - lowUm) / PITCH_UM) + 1;
  const counts = new Float64Array(nBins * nDepths);
  for (let i = 0; i < timeSec.length; i++) {
    const d = Math.round((depthUm[i] - lowUm) / PITCH_UM);
    if (!(d >= 0 && d < nDepths)) continue;
    counts[Math.min(nBins - 1, Math.floor(timeSec[i] / binSec)) * nDepths + d]++;
  }
  return { counts, nBins, nDepths };
}

/** The best shift of every bin of a window [low, high) that has enough spikes. */
function* shiftsOf(
  { counts, nBins, nDepths }: Raster,
  total: Float64Array,
  low: number,
  high: number,
): Generator<void, { shiftUm: number; nSpikes: number }[]> {
  const reach = Math.round(LAG_UM / PITCH_UM);
  const found: { shiftUm: number; nSpikes: number }[] = [];
  const score = new Float64Array(2 * reach + 1);
  for (let t = 0; t < nBins; t++) {
    if (t % YIELD_BINS === 0) yield;
    const own = counts.subarray(t * nDepths, (t + 1) * nDepths);
    let nSpikes = 0;
    for (let d = low; d < high; d++) nSpikes += own[d];
    if (nSpikes < MIN_BIN_SPIKES) continue;
    const log = logDensity(total, own, low - reach, high + reach);
    if (log === null) continue; // the only bin with spikes here
    score.fill(0);
    for (let d = low; d < high; d++) {
      if (own[d] === 0) continue;
      for (let k = -reach; k <= reach; k++) score[k + reach] += own[d] * log[d - k - (low - reach)];
    }
    found.push({ shiftUm: PITCH_UM * (peakOf(score) - reach), nSpikes });
  }
  return found;
}

/** ln(density + ε) of all bins but one, smoothed, at depths [from, to); null when the others are empty there. */
function logDensity(total: Float64Array, own: Float64Array, from: number, to: number): Float64Array | null {
  const reach = Math.round((3 * SMOOTH_UM) / PITCH_UM);
  const density = new Float64Array(to - from);
  let sum = 0;
  for (let d = Math.max(0, from); d < Math.min(total.length, to); d++) {
    const others = total[d] - own[d];
    if (others === 0) continue;
    sum += others;
    for (let k = Math.max(-reach, from - d); k <= reach && d + k < to; k++) {
      density[d + k - from] += others * kernel[k + reach];
    }
  }
  if (sum === 0) return null;
  const floor = (0.1 * sum) / density.length;
  for (let d = 0; d < density.length; d++) density[d] = Math.log(density[d] + floor);
  return density;
}

const kernel = (() => {
  const reach = Math.round((3 * SMOOTH_UM) / PITCH_UM);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-0.5 * (((k - reach) * PITCH_UM) / SMOOTH_UM) ** 2),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
})();

/** Place of the largest value, by a parabola through it and its neighbours; of equal ones that nearest to the middle. */
function peakOf(score: Float64Array): number {
  const middle = (score.length - 1) / 2;
  let best = middle;
  for (let k = 0; k < score.length; k++) {
    const isNearer = Math.abs(k - middle) < Math.abs(best - middle);
    if (score[k] > score[best] || (score[k] === score[best] && isNearer)) best = k;
  }
  if (best === 0 || best === score.length - 1) return best;
  const bend = score[best - 1] - 2 * score[best] + score[best + 1];
  return bend < 0 ? best + (0.5 * (score[best - 1] - score[best + 1])) / bend : best;
}
