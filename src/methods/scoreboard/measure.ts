import { correctDepths, correctLateral } from "../../core/motion.ts";
import { type MatchedTruth, type PositionScore, scorePositions } from "../../core/positionTruth.ts";
import { type FlatnessFrame, flatness, flatnessFrame } from "../../core/scoreboard/flatness.ts";
import { type PositionSet, type ScoreGrid, softGridOf } from "../../core/scoreboard/grid.ts";
import { pitchLock, rowPitch, spreadOf } from "../../core/scoreboard/positionStats.ts";
import { binStarts, repeatability } from "../../core/scoreboard/repeatability.ts";
import type { Judged } from "../../core/scoreboard/verdict.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../core/types.ts";

/** One row's numbers. */
export interface Measured extends Judged {
  sdZUm: number;
  positionTruth: PositionScore | null;
}

/** What all rows of a scoreboard share. */
export interface Measuring {
  spikes: SpikeTable;
  grid: ScoreGrid;
  /** [T + 1] first spike of each time bin */
  first: Uint32Array;
  pitchUm: number;
  /** of a simulated recording */
  matched: MatchedTruth | null;
}

export function measuring(
  spikes: SpikeTable,
  probe: ProbeSites | undefined,
  grid: ScoreGrid,
  matched: MatchedTruth | null,
): Measuring {
  return { spikes, grid, first: binStarts(spikes.timeSec, grid.binSec), pitchUm: rowPitch(probe), matched };
}

const SLICE = 1 << 16; // spikes corrected before others get a turn

/** Positions without and with motions: the raster is cut the same way each time. */
export class Measurer {
  readonly positions: PositionSet;
  #corrected: PositionSet;
  readonly #given: Measuring;
  readonly #frame: FlatnessFrame | null;
  readonly #constant: Pick<Measured, "pitchLock" | "sdXUm" | "sdZUm" | "positionTruth">;

  constructor(given: Measuring, positions: PositionSet) {
    const { xUm, yUm, zUm } = positions;
    this.#given = given;
    this.positions = positions;
    this.#corrected = positions;
    this.#frame = flatnessFrame(given.spikes.timeSec, yUm);
    this.#constant = {
      pitchLock: pitchLock(yUm, given.pitchUm),
      sdXUm: spreadOf(xUm),
      sdZUm: spreadOf(zUm),
      positionTruth: given.matched && scorePositions(given.matched, positions),
    };
  }

  /** The positions as corrected by the motion measured last, which are let go of. */
  takeCorrected(): PositionSet {
    const corrected = this.#corrected;
    this.#corrected = this.positions;
    return corrected;
  }

  /** Yields the number of time bins done, often enough for others to get a turn. */
  *measure(motion: Motion | null): Generator<number, Measured> {
    const { spikes, grid, first } = this.#given;
    this.#corrected = motion ? yield* this.#correct(motion) : this.positions;
    const { xUm, yUm } = this.#corrected;
    const isPlanar = grid.xRangeUm !== null;
    const { rho, entropyNats, nSpikes, nBins } = yield* repeatability(
      isPlanar ? xUm : null,
      yUm,
      first,
      softGridOf(grid),
    );
    let flatnessUm = Number.NaN;
    if (this.#frame) {
      const shifts = flatness(spikes.timeSec, yUm, this.#frame);
      let next = shifts.next();
      for (; !next.done; next = shifts.next()) yield nBins;
      flatnessUm = next.value;
    }
    return { rho, entropyNats, flatnessUm, ...this.#constant, nSpikes, nBins };
  }

  *#correct(motion: Motion): Generator<number, PositionSet> {
    const { timeSec, shank } = this.#given.spikes;
    const { name, xUm, yUm, zUm } = this.positions;
    const depthUm = new Float64Array(yUm.length);
    const lateralUm = xUm && motion.lateralUm ? new Float64Array(yUm.length) : xUm;
    for (let from = 0; from < yUm.length; from += SLICE) {
      const part = <T extends Float64Array | Int32Array>(values: T) => values.subarray(from, from + SLICE) as T;
      const times = part(timeSec);
      depthUm.set(correctDepths(motion, times, part(yUm), shank && part(shank)), from);
      if (xUm && lateralUm && lateralUm !== xUm) lateralUm.set(correctLateral(motion, times, part(xUm)), from);
      yield 0;
    }
    return { name, xUm: lateralUm, yUm: depthUm, zUm };
  }
}
