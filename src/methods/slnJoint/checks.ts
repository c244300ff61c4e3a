import { canBeExplained, monopolarResidual, residualColumns } from "../../core/monopolarResidual.ts";
import { correctDepths, correctLateral } from "../../core/motion.ts";
import { scoreMotion } from "../../core/motionScore.ts";
import { type Axes, columnsOf, type MatchedTruth, matchTruth, scorePositions } from "../../core/positionTruth.ts";
import { correlationMatrix } from "../../core/scoreboard/correlationMatrix.ts";
import { type GateFigures, gate } from "../../core/scoreboard/gate.ts";
import { pitchLock, rowPitch, spreadOf } from "../../core/scoreboard/positionStats.ts";
import { binStarts, repeatability } from "../../core/scoreboard/repeatability.ts";
import type { SoftGrid } from "../../core/softHistogram.ts";
import type { RecordingTruth } from "../../core/spikeScore.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../core/types.ts";
import type { GateVerdict } from "../../protocol/models.ts";
import type { Yielded } from "../defineMethod.ts";
import type { WaveformFeed } from "../sln/feed.ts";
import { amplitudesOf } from "./amplitudes.ts";

/** Spikes, evenly out of all, whose residual is looked at. */
const RESIDUAL_SPIKES = 5000;
/** Bins of the matrix on screen, each of as many of the run's as it takes. */
export const MATRIX_BINS = 200;

/** Positions of all spikes, and what they are worth. */
export interface Checked {
  figures: GateFigures;
  /** whole-session ρ̄ over all pairs of bins, corrected and uncorrected */
  rho: number;
  rhoUncorrected: number;
  entropyNats: number;
  pitchLock: number;
  /** against a truth, by name of the live metric; empty without one */
  truth: Record<string, number>;
}

/** What the checks of one run have in common. */
export class PositionChecks {
  readonly #spikes: SpikeTable;
  readonly #grid: SoftGrid;
  readonly #binSec: number;
  readonly #pitchUm: number;
  readonly #matched: MatchedTruth | null;
  readonly #truth: RecordingTruth | undefined;
  readonly #baseline: Float32Array;
  readonly #residual: ((xyza: Float32Array) => number) | null;

  private constructor(
    spikes: SpikeTable,
    grid: SoftGrid,
    binSec: number,
    probe: ProbeSites | undefined,
    baseline: Float32Array,
    truth: RecordingTruth | undefined,
    residual: ((xyza: Float32Array) => number) | null,
  ) {
    this.#spikes = spikes;
    this.#grid = grid;
    this.#binSec = binSec;
    this.#pitchUm = rowPitch(probe);
    this.#baseline = baseline;
    this.#truth = truth;
    this.#matched = truth ? matchTruth(truth, spikes) : null;
    this.#residual = residual;
  }

  /** baseline: [N, 4] where the pretrained network puts the spikes. */
  static async open(
    spikes: SpikeTable,
    feed: WaveformFeed,
    grid: SoftGrid,
    binSec: number,
    probe: ProbeSites | undefined,
    baseline: Float32Array,
    truth: RecordingTruth | undefined,
  ): Promise<PositionChecks> {
    const residual = await residualOf(feed, spikes.nSpikes);
    return new PositionChecks(spikes, grid, binSec, probe, baseline, truth, residual);
  }

