import type { Range } from "../core/types.ts";

/**
 * Where the data of a picture lie on its canvas, so that a pointer position can be read as time, depth or amplitude.
 * Pixels are CSS pixels from the canvas's top left corner.
 */
export interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
  /** in `xUnit`, left edge first */
  xRange: Range;
  /** in `yUnit`, bottom edge first: the data go upwards, pixels downwards */
  yRange: Range;
  /** unit as printed on the axis: s, µV, µm; empty for a number of spikes */
  xUnit: string;
  yUnit: string;
  /** top left corners of further areas of the same size and ranges, where a picture has several */
  also?: readonly { left: number; top: number }[];
}

/** How far a position lies from where it would lie on the first area: that of the further area it is in, else 0. */
export function offsetOf(area: PlotArea, xPx: number, yPx: number): { x: number; y: number } {
  const own = area.also?.find(({ left, top }) => isInside({ ...area, left, top }, xPx, yPx));
  return own ? { x: own.left - area.left, y: own.top - area.top } : { x: 0, y: 0 };
}

/** Pointer position in CSS pixels → data. Positions outside the area extrapolate; ask `isInside` first where it matters. */
export function plotToData(area: PlotArea, xPx: number, yPx: number): { x: number; y: number } {
  const fx = (xPx - area.left) / area.width;
  const fy = 1 - (yPx - area.top) / area.height;
  return {
    x: area.xRange[0] + fx * (area.xRange[1] - area.xRange[0]),
    y: area.yRange[0] + fy * (area.yRange[1] - area.yRange[0]),
  };
}

/** Whether a pointer position lies on the data, edges included. */
export function isInside(area: PlotArea, xPx: number, yPx: number): boolean {
  const right = area.left + area.width;
  const bottom = area.top + area.height;
  return xPx >= area.left && xPx <= right && yPx >= area.top && yPx <= bottom;
}
