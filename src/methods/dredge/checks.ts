import { AppError } from "../../core/errors.ts";
import type { Prepared } from "./prepare.ts";
import type { Estimation } from "./stretch.ts";

/** What browsers grant one page without trouble. */
const mostBytes = 3e9;
/** Share of pairs at the largest displacement that is worth a word; real recordings with motion in range have 1 %. */
const worthMentioning = 0.05;

/** More bins than these come from a spike with a broken time or place, not from a recording. */
const mostBins = { time: 1e6, depth: 1e5 };

/** Throws AppError when times or depths reach too far to be cut into bins. */
export function checkBins({ lastSec, options, probeRangeUm, spikes }: Prepared): void {
  const fail = (what: string, nBins: number, most: number) => {
    throw new AppError(
      "bad-data",
      `DREDge: expected at most ${most} bins of ${what}, found ${Math.ceil(nBins)}; take larger bins, or leave out the spikes that lie too far.`,
      { nBins, most },
    );
  };
  const depthUm = options.variant === "original" ? spikes.depthUm : Float64Array.from(probeRangeUm);
  const lowUm = depthUm.reduce((least, depth) => Math.min(least, depth), Number.POSITIVE_INFINITY);
  const highUm = depthUm.reduce((most, depth) => Math.max(most, depth), Number.NEGATIVE_INFINITY);
  const nTimes = lastSec / options.binSec;
  const nDepths = (highUm - lowUm) / options.binUm;
  if (nTimes > mostBins.time) fail("time", nTimes, mostBins.time);
  if (nDepths > mostBins.depth) fail("depth", nDepths, mostBins.depth);
}

/** Throws AppError when raster and pairs would not fit in memory. */
export function checkSize({ grid, setup, horizon }: Estimation, stretches: readonly [number, number][]): void {
  let most = 0;
  for (const [start, end] of stretches) {
    const rasterBytes = 4 * (end - Math.max(0, start - horizon.reach)) * grid.nDepths;
    const pairBytes = 4 * setup.windows.nWindows * (end - start) * Math.min(horizon.reach, end - start - 1);
    most = Math.max(most, 2 * rasterBytes + pairBytes); // the raster is here and on the compute backend
  }
  if (most <= mostBytes) return;
  throw new AppError(
    "bad-parameter",
    `DREDge: expected to need at most ${mostBytes / 1e9} GB, found ${(most / 1e9).toFixed(1)} GB for ${grid.nTimes} time bins, ${grid.nDepths} depth bins and ${setup.windows.nWindows} windows; set chunk_len_s, shorten time_horizon_s, or take larger bins.`,
    { bytes: most, nTimes: grid.nTimes, nDepths: grid.nDepths, nWindows: setup.windows.nWindows },
  );
}

/** What the reader should know of the result. */
export function closingWarnings(work: Estimation): string[] {
  const { grid, setup, nSolved, prepared } = work;
  const warnings: string[] = [];
  const nCold = coldBins(work);
  if (nCold > 0)
    warnings.push(
      `${nCold} of ${nSolved} time bins have too little activity in some window; their motion there is carried over from others.`,
    );
  if (nSolved > 0 && work.nCounted === 0)
    warnings.push(
      grid.nTimes === 1
        ? `There is one time bin of ${prepared.options.binSec} s, so there is nothing to compare; the motion is zero.`
        : "No two time bins correlate enough to count; the motion is zero. Take longer time bins or lower mincorr.",
    );
  const limitUm = setup.maxDisplacementBins * prepared.options.binUm;
  if (limitUm > 0 && work.nAtLimit > worthMentioning * work.nCounted)
    warnings.push(
      `${((100 * work.nAtLimit) / work.nCounted).toFixed(0)} % of the pairs of time bins lie at the largest displacement (${limitUm} µm); raise max_disp_um if the tissue moves that far, else take longer time bins.`,
    );
  if (work.residual > 1e-6)
    warnings.push(`The equations were solved to a residual of ${work.residual.toExponential(1)} only.`);
  return warnings;
}

/** Time bins that are cold in any window. */
function coldBins({ gate, grid, nSolved, setup }: Estimation): number {
  let n = 0;
  for (let t = 0; t < nSolved; t++) {
    for (let b = 0; b < setup.windows.nWindows; b++) {
      if (gate[b * grid.nTimes + t] !== 0) continue;
      n++;
      break;
    }
  }
  return n;
}

export function summarise(work: Estimation, nPairs: number, seconds: number): Record<string, number> {
  const { prepared, setup, solution, nSolved, grid } = work;
  let [low, high] = [0, 0];
  for (let at = 0; at < solution.length; at++) {
    if (at % grid.nTimes >= nSolved) continue;
    low = Math.min(low, solution[at]);
    high = Math.max(high, solution[at]);
  }
  return {
    n_spikes: prepared.spikes.nSpikes,
    n_time_bins: nSolved,
    n_windows: setup.windows.nWindows,
    motion_range_um: high - low,
    pairs: nPairs,
    pairs_per_sec: nPairs / Math.max(seconds, 1e-9),
    at_limit_share: work.nCounted > 0 ? work.nAtLimit / work.nCounted : 0,
    cold_time_bins: coldBins(work),
    solve_iterations: work.nIterations,
  };
}
