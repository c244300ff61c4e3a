import { type RasterGrid, type RasterSums, raster } from "../core/raster.ts";
import { rasterMode } from "../core/rasterMode.ts";
import type { Range } from "../core/types.ts";
import type { PickColumns } from "./figure.ts";

/**
 * Spikes of two columns as cells of a picture: the engine below every plot of spikes. Few spikes are round dots of 2 to 5 px,
 * many are squares that become pixels. Both are counts and sums per cell, so that both are coloured by the same rule.
 */

/** What a cell says of its spikes. */
export type CellValue = "count" | "mean" | "strongest" | "most";

export interface CellFrame {
  x: Range;
  y: Range;
  /** device pixels across and up */
  nx: number;
  ny: number;
  pixelRatio: number;
}

export interface SpikeCells extends RasterSums {
  nx: number;
  ny: number;
  /** outer edges */
  x: Range;
  y: Range;
  /** within the frame, each once however many cells its dot covers */
  nSpikes: number;
  /** spikes are dots of several cells, not counts */
  areDots: boolean;
}

/** More spikes than this in one plot are never drawn as dots. */
const mostDots = 20_000;
/** nor more than one per so many CSS px², where dots would hide each other */
const pxPerDot = 8;

/**
 * The spikes of rows [from, to) inside the frame. values: [N] what is averaged, null where they are counted alone; "strongest"
 * keeps the largest, "most" the one that most spikes have. One pass that ends early when there are few or when there are many; a second one in the latter case.
 */
export function spikeCells(
  columns: PickColumns,
  values: Float32Array | null,
  frame: CellFrame,
  value: CellValue,
): SpikeCells {
  const { dots, grid } = planCells(columns, frame);
  if (!grid) return dotCells(columns, dots, values, frame, value);
  const { x, y, from, to } = columns;
  if (value === "most" && values) return countedCells(rasterMode(x, y, values, grid, from, to), grid);
  const holds = value === "strongest" ? "largest" : "sum";
  const sums = raster(x, y, value === "count" ? null : values, grid, from, to, holds);
  return countedCells(sums, grid);
}

/** How spikes are drawn: as dots, the rows of which are given, or as the cells of a grid. */
export function planCells(
  columns: PickColumns,
  frame: CellFrame,
): { dots: Int32Array; grid: null } | { dots: null; grid: RasterGrid } {
  const areaCss = (frame.nx * frame.ny) / frame.pixelRatio ** 2;
  const limit = Math.min(mostDots, Math.floor(areaCss / pxPerDot));
  const { rows, n, estimate } = rowsInside(columns, frame, limit);
  if (n <= limit) return { dots: rows.subarray(0, n), grid: null };
  const side = cellPx(estimate, frame.nx * frame.ny);
  const [nx, ny] = [frame.nx, frame.ny].map((px) => Math.max(1, Math.round(px / side)));
  const [[xLow, xHigh], [yLow, yHigh]] = [frame.x, frame.y];
  return { dots: null, grid: { xLow, xHigh, yLow, yHigh, nx, ny } };
}

/** Cells that were counted on a grid. */
export function countedCells(sums: RasterSums, { nx, ny, xLow, xHigh, yLow, yHigh }: RasterGrid): SpikeCells {
  let nSpikes = 0;
  for (let cell = 0; cell < sums.count.length; cell++) nSpikes += sums.count[cell];
  return { ...sums, nx, ny, x: [xLow, xHigh], y: [yLow, yHigh], nSpikes, areDots: false };
}

/** Side of a square in device px for so many spikes: the fewer share the pixels, the larger, from 1 to 4. */
export function cellPx(nSpikes: number, nPixels: number): number {
  if (nSpikes * 12 > nPixels) return 1;
  if (nSpikes * 60 > nPixels) return 2;
  return nSpikes * 250 > nPixels ? 3 : 4;
}

/** Diameter of a dot, CSS px: the fewer there are, the larger, from 2 to 5. */
export function dotDiameterPx(nSpikes: number, areaPx: number): number {
  return Math.min(5, Math.max(2, Math.sqrt((0.12 * areaPx) / Math.max(1, nSpikes))));
}

/** Rows inside the frame, up to one more than `limit`; `estimate` is how many there are if the others lie like those read. */
function rowsInside(
  { x, y, from, to }: PickColumns,
  { x: [xLow, xHigh], y: [yLow, yHigh] }: CellFrame,
  limit: number,
): { rows: Int32Array; n: number; estimate: number } {
  const rows = new Int32Array(limit + 1);
  let n = 0;
  let i = from;
  for (; i < to && n <= limit; i++) {
    const xi = x[i];
    const yi = y[i];
    if (xi >= xLow && xi <= xHigh && yi >= yLow && yi <= yHigh) rows[n++] = i;
  }
  return { rows, n, estimate: i > from ? (n * (to - from)) / (i - from) : 0 };
}

/** A disc of device px around each spike: every px that it covers counts the spike and its value. */
function dotCells(
  { x, y }: PickColumns,
  rows: Int32Array,
  values: Float32Array | null,
  frame: CellFrame,
  value: CellValue,
): SpikeCells {
  const { nx, ny, pixelRatio } = frame;
  const isOne = value === "strongest" || value === "most";
  const count = new Float32Array(nx * ny);
  const sum = new Float32Array(nx * ny);
  if (isOne) sum.fill(Number.NaN);
  const diameter = Math.round(pixelRatio * dotDiameterPx(rows.length, (nx * ny) / pixelRatio ** 2));
  const insets = discInsets(diameter);
  const kx = nx / (frame.x[1] - frame.x[0]);
  const ky = ny / (frame.y[1] - frame.y[0]);
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k];
    const left = Math.floor((x[i] - frame.x[0]) * kx - diameter / 2 + 0.5);
    const low = Math.floor((y[i] - frame.y[0]) * ky - diameter / 2 + 0.5);
    const v = values ? values[i] : 0;
    for (let row = Math.max(0, -low); row < diameter && low + row < ny; row++) {
      const start = (low + row) * nx;
      const end = start + Math.min(nx, left + diameter - insets[row]);
      for (let cell = start + Math.max(0, left + insets[row]); cell < end; cell++) {
        count[cell] += 1;
        if (!isOne) sum[cell] += v;
        // of dots of groups the later lies over the earlier, and one of no group (0) below all
        else if (v > (value === "most" ? 0 : sum[cell]) || Number.isNaN(sum[cell])) sum[cell] = v;
      }
    }
  }
  return { count, sum, nx, ny, x: frame.x, y: frame.y, nSpikes: rows.length, areDots: true };
}

/** [diameter] px left out at either end of each row of a disc. */
function discInsets(diameter: number): Int32Array {
  const radius = diameter / 2 - 0.1;
  return Int32Array.from({ length: diameter }, (_, row) => {
    const dy = row + 0.5 - diameter / 2;
    return Math.max(0, Math.ceil(diameter / 2 - 0.5 - Math.sqrt(Math.max(0, radius * radius - dy * dy))));
  });
}
