import type { Pen } from "./pen.ts";

/** Shapes that can be told apart without colour. Star, plus and cross are filled; the others show what is below. */
export type MarkShape = "star" | "plus" | "cross" | "square" | "diamond" | "circle";

export interface MarkStyle {
  /** across, px */
  sizePx: number;
  colour: string;
  /** drawn wider below, so that the mark stands out from whatever is there */
  outline: string;
}

/** Draw a mark around a place in px. */
export function drawMark(
  pen: Pen,
  shape: MarkShape,
  x: number,
  y: number,
  { sizePx, colour, outline }: MarkStyle,
): void {
  const xy = markOutline(shape, x, y, sizePx / 2);
  const isFilled = shape === "star" || shape === "plus" || shape === "cross";
  pen.polyline(xy, { colour: outline, widthPx: isFilled ? 3 : 5 });
  if (isFilled) pen.polygon(xy, colour);
  else pen.polyline(xy, { colour, widthPx: 2 });
}

/** Closed outline of a mark: x0, y0, x1, y1, … px, the last point the first one. */
export function markOutline(shape: MarkShape, x: number, y: number, radiusPx: number): Float64Array {
  switch (shape) {
    case "star":
      return polar(x, y, 10, -Math.PI / 2, (i) => (i % 2 === 0 ? radiusPx : 0.42 * radiusPx));
    case "plus":
      return arms(x, y, radiusPx, 0);
    case "cross":
      return arms(x, y, radiusPx, Math.PI / 4);
    case "square":
      return polar(x, y, 4, Math.PI / 4, () => radiusPx * Math.SQRT2 * 0.86);
    case "diamond":
      return polar(x, y, 4, 0, () => radiusPx);
    case "circle":
      return polar(x, y, 32, 0, () => radiusPx);
  }
}

/** A closed polygon of `n` corners around a centre, the first one at `startAngle`. */
function polar(x: number, y: number, n: number, startAngle: number, radiusOf: (i: number) => number): Float64Array {
  const xy = new Float64Array(2 * (n + 1));
  for (let i = 0; i <= n; i++) {
    const angle = startAngle + (2 * Math.PI * (i % n)) / n; // the last point is the first one, exactly
    xy[2 * i] = x + radiusOf(i % n) * Math.cos(angle);
    xy[2 * i + 1] = y + radiusOf(i % n) * Math.sin(angle);
  }
  return xy;
}

/** Four arms a third as wide as the whole, turned by `turn`. */
function arms(x: number, y: number, radiusPx: number, turn: number): Float64Array {
  const w = 0.34 * radiusPx;
  const corners: number[] = [];
  for (let i = 0; i < 4; i++) {
    const angle = turn + (i * Math.PI) / 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (const [u, v] of [
      [w, -w],
      [radiusPx, -w],
      [radiusPx, w],
    ])
      corners.push(x + u * c - v * s, y + u * s + v * c);
  }
  return Float64Array.from([...corners, corners[0], corners[1]]);
}
