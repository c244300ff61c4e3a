import { AppError } from "../../core/errors.ts";
import { displacementAt } from "../../core/motion.ts";
import { orderByBin } from "../../core/shiftDepths.ts";
import { type SoftGrid, tapRadius } from "../../core/softHistogram.ts";
import type { Motion, Range, SpikeTable } from "../../core/types.ts";

/** Cells [T, nx, ny] a histogram may have: 67 MB of float32, the optimisation then holds about six such arrays, 400 MB. */
export const maxCells = 2 ** 24;
/** Room beyond the outermost spikes that corrected depths may move into, on top of the largest motion it starts from. */
const marginUm = 200;
/** Ends of the lateral range, so that a few misplaced spikes do not make the grid. */
const lateralQuantiles = [0.005, 0.995] as const;

/** The spikes that take part, in bins. */
export interface GradientData {
  nSpikes: number;
  /** [N] */
  timeBin: Int32Array;
  /** [N], [T + 1]: the same grouped by bin */
  order: Int32Array;
  binStart: Int32Array;
  /** [N] depth, 0 at the lowest spike, 1 at the highest */
  depth: Float32Array;
  /** [N] µm from the low end of the lateral range; null when lateral positions are not used */
  xUm: Float32Array | null;
  xSpanUm: number;
  depthRangeUm: Range;
  /** [T] 1 for a bin with enough spikes */
  valid: Float32Array;
  nValid: number;
  maxPerBin: number;
  startSec: number;
  binSec: number;
  nTimes: number;
  warnings: string[];
}

export interface DataParams {
  binSec: number;
  minSpikes: number;
  useLateral: boolean;
}

function placedRows(spikes: SpikeTable): { rows: Int32Array; warnings: string[] } {
  const rows = Int32Array.from(spikes.depthUm.keys()).filter((i) => Number.isFinite(spikes.depthUm[i]));
  const nLost = spikes.nSpikes - rows.length;
  const warnings = nLost > 0 ? [`${nLost} of ${spikes.nSpikes} spikes have no depth; they take no part.`] : [];
  return { rows, warnings };
}

function extremes(values: ArrayLike<number>, rows: Int32Array): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const i of rows) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

function lateral(spikes: SpikeTable, rows: Int32Array): { xUm: Float32Array; spanUm: number } | null {
  const { xUm } = spikes;
  if (!xUm) return null;
  const sorted = Float64Array.from(rows, (i) => xUm[i])
    .filter(Number.isFinite)
    .sort();
  if (sorted.length === 0) return null;
  const [low, high] = lateralQuantiles.map((q) => sorted[Math.round(q * (sorted.length - 1))]);
  if (!(high > low)) return null;
  return { xUm: Float32Array.from(rows, (i) => xUm[i] - low), spanUm: high - low };
}

/** Select and bin. Throws AppError bad-data when no motion can be estimated from these spikes. */
export function prepareData(spikes: SpikeTable, { binSec, minSpikes, useLateral }: DataParams): GradientData {
  const { rows, warnings } = placedRows(spikes);
  if (rows.length === 0)
    throw new AppError("bad-data", "Gradient motion needs spikes with a depth; there are none.", { nSpikes: 0 });
  const depthRangeUm = extremes(spikes.depthUm, rows);
  const spanUm = depthRangeUm[1] - depthRangeUm[0];
  if (!(spanUm > 0)) {
    throw new AppError(
      "bad-data",
      `All ${rows.length} spikes lie at ${depthRangeUm[0]} µm; motion along depth cannot be estimated from one depth.`,
      { depthUm: depthRangeUm[0] },
    );
  }
  const [firstSec, lastSec] = extremes(spikes.timeSec, rows);
  const firstBin = Math.floor(firstSec / binSec);
  const nTimes = Math.floor(lastSec / binSec) - firstBin + 1;
  if (nTimes > maxCells / 8)
    throw new AppError("bad-parameter", `bin_s cuts the recording into ${nTimes} bins; choose longer ones.`, {
      nTimes,
    });
  const timeBin = Int32Array.from(rows, (i) => Math.floor(spikes.timeSec[i] / binSec) - firstBin);
  const bins = orderByBin(timeBin, nTimes);
  const counts = Int32Array.from({ length: nTimes }, (_, t) => bins.binStart[t + 1] - bins.binStart[t]);
  const valid = Float32Array.from(counts, (n) => (n >= minSpikes ? 1 : 0));
  const nValid = valid.reduce((n, v) => n + v, 0);
  if (nValid < 2) {
    throw new AppError(
      "bad-data",
      `Gradient motion compares time bins: expected at least 2 of ${binSec} s with ${minSpikes} spikes each, found ${nValid}; bring more spikes or choose another bin_s.`,
      { nValid },
    );
  }
  if (nValid < nTimes)
    warnings.push(
      `${nTimes - nValid} of ${nTimes} time bins have fewer than ${minSpikes} spikes; their motion is filled in from their neighbours.`,
    );
  const across = useLateral ? lateral(spikes, rows) : null;
  return {
    nSpikes: rows.length,
    timeBin,
    ...bins,
    depth: Float32Array.from(rows, (i) => (spikes.depthUm[i] - depthRangeUm[0]) / spanUm),
    xUm: across?.xUm ?? null,
    xSpanUm: across?.spanUm ?? 0,
    depthRangeUm,
    valid,
    nValid,
    maxPerBin: counts.reduce((m, n) => Math.max(m, n), 0),
    startSec: firstBin * binSec,
    binSec,
    nTimes,
    warnings,
  };
}

