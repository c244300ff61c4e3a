import type { Range } from "../core/types.ts";
import type { Quantity } from "./pictures.ts";

/**
 * Where the data of a plot lie on its canvas, so that a pointer position can be read as time, depth or amplitude.
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
  /** what runs along the axes, where a person may zoom and move them; null for an axis that shows all there is */
  x: Quantity | null;
  y: Quantity | null;
}

/** The area that a position lies on, edges included; null beside all of them. */
export function areaAt(areas: readonly PlotArea[], xPx: number, yPx: number): PlotArea | null {
  return areas.find((area) => isInside(area, xPx, yPx)) ?? null;
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
