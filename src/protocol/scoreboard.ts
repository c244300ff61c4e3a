import type { MotionScore } from "../core/motionScore.ts";
import type { PositionScore } from "../core/positionTruth.ts";
import type { Agreement } from "../core/scoreboard/agreement.ts";
import type { ScoreGrid, ScoreGridOptions } from "../core/scoreboard/grid.ts";
import type { VerdictKind } from "../core/scoreboard/verdict.ts";
import type { Motion, Range } from "../core/types.ts";

/**
 * What crosses threads about scoring: pairs of (positions, motion) on the same spikes, with the controls that tell whether a
 * score means anything, and a verdict in words. Numbers that do not exist are NaN (null in JSON, empty in CSV).
 */

/** A motion with the name it is shown under. */
export interface NamedMotion {
  name: string;
  motion: Motion;
}

/** What is asked: every motion on every set of positions of the spikes that the engine holds. */
export interface ScoreboardRequest {
  motions: readonly NamedMotion[];
  /** the motion that is known to be true (imposed or simulated); null when none is */
  truth: NamedMotion | null;
  /** names of the positions to score, see `Scoreboard.positions`; absent for all there are */
  positions?: readonly string[];
  grid?: ScoreGridOptions;
  /** what is taken out of estimate and truth at each depth before they are compared; default "median" */
  detrend?: "median" | "quadratic";
}

/**
 * "uncorrected" and "corrected" stand for the pair itself and "true-motion" for its positions under the true motion; the others
 * are controls on the same spikes.
 */
export type ScoreRowKind =
  | "uncorrected"
  | "corrected"
  | "true-motion"
  | "sign-turned"
  | "anchor"
  | "x-constant"
  | "shrink";

/** One line of the scoreboard. */
export interface ScoreRow {
  kind: ScoreRowKind;
  /** in words, e.g. "no correction", "corrected by DREDge", "shrunk to ½" */
  label: string;
  /** name of the positions */
  positions: string;
  /** name of the motion; null for "no correction" */
  motion: string | null;
  /** why there are no numbers, one sentence; null when there are */
  notPossible: string | null;
  grid: ScoreGrid;
  /** mean correlation of the histograms of all pairs of time bins, after correction. Repeatability, not accuracy */
  rho: number;
  /** rho minus that of the same positions without correction */
  deltaRho: number;
  /** mean entropy of a time bin's histogram, nats: an alarm when it falls, not a score */
  entropyNats: number;
  /** rms shift of a time bin's raster against the mean raster, µm */
  flatnessUm: number;
  sdXUm: number;
  sdZUm: number;
  /** 0…1: how much uncorrected depths keep to the rows of contacts */
  pitchLock: number;
  /** spikes with a place on the grid */
  nSpikes: number;
  nBins: number;
  /** against the truth; null without one, and for rows that are not "corrected" */
  truth: MotionScore | null;
  /** the positions, uncorrected, against those of a simulated recording's true spikes; null where these are not known */
  positionTruth: PositionScore | null;
  /** with monopolar positions, corrected by DREDge where that is among the motions; null for controls, and without them */
  agreement: Agreement | null;
}

/** What the numbers of one pair say. */
export interface Verdict {
  positions: string;
  motion: string;
  kind: VerdictKind;
  /** e.g. "Correction helps: ρ̄ 0.20 → 0.63 …" */
  sentence: string;
  /** reasons to distrust the score, a sentence each */
  cautions: string[];
}

/** How far two motions are apart, over the times and depths that both cover; see core/motionComparison. */
export interface MotionPair {
  a: string;
  b: string;
  rmsUm: number;
  meanAbsUm: number;
  maxAbsUm: number;
  /** Pearson; NaN when one of them does not move */
  r: number;
  /** first and last time compared, s; null when they share none, and the numbers are then NaN */
  overlapSec: Range | null;
}

/** Everything a finished scoreboard holds. */
export interface Scoreboard {
  /** every set of positions there is, whether scored or not */
  positions: string[];
  rows: ScoreRow[];
  verdicts: Verdict[];
  /** every pair of the motions asked for, and each against the truth when there is one */
  comparisons: MotionPair[];
  warnings: string[];
  /** false when it was stopped before the end */
  complete: boolean;
}

/** What a scoreboard says while it is made. */
export type ScoreboardEvent =
  | { kind: "progress"; done: number; total: number; secondsLeft: number }
  | { kind: "row"; row: ScoreRow }
  | { kind: "verdict"; verdict: Verdict };

/** Asks for the correlations behind one ρ̄. */
export interface CorrelationRequest {
  /** name of the positions, see `Scoreboard.positions`; absent for the first there is */
  positions?: string;
  /** null for no correction */
  motion: Motion | null;
  grid?: ScoreGridOptions;
  /** on the grid that fits every set of positions, so that numbers of several sets can be compared; default false */
  isShared?: boolean;
  /** rows that the matrix may have: of more bins, means over blocks of them; 0 for ρ̄ alone. Absent for a row per bin */
  mostRows?: number;
}

/** Correlation of the histograms of every two time bins; ρ̄ is its mean off the diagonal. */
export interface CorrelationMatrix {
  /** [nRows, nRows]: 1 on the diagonal, 0 in the rows and columns of empty bins; empty when ρ̄ alone was asked for */
  values: Float32Array;
  nRows: number;
  /** time bins that a row stands for; 1 unless fewer rows were asked for */
  binsPerRow: number;
  /** mean over the pairs of different bins, of all of them; NaN with fewer than two bins */
  rho: number;
  /** [T] nats, NaN for an empty bin */
  entropyNats: Float64Array;
  nBins: number;
  grid: ScoreGrid;
}