/** The grid at a blur, and the factor that turns lateral µm into its units. */
export interface BlurGrid {
  grid: SoftGrid;
  xScale: number;
}

/**
 * Grid of the corrected frame (depth from the lowest spike, µm) at a blur σ. Cells are as large as σ but not smaller than
 * `pitchUm`: inner products of Gaussians sampled at their own σ are exact to e^(−π²) = 5·10⁻⁵. Where the cells of all bins
 * would not fit `maxCells`, lateral cells (and the lateral blur with them) are widened. Throws AppError when even one lateral
 * cell does not fit.
 */
export function blurGrid(data: GradientData, sigmaUm: number, pitchUm: number, largestStartUm: number): BlurGrid {
  const pitch = Math.max(pitchUm, sigmaUm);
  const spanUm = data.depthRangeUm[1] - data.depthRangeUm[0];
  const edgeUm = marginUm + largestStartUm;
  const ny = Math.ceil((spanUm + 2 * edgeUm) / pitch) + 1;
  const room = Math.floor(maxCells / (data.nTimes * ny));
  if (room < 1) {
    throw new AppError(
      "bad-parameter",
      `The histogram of ${data.nTimes} bins and ${ny} depths is too large; choose a longer bin_s or a larger bin_um.`,
      { nTimes: data.nTimes, nDepths: ny },
    );
  }
  const grid = { x0: 0, y0: -edgeUm, nx: 1, ny, pitchUm: pitch, sigmaUm };
  if (!data.xUm) return { grid, xScale: 0 };
  const border = 2 * tapRadius(grid); // cells that spikes at the ends of the range leak into
  const wanted = Math.ceil(data.xSpanUm / pitch) + 1 + border;
  if (wanted <= room) return { grid: { ...grid, nx: wanted, x0: -tapRadius(grid) * pitch }, xScale: 1 };
  const inner = room - border - 1;
  if (inner < 1) return { grid, xScale: 0 };
  return { grid: { ...grid, nx: room, x0: -tapRadius(grid) * pitch }, xScale: (inner * pitch) / data.xSpanUm };
}

/** Depth of level k of K, in units of the depth range; one level stands at 0, as in core/shiftDepths. */
export function levelDepth(k: number, nLevels: number): number {
  return nLevels === 1 ? 0 : k / (nLevels - 1);
}

/** A motion at our bins and levels [T, K] µm. Rigid: its mean over the depths of the spikes. */
export function resampleMotion(motion: Motion, data: GradientData, nLevels: number): Float64Array {
  const [low, high] = data.depthRangeUm;
  const out = new Float64Array(data.nTimes * nLevels);
  const depths = nLevels === 1 ? Array.from({ length: 11 }, (_, i) => i / 10) : [];
  for (let t = 0; t < data.nTimes; t++) {
    const atSec = data.startSec + (t + 0.5) * data.binSec;
    const at = (depth: number) => displacementAt(motion, atSec, low + depth * (high - low));
    for (let k = 0; k < nLevels; k++) {
      out[t * nLevels + k] =
        nLevels === 1 ? depths.reduce((sum, d) => sum + at(d), 0) / depths.length : at(levelDepth(k, nLevels));
    }
  }
  return out;
}

/** Linear between valid rows, flat outside them, in place. values: [T, K]; valid: [T], at least one of them. */
export function fillInvalid(values: Float64Array, valid: ArrayLike<number>, nLevels: number): void {
  const known = Array.from(valid, (_, t) => t).filter((t) => valid[t]);
  let next = 0;
  for (let t = 0; t < valid.length; t++) {
    if (known[next] === t) next++;
    if (valid[t]) continue;
    const after = known[Math.min(next, known.length - 1)];
    const before = known[Math.max(0, next - 1)];
    const f = after === before ? 0 : (t - before) / (after - before);
    for (let k = 0; k < nLevels; k++)
      values[t * nLevels + k] = (1 - f) * values[before * nLevels + k] + f * values[after * nLevels + k];
  }
}
