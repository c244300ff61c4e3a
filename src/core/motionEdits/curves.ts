import { assert } from "../errors.ts";
import { bracket, displacementAt } from "../motion.ts";
import type { Motion } from "../types.ts";

/** What edits of a motion share: its curves over time, one per depth, and its shanks. No edit changes what it is given. */

/** Displacement over time of one depth bin, µm: [T]. */
export function curveOf({ displacementUm, timeBinCentersSec, depthBinCentersUm }: Motion, depthBin: number) {
  const nDepths = depthBinCentersUm.length;
  return Float64Array.from(timeBinCentersSec, (_, t) => displacementUm[t * nDepths + depthBin]);
}

/** A motion with every curve replaced by what `change` makes of it, the lateral one too when `lateral` is said. */
export function withCurves(
  motion: Motion,
  change: (curve: Float64Array, depthBin: number) => ArrayLike<number>,
  { lateral }: { lateral: boolean },
): Motion {
  const nTimes = motion.timeBinCentersSec.length;
  const nDepths = motion.depthBinCentersUm.length;
  const displacementUm = new Float64Array(nTimes * nDepths);
  for (let s = 0; s < nDepths; s++) {
    const changed = change(curveOf(motion, s), s);
    assert(changed.length === nTimes, "an edited curve has one value per time bin");
    for (let t = 0; t < nTimes; t++) displacementUm[t * nDepths + s] = changed[t];
  }
  const lateralUm =
    lateral && motion.lateralUm ? Float64Array.from(change(motion.lateralUm.slice(), -1)) : motion.lateralUm;
  return { ...motion, displacementUm, ...(lateralUm ? { lateralUm } : {}) };
}

/** Values at `atSec`, linear between (timeSec, value) and flat outside; times ascending, at least one. */
export function interpolated(
  timeSec: Float64Array,
  value: ArrayLike<number>,
  atSec: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(atSec, (at) => {
    const i = bracket(timeSec, at);
    const j = Math.min(i + 1, timeSec.length - 1);
    if (i === j) return value[i];
    const f = Math.min(1, Math.max(0, (at - timeSec[i]) / (timeSec[j] - timeSec[i])));
    return value[i] + f * (value[j] - value[i]);
  });
}

/** A curve with the bins marked in `cut` interpolated linearly from their kept neighbours, flat at the ends. */
export function bridged(curve: Float64Array, timeSec: Float64Array, cut: Uint8Array): Float64Array {
  const keptSec = timeSec.filter((_, t) => !cut[t]);
  assert(keptSec.length > 0, "at least one time bin is kept");
  if (keptSec.length === timeSec.length) return curve;
  const kept = curve.filter((_, t) => !cut[t]);
  const bridge = interpolated(keptSec, kept, timeSec);
  return curve.map((value, t) => (cut[t] ? bridge[t] : value));
}

/**
 * Apply an edit to the motion, or where shanks were estimated apart to that of each shank or of one alone (`shank`); what
 * stands for all shanks is then their mean again.
 */
export function editShanks(motion: Motion, shank: number | undefined, edit: (motion: Motion) => Motion): Motion {
  const { byShank } = motion;
  if (!byShank) return edit(motion);
  const edited = byShank.map((one, index) => (shank === undefined || shank === index ? edit(one) : one));
  // of what is edited as a whole only the bins are used: the values come from the shanks
  return meanOfShanks(shank === undefined ? edit(motion) : motion, edited);
}

/** Mean over shanks at the bins of `grid`. */
function meanOfShanks(grid: Motion, byShank: readonly Motion[]): Motion {
  const nDepths = grid.depthBinCentersUm.length;
  const displacementUm = grid.displacementUm.map((_, i) => {
    const timeSec = grid.timeBinCentersSec[Math.floor(i / nDepths)];
    const depthUm = grid.depthBinCentersUm[i % nDepths];
    return byShank.reduce((sum, one) => sum + displacementAt(one, timeSec, depthUm), 0) / byShank.length;
  });
  return { ...grid, displacementUm, byShank };
}
