import type { ProbeSites } from "../core/types.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import { pickRadiusPx } from "./pick.ts";

/** Side of a Neuropixels contact where the neighbours leave room for it. */
const contactUm = 12;

/**
 * Side of the squares that stand for contacts, µm: 12, or less where contacts are nearer (83 % of the smallest distance,
 * which leaves a gap). 12 without two contacts at different places.
 */
export function contactSideUm(positionsUm: ProbeSites["positionsUm"]): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < positionsUm.length; i++) {
    for (let j = 0; j < i; j++) {
      // squares meet when both distances are below the side
      const dx = Math.abs(positionsUm[i][0] - positionsUm[j][0]);
      const dy = Math.abs(positionsUm[i][1] - positionsUm[j][1]);
      const apart = Math.max(dx, dy);
      if (apart > 0 && apart < nearest) nearest = apart;
    }
  }
  return Math.min(contactUm, 0.83 * nearest);
}

/**
 * Channel of the contact seen nearest to a place on a picture of the probe: by distance in px from the contact's square,
 * because the axes have scales of their own, and a click inside a large one means it. Among equally near ones the nearest
 * centre. Only contacts of which something is inside the depth range can be meant; null when none is within `radiusPx`.
 */
export function nearestContact(
  { positionsUm }: ProbeSites,
  area: PlotArea,
  xPx: number,
  yPx: number,
  radiusPx = pickRadiusPx,
): number | null {
  const half = contactSideUm(positionsUm) / 2;
  const pxPerUmX = area.width / (area.xRange[1] - area.xRange[0]);
  const pxPerUmY = area.height / (area.yRange[1] - area.yRange[0]);
  let best: number | null = null;
  let [bestPx, bestCentrePx] = [radiusPx, Number.POSITIVE_INFINITY];
  for (let channel = 0; channel < positionsUm.length; channel++) {
    const [xUm, yUm] = positionsUm[channel];
    if (yUm + half < area.yRange[0] || yUm - half > area.yRange[1]) continue;
    const dx = Math.abs(area.left + (xUm - area.xRange[0]) * pxPerUmX - xPx);
    const dy = Math.abs(area.top + (area.yRange[1] - yUm) * pxPerUmY - yPx);
    const px = Math.hypot(Math.max(0, dx - half * pxPerUmX), Math.max(0, dy - half * pxPerUmY));
    const centrePx = Math.hypot(dx, dy);
    if (px < bestPx || (px === bestPx && centrePx < bestCentrePx)) {
      best = channel;
      bestPx = px;
      bestCentrePx = centrePx;
    }
  }
  return best;
}