  /** Numbers of positions [N, 4] under a motion; null for none. */
  async *measure(xyza: Float32Array, motion: Motion | null): AsyncGenerator<Yielded, Checked> {
    const { timeSec } = this.#spikes;
    const first = binStarts(timeSec, this.#binSec);
    const { xUm, yUm, zUm } = positionColumns(xyza);
    const uncorrected = yield* ticking(repeatability(xUm, yUm, first, this.#grid));
    const moved = motion && this.#corrected(xUm, yUm, motion);
    const corrected = moved ? yield* ticking(repeatability(moved.xUm, moved.yUm, first, this.#grid)) : uncorrected;
    return {
      figures: {
        sdXUm: spreadOf(xUm),
        sdZUm: spreadOf(zUm),
        tetherRmsUm: distances(xyza, this.#baseline),
        residual: this.#residual?.(xyza) ?? Number.NaN,
        deltaRho: motion ? corrected.rho - uncorrected.rho : Number.NaN,
      },
      rho: corrected.rho,
      rhoUncorrected: uncorrected.rho,
      entropyNats: corrected.entropyNats,
      pitchLock: pitchLock(yUm, this.#pitchUm),
      truth: this.#againstTruth(xyza, motion),
    };
  }

  /** Correlation of all pairs of time bins, some of the run's bins taken together where they are many. */
  async *correlation(xyza: Float32Array, motion: Motion): AsyncGenerator<Yielded, Yielded> {
    const { timeSec, nSpikes } = this.#spikes;
    const nBins = Math.max(1, Math.ceil(timeSec[nSpikes - 1] / this.#binSec));
    const binSec = this.#binSec * Math.ceil(nBins / MATRIX_BINS);
    const first = binStarts(timeSec, binSec);
    const columns = positionColumns(xyza);
    const { xUm, yUm } = this.#corrected(columns.xUm, columns.yUm, motion);
    const values = yield* ticking(correlationMatrix(xUm, yUm, first, this.#grid));
    return { kind: "correlation", values, nBins: first.length - 1, binSec };
  }

  #corrected(xUm: Float64Array, yUm: Float64Array, motion: Motion) {
    const { timeSec, shank } = this.#spikes;
    return { xUm: correctLateral(motion, timeSec, xUm), yUm: correctDepths(motion, timeSec, yUm, shank) };
  }

  #againstTruth(xyza: Float32Array, motion: Motion | null): Record<string, number> {
    const out: Record<string, number> = {};
    if (this.#matched) {
      const score = scorePositions(this.#matched, columnsOf(xyza, 4));
      const each = (name: string, values: Axes) =>
        values.forEach((um, k) => {
          out[`${name}_${"xyz"[k]}`] = um;
        });
      each("truth_rms", score.rmsUm);
      each("truth_median", score.medianUm);
      each("unit_sd", score.unitSdUm);
      each("unit_bias", score.unitBiasUm);
      out.slip_gain = score.slipGain;
    }
    if (this.#truth?.motion && motion) {
      const { r, gain, rmseUm } = scoreMotion(motion, this.#truth.motion);
      Object.assign(out, { drift_r: r, drift_gain: gain, drift_rms: rmseUm });
    }
    return out;
  }
}

export function verdictOf(start: Checked, now: Checked): GateVerdict {
  return gate(start.figures, now.figures);
}

/** Under the names of the live metrics. */
export function checkMetrics(start: Checked, now: Checked): Record<string, number> {
  const [x, y, z] = now.figures.tetherRmsUm;
  return {
    delta_rho: now.figures.deltaRho,
    sd_x: now.figures.sdXUm,
    sd_z: now.figures.sdZUm,
    sd_x_start: start.figures.sdXUm,
    sd_z_start: start.figures.sdZUm,
    pitch_lock: now.pitchLock,
    residual_mean: now.figures.residual,
    tether_rms_x: x,
    tether_rms_y: y,
    tether_rms_z: z,
    ...now.truth,
  };
}

/** Columns of a table of positions [N, 4]. */
export function positionColumns(xyza: Float32Array): { xUm: Float64Array; yUm: Float64Array; zUm: Float64Array } {
  const column = (k: number) => Float64Array.from({ length: xyza.length / 4 }, (_, n) => xyza[4 * n + k]);
  return { xUm: column(0), yUm: column(1), zUm: column(2) };
}

/** rms distance along x, y, z between two tables [N, 4], over spikes that have a place in both. */
function distances(a: Float32Array, b: Float32Array): Axes {
  return [0, 1, 2].map((k) => {
    let [sum, n] = [0, 0];
    for (let at = k; at < a.length; at += 4) {
      const d = a[at] - b[at];
      if (!Number.isFinite(d)) continue;
      sum += d * d;
      n++;
    }
    return Math.sqrt(sum / n);
  }) as Axes;
}

/** Mean residual of a point source over a fixed sample, or null where the contacts are not known. */
async function residualOf(feed: WaveformFeed, nSpikes: number): Promise<((xyza: Float32Array) => number) | null> {
  const every = Math.ceil(nSpikes / RESIDUAL_SPIKES);
  const rows = Int32Array.from({ length: Math.floor((nSpikes - 1) / every) + 1 }, (_, i) => i * every);
  const known = await amplitudesOf(feed, rows);
  if (!known) return null;
  const { amplitude, contactUm, nSlots } = known;
  return (xyza) => {
    const offset = Float64Array.from({ length: 3 * rows.length }, (_, at) => {
      const [row, k] = [rows[Math.floor(at / 3)], at % 3];
      return xyza[4 * row + k] - (k < 2 ? feed.anchorsUm[2 * row + k] : 0);
    });
    const found = monopolarResidual(offset, amplitude, contactUm, nSlots);
    let [sum, n] = [0, 0];
    rows.forEach((_, i) => {
      if (!canBeExplained(amplitude, i, nSlots)) return;
      sum += found[residualColumns * i];
      n++;
    });
    return sum / n;
  };
}

/** A long computation in turns. */
async function* ticking<T>(work: Generator<number, T>): AsyncGenerator<Yielded, T> {
  let shownMs = performance.now();
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    if (performance.now() - shownMs < 30) continue;
    yield { kind: "tick" };
    shownMs = performance.now();
  }
}
