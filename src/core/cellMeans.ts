import { assert } from "./errors.ts";

/** Columns and rows [from, to) of a matrix. */
export interface CellWindow {
  x: readonly [from: number, to: number];
  y: readonly [from: number, to: number];
}

/**
 * A window of a matrix [ny, nx] in at most `mostX` × `mostY` cells: means over blocks of cells, whose edges are as even as whole
 * cells allow, so that a histogram of many bins keeps its brightness where a screen has fewer px. One pass over the window.
 */
export function cellMeans(
  values: Float32Array,
  nx: number,
  { x: [x0, x1], y: [y0, y1] }: CellWindow,
  mostX: number,
  mostY: number,
): { values: Float32Array; nx: number; ny: number } {
  assert(x1 > x0 && y1 > y0 && mostX > 0 && mostY > 0, "a window has cells, and room for one");
  const [width, height] = [Math.min(x1 - x0, mostX), Math.min(y1 - y0, mostY)];
  const edges = (from: number, to: number, n: number) =>
    Int32Array.from({ length: n + 1 }, (_, k) => from + Math.floor((k * (to - from)) / n));
  const [atX, atY] = [edges(x0, x1, width), edges(y0, y1, height)];
  const out = new Float32Array(width * height);
  const sums = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let j = atY[row]; j < atY[row + 1]; j++) {
      for (let column = 0; column < width; column++) {
        let sum = 0;
        for (let i = j * nx + atX[column]; i < j * nx + atX[column + 1]; i++) sum += values[i];
        sums[column] += sum;
      }
    }
    const nRows = atY[row + 1] - atY[row];
    for (let column = 0; column < width; column++)
      out[row * width + column] = sums[column] / (nRows * (atX[column + 1] - atX[column]));
  }
  return { values: out, nx: width, ny: height };
}
