import { AppError, assert } from "../../core/errors.ts";
import type { Range, SpikeTable } from "../../core/types.ts";
import type { MethodInputs } from "../defineMethod.ts";

/** What an estimator of motion computes from. */
export interface UsableSpikes {
  /** those that have a depth, sorted by time */
  spikes: SpikeTable;
  /** depths of the lowest and the highest contact; of the spikes where no contacts are known */
  depthRangeUm: Range;
  /** time of the recording's last sample; of the last spike where that is not known */
  lastSec: number;
  /** sentences for the reader */
  warnings: string[];
}

/**
 * Leave out spikes without a place, or without a finite amplitude, and say how many; find what the bins have to cover.
 * Throws AppError when no spike is left, or none lies between the contacts, widened by a margin.
 */
export function usableSpikes({ spikes, probe, durationSec }: MethodInputs, title: string, marginUm = 0): UsableSpikes {
  assert(spikes, "the runner has checked that there are spikes");
  const rows: number[] = [];
  for (let i = 0; i < spikes.nSpikes; i++) {
    if (Number.isFinite(spikes.depthUm[i]) && Number.isFinite(spikes.ampUv[i])) rows.push(i);
  }
  if (rows.length === 0)
    throw new AppError(
      "bad-data",
      `${title}: expected spikes with a depth and an amplitude, found none among ${spikes.nSpikes}; choose another localizer.`,
      { nSpikes: spikes.nSpikes },
    );
  const kept = rows.length === spikes.nSpikes ? spikes : takeRows(spikes, rows);
  const nLeftOut = spikes.nSpikes - rows.length;
  const warnings =
    nLeftOut > 0 ? [`${nLeftOut} of ${spikes.nSpikes} spikes have no depth or no amplitude and do not take part.`] : [];
  const depthRangeUm = contactRange(probe?.positionsUm.map(([, y]) => y) ?? []) ?? extremes(kept.depthUm);
  const [low, high] = [depthRangeUm[0] - marginUm, depthRangeUm[1] + marginUm];
  if (!kept.depthUm.some((depth) => depth >= low && depth <= high))
    throw new AppError(
      "bad-data",
      `${title}: expected spikes between ${low} and ${high} µm, found none of ${kept.nSpikes} there; check that depths and probe belong together.`,
      { nSpikes: kept.nSpikes },
    );
  return {
    spikes: kept,
    depthRangeUm,
    lastSec: Math.max(durationSec ?? 0, kept.timeSec[kept.nSpikes - 1]),
    warnings,
  };
}

/** Depths of the lowest and the highest contact; null without contacts. */
function contactRange(depthUm: readonly number[]): Range | null {
  return depthUm.length > 0 ? extremes(depthUm) : null;
}

export function extremes(values: ArrayLike<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

function takeRows(spikes: SpikeTable, rows: readonly number[]): SpikeTable {
  const { xUm } = spikes;
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (i) => spikes.timeSec[i]),
    depthUm: Float64Array.from(rows, (i) => spikes.depthUm[i]),
    ampUv: Float32Array.from(rows, (i) => spikes.ampUv[i]),
    ...(xUm ? { xUm: Float64Array.from(rows, (i) => xUm[i]) } : {}),
  };
}
