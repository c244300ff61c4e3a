import type { BrushShape } from "../app/brush.ts";
import type { BrushHow } from "../protocol/brush.ts";
import { isInside, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import type { Point } from "./pictureAxes.ts";

/** What a plain drag does on a picture in place of moving it. */
export type PictureTool = StrokeTool | BrushTool;

/** It draws a range of the x axis, or a line. */
export interface StrokeTool {
  shape: "range" | "line";
  /** what was drawn, in the units of the axes and ascending in x: the two ends of a range, the points of a line */
  finish(drawn: Point[]): void;
}

/** It brushes the spikes inside what it draws: shift adds them to those brushed already, alt takes them away. */
export interface BrushTool {
  shape: BrushShape;
}

export function isBrush(tool: PictureTool): tool is BrushTool {
  return tool.shape === "lasso" || tool.shape === "box";
}

/** What the keys held at the end of a brush's drag mean. */
export function howBrushed({ shiftKey, altKey }: { shiftKey: boolean; altKey: boolean }): BrushHow {
  if (altKey) return "remove";
  return shiftKey ? "add" : "replace";
}

/** The closed line that a brush has drawn, x0, y0, x1, y1, … px: that of the hand, or the box between its ends. */
export function outlineOf({ shape }: BrushTool, drag: readonly Point[]): number[] {
  if (shape === "lasso") return drag.flatMap(({ x, y }) => [x, y]);
  const [a, b] = [drag[0], drag[drag.length - 1]];
  return [a.x, a.y, b.x, a.y, b.x, b.y, a.x, b.y];
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
export function drawnBy(tool: StrokeTool, area: PlotArea, drag: readonly Point[], minPx: number): Point[] | null {
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
