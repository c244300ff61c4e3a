import { assert } from "./errors.ts";
import { quantileOfSorted } from "./median.ts";
import type { Motion } from "./types.ts";

/** The spikes that were put into a recording, sorted by segment and sample. Arrays are [N]. */
export interface TrueSpikes {
  /** sample of the peak on the nearest contact, from the first of its segment */
  sample: ArrayLike<number>;
  segment: ArrayLike<number>;
  /** nearest contact */
  channel: ArrayLike<number>;
  /** where the source was when it fired */
  xUm: ArrayLike<number>;
  yUm: ArrayLike<number>;
  zUm: ArrayLike<number>;
  /** µV · µm: the peak at distance r is alpha / r */
  alpha: ArrayLike<number>;
}

/** What is true of a simulated recording. */
export interface RecordingTruth {
  spikes: TrueSpikes;
  /** [N] which simulated neuron fired */
  unit: ArrayLike<number>;
  rateHz: number;
  /** contact of each channel */
  positionsUm: readonly (readonly [xUm: number, yUm: number])[];
  /** of the tissue; absent when it is not told */
  motion?: Motion;
}

/** Detected spikes, sorted by segment and sample. `segment` is absent when there is one. */
export interface DetectedSpikes {
  sample: ArrayLike<number>;
  channel: ArrayLike<number>;
  segment?: ArrayLike<number>;
}

export interface MatchOptions {
  rateHz: number;
  /** contact of each channel */
  positionsUm: readonly (readonly [xUm: number, yUm: number])[];
  /** how far apart in time the two may be */
  toleranceSec?: number;
  /** how far the peak channel may lie from the contact nearest to the source */
  reachUm?: number;
}

const TOLERANCE_SEC = 0.0005;
const REACH_UM = 100;

/**
 * The detected spike of each true one, or −1; [nTrue]. Pairs of one segment, near in time and place, are taken the nearest in
 * time first (then the nearest in place, then the earliest), each spike once.
 */
export function matchSpikes(truth: TrueSpikes, detected: DetectedSpikes, options: MatchOptions): Int32Array {
  const pairs = candidatePairs(truth, detected, options);
  pairs.sort((a, b) => a.gap - b.gap || a.squareUm - b.squareUm || a.trueIndex - b.trueIndex || a.index - b.index);
  const match = new Int32Array(truth.sample.length).fill(-1);
  const taken = new Uint8Array(detected.sample.length);
  for (const { trueIndex, index } of pairs) {
    if (match[trueIndex] >= 0 || taken[index]) continue;
    match[trueIndex] = index;
    taken[index] = 1;
  }
  return match;
}

interface Pair {
  trueIndex: number;
  index: number;
  /** samples */
  gap: number;
  squareUm: number;
}

function candidatePairs(truth: TrueSpikes, detected: DetectedSpikes, options: MatchOptions): Pair[] {
  const { rateHz, positionsUm, toleranceSec = TOLERANCE_SEC, reachUm = REACH_UM } = options;
  const tolerance = toleranceSec * rateHz;
  const segmentOf = (i: number) => detected.segment?.[i] ?? 0;
  const pairs: Pair[] = [];
  let first = 0;
  for (let t = 0; t < truth.sample.length; t++) {
    assert(
      t === 0 || isInOrder(truth.segment[t - 1], truth.sample[t - 1], truth.segment[t], truth.sample[t]),
      "true spikes in order",
    );
    const [sample, segment] = [truth.sample[t], truth.segment[t]];
    const isBefore = (i: number) =>
      segmentOf(i) < segment || (segmentOf(i) === segment && detected.sample[i] < sample - tolerance);
    while (first < detected.sample.length && isBefore(first)) first++;
    for (let i = first; i < detected.sample.length; i++) {
      if (segmentOf(i) !== segment || detected.sample[i] > sample + tolerance) break;
      const [ax, ay] = positionsUm[truth.channel[t]];
      const [bx, by] = positionsUm[detected.channel[i]];
      const squareUm = (ax - bx) ** 2 + (ay - by) ** 2;
      if (squareUm <= reachUm ** 2) {
        pairs.push({ trueIndex: t, index: i, gap: Math.abs(detected.sample[i] - sample), squareUm });
      }
    }
  }
  return pairs;
}

function isInOrder(segment: number, sample: number, nextSegment: number, nextSample: number): boolean {
  return nextSegment > segment || (nextSegment === segment && nextSample >= sample);
}

export interface SpikeScore {
  nTrue: number;
  nDetected: number;
  nMatched: number;
  /** matched / true */
  recall: number;
  /** matched / detected */
  precision: number;
  /** harmonic mean of both */
  f1: number;
  /** true spikes whose peak on the nearest contact is at least this many times the noise, and how many of them were found */
  snrLimit: number;
  nTrueAbove: number;
  recallAbove: number;
}

/** How many spikes were found. `noiseUv` is the rms of the noise; NaN leaves the strong spikes uncounted. */
export function scoreSpikes(
  truth: TrueSpikes,
  detected: DetectedSpikes,
  match: Int32Array,
  { positionsUm, noiseUv, snrLimit }: { positionsUm: MatchOptions["positionsUm"]; noiseUv: number; snrLimit: number },
): SpikeScore {
  const nTrue = truth.sample.length;
  const nDetected = detected.sample.length;
  let [nMatched, nTrueAbove, nMatchedAbove] = [0, 0, 0];
  for (let t = 0; t < nTrue; t++) {
    const isFound = match[t] >= 0 ? 1 : 0;
    const [x, y] = positionsUm[truth.channel[t]];
    const peakUv = truth.alpha[t] / Math.hypot(truth.xUm[t] - x, truth.yUm[t] - y, truth.zUm[t]);
    const isAbove = peakUv >= snrLimit * noiseUv ? 1 : 0;
    nMatched += isFound;
    nTrueAbove += isAbove;
    nMatchedAbove += isFound * isAbove;
  }
  return {
    nTrue,
    nDetected,
    nMatched,
    recall: nMatched / nTrue,
    precision: nMatched / nDetected,
    f1: (2 * nMatched) / (nTrue + nDetected),
    snrLimit,
    nTrueAbove,
    recallAbove: nMatchedAbove / nTrueAbove,
  };
}

/** Median and 95 % of the absolute error along each axis, µm; NaN without a spike that has one. */
export interface LocationScore {
  /** matched spikes with a finite position */
  n: number;
  medianAbsUm: [dx: number, dy: number, dz: number];
  p95AbsUm: [dx: number, dy: number, dz: number];
}

/** How far the positions of matched spikes lie from their sources. `locations` is [nDetected, nColumns], x y z first. */
export function scoreLocations(
  truth: TrueSpikes,
  match: Int32Array,
  locations: ArrayLike<number>,
  nColumns: number,
): LocationScore {
  const axes = [truth.xUm, truth.yUm, truth.zUm].map((trueUm, axis) => {
    const errors: number[] = [];
    match.forEach((index, t) => {
      const error =
        index < 0 || axis >= nColumns ? Number.NaN : Math.abs(locations[index * nColumns + axis] - trueUm[t]);
      if (Number.isFinite(error)) errors.push(error);
    });
    return Float64Array.from(errors).sort();
  });
  const each = (q: number) => axes.map((sorted) => quantileOfSorted(sorted, q)) as [number, number, number];
  return { n: axes[1].length, medianAbsUm: each(0.5), p95AbsUm: each(0.95) };
}
