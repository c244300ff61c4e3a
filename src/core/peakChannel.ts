import { assert } from "./errors.ts";
import type { SlotTable } from "./types.ts";

/**
 * The contact with the largest feature among a spike's slots: the coarsest localizer, quantised to the contacts. With equal
 * values the first slot wins. z and α are NaN: the method has none.
 *
 * feature: [N, K], compared by absolute value so that troughs count; channel: [N]; positionsUm: [C, 2]. Returns [N, 4]; a row
 * of NaN where no slot has a finite feature.
 */
export function peakChannel(
  feature: ArrayLike<number>,
  channel: ArrayLike<number>,
  { nSlots, channels }: SlotTable,
  positionsUm: ArrayLike<number>,
): Float32Array {
  assert(feature.length === channel.length * nSlots, "one feature per spike and slot");
  const out = new Float32Array(4 * channel.length).fill(Number.NaN);
  for (let n = 0; n < channel.length; n++) {
    let best = -1;
    let most = -1;
    for (let k = 0; k < nSlots; k++) {
      const u = Math.abs(feature[n * nSlots + k]);
      if (channels[channel[n] * nSlots + k] < 0 || !(u > most) || u === Infinity) continue;
      most = u;
      best = channels[channel[n] * nSlots + k];
    }
    if (best >= 0) out.set([positionsUm[2 * best], positionsUm[2 * best + 1]], 4 * n);
  }
  return out;
}
