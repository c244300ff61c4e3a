import type { SpikeTable } from "../core/types.ts";
import type { PickedSpike } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import type { PickColumns } from "./figure.ts";
import { firstAtOrAfter } from "./spikeData.ts";

/** A pointer this far from a spike still means it, CSS px. */
export const pickRadiusPx = 12;

/**
 * Row of the spike drawn nearest to a place on a plot, by distance in px, because axes have no common length. xPx, yPx are CSS
 * px from the canvas's top left corner. Only spikes inside the frame, edges included, can be meant: the others are not seen;
 * nor can those with a NaN. Among equally near ones the lowest row; null when none is within `radiusPx`. Reads all of them,
 * by binary search where x ascends.
 */
export function nearestSpike(
  picks: PickColumns,
  area: PlotArea,
  xPx: number,
  yPx: number,
  radiusPx = pickRadiusPx,
): number | null {
  const [xLow, xHigh] = area.xRange;
  const [yLow, yHigh] = area.yRange;
  const pxPerX = area.width / (xHigh - xLow);
  const pxPerY = area.height / (yHigh - yLow);
  const { x, y } = picks;
  const { from, to } = picks.isSorted ? rowsNear(picks, area, xPx, radiusPx) : picks;
  let best: number | null = null;
  let bestSquared = radiusPx * radiusPx;
  for (let i = from; i < to; i++) {
    if (!(x[i] >= xLow && x[i] <= xHigh && y[i] >= yLow && y[i] <= yHigh)) continue;
    const dx = area.left + (x[i] - xLow) * pxPerX - xPx;
    const dy = area.top + (yHigh - y[i]) * pxPerY - yPx;
    const squared = dx * dx + dy * dy;
    if (squared < bestSquared || (best === null && squared === bestSquared)) {
      best = i;
      bestSquared = squared;
    }
  }
  return best;
}

/** Rows whose x, which ascends, lies within a px more than the radius: rounding cannot leave out a spike exactly on it. */
function rowsNear({ x, from, to }: PickColumns, area: PlotArea, xPx: number, radiusPx: number) {
  const [low, high] = area.xRange;
  const unitsPerPx = (high - low) / area.width;
  const centre = low + (xPx - area.left) * unitsPerPx;
  const reach = (radiusPx + 1) * unitsPerPx;
  const first = firstAtOrAfter(x, centre - reach);
  let last = firstAtOrAfter(x, centre + reach);
  while (last < to && x[last] <= centre + reach) last++;
  return { from: Math.max(from, first), to: Math.min(to, last) };
}

/** What the screen says of the spike in a row; null when the table has no such row. `corrected` null: no motion yet. */
export function pickedSpike(spikes: SpikeTable, corrected: CorrectedDepths | null, index: number): PickedSpike | null {
  if (!(Number.isInteger(index) && index >= 0 && index < spikes.nSpikes)) return null;
  return {
    index,
    timeSec: spikes.timeSec[index],
    depthUm: spikes.depthUm[index],
    correctedDepthUm: corrected ? corrected.upTo(index, index + 1)[index] : null,
    ampUv: spikes.ampUv[index],
  };
}
