import { assert } from "./errors.ts";
import type { Motion } from "./types.ts";

/**
 * The one place where a motion is looked up. Training, scoring, drawing and exports all call this.
 */

/** Index of the last centre ≤ value, clipped so that [i, i+1] is a valid bracket. `centers` ascending, length ≥ 1. */
export function bracket(centers: Float64Array, value: number): number {
  let low = 0;
  let high = centers.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (centers[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

function fraction(centers: Float64Array, i: number, value: number): number {
  if (centers.length === 1) return 0;
  const f = (value - centers[i]) / (centers[i + 1] - centers[i]);
  return Math.min(1, Math.max(0, f)); // NaN stays NaN
}

/** The motion that a shank followed: its own where shanks were estimated apart, else the one of all. */
export function motionOfShank(motion: Motion, shank: number | undefined): Motion {
  return (shank === undefined ? undefined : motion.byShank?.[shank]) ?? motion;
}

/**
 * Displacement in µm at (time, observed depth): bilinear between bin centres, flat outside them; one depth bin
 * ignores depth. The rule of SpikeInterface's Motion.get_displacement_at_time_and_depth. Where the motion has several
 * shanks, that of `motionOfShank` is to be given.
 */
export function displacementAt(motion: Motion, timeSec: number, depthUm: number): number {
  const t = motion.timeBinCentersSec;
  const d = motion.depthBinCentersUm;
  const s = d.length;
  const i = bracket(t, timeSec);
  const ft = fraction(t, i, timeSec);
  const j = bracket(d, depthUm);
  const fd = fraction(d, j, depthUm);
  const row0 = i * s + j;
  const row1 = t.length === 1 ? row0 : row0 + s;
  const step = s === 1 ? 0 : 1;
  const m = motion.displacementUm;
  const low = m[row0] + fd * (m[row0 + step] - m[row0]);
  const high = m[row1] + fd * (m[row1 + step] - m[row1]);
  return low + ft * (high - low);
}

/**
 * Corrected depth of every spike, µm: observed − displacement(t, observed) of the spike's shank. Times need not be sorted.
 * shank: [N], absent when there is one.
 */
export function correctDepths(
  motion: Motion,
  timeSec: Float64Array,
  depthUm: Float64Array,
  shank?: Int32Array,
): Float64Array {
  assert(timeSec.length === depthUm.length, "one depth per time");
  const out = new Float64Array(depthUm.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = depthUm[i] - displacementAt(motionOfShank(motion, shank?.[i]), timeSec[i], depthUm[i]);
  }
  return out;
}

/** Corrected lateral positions, µm: observed − lateral displacement, which has no depth axis; as they are without one. */
export function correctLateral(motion: Motion, timeSec: Float64Array, xUm: Float64Array): Float64Array {
  const { lateralUm, timeBinCentersSec } = motion;
  if (!lateralUm) return xUm;
  const lateral = { displacementUm: lateralUm, timeBinCentersSec, depthBinCentersUm: new Float64Array(1) };
  return xUm.map((x, i) => x - displacementAt(lateral, timeSec[i], 0));
}

/** Median of finite values; NaN when there are none. */
export function median(values: ArrayLike<number>): number {
  const finite = Float64Array.from(values).filter(Number.isFinite).sort();
  const n = finite.length;
  if (n === 0) return Number.NaN;
  return n % 2 ? finite[(n - 1) / 2] : 0.5 * (finite[n / 2 - 1] + finite[n / 2]);
}

/** Check the shape and order that every reader and estimator must deliver. Throws on a mistake of ours. */
export function assertMotion(motion: Motion): void {
  const t = motion.timeBinCentersSec.length;
  const s = motion.depthBinCentersUm.length;
  assert(t > 0 && s > 0, "a motion has at least one time bin and one depth bin");
  assert(motion.displacementUm.length === t * s, "displacement is [T, S]");
  assert(!motion.lateralUm || motion.lateralUm.length === t, "lateral displacement is [T]");
  for (const shank of motion.byShank ?? []) assertMotion(shank);
}
