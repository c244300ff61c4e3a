import { median } from "./motion.ts";
import { nearestContacts } from "./nearestContacts.ts";
import { matchSpikes, type RecordingTruth } from "./spikeScore.ts";
import type { SpikeTable } from "./types.ts";

/**
 * How far positions lie from where the sources were when they fired, over the spikes of a simulated recording that were found.
 * Errors are predicted − true, before correction of motion: the truth moves with the tissue, so motion has no part in them.
 *
 *   rms       √mean e²
 *   median    median |e|
 *   bias      √mean over units of (median e of the unit)²: what every spike of a unit has in common
 *   sd        √mean over spikes of (e − mean e of its unit)²: the spread of a unit once the true motion is taken out
 *   slip gain Σ (p − p̄_u)(t − t̄_u) / Σ (t − t̄_u)², p predicted and t true depth, means by unit: 1 when positions follow the
 *             whole motion of the tissue, less when they stick to contacts
 * Our own definitions. Repeatable positions have a small sd, right ones a small bias too.
 */
export interface PositionScore {
  /** x, y, z; NaN for an axis without a position */
  rmsUm: Axes;
  medianUm: Axes;
  unitBiasUm: Axes;
  unitSdUm: Axes;
  /** NaN when no unit moves */
  slipGain: number;
  /** spikes that were matched and have a depth */
  nMatched: number;
  /** units with spikes enough to have a bias */
  nUnits: number;
}

export type Axes = [x: number, y: number, z: number];

/** Which true spike each detected one is. */
export interface MatchedTruth {
  truth: RecordingTruth;
  /** [N] index of the true spike of each row, −1 for none */
  trueIndex: Int32Array;
}

/** Positions by column, µm, uncorrected; [N], null for an axis that is not known. */
export interface PositionColumns {
  xUm: ArrayLike<number> | null;
  yUm: ArrayLike<number>;
  zUm: ArrayLike<number> | null;
}

/** A unit with fewer matched spikes has no bias that could be told from chance. */
const MIN_UNIT_SPIKES = 5;

/**
 * Match once, then score as often as positions change. Spikes without peak channels stand at the contact nearest to their
 * position; spikes without samples are placed by their times. Null when none can be matched: other spikes than those of the
 * truth, or several segments and no samples.
 */
export function matchTruth(truth: RecordingTruth, spikes: SpikeTable): MatchedTruth | null {
  const sample = samplesOf(truth, spikes);
  if (!sample) return null;
  const { positionsUm, rateHz } = truth;
  const channel = spikes.channel ?? nearestContacts(spikes.depthUm, spikes.xUm, positionsUm).map((c) => Math.max(0, c));
  if (channel.some((c) => c < 0 || c >= positionsUm.length)) return null;
  const segmentOf = (i: number) => spikes.segment?.[i] ?? 0;
  const order = Uint32Array.from(sample, (_, i) => i).sort(
    (a, b) => segmentOf(a) - segmentOf(b) || sample[a] - sample[b] || a - b,
  );
  const detected = {
    sample: Float64Array.from(order, (i) => sample[i]),
    channel: Int32Array.from(order, (i) => channel[i]),
    segment: Int32Array.from(order, segmentOf),
  };
  const match = matchSpikes(truth.spikes, detected, { rateHz, positionsUm });
  const trueIndex = new Int32Array(spikes.nSpikes).fill(-1);
  let nMatched = 0;
  match.forEach((at, t) => {
    if (at < 0) return;
    trueIndex[order[at]] = t;
    nMatched++;
  });
  return nMatched > 0 ? { truth, trueIndex } : null;
}

/** From the first sample of the segment; null when the spikes do not tell. */
function samplesOf({ spikes: known, rateHz }: RecordingTruth, spikes: SpikeTable): Float64Array | null {
  if (spikes.sampleIndex) return spikes.sampleIndex;
  const isOne = (known.segment[known.segment.length - 1] ?? 0) === 0;
  return isOne ? spikes.timeSec.map((sec) => Math.round(sec * rateHz)) : null;
}

