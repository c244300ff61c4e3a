import type { PositionSet } from "./grid.ts";

/**
 * Pearson correlation of each axis with a reference localizer's positions, over spikes that both placed: global positions as they
 * are given (after correction, where it is one), local ones as offsets from the anchor before correction. Depth is almost the same
 * for every localizer, so its global figure says little. Source: evarol/spikeLocalizationNetwork make_mp_comparison_scatter.py.
 */
export interface Agreement {
  /** NaN where an axis or the anchors are not known, or one side is constant */
  xGlobal: number;
  xLocal: number;
  yGlobal: number;
  yLocal: number;
  z: number;
}

/** Positions before and after correction. */
export interface Placed {
  before: PositionSet;
  after: PositionSet;
}

export function agreement(own: Placed, reference: Placed, anchor: PositionSet | null): Agreement {
  const local = (axis: "xUm" | "yUm") =>
    pearson(offset(own.before[axis], anchor?.[axis]), offset(reference.before[axis], anchor?.[axis]));
  return {
    xGlobal: pearson(own.after.xUm, reference.after.xUm),
    xLocal: local("xUm"),
    yGlobal: pearson(own.after.yUm, reference.after.yUm),
    yLocal: local("yUm"),
    z: pearson(own.after.zUm, reference.after.zUm),
  };
}

function offset(values: Float64Array | null, from: Float64Array | null | undefined): Float64Array | null {
  return values && from ? values.map((v, i) => v - from[i]) : null;
}

/** Over rows where both are finite; NaN with fewer than two of them or without any spread. */
export function pearson(a: Float64Array | null, b: Float64Array | null): number {
  if (!a || !b) return Number.NaN;
  let [n, meanA, meanB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) continue;
    n++;
    const stepA = a[i] - meanA;
    const stepB = b[i] - meanB;
    meanA += stepA / n;
    meanB += stepB / n;
    aa += stepA * (a[i] - meanA);
    bb += stepB * (b[i] - meanB);
    ab += stepA * (b[i] - meanB);
  }
  return ab / Math.sqrt(aa * bb);
}
