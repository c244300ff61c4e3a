import { assert } from "./errors.ts";
import { depthLateralOrder, nearestSlots } from "./neighbours.ts";
import type { SlotTable } from "./types.ts";

/**
 * In which order the channel slots of imported waveforms lie.
 *
 * Files state it nowhere, and both orders are in use: nearest channel first ("distance"), or by depth and then lateral
 * position ("depth-lateral"). A spike is largest at its peak channel and falls off with distance, so under the true order
 * the distance of a slot's channel from the peak channel and the slot's peak-to-peak are negatively correlated; under the
 * other one the relation is scrambled. Winner is the more negative Pearson correlation over all slots of all spikes, each
 * spike's peak-to-peak divided by its mean, so that the spread between small and large spikes does not drown the fall-off
 * within each (on a dense probe it would).
 * Source: the criterion of evarol/spikelocalizationtensor's data loader, which takes the peak-to-peak as it is.
 */
export type SlotOrder = "distance" | "depth-lateral";

export interface SlotOrderVerdict {
  /** Pearson correlation of distance and ptp under each order */
  correlation: Record<SlotOrder, number>;
  order: SlotOrder;
  /** the winner falls off with distance, and the two differ by far more than chance between so many spikes would */
  isClear: boolean;
}

/** Correlations nearer than this are not told apart, however many spikes. */
const smallestGap = 0.1;

/** Slots of all channels in either order. positionsUm: [C, 2]; shank: [C]. */
export function slotTables(positionsUm: Float32Array, shank: Int32Array, nSlots: number): Record<SlotOrder, SlotTable> {
  const distance = nearestSlots(positionsUm, shank, nSlots);
  return { distance, "depth-lateral": depthLateralOrder(distance, positionsUm) };
}

/** ptp: [n, K] of a sample of spikes, a few hundred do; channel: [n] their peak channels. Slots with NaN are passed over. */
export function detectSlotOrder(
  ptp: ArrayLike<number>,
  channel: ArrayLike<number>,
  positionsUm: Float32Array,
  shank: Int32Array,
): SlotOrderVerdict {
  const nSpikes = channel.length;
  assert(nSpikes > 0 && ptp.length % nSpikes === 0, "as many slots for every spike");
  const tables = slotTables(positionsUm, shank, ptp.length / nSpikes);
  const correlation = {
    distance: distanceCorrelation(ptp, channel, tables.distance, positionsUm),
    "depth-lateral": distanceCorrelation(ptp, channel, tables["depth-lateral"], positionsUm),
  };
  const gap = correlation["depth-lateral"] - correlation.distance;
  const order = gap >= 0 ? "distance" : "depth-lateral";
  const isClear = correlation[order] < 0 && Math.abs(gap) > Math.max(smallestGap, 4 / Math.sqrt(nSpikes));
  return { correlation, order, isClear };
}

/** Pearson correlation over all used slots between distance from the peak channel and relative ptp; 0 when either is constant. */
function distanceCorrelation(
  ptp: ArrayLike<number>,
  channel: ArrayLike<number>,
  { nSlots, channels }: SlotTable,
  positionsUm: Float32Array,
): number {
  const distances: number[] = [];
  const heights: number[] = [];
  for (let i = 0; i < channel.length; i++) {
    const peak = channel[i];
    const mean = meanHeight(ptp, i * nSlots, nSlots);
    if (!(mean > 0)) continue;
    for (let k = 0; k < nSlots; k++) {
      const slot = channels[peak * nSlots + k];
      const height = ptp[i * nSlots + k];
      if (slot < 0 || Number.isNaN(height)) continue;
      const dx = positionsUm[2 * slot] - positionsUm[2 * peak];
      const dy = positionsUm[2 * slot + 1] - positionsUm[2 * peak + 1];
      distances.push(Math.hypot(dx, dy));
      heights.push(height / mean);
    }
  }
  return pearson(distances, heights);
}

/** Mean of the finite ptp of one spike. */
function meanHeight(ptp: ArrayLike<number>, from: number, nSlots: number): number {
  let sum = 0;
  let n = 0;
  for (let i = from; i < from + nSlots; i++) {
    if (Number.isNaN(ptp[i])) continue;
    sum += ptp[i];
    n++;
  }
  return sum / n;
}

function pearson(x: number[], y: number[]): number {
  const mean = (v: number[]) => v.reduce((sum, a) => sum + a, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