/** Columns of a table of positions, [N, nColumns] with x, y, z first, as localizers and networks give it. */
export function columnsOf(table: ArrayLike<number>, nColumns: number): PositionColumns {
  const column = (k: number) =>
    k < nColumns ? Float64Array.from({ length: table.length / nColumns }, (_, i) => table[i * nColumns + k]) : null;
  return { xUm: column(0), yUm: column(1) ?? [], zUm: column(2) };
}

/** Score positions of all rows. A spike without a number on an axis takes no part in that axis. */
export function scorePositions({ truth, trueIndex }: MatchedTruth, { xUm, yUm, zUm }: PositionColumns): PositionScore {
  const { spikes: known, unit } = truth;
  const pairs: [ArrayLike<number> | null, ArrayLike<number>][] = [
    [xUm, known.xUm],
    [yUm, known.yUm],
    [zUm, known.zUm],
  ];
  const axes = pairs.map(([found, right]) => axisScore(errorsByUnit(trueIndex, unit, found, right)));
  const each = (of: (score: AxisScore) => number) => axes.map(of) as Axes;
  return {
    rmsUm: each((a) => a.rmsUm),
    medianUm: each((a) => a.medianUm),
    unitBiasUm: each((a) => a.unitBiasUm),
    unitSdUm: each((a) => a.unitSdUm),
    slipGain: slipGain(trueIndex, unit, yUm, known.yUm),
    nMatched: axes[1].n,
    nUnits: axes[1].nUnits,
  };
}

function errorsByUnit(
  trueIndex: Int32Array,
  unit: ArrayLike<number>,
  found: ArrayLike<number> | null,
  right: ArrayLike<number>,
): number[][] {
  const byUnit = new Map<number, number[]>();
  trueIndex.forEach((t, i) => {
    const error = t < 0 || !found ? Number.NaN : found[i] - right[t];
    if (!Number.isFinite(error)) return;
    const own = byUnit.get(unit[t]);
    if (own) own.push(error);
    else byUnit.set(unit[t], [error]);
  });
  return [...byUnit.values()];
}

interface AxisScore {
  rmsUm: number;
  medianUm: number;
  unitBiasUm: number;
  unitSdUm: number;
  n: number;
  nUnits: number;
}

function axisScore(byUnit: readonly number[][]): AxisScore {
  let [n, square, within, bias, nUnits] = [0, 0, 0, 0, 0];
  for (const errors of byUnit) {
    const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
    for (const e of errors) {
      square += e * e;
      within += (e - mean) ** 2;
    }
    n += errors.length;
    if (errors.length < MIN_UNIT_SPIKES) continue;
    bias += median(errors) ** 2;
    nUnits++;
  }
  return {
    rmsUm: Math.sqrt(square / n), // 0 / 0 is NaN: no spike, no number
    medianUm: median(byUnit.flatMap((errors) => errors.map(Math.abs))),
    unitBiasUm: Math.sqrt(bias / nUnits),
    unitSdUm: Math.sqrt(within / n),
    n,
    nUnits,
  };
}

/** Slope of predicted on true depth, means by unit taken out. */
function slipGain(
  trueIndex: Int32Array,
  unit: ArrayLike<number>,
  found: ArrayLike<number>,
  right: ArrayLike<number>,
): number {
  const sums = new Map<number, { n: number; p: number; t: number; pt: number; tt: number }>();
  trueIndex.forEach((t, i) => {
    if (t < 0 || !Number.isFinite(found[i])) return;
    const own = sums.get(unit[t]) ?? { n: 0, p: 0, t: 0, pt: 0, tt: 0 };
    // running means: depths are thousands of µm, motion a few
    const [stepP, stepT] = [found[i] - own.p, right[t] - own.t];
    own.n++;
    own.p += stepP / own.n;
    own.t += stepT / own.n;
    own.pt += stepP * (right[t] - own.t);
    own.tt += stepT * (right[t] - own.t);
    sums.set(unit[t], own);
  });
  let [pt, tt] = [0, 0];
  for (const own of sums.values()) {
    pt += own.pt;
    tt += own.tt;
  }
  return tt > 0 ? pt / tt : Number.NaN;
}
