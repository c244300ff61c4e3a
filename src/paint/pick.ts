import type { SpikeTable } from "../core/types.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { PickedSpike } from "../protocol/workers.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { rowsWithin } from "./spikeData.ts";

/** A pointer this far from a spike still means it, CSS px. */
export const pickRadiusPx = 12;

/**
 * Row of the spike drawn nearest to a place on a raster, by distance in px, because a second and a micrometre have no
 * common length. `area` is the raster's; xPx, yPx are CSS px from the canvas's top left corner. `corrected` null means
 * observed depths. Only spikes inside the frame, edges included, can be meant: the others are not seen. Among equally
 * near ones the lowest row; null when none is within `radiusPx`. Reads all of them, by binary search on time.
 */
export function nearestSpike(
  spikes: SpikeTable,
  corrected: CorrectedDepths | null,
  area: PlotArea,
  xPx: number,
  yPx: number,
  radiusPx = pickRadiusPx,
): number | null {
  const [timeLow, timeHigh] = area.xRange;
  const [depthLow, depthHigh] = area.yRange;
  const pxPerSec = area.width / (timeHigh - timeLow);
  const pxPerUm = area.height / (depthHigh - depthLow);
  const centreSec = timeLow + (xPx - area.left) / pxPerSec;
  // a px wider than the radius, so that rounding cannot leave out a spike exactly on it
  const reachSec = (radiusPx + 1) / pxPerSec;
  const near = [Math.max(timeLow, centreSec - reachSec), Math.min(timeHigh, centreSec + reachSec)] as const;
  const { from, to } = rowsWithin(spikes.timeSec, near);
  const depthUm = corrected ? corrected.upTo(from, to) : spikes.depthUm;
  let best: number | null = null;
  let bestSquared = radiusPx * radiusPx;
  for (let i = from; i < to; i++) {
    const y = depthUm[i];
    if (!(y >= depthLow && y <= depthHigh)) continue;
    const dx = area.left + (spikes.timeSec[i] - timeLow) * pxPerSec - xPx;
    const dy = area.top + (depthHigh - y) * pxPerUm - yPx;
    const squared = dx * dx + dy * dy;
    if (squared < bestSquared || (best === null && squared === bestSquared)) {
      best = i;
      bestSquared = squared;
    }
  }
  return best;
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
