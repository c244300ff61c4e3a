import { isInside, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import type { Point } from "./pictureAxes.ts";

/** What a plain drag draws on a picture in place of moving it: a range of its x axis, or a line. */
export interface PictureTool {
  shape: "range" | "line";
  /** what was drawn, in the units of the axes and ascending in x: the two ends of a range, the points of a line */
  finish(drawn: Point[]): void;
}

/** The point of the data area nearest to a pointer that may have left it. */
export function clampedTo(area: PlotArea, { x, y }: Point): Point {
  return {
    x: Math.min(area.left + area.width, Math.max(area.left, x)),
    y: Math.min(area.top + area.height, Math.max(area.top, y)),
  };
}

/** A stroke may begin on the data only, not on the axes. */
export function mayBegin(area: PlotArea, { x, y }: Point): boolean {
  return isInside(area, x, y);
}

/**
 * A drag as a line with one value for each x: a hand that goes back over what it has drawn replaces it, as a brush does.
 * Ascending in x.
 */
export function lineOf(drag: readonly Point[]): Point[] {
  let line: Point[] = [];
  let before: Point | null = null;
  for (const point of drag) {
    const from = before?.x ?? point.x;
    const [low, high] = [Math.min(from, point.x), Math.max(from, point.x)];
    line = line.filter((one) => one === before || one.x < low || one.x > high);
    line = line.filter((one) => one.x !== point.x);
    line.push(point);
    before = point;
  }
  return line.sort((a, b) => a.x - b.x);
}

/** What a drag has drawn, in data units; null when it is too short to be meant. */
export function drawnBy(tool: PictureTool, area: PlotArea, drag: readonly Point[], minPx: number): Point[] | null {
  const xs = drag.map(({ x }) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  if (!(high - low >= minPx)) return null;
  const points =
    tool.shape === "line"
      ? lineOf(drag)
      : [
          { ...drag[0], x: low },
          { ...drag[0], x: high },
        ];
  return points.map(({ x, y }) => plotToData(area, x, y));
}
