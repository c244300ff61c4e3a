import { medianInPlace } from "../core/median.ts";
import { insidePolygon } from "../core/polygon.ts";
import type { Range } from "../core/types.ts";
import type { BrushedSpikes, BrushHow } from "../protocol/brush.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { PickColumns } from "./figure.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";

/** Spikes that a person marks in a picture by a line around them. Rows are ascending everywhere. */

/**
 * Rows of the spikes of a plot inside a closed line. outline: x0, y0, x1, y1, … CSS px from the canvas's top left corner. Only
 * spikes inside the frame, edges included, are meant: the others are not seen.
 */
export function rowsInside(picks: PickColumns, area: PlotArea, outline: ArrayLike<number>): Int32Array {
  const isInside = insidePolygon(outline);
  const [xLow, xHigh] = area.xRange;
  const [yLow, yHigh] = area.yRange;
  const pxPerX = area.width / (xHigh - xLow);
  const pxPerY = area.height / (yHigh - yLow);
  const { x, y, from, to } = picks;
  const rows = new Int32Array(to - from);
  let n = 0;
  for (let i = from; i < to; i++) {
    const xi = x[i];
    const yi = y[i];
    if (!(xi >= xLow && xi <= xHigh && yi >= yLow && yi <= yHigh)) continue;
    if (isInside(area.left + (xi - xLow) * pxPerX, area.top + (yHigh - yi) * pxPerY)) rows[n++] = i;
  }
  return rows.slice(0, n);
}

/** What is marked after `found` was put in the place of, added to or taken from what was marked before. */
export function combined(before: Int32Array | null, found: Int32Array, how: BrushHow): Int32Array {
  if (how === "replace" || !before) return how === "remove" ? new Int32Array(0) : found;
  const out = new Int32Array(before.length + (how === "add" ? found.length : 0));
  let n = 0;
  let j = 0;
  for (const row of before) {
    while (j < found.length && found[j] < row) {
      if (how === "add") out[n++] = found[j];
      j++;
    }
    const isFound = j < found.length && found[j] === row;
    if (isFound) j++;
    if (how === "add" || !isFound) out[n++] = row;
  }
  if (how === "add") while (j < found.length) out[n++] = found[j++];
  return out.slice(0, n);
}

/** The rows of a table, ascending and each once; those that the table does not have are left out. */
export function validRows(rows: Int32Array, nSpikes: number): Int32Array {
  const sorted = rows.filter((row) => row >= 0 && row < nSpikes).sort();
  return sorted.filter((row, i) => i === 0 || row !== sorted[i - 1]);
}

/**
 * What the marked spikes are like: medians of the finite values of each column, NaN where there are none, and their rate, the
 * number of intervals between the first and the last over the time that these take; NaN for one spike.
 */
export function describeBrushed({ spikes }: SpikeData, rows: Int32Array): BrushedSpikes {
  const of = (column: ArrayLike<number> | undefined) => (column ? medianOf(column, rows) : Number.NaN);
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const timeRangeSec =
    rows.length > 0 ? ([spikes.timeSec[first], spikes.timeSec[last]] as const) : ([Number.NaN, Number.NaN] as const);
  const durationSec = timeRangeSec[1] - timeRangeSec[0];
  return {
    rows,
    nSpikes: spikes.nSpikes,
    medians: {
      xUm: of(spikes.xUm),
      depthUm: of(spikes.depthUm),
      zUm: of(spikes.zUm),
      alpha: of(spikes.alpha),
      ampUv: of(spikes.ampUv),
    },
    timeRangeSec,
    rateHz: durationSec > 0 ? (rows.length - 1) / durationSec : Number.NaN,
  };
}

function medianOf(column: ArrayLike<number>, rows: Int32Array): number {
  const values = new Float64Array(rows.length);
  let n = 0;
  for (const row of rows) if (Number.isFinite(column[row])) values[n++] = column[row];
  return medianInPlace(values.subarray(0, n));
}

/**
 * A row for a number from 0 to 1, 1 not included: of the marked spikes, else of those in some ranges of time and depth, else of all;
 * null when there is none at all. Even numbers give every row the same chance.
 */
export function rowByChance(
  { spikes }: SpikeData,
  brushed: Int32Array | null,
  timeRangeSec: Range,
  [lowUm, highUm]: Range,
  chance: number,
): number | null {
  if (brushed) return brushed[Math.floor(chance * brushed.length)];
  const { depthUm, nSpikes } = spikes;
  const { from, to } = rowsWithin(spikes.timeSec, timeRangeSec);
  const isSeen = (i: number) => depthUm[i] >= lowUm && depthUm[i] <= highUm;
  let nSeen = 0;
  for (let i = from; i < to; i++) if (isSeen(i)) nSeen++;
  if (nSeen === 0) return nSpikes > 0 ? Math.floor(chance * nSpikes) : null;
  let left = Math.floor(chance * nSeen);
  let row = from;
  while (!isSeen(row) || left-- > 0) row++;
  return row;
}
