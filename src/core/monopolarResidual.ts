import { assert } from "./errors.ts";

/**
 * How badly a point source at a given place explains the amplitudes around it, and which way it should move.
 *
 *   u_c = a_c/max a,   q_c = 1/√((x − x_c)² + (y − y_c)² + z²),   α = Σ q_c u_c / Σ q_c²
 *   r = mean_c (u_c − α q_c)²,   ∂r/∂x = (2α/C) Σ (u_c − α q_c)(x − x_c) q_c³, likewise y; z in the place of x − x_c
 * α is the best one, so that moving it adds nothing to the gradient. r does not tell z from −z; within 1 µm of the probe
 * plane it is taken at 1 µm and does not pull. The residual of core/monopolar without its penalty, at places that a network
 * chose. The oracle of shaders/monopolarResidual.wgsl.
 */
export const residualColumns = 4;
/** the least |z|, as in the fit */
export const leastZUm = 1;

/**
 * Whether a spike's amplitudes can be explained: at least one slot in use, all of those finite, one above 0. amplitude: [N, K],
 * −1 for a slot that is not in use.
 */
export function canBeExplained(amplitude: ArrayLike<number>, row: number, nSlots: number): boolean {
  let largest = 0;
  for (let k = row * nSlots; k < (row + 1) * nSlots; k++) {
    if (!(amplitude[k] < Infinity)) return false;
    largest = Math.max(largest, amplitude[k]);
  }
  return largest > 0;
}

/**
 * offset: [N, 3] place from the spike's anchor, µm. amplitude: [N, K], −1 for a slot that is not in use. contactUm: [N, K, 2]
 * x, y of the slots from the anchor, µm. Returns [N, 4]: r and its gradient along x, y, z; zeros for a spike that cannot be
 * explained.
 */
export function monopolarResidual(
  offset: ArrayLike<number>,
  amplitude: ArrayLike<number>,
  contactUm: ArrayLike<number>,
  nSlots: number,
): Float64Array {
  const nSpikes = offset.length / 3;
  assert(amplitude.length === nSpikes * nSlots, "one amplitude per spike and slot");
  assert(contactUm.length === 2 * amplitude.length, "x and y of every slot");
  const out = new Float64Array(residualColumns * nSpikes);
  const q = new Float64Array(nSlots);
  for (let n = 0; n < nSpikes; n++) {
    if (!canBeExplained(amplitude, n, nSlots)) continue;
    const [x, y, z] = [offset[3 * n], offset[3 * n + 1], offset[3 * n + 2]];
    const height = Math.max(Math.abs(z), leastZUm);
    let [largest, qq, qa, nContacts] = [0, 0, 0, 0];
    for (let k = 0; k < nSlots; k++) {
      const at = n * nSlots + k;
      if (amplitude[at] < 0) continue;
      q[k] = 1 / Math.hypot(x - contactUm[2 * at], y - contactUm[2 * at + 1], height);
      qq += q[k] * q[k];
      qa += q[k] * amplitude[at];
      largest = Math.max(largest, amplitude[at]);
      nContacts++;
    }
    const alpha = qa / qq / largest;
    let [sum, gx, gy, gz] = [0, 0, 0, 0];
    for (let k = 0; k < nSlots; k++) {
      const at = n * nSlots + k;
      if (amplitude[at] < 0) continue;
      const left = amplitude[at] / largest - alpha * q[k];
      const pull = left * q[k] ** 3;
      sum += left * left;
      gx += pull * (x - contactUm[2 * at]);
      gy += pull * (y - contactUm[2 * at + 1]);
      gz += pull;
    }
    const scale = (2 * alpha) / nContacts;
    const zPull = Math.abs(z) > leastZUm ? scale * gz * z : 0;
    out.set([sum / nContacts, scale * gx, scale * gy, zPull], residualColumns * n);
  }
  return out;
}
