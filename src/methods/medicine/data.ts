import { AppError } from "../../core/errors.ts";
import { quantileOfSorted } from "../../core/median.ts";
import type { Random } from "../../core/random.ts";
import { orderByBin } from "../../core/shiftDepths.ts";
import type { Range, SpikeTable } from "../../core/types.ts";

/** The spikes MEDiCINe learns from, scaled to [0, 1] by their extremes. */
export interface MedicineData {
  nSpikes: number;
  /** [N] index of the time bin */
  timeBin: Int32Array;
  /** [N] 0 at the lowest spike, 1 at the highest */
  depth: Float32Array;
  /** [N] likewise over signed amplitude */
  amp: Float32Array;
  depthRangeUm: Range;
  ampRangeUv: Range;
  /** s, left edge of the first bin */
  startSec: number;
  binSec: number;
  nTimes: number;
  warnings: string[];
}

export interface DataParams {
  binSec: number;
  marginSec: number;
  amplitudeQuantile: number;
}

/** numpy.quantile's default: linear between order statistics. */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), q);
}

/** Spikes with a place. */
function placedRows({ ampUv, depthUm }: SpikeTable): Int32Array {
  return Int32Array.from(ampUv.keys()).filter((i) => Number.isFinite(depthUm[i]) && Number.isFinite(ampUv[i]));
}

function keptRows(ampUv: Float32Array, placed: Int32Array, q: number): Int32Array {
  if (q === 0) return placed;
  const threshold = quantile(
    Float32Array.from(placed, (i) => ampUv[i]),
    q > 0 ? q : 1 + q,
  );
  return placed.filter((i) => (q > 0 ? ampUv[i] > threshold : ampUv[i] < threshold));
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

/** Select, scale and bin. The time bins span all spikes, also those the threshold leaves out. Throws AppError bad-data. */
export function prepareData(spikes: SpikeTable, { binSec, marginSec, amplitudeQuantile }: DataParams): MedicineData {
  const placed = placedRows(spikes);
  const rows = keptRows(spikes.ampUv, placed, amplitudeQuantile);
  if (rows.length < 2) {
    throw new AppError(
      "bad-data",
      `MEDiCINe needs at least 2 spikes; of ${spikes.nSpikes}, ${placed.length} have a finite depth and amplitude and ${rows.length} are left after the amplitude threshold.`,
      { nSpikes: rows.length },
    );
  }
  const depthRangeUm = extremes(spikes.depthUm, rows);
  const ampRangeUv = extremes(spikes.ampUv, rows);
  const depthSpan = depthRangeUm[1] - depthRangeUm[0];
  if (!(depthSpan > 0)) {
    throw new AppError(
      "bad-data",
      `All ${rows.length} spikes lie at ${depthRangeUm[0]} µm; motion along depth cannot be estimated from one depth.`,
      { depthUm: depthRangeUm[0] },
    );
  }
  const warnings: string[] = [];
  const nLost = spikes.nSpikes - placed.length;
  if (nLost > 0)
    warnings.push(`${nLost} of ${spikes.nSpikes} spikes have no finite depth or amplitude; they are left out.`);
  const ampSpan = ampRangeUv[1] - ampRangeUv[0];
  if (!(ampSpan > 0))
    warnings.push(`All amplitudes are equal (${ampRangeUv[0]}); they carry no information, depth alone is used.`);
  const startSec = spikes.timeSec[0] - marginSec;
  const nTimes = Math.ceil((spikes.timeSec[spikes.nSpikes - 1] + marginSec - startSec) / binSec);
  const data: MedicineData = {
    nSpikes: rows.length,
    timeBin: new Int32Array(rows.length),
    depth: new Float32Array(rows.length),
    amp: new Float32Array(rows.length),
    depthRangeUm,
    ampRangeUv,
    startSec,
    binSec,
    nTimes,
    warnings,
  };
  rows.forEach((row, i) => {
    data.timeBin[i] = Math.min(nTimes - 1, Math.floor((spikes.timeSec[row] - startSec) / binSec));
    data.depth[i] = (spikes.depthUm[row] - depthRangeUm[0]) / depthSpan;
    data.amp[i] = ampSpan > 0 ? (spikes.ampUv[row] - ampRangeUv[0]) / ampSpan : 0;
  });
  return data;
}

/** One step's spikes: the first half real, the second half drawn. */
export interface Batch {
  /** [2B] */
  timeBin: Int32Array;
  /** [2B] scaled depth, where motion is looked up */
  depth: Float32Array;
  /** [2B] this step's noise on the motion, in units of the depth range */
  noise: Float32Array;
  /** [2B] scaled amplitude */
  amp: Float32Array;
  /** [2B], [T + 1]: the same spikes grouped by time bin */
  order: Int32Array;
  binStart: Int32Array;
}

/** Noise on motion at a step, in units of the depth range: falls linearly to zero. */
export function motionNoise(step: number, initial: number, noiseSteps: number): number {
  return Math.max(0, (initial * (noiseSteps - step)) / noiseSteps);
}

/**
 * Draw a batch. Real spikes are drawn with replacement. Drawn spikes take the times of other random spikes, a depth
 * uniform over the range widened by the motion bound on both sides, and a uniform amplitude.
 */
export function drawBatch(
  data: MedicineData,
  random: Random,
  batchSize: number,
  bound: number,
  noiseSd: number,
): Batch {
  const n = 2 * batchSize;
  const timeBin = new Int32Array(n);
  const depth = new Float32Array(n);
  const noise = new Float32Array(n);
  const amp = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const spike = random.integer(data.nSpikes);
    timeBin[i] = data.timeBin[spike];
    depth[i] = i < batchSize ? data.depth[spike] : -bound + (1 + 2 * bound) * random.uniform();
    amp[i] = i < batchSize ? data.amp[spike] : random.uniform();
    if (noiseSd > 0) noise[i] = noiseSd * random.normal();
  }
  return { timeBin, depth, noise, amp, ...orderByBin(timeBin, data.nTimes) };
}
