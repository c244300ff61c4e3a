import type { PickColumns } from "../paint/figure.ts";
import { nearestSpike } from "../paint/pick.ts";
import type { PlotArea } from "../protocol/plotArea.ts";

/**
 * Row of the spike drawn nearest to a place on a plot by distance in px, among those that can be looked at one by one; however
 * far it is. Null when none of them is in view.
 */
export function nearestOf(
  chosen: Int32Array,
  { x, y, from, to }: PickColumns,
  area: PlotArea,
  xPx: number,
  yPx: number,
): number | null {
  const rows = chosen.filter((row) => row >= from && row < to);
  const columns = { x: Float64Array.from(rows, (row) => x[row]), y: Float64Array.from(rows, (row) => y[row]) };
  const at = nearestSpike({ ...columns, from: 0, to: rows.length }, area, xPx, yPx, Number.POSITIVE_INFINITY);
  return at === null ? null : rows[at];
}
