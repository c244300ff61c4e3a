import type { Plot } from "./figure.ts";
import type { Rect } from "./pen.ts";

/** Room around an area: as figure.ts gives it to a plot with a title. */
const topPx = 26;
const bottomPx = 42;
const rightPx = 16;
/** left of the first column, where the axis has its name, and of the others */
const firstLeftPx = 62;
const otherLeftPx = 46;

/** Place of one plot of several whose areas are all of one size. */
export interface Cell {
  box: Rect;
  leftPx: number;
  areaWidthPx: number;
  isFirstColumn: boolean;
  /** the one whose right end has the spare room: for a colour bar or a legend */
  isCorner: boolean;
}

/**
 * Room for `n` plots in rows, with as many columns as make their areas largest when `aspect` (width over height) is best.
 * `endPx` is kept free at the right of the last column.
 */
export function smallMultiples(n: number, box: Rect, aspect: number, endPx: number): Cell[] {
  let best = { columns: 1, size: Number.NEGATIVE_INFINITY };
  for (let columns = 1; columns <= n; columns++) {
    const { width, height } = areaSize(n, columns, box, endPx);
    const size = Math.min(width, aspect * height);
    if (size > best.size) best = { columns, size };
  }
  const { columns } = best;
  const { width, height } = areaSize(n, columns, box, endPx);
  return Array.from({ length: n }, (_, i) => {
    const column = i % columns;
    const leftPx = column === 0 ? firstLeftPx : otherLeftPx;
    const isCorner = i === Math.min(columns, n) - 1;
    const left = box.left + (column === 0 ? 0 : firstLeftPx + rightPx + width + (column - 1) * stepPx(width));
    return {
      box: {
        left,
        top: box.top + Math.floor(i / columns) * (height + topPx + bottomPx),
        width: leftPx + width + rightPx + (isCorner ? endPx : 0),
        height: height + topPx + bottomPx,
      },
      leftPx,
      areaWidthPx: width,
      isFirstColumn: column === 0,
      isCorner,
    };
  });
}

function stepPx(width: number): number {
  return otherLeftPx + width + rightPx;
}

function areaSize(n: number, columns: number, box: Rect, endPx: number): { width: number; height: number } {
  const taken = firstLeftPx + rightPx + (columns - 1) * (otherLeftPx + rightPx) + endPx;
  return {
    width: Math.max(1, Math.floor((box.width - taken) / columns)),
    height: Math.max(1, Math.floor(box.height / Math.ceil(n / columns)) - topPx - bottomPx),
  };
}

/** Between the areas of plots that share their axes. */
const gapPx = 8;

/** What a plot of a grid takes for its own. */
export type GridCell = Pick<Plot, "box" | "leftPx" | "bottomPx"> & {
  areaWidthPx: number;
  isFirstColumn: boolean;
  isLastRow: boolean;
};

/**
 * Room for plots in rows of `columns` that share the axes at the left and below, so that only the outer ones say what they are.
 * All areas are of one size. `endPx` is kept free at the right of the plot with the number `barAt`, which is of the last column.
 */
export function sharedGrid(n: number, columns: number, box: Rect, endPx: number, barAt: number): GridCell[] {
  const rows = Math.ceil(n / columns);
  const inner = box.width - firstLeftPx - (columns - 1) * gapPx - columns * rightPx - endPx;
  const width = Math.max(1, Math.floor(inner / columns));
  const height = Math.max(1, Math.floor((box.height - bottomPx - (rows - 1) * gapPx) / rows) - topPx);
  return Array.from({ length: n }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const [isFirstColumn, isLastRow] = [column === 0, row === rows - 1];
    const leftPx = isFirstColumn ? firstLeftPx : gapPx;
    const lowPx = isLastRow ? bottomPx : gapPx;
    return {
      box: {
        left: box.left + (isFirstColumn ? 0 : firstLeftPx - gapPx + column * (gapPx + width + rightPx)),
        top: box.top + row * (topPx + height + gapPx),
        width: leftPx + width + rightPx + (i === barAt ? endPx : 0),
        height: topPx + height + lowPx,
      },
      leftPx,
      bottomPx: lowPx,
      areaWidthPx: width,
      isFirstColumn,
      isLastRow,
    };
  });
}
