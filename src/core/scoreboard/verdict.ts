import { fieldOn } from "../motionComparison.ts";
import type { MotionScore } from "../motionScore.ts";
import type { Motion } from "../types.ts";
import { VALID_BIN_SPIKES } from "./grid.ts";

/**
 * What the numbers of one pair (positions, motion) say, in words.
 *
 *   cannot be judged    fewer than 10 time bins or 50 spikes in a mean bin, or no shift of the raster could be measured
 *   little motion       the uncorrected raster moves by less than 5 µm (√12 · flatness, the peak to peak of a zigzag of that
 *                       rms) and so does the motion (98 % of its values); not asked of positions that keep to contact rows
 *   helps               ρ̄ rises by at least 0.01 and by 5 % of what it was, and the raster gets flatter by 10 %
 *   does not help       anything else
 *
 * Both conditions of "helps" are needed: ρ̄ alone is gained by throwing position away, flatness alone by blurring it. On
 * simulated units true motions of 8 to 50 µm give rises of 10 to 200 % and a raster flatter by a factor of 3 or more; a
 * motion that is not there takes away a third of ρ̄.
 */
export type VerdictKind = "helps" | "does-not-help" | "little-motion" | "cannot-be-judged";

/** The numbers of a row that a verdict rests on. */
export interface Judged {
  rho: number;
  entropyNats: number;
  flatnessUm: number;
  pitchLock: number;
  sdXUm: number;
  nSpikes: number;
  nBins: number;
}

export interface Evidence {
  uncorrected: Judged;
  corrected: Judged;
  /** the same motion with its sign turned */
  signTurned: Judged;
  /** spikes at their anchors, under the same motion; null when that is not possible */
  anchor: Judged | null;
  /** 98 % of the values of the motion lie this far apart, see `motionExtent` */
  motionExtentUm: number;
  /** sd of the contacts' x; NaN when not known */
  contactSdXUm: number;
  /** H̄ of the reference localizer's corrected positions; NaN when it is not among those scored */
  referenceEntropyNats: number;
  /** null without a truth */
  truth: MotionScore | null;
}

const MIN_BINS = 10;
const LITTLE_UM = 5;
const MIN_RISE = 0.01;
const MIN_RELATIVE_RISE = 0.05;
const FLATTER = 0.9;
const LOCKED = 0.3;
const COLLAPSED_X = 0.3; // of the spread of the contacts
const ENTROPY_ALARM_NATS = 0.2;

/** Peak to peak of a zigzag of that rms. */
const zigzagUm = (rmsUm: number) => Math.sqrt(12) * rmsUm;

/** How far a motion goes: from the 1st to the 99th percentile of its displacement, without the median at each depth. */
export function motionExtent(motion: Motion): number {
  const grid = { timeSec: motion.timeBinCentersSec, depthUm: motion.depthBinCentersUm };
  const parts = motion.byShank ?? [motion];
  const sorted = Float64Array.from(parts.flatMap((part) => Array.from(fieldOn(part, grid)))).sort();
  const at = Math.floor(0.01 * sorted.length);
  return sorted[sorted.length - 1 - at] - sorted[at];
}

export function judge(evidence: Evidence): { kind: VerdictKind; sentence: string; cautions: string[] } {
  const { uncorrected, corrected, motionExtentUm } = evidence;
  const judged = { cautions: cautionsOf(evidence) };
  const why = whyNotJudged(uncorrected, corrected);
  if (why)
    return { ...judged, kind: "cannot-be-judged", sentence: `This cannot be judged: ${why}.${againstTruth(evidence)}` };
  const rise = corrected.rho - uncorrected.rho;
  const numbers = `ρ̄ ${fixed(uncorrected.rho, 3)} → ${fixed(corrected.rho, 3)}, raster moves by ${fixed(uncorrected.flatnessUm, 1)} → ${fixed(corrected.flatnessUm, 1)} µm rms`;
  const rasterUm = zigzagUm(uncorrected.flatnessUm);
  if (uncorrected.pitchLock < LOCKED && rasterUm < LITTLE_UM && motionExtentUm < LITTLE_UM) {
    const sentence = `There is under ${LITTLE_UM} µm of motion: the raster moves by about ${fixed(rasterUm, 1)} µm peak to peak and the estimate by ${fixed(motionExtentUm, 1)} µm, so correcting makes no odds (${numbers}).`;
    return { ...judged, kind: "little-motion", sentence: sentence + againstTruth(evidence) };
  }
  const isMoreAlike = rise >= Math.max(MIN_RISE, MIN_RELATIVE_RISE * uncorrected.rho);
  const isFlatter = corrected.flatnessUm <= FLATTER * uncorrected.flatnessUm;
  if (isMoreAlike && isFlatter) {
    return { ...judged, kind: "helps", sentence: `Correction helps: ${numbers}.${againstTruth(evidence)}` };
  }
  const sentence = `Correction does not help: ${numbers}${whyNot(evidence, isMoreAlike, isFlatter)}.`;
  return { ...judged, kind: "does-not-help", sentence: sentence + againstTruth(evidence) };
}

