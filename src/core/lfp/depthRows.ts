import { AppError } from "../errors.ts";
import { median } from "../motion.ts";
import type { ProbeSites } from "../types.ts";

/**
 * From the channels of a shank to one field potential per depth, as one linear map.
 *
 * 1. With `derivative`: the second derivative over depth within each column of contacts (equal x), as the gradient of the
 *    gradient; a gradient is the quadratic through three neighbours inside, the difference of two at the ends, 0 alone.
 * 2. The mean of the contacts at each depth.
 * 3. Depths brought to an even grid, whose step is the median distance of neighbouring depths, by linear interpolation.
 * The first removes what all depths share (reference, volume conduction), which does not move with the tissue.
 * Source: SpikeInterface@a5f7dbb3 doc/how_to/drift_with_lfp.rst; numpy.gradient.
 */
export interface DepthRows {
  shank: number;
  /** [R] µm, even and ascending */
  depthUm: Float64Array;
  pitchUm: number;
  /** channels that take part, C of them */
  channels: Int32Array;
  /** [R, C] */
  weights: Float64Array;
  /** µm, the largest distance of neighbouring depths; above pitchUm it is filled by interpolation */
  largestGapUm: number;
}

/** The rows of one shank. Throws AppError when it has fewer than 4 depths. */
export function depthRows(probe: ProbeSites, shank: number, derivative: boolean): DepthRows {
  const channels = Int32Array.from(
    Array.from(probe.positionsUm.keys()).filter((c) => probe.connected[c] !== false && probe.shank[c] === shank),
  );
  const depthOf = Float64Array.from(channels, (c) => probe.positionsUm[c][1]);
  const levels = [...new Set(depthOf)].sort((a, b) => a - b);
  if (levels.length < 4)
    throw new AppError(
      "bad-data",
      `DREDge (LFP): expected contacts at 4 depths or more on each shank, found ${levels.length} on shank ${shank}; motion cannot be told from so few.`,
      { shank, nDepths: levels.length },
    );
  const steps = levels.slice(1).map((level, k) => level - levels[k]);
  const pitchUm = median(steps);
  const nRows = Math.round((levels[levels.length - 1] - levels[0]) / pitchUm) + 1;
  const depthUm = Float64Array.from({ length: nRows }, (_, r) => levels[0] + r * pitchUm);
  const n = channels.length;
  const field = derivative ? secondDerivative(probe, channels) : identity(n);
  const means = levels.map((level) => {
    const here = Array.from(depthOf.keys()).filter((c) => depthOf[c] === level);
    return Float64Array.from({ length: n }, (_, k) => here.reduce((sum, c) => sum + field[c][k], 0) / here.length);
  });
  const weights = new Float64Array(nRows * n);
  depthUm.forEach((depth, r) => {
    const above = levels.findIndex((level) => level >= depth);
    const high = above < 0 ? levels.length - 1 : above;
    const low = Math.max(0, levels[high] > depth ? high - 1 : high);
    const share = high > low ? (depth - levels[low]) / (levels[high] - levels[low]) : 0;
    for (let k = 0; k < n; k++) weights[r * n + k] = means[low][k] + share * (means[high][k] - means[low][k]);
  });
  return { shank, depthUm, pitchUm, channels, weights, largestGapUm: Math.max(...steps) };
}

function identity(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, row) => Float64Array.from({ length: n }, (_, k) => (k === row ? 1 : 0)));
}

/** [C][C] the gradient twice, within each column. */
function secondDerivative({ positionsUm }: ProbeSites, channels: Int32Array): Float64Array[] {
  const n = channels.length;
  const first = Array.from({ length: n }, () => new Float64Array(n));
  for (const x of new Set(Array.from(channels, (c) => positionsUm[c][0]))) {
    const members = Array.from(channels.keys()).filter((c) => positionsUm[channels[c]][0] === x);
    members.sort((a, b) => positionsUm[channels[a]][1] - positionsUm[channels[b]][1]);
    members.forEach((c, at) => {
      for (const [neighbour, weight] of gradient(members, at, (m) => positionsUm[channels[m]][1]))
        first[c][neighbour] += weight;
    });
  }
  return first.map((row) => {
    const twice = new Float64Array(n);
    row.forEach((weight, via) => {
      if (weight !== 0) for (let k = 0; k < n; k++) twice[k] += weight * first[via][k];
    });
    return twice;
  });
}

/** Weights of the members of a column in the gradient at one of them. */
function gradient(
  members: number[],
  at: number,
  depthOf: (member: number) => number,
): [member: number, weight: number][] {
  const below = members[at - 1];
  const above = members[at + 1];
  const here = members[at];
  if (below === undefined && above === undefined) return [];
  if (below === undefined || above === undefined) {
    const [low, high] = below === undefined ? [here, above] : [below, here];
    const step = depthOf(high) - depthOf(low);
    return [
      [low, -1 / step],
      [high, 1 / step],
    ];
  }
  const d = depthOf(here) - depthOf(below);
  const u = depthOf(above) - depthOf(here);
  return [
    [below, -u / (d * (d + u))],
    [here, (u - d) / (d * u)],
    [above, d / (u * (d + u))],
  ];
}
