import { median } from "../motion.ts";
import type { ProbeSites } from "../types.ts";

/** What positions look like on their own: figures that show when a high ρ̄ was had by throwing position away. */

const DEFAULT_PITCH_UM = 20;
const MAX_LOCKED = 250_000; // spikes that are looked at, evenly out of all

/** Standard deviation over finite values; NaN when there are none or no column. */
export function spreadOf(values: Float64Array | null): number {
  if (!values) return Number.NaN;
  let [n, mean, square] = [0, 0, 0];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    n++;
    const step = v - mean;
    mean += step / n;
    square += step * (v - mean);
  }
  return n === 0 ? Number.NaN : Math.sqrt(square / n);
}

/**
 * |mean of exp(2πi y/pitch)|: 0 for depths that do not care for the rows of contacts, 1 for depths that lie on them. Spikes
 * that stick to rows cannot show motion smaller than the pitch.
 */
export function pitchLock(depthUm: Float64Array, pitchUm: number): number {
  let [n, re, im] = [0, 0, 0];
  const every = Math.ceil(depthUm.length / MAX_LOCKED);
  for (let i = 0; i < depthUm.length; i += every) {
    const y = depthUm[i];
    if (!Number.isFinite(y)) continue;
    const angle = (2 * Math.PI * y) / pitchUm;
    re += Math.cos(angle);
    im += Math.sin(angle);
    n++;
  }
  return n === 0 ? Number.NaN : Math.hypot(re, im) / n;
}

/** Distance of neighbouring rows of contacts, µm: the median over the probe, 20 where it is not known. */
export function rowPitch(probe: ProbeSites | undefined): number {
  const rows = [...new Set((probe?.positionsUm ?? []).map(([, y]) => y))].sort((a, b) => a - b);
  if (rows.length < 2) return DEFAULT_PITCH_UM;
  return median(rows.slice(1).map((y, i) => y - rows[i]));
}
