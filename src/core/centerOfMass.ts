import { assert } from "./errors.ts";
import type { SlotTable } from "./types.ts";

/**
 * Centre of mass: x, y = Σ_c u_c · position_c / Σ_c u_c over the slots of the spike's channel.
 *
 * u may be signed (peak voltage): both sums carry the sign, so a trough on all channels gives the same place as its absolute
 * value. Biased towards the middle of the contacts. z and α are NaN: the method has none.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/peak_localization/center_of_mass.py.
 *
 * feature: [N, K]; channel: [N]; positionsUm: [C, 2]. Returns [N, 4]; a row of NaN where the feature sums to zero or is
 * not finite.
 */
export function centerOfMass(
  feature: ArrayLike<number>,
  channel: ArrayLike<number>,
  { nSlots, channels }: SlotTable,
  positionsUm: ArrayLike<number>,
): Float32Array {
  assert(feature.length === channel.length * nSlots, "one feature per spike and slot");
  const out = new Float32Array(4 * channel.length).fill(Number.NaN);
  for (let n = 0; n < channel.length; n++) {
    const home = channel[n];
    let [sum, x, y] = [0, 0, 0];
    for (let k = 0; k < nSlots; k++) {
      const c = channels[home * nSlots + k];
      if (c < 0) continue;
      const u = feature[n * nSlots + k];
      sum += u;
      x += u * positionsUm[2 * c];
      y += u * positionsUm[2 * c + 1];
    }
    if (sum === 0 || !Number.isFinite(sum)) continue;
    out[4 * n] = x / sum;
    out[4 * n + 1] = y / sum;
  }
  return out;
}
