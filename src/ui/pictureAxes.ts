import { panRange, valueAt, zoomRange } from "../app/viewMath.ts";
import type { Quantity, Ranges } from "../app/viewStore.ts";
import type { Range } from "../core/types.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { PictureKind } from "../protocol/workers.ts";

/** Which shared quantity runs along each axis of a picture; null for an axis that has a range of its own. */
export interface PictureAxes {
  x: Quantity | null;
  y: Quantity | null;
}

export interface Point {
  x: number;
  y: number;
}

export const PICTURE_AXES: Record<PictureKind, PictureAxes> = {
  "raster-raw": { x: "time", y: "depth" },
  "raster-corrected": { x: "time", y: "depth" },
  motion: { x: "time", y: null },
  activity: { x: "amp", y: "depth" },
  amplitudes: { x: "amp", y: null },
  probe: { x: null, y: "depth" },
  traces: { x: null, y: "depth" },
  waveform: { x: null, y: null },
  projections: { x: "depth", y: null },
  training: { x: null, y: null },
  correlation: { x: "time", y: "time" },
  "compare-fields": { x: "time", y: "depth" },
  "compare-differences": { x: "time", y: "depth" },
  "compare-traces": { x: "time", y: null },
  "compare-rasters": { x: "time", y: "depth" },
};

/** Whether single spikes have a place on a picture, so that a click can mean one. */
export function showsSpikes(kind: PictureKind): boolean {
  return kind === "raster-raw" || kind === "raster-corrected";
}

/** Where a point lies in the data area: 0 to 1 to the right and upwards; outside the area it leaves that interval. */
export function fractionOf(area: PlotArea, { x, y }: Point): Point {
  return { x: (x - area.left) / area.width, y: 1 - (y - area.top) / area.height };
}

/** Ranges after a wheel at `point`: the value under the pointer stays there. */
export function zoomAt(
  axes: PictureAxes,
  ranges: Ranges,
  area: PlotArea,
  point: Point,
  factor: number,
  only: "x" | "y" | "both",
): Partial<Ranges> {
  const f = fractionOf(area, point);
  const next: Partial<Ranges> = {};
  if (axes.x && only !== "y") next[axes.x] = zoomRange(ranges[axes.x], valueAt(ranges[axes.x], f.x), factor);
  if (axes.y && only !== "x") next[axes.y] = zoomRange(ranges[axes.y], valueAt(ranges[axes.y], f.y), factor);
  return next;
}

/** Ranges after the picture was dragged by (dx, dy) px from where `ranges` was on screen. */
export function dragBy(axes: PictureAxes, ranges: Ranges, area: PlotArea, dx: number, dy: number): Partial<Ranges> {
  const next: Partial<Ranges> = {};
  const width = (range: Range) => range[1] - range[0];
  if (axes.x) next[axes.x] = panRange(ranges[axes.x], (-dx / area.width) * width(ranges[axes.x]));
  if (axes.y) next[axes.y] = panRange(ranges[axes.y], (dy / area.height) * width(ranges[axes.y]));
  return next;
}

/** Ranges that a box from `a` to `b` encloses; null when it is too small to be meant. */
export function boxRanges(
  axes: PictureAxes,
  ranges: Ranges,
  area: PlotArea,
  a: Point,
  b: Point,
  minPx = 4,
): Partial<Ranges> | null {
  if (Math.abs(a.x - b.x) < minPx && Math.abs(a.y - b.y) < minPx) return null;
  const [fa, fb] = [fractionOf(area, a), fractionOf(area, b)];
  const next: Partial<Ranges> = {};
  const between = (range: Range, u: number, v: number): Range => [
    valueAt(range, Math.max(0, Math.min(u, v))),
    valueAt(range, Math.min(1, Math.max(u, v))),
  ];
  // a box that is thin one way is meant for the other axis only
  if (axes.x && Math.abs(a.x - b.x) >= minPx) next[axes.x] = between(ranges[axes.x], fa.x, fb.x);
  if (axes.y && Math.abs(a.y - b.y) >= minPx) next[axes.y] = between(ranges[axes.y], fa.y, fb.y);
  return next;
}
