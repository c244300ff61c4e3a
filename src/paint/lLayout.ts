import type { Rect } from "./pen.ts";

/** Room around the areas of plots with a title, as figure.ts gives it. */
const leftPx = 62;
const barPx = 72;
const [topPx, bottomPx] = [26, 42];
export const secondLeftPx = 46;
const rightPx = 16;

/** Three views laid out as an L: the second at the right of the first, the third below it, and the corner that they leave. */
export interface LBoxes {
  first: Rect;
  right: Rect;
  below: Rect;
  corner: Rect;
}

/**
 * Boxes whose areas share axes: first and right are equally high, first and below equally wide. `acrossShare` of the width of both
 * areas and `upShare` of the height belong to the first; `endPx` is kept free at the right end for a colour bar.
 */
export function lBoxes(box: Rect, acrossShare: number, upShare: number, endPx: number): LBoxes {
  const inner = Math.max(2, box.width - leftPx - rightPx - secondLeftPx - Math.max(endPx, rightPx));
  const wide = leftPx + Math.floor(inner * acrossShare) + rightPx;
  const high = Math.floor(box.height * upShare);
  const [left, top] = [box.left + wide, box.top + high];
  const [width, height] = [box.width - wide, box.height - high];
  return {
    first: { left: box.left, top: box.top, width: wide, height: high },
    right: { left, top: box.top, width, height: high },
    below: { left: box.left, top, width: wide, height },
    corner: { left, top, width, height },
  };
}

/** Widths and heights of three plots of positions around an anchor: l_y, z and l_y to the right; l_x, l_x and z upwards. */
const wideUm = 200;
const narrowUm = 125;

/**
 * Boxes of those three on one scale for all axes, the second with room for a colour bar: as an L or in a row, whichever draws
 * them larger.
 */
export function localBoxes(box: Rect): { box: Rect; leftPx: number }[] {
  const [both, three] = [wideUm + narrowUm, 2 * wideUm + narrowUm];
  const rowRoom = box.width - leftPx - secondLeftPx - barPx - leftPx - 2 * rightPx;
  const row = Math.min(rowRoom / three, (box.height - topPx - bottomPx) / wideUm);
  const lRoom = box.width - leftPx - rightPx - secondLeftPx - barPx;
  const l = Math.min(lRoom / both, (box.height - 2 * (topPx + bottomPx)) / both);
  const pxPerUm = Math.max(0.01, row, l);
  const plot = (left: number, top: number, acrossUm: number, upUm: number, fromPx: number, endPx: number) => ({
    leftPx: fromPx,
    box: {
      left,
      top,
      width: fromPx + Math.floor(acrossUm * pxPerUm) + endPx,
      height: topPx + Math.floor(upUm * pxPerUm) + bottomPx,
    },
  });
  const first = plot(box.left, box.top, wideUm, wideUm, leftPx, rightPx);
  const second = plot(first.box.left + first.box.width, box.top, narrowUm, wideUm, secondLeftPx, barPx);
  const isRow = row >= l;
  const [left, top] = isRow
    ? [second.box.left + second.box.width, box.top + Math.floor((wideUm - narrowUm) * pxPerUm)]
    : [box.left, box.top + first.box.height];
  return [first, second, plot(left, top, wideUm, narrowUm, leftPx, rightPx)];
}
