import { panRange, valueAt, zoomRange } from "../app/viewMath.ts";
import type { Ranges, SomeRanges } from "../app/viewStore.ts";
import type { Range } from "../core/types.ts";
import type { Quantity } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";

export interface Point {
  x: number;
  y: number;
}

/** Ranges on screen along the axes of an area: what the view says now, which may be newer than the area. */
interface Shown {
  ranges: Ranges;
  freeRanges: SomeRanges;
}

function rangeOn(axis: "x" | "y", area: PlotArea, { ranges, freeRanges }: Shown): [Quantity, Range] | null {
  const quantity = area[axis];
  if (!quantity) return null;
  const shown: SomeRanges = { ...freeRanges, ...ranges };
  return [quantity, shown[quantity] ?? (axis === "x" ? area.xRange : area.yRange)];
}

/** Where a point lies in the data area: 0 to 1 to the right and upwards; outside the area it leaves that interval. */
export function fractionOf(area: PlotArea, { x, y }: Point): Point {
  return { x: (x - area.left) / area.width, y: 1 - (y - area.top) / area.height };
}

/** Ranges after a wheel at `point`: the value under the pointer stays there. */
export function zoomAt(
  shown: Shown,
  area: PlotArea,
  point: Point,
  factor: number,
  only: "x" | "y" | "both",
): SomeRanges {
  const f = fractionOf(area, point);
  return changed(area, shown, (axis, range) =>
    only === "both" || only === axis ? zoomRange(range, valueAt(range, f[axis]), factor) : null,
  );
}

/** Ranges after the picture was dragged by (dx, dy) px from where `shown` was on screen. */
export function dragBy(shown: Shown, area: PlotArea, dx: number, dy: number): SomeRanges {
  const moved = { x: -dx / area.width, y: dy / area.height };
  return changed(area, shown, (axis, range) => panRange(range, moved[axis] * (range[1] - range[0])));
}

/** Ranges that a box from `a` to `b` encloses; null when it is too small to be meant. */
export function boxRanges(shown: Shown, area: PlotArea, a: Point, b: Point, minPx = 4): SomeRanges | null {
  if (Math.abs(a.x - b.x) < minPx && Math.abs(a.y - b.y) < minPx) return null;
  const [fa, fb] = [fractionOf(area, a), fractionOf(area, b)];
  return changed(area, shown, (axis, range) => {
    // a box that is thin one way is meant for the other axis only
    if (Math.abs(a[axis] - b[axis]) < minPx) return null;
    const [low, high] = [Math.min(fa[axis], fb[axis]), Math.max(fa[axis], fb[axis])];
    return [valueAt(range, Math.max(0, low)), valueAt(range, Math.min(1, high))];
  });
}

/** What becomes of the range along each axis; null leaves it. Where both axes are of one quantity, as time over time, the lower one counts. */
function changed(area: PlotArea, shown: Shown, change: (axis: "x" | "y", range: Range) => Range | null): SomeRanges {
  const next: SomeRanges = {};
  for (const axis of ["y", "x"] as const) {
    const found = rangeOn(axis, area, shown);
    const range = found && change(axis, found[1]);
    if (found && range) next[found[0]] = range;
  }
  return next;
}
