import { medianInPlace, quantileOfSorted } from "./median.ts";

/**
 * How the depth of one unit's spikes moves, and what a motion leaves of that. A unit is one neuron at one place of the tissue: what
 * its depth does over minutes is the motion there, seen without any estimator.
 *
 * Running median: the n spikes in order of time are cut into B bins of equally many (B = ⌊n / 20⌋, at most 100; the k-th bin has
 * rows ⌊kn/B⌋ to ⌊(k+1)n/B⌋ − 1), each with the medians of their times and depths. Bins of equal counts are equally sure, whatever
 * the rate does. What scatter alone would make of it: the standard error of a median of normal values, √(π/2) σ / √m for m spikes of
 * the bin, where σ = 1.4826 · median |depth − median of its bin|; medians that only scatter lie within ± 1.645 of these in nine
 * bins of ten, which is the range from their 5th to their 95th percentile.
 */

/** Spikes in a bin, at least. */
const leastPerBin = 20;
const mostBins = 100;
/** Fewer bins say nothing about a course. */
const leastBins = 5;
/** Spikes that a unit needs. */
export const leastUnitSpikes = leastPerBin * leastBins;

/** Medians over time. */
export interface RunningMedian {
  /** [B] s, ascending */
  timeSec: Float64Array;
  /** [B] µm */
  depthUm: Float64Array;
  /** 5th to 95th percentile of the medians, µm */
  rangeUm: number;
  /** their standard deviation, µm */
  rmsUm: number;
  /** the range that scatter within bins alone would make, µm */
  scatterUm: number;
}

export interface UnitDrift {
  observed: RunningMedian;
  /** after correction; null without a motion */
  corrected: RunningMedian | null;
  /** [B] µm, what the motion says of the spikes of each bin, without its median; null without a motion */
  motionUm: Float64Array | null;
  /** Pearson's r of running median and motion; NaN where either does not move, or without a motion */
  r: number;
  /** µm that the unit moves per µm of motion, by least squares; 1 where the motion is right, NaN as above */
  gain: number;
}

/**
 * timeSec, depthUm: [n] of one unit's spikes, ascending in time, finite; correctedUm: [n] µm, or null without a motion. Null for
 * fewer than `leastUnitSpikes` spikes.
 */
export function unitDrift(
  timeSec: Float64Array,
  depthUm: Float64Array,
  correctedUm: Float64Array | null,
): UnitDrift | null {
  const n = timeSec.length;
  if (n < leastUnitSpikes) return null;
  const nBins = Math.min(mostBins, Math.floor(n / leastPerBin));
  const observed = runningMedian(timeSec, depthUm, nBins);
  if (!correctedUm) return { observed, corrected: null, motionUm: null, r: Number.NaN, gain: Number.NaN };
  const corrected = runningMedian(timeSec, correctedUm, nBins);
  const shift = depthUm.map((depth, i) => depth - correctedUm[i]);
  const motion = inBins(shift, nBins, medianInPlace);
  const middle = medianInPlace(motion.slice());
  return { observed, corrected, motionUm: motion.map((v) => v - middle), ...fitOf(motion, observed.depthUm) };
}

/** One value per bin of equal counts; `of` gets a copy. */
function inBins(values: Float64Array, nBins: number, of: (values: Float64Array) => number): Float64Array {
  const edge = (k: number) => Math.floor((k * values.length) / nBins);
  return Float64Array.from({ length: nBins }, (_, k) => of(values.slice(edge(k), edge(k + 1))));
}

function runningMedian(timeSec: Float64Array, values: Float64Array, nBins: number): RunningMedian {
  const depthUm = inBins(values, nBins, medianInPlace);
  const variance = inBins(values, nBins, (own) => {
    const middle = medianInPlace(own);
    const sd = 1.4826 * medianInPlace(own.map((v) => Math.abs(v - middle)));
    return ((Math.PI / 2) * (sd * sd)) / own.length;
  });
  const sorted = depthUm.slice().sort();
  return {
    timeSec: inBins(timeSec, nBins, medianInPlace),
    depthUm,
    rangeUm: quantileOfSorted(sorted, 0.95) - quantileOfSorted(sorted, 0.05),
    rmsUm: Math.sqrt(meanOf(squaresAround(depthUm, meanOf(depthUm)))),
    scatterUm: 2 * 1.645 * Math.sqrt(meanOf(variance)),
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function squaresAround(values: Float64Array, centre: number): Float64Array {
  return values.map((value) => (value - centre) ** 2);
}

/** Below this a motion stands still, µm: rounding alone makes as much. */
const stillUm = 1e-9;

/** r and slope of `depth` over `motion`. */
function fitOf(motion: Float64Array, depth: Float64Array): { r: number; gain: number } {
  const [meanMotion, meanDepth] = [meanOf(motion), meanOf(depth)];
  const varMotion = meanOf(squaresAround(motion, meanMotion));
  const varDepth = meanOf(squaresAround(depth, meanDepth));
  if (!(varMotion > stillUm ** 2 && varDepth > stillUm ** 2)) return { r: Number.NaN, gain: Number.NaN };
  const covariance = meanOf(motion.map((v, i) => (v - meanMotion) * (depth[i] - meanDepth)));
  return { r: covariance / Math.sqrt(varMotion * varDepth), gain: covariance / varMotion };
}
