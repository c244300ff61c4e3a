import { AppError } from "../errors.ts";
import type { SoftGrid } from "../softHistogram.ts";
import type { ProbeSites, Range } from "../types.ts";

/**
 * The grid of time bins and voxels that spikes are counted on. ρ̄ and H̄ depend on it, so it is shown with every number.
 */

/** What is left out takes the default; ranges follow the probe, or else the positions. */
export interface ScoreGridOptions {
  /** default 1, or longer where spikes are few: see `chooseBinSec` */
  binSec?: number;
  /** default 4 */
  pitchUm?: number;
  /** default 4; 0 for a hard histogram */
  sigmaUm?: number;
  /** centres of the first and the last voxel */
  xRangeUm?: Range;
  yRangeUm?: Range;
}

/** Numbers of different grids cannot be compared. */
export interface ScoreGrid {
  binSec: number;
  pitchUm: number;
  sigmaUm: number;
  /** null for a histogram over depth alone, where lateral positions are not known */
  xRangeUm: Range | null;
  yRangeUm: Range;
  nx: number;
  ny: number;
}

/** Positions of the same spikes by one localizer, µm, uncorrected; NaN where it gives none. Arrays are [N]. */
export interface PositionSet {
  name: string;
  /** null where lateral positions are not known */
  xUm: Float64Array | null;
  yUm: Float64Array;
  zUm: Float64Array | null;
}

/** µm */
export const MARGIN_UM = 40; // beyond the outermost contacts, as far as localizers put spikes that they trust
const OUTLIERS = 0.005; // of the spikes at either end may fall off a grid that follows the positions
const MAX_SORTED = 100_000; // positions that tell a range, evenly out of all
const MAX_VOXELS = 4_000_000;
const BIN_CHOICES_SEC = [1, 2, 5, 10, 20, 30, 60];
/** A time bin counts for something with this many spikes; evarol/spikeLocalizationNetwork trains on no fewer. */
export const VALID_BIN_SPIKES = 50;

/**
 * 1 s; where half of the seconds hold fewer than 50 spikes, the shortest of 2, 5, 10, 20, 30 and 60 s that on average hold as
 * many, so that quiet recordings can be judged too.
 */
export function chooseBinSec(nSpikes: number, lastSec: number): number {
  const rateHz = nSpikes / Math.max(lastSec, 1);
  return BIN_CHOICES_SEC.find((sec) => rateHz * sec >= VALID_BIN_SPIKES) ?? 60;
}

/** The grid for positions of spikes up to `lastSec`. Throws AppError bad-parameter for options that make no grid. */
export function scoreGrid(
  positions: readonly PositionSet[],
  probe: ProbeSites | undefined,
  lastSec: number,
  options: ScoreGridOptions,
): ScoreGrid {
  const { pitchUm = 4, sigmaUm = 4 } = options;
  const binSec = options.binSec ?? chooseBinSec(positions[0].yUm.length, lastSec);
  for (const [name, value] of Object.entries({ binSec, pitchUm, sigmaUm })) {
    if (name === "sigmaUm" && value === 0) continue;
    if (!(value > 0 && value < 1e6))
      throw new AppError("bad-parameter", `${name}: expected a number above 0, found ${value}.`, { name });
  }
  const contacts = probe?.positionsUm ?? [];
  const isPlanar = positions.every(({ xUm }) => xUm !== null);
  const xs = contacts.length > 0 ? contacts.map(([x]) => x) : null;
  const ys = contacts.length > 0 ? contacts.map(([, y]) => y) : null;
  const range = (given: Range | undefined, ofContacts: number[] | null, columns: () => Float64Array[]) =>
    aligned(given ?? (ofContacts ? around(ofContacts) : spread(columns())), pitchUm);
  const x = isPlanar ? range(options.xRangeUm, xs, () => positions.map(({ xUm }) => xUm!)) : null;
  const y = range(options.yRangeUm, ys, () => positions.map(({ yUm }) => yUm));
  const [nx, ny] = [x?.n ?? 1, y.n];
  if (!(nx * ny <= MAX_VOXELS) || lastSec / binSec > 1e6) {
    throw new AppError(
      "bad-parameter",
      `Expected a grid of at most ${MAX_VOXELS} voxels and 1000000 time bins, found ${nx} × ${ny} and ${Math.ceil(lastSec / binSec)}; take a coarser one or smaller ranges.`,
    );
  }
  return { binSec, pitchUm, sigmaUm, xRangeUm: x?.range ?? null, yRangeUm: y.range, nx, ny };
}

function around(values: readonly number[]): Range {
  return [values.reduce((a, b) => Math.min(a, b)) - MARGIN_UM, values.reduce((a, b) => Math.max(a, b)) + MARGIN_UM];
}

/** All but the outermost positions; of none at all, a single voxel. */
function spread(columns: readonly Float64Array[]): Range {
  const ends = columns.flatMap((column) => {
    const every = Math.ceil(column.length / MAX_SORTED);
    const sorted = column.filter((v, i) => i % every === 0 && Number.isFinite(v)).sort();
    const at = Math.floor(OUTLIERS * sorted.length);
    return sorted.length === 0 ? [] : [sorted[at], sorted[sorted.length - 1 - at]];
  });
  return ends.length === 0 ? [0, 0] : around(ends);
}

/** Centres from the low end in steps of the pitch, until the high end is covered. */
function aligned([low, high]: Range, pitchUm: number): { range: Range; n: number } {
  if (!(Number.isFinite(low) && high >= low))
    throw new AppError("bad-parameter", `Expected a range from low to high in µm, found ${low} to ${high}.`);
  const n = Math.ceil((high - low) / pitchUm - 1e-9) + 1;
  return { range: [low, low + (n - 1) * pitchUm], n };
}

export function softGridOf({ xRangeUm, yRangeUm, nx, ny, pitchUm, sigmaUm }: ScoreGrid): SoftGrid {
  return { x0: xRangeUm?.[0] ?? 0, y0: yRangeUm[0], nx, ny, pitchUm, sigmaUm };
}