function whyNotJudged(uncorrected: Judged, corrected: Judged): string | null {
  const { nBins, nSpikes } = uncorrected;
  if (nBins < MIN_BINS) return `${nBins} time ${nBins === 1 ? "bin" : "bins"}, at least ${MIN_BINS} are needed`;
  if (nSpikes < VALID_BIN_SPIKES * nBins)
    return `too few spikes, ${fixed(nSpikes / nBins, 1)} in a time bin on average, at least ${VALID_BIN_SPIKES} are needed`;
  if (corrected.nSpikes < nSpikes / 2)
    return `the motion moves ${nSpikes - corrected.nSpikes} of ${nSpikes} spikes off the grid`;
  if (!Number.isFinite(uncorrected.flatnessUm) || !Number.isFinite(corrected.flatnessUm))
    return "too few spikes at any depth to tell how much the raster moves";
  return null;
}

function whyNot(
  { uncorrected, corrected, signTurned, motionExtentUm }: Evidence,
  isMoreAlike: boolean,
  isFlatter: boolean,
): string {
  const isTurned = signTurned.rho > corrected.rho && signTurned.flatnessUm < FLATTER * uncorrected.flatnessUm;
  if (isTurned && signTurned.rho - uncorrected.rho >= MIN_RISE)
    return `; with its sign turned it would (ρ̄ ${fixed(signTurned.rho, 3)}, ${fixed(signTurned.flatnessUm, 1)} µm)`;
  const rasterUm = zigzagUm(uncorrected.flatnessUm);
  if (motionExtentUm < LITTLE_UM && rasterUm >= LITTLE_UM)
    return `; the estimate moves by ${fixed(motionExtentUm, 1)} µm only, the raster by about ${fixed(rasterUm, 0)} µm peak to peak`;
  if (uncorrected.pitchLock < LOCKED && rasterUm < LITTLE_UM)
    return `; the raster moves by under ${LITTLE_UM} µm as it is, the estimate by ${fixed(motionExtentUm, 0)} µm`;
  if (isFlatter) return "; the raster gets flatter, but positions repeat no better";
  if (isMoreAlike) return "; positions repeat better, but the raster gets no flatter";
  return corrected.rho < uncorrected.rho ? "; positions repeat less well than without it" : "";
}

function cautionsOf({ corrected, uncorrected, anchor, contactSdXUm, referenceEntropyNats }: Evidence): string[] {
  const cautions: string[] = [];
  if (uncorrected.pitchLock >= LOCKED)
    cautions.push(
      `Depths keep to the rows of contacts (pitch lock ${fixed(uncorrected.pitchLock, 2)}): such positions repeat well whatever the tissue does.`,
    );
  if (anchor && anchor.rho >= corrected.rho)
    cautions.push(
      `Spikes put on their contacts alone score ρ̄ ${fixed(anchor.rho, 3)} under the same motion: ρ̄ does not tell good positions from bad ones here.`,
    );
  if (uncorrected.sdXUm < COLLAPSED_X * contactSdXUm)
    cautions.push(
      `Lateral positions hardly differ (sd ${fixed(uncorrected.sdXUm, 1)} µm, contacts ${fixed(contactSdXUm, 1)} µm): ρ̄ is high because an axis is missing.`,
    );
  if (corrected.entropyNats < referenceEntropyNats - ENTROPY_ALARM_NATS)
    cautions.push(
      `H̄ is ${fixed(corrected.entropyNats, 2)} nats, monopolar positions have ${fixed(referenceEntropyNats, 2)}: positions may have collapsed.`,
    );
  return cautions;
}

function againstTruth({ truth }: Evidence): string {
  if (!truth) return "";
  if (!truth.overlapSec) return " The truth shares no time with this motion.";
  return ` Against the truth: rms error ${fixed(truth.rmseUm, 2)} µm, r ${fixed(truth.r, 3)}, gain ${fixed(truth.gain, 2)}.`;
}

/** A number that does not exist is said so. */
function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "unknown";
}
