import { correctDepths, correctLateral } from "../../core/motion.ts";
import { type FlatnessFrame, flatness, flatnessFrame } from "../../core/scoreboard/flatness.ts";
import { type PositionSet, type ScoreGrid, softGridOf } from "../../core/scoreboard/grid.ts";
import { pitchLock, rowPitch, spreadOf } from "../../core/scoreboard/positionStats.ts";
import { binStarts, repeatability } from "../../core/scoreboard/repeatability.ts";
import type { Judged } from "../../core/scoreboard/verdict.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../core/types.ts";

/** One row's numbers. */
export interface Measured extends Judged {
  sdZUm: number;
}

/** What all rows of a scoreboard share. */
export interface Measuring {
  spikes: SpikeTable;
  grid: ScoreGrid;
  /** [T + 1] first spike of each time bin */
  first: Uint32Array;
  pitchUm: number;
}

export function measuring(spikes: SpikeTable, probe: ProbeSites | undefined, grid: ScoreGrid): Measuring {
  return { spikes, grid, first: binStarts(spikes.timeSec, grid.binSec), pitchUm: rowPitch(probe) };
}

/** Positions without and with motions: the raster is cut the same way each time. */
export class Measurer {
  readonly positions: PositionSet;
  readonly #given: Measuring;
  readonly #frame: FlatnessFrame | null;

  constructor(given: Measuring, positions: PositionSet) {
    this.#given = given;
    this.positions = positions;
    this.#frame = flatnessFrame(given.spikes.timeSec, positions.yUm);
  }

  /** Yields the number of time bins done. */
  *measure(motion: Motion | null): Generator<number, Measured> {
    const { spikes, grid, first, pitchUm } = this.#given;
    const { xUm, yUm, zUm } = this.positions;
    const { timeSec, shank } = spikes;
    const depthUm = motion ? correctDepths(motion, timeSec, yUm, shank) : yUm;
    const lateralUm = motion && xUm ? correctLateral(motion, timeSec, xUm) : xUm;
    const isPlanar = grid.xRangeUm !== null;
    const { rho, entropyNats, nSpikes, nBins } = yield* repeatability(
      isPlanar ? lateralUm : null,
      depthUm,
      first,
      softGridOf(grid),
    );
    return {
      rho,
      entropyNats,
      flatnessUm: this.#frame ? flatness(timeSec, depthUm, this.#frame) : Number.NaN,
      pitchLock: pitchLock(yUm, pitchUm),
      sdXUm: spreadOf(xUm),
      sdZUm: spreadOf(zUm),
      nSpikes,
      nBins,
    };
  }
}
