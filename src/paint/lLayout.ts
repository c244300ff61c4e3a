import type { Rect } from "./pen.ts";

/** Room beside the areas, as figure.ts gives it. */
const leftPx = 62;
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
