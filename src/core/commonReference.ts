import { medianInPlace } from "./median.ts";
import type { ProbeSites } from "./types.ts";

/**
 * Common reference: what many channels have in common at one time is not from a neuron beside them.
 *
 *   y[t, c] = x[t, c] − median over the members of c's group of x[t, ·]
 *
 * Exact medians, the mean of the two middle values for an even count. The oracle of shaders/commonReference*.wgsl.
 */
export interface ReferenceGroups {
  /** [C] group whose median is taken from a channel */
  groupOf: Int32Array;
  /** [G + 1] where each group's members begin */
  offsets: Int32Array;
  /** channels of each group; every group has at least one */
  members: Int32Array;
}

/** values: [T, C]. Returns [T, C]. */
export function commonReference(values: ArrayLike<number>, groups: ReferenceGroups): Float64Array {
  const { groupOf, offsets, members } = groups;
  const nChannels = groupOf.length;
  const nGroups = offsets.length - 1;
  const out = new Float64Array(values.length);
  const medians = new Float64Array(nGroups);
  const group = new Float64Array(members.length);
  for (let row = 0; row < values.length; row += nChannels) {
    for (let g = 0; g < nGroups; g++) {
      const [from, to] = [offsets[g], offsets[g + 1]];
      for (let i = from; i < to; i++) group[i] = values[row + members[i]];
      medians[g] = medianInPlace(group.subarray(from, to));
    }
    for (let c = 0; c < nChannels; c++) out[row + c] = values[row + c] - medians[groupOf[c]];
  }
  return out;
}

/** One group of all channels. */
export function globalGroups(nChannels: number): ReferenceGroups {
  return {
    groupOf: new Int32Array(nChannels),
    offsets: Int32Array.of(0, nChannels),
    members: Int32Array.from({ length: nChannels }, (_, c) => c),
  };
}

/** One group per shank; channels: the kept channels of the recording. */
export function shankGroups(probe: ProbeSites, channels: ArrayLike<number>): ReferenceGroups {
  const shanks = Array.from(channels, (c) => probe.shank[c] ?? 0);
  const distinct = [...new Set(shanks)].sort((a, b) => a - b);
  const groupOf = Int32Array.from(shanks, (s) => distinct.indexOf(s));
  return join(
    groupOf,
    distinct.map((shank) => shanks.flatMap((s, c) => (s === shank ? [c] : []))),
  );
}

/** µm: channels between these distances, neither included, are the local reference. */
const innerUm = 30;
const outerUm = 55;
const minNeighbours = 5;

/**
 * For every channel the channels of its shank in the ring of 30 to 55 µm around it; where they are fewer than five, the
 * nearest five beyond 30 µm, and all that are as near as the fifth. Where there are none, the whole shank.
 */
export function localGroups(probe: ProbeSites, channels: ArrayLike<number>): ReferenceGroups {
  const sites = Array.from(channels, (channel) => ({
    xy: probe.positionsUm[channel],
    shank: probe.shank[channel] ?? 0,
  }));
  const lists = sites.map(({ xy: [x, y], shank }) => {
    const onShank = sites.flatMap((s, c) =>
      s.shank === shank ? [{ c, distanceUm: Math.hypot(s.xy[0] - x, s.xy[1] - y) }] : [],
    );
    const beyond = onShank.filter((s) => s.distanceUm > innerUm).sort((a, b) => a.distanceUm - b.distanceUm);
    const ring = beyond.filter((s) => s.distanceUm < outerUm);
    const fifth = beyond[Math.min(minNeighbours, beyond.length) - 1]?.distanceUm ?? 0;
    const nearest = ring.length >= minNeighbours ? ring : beyond.filter((s) => s.distanceUm <= fifth + 1e-6);
    return (nearest.length > 0 ? nearest : onShank).map((s) => s.c).sort((a, b) => a - b);
  });
  return join(
    Int32Array.from(lists, (_, c) => c),
    lists,
  );
}

function join(groupOf: Int32Array, lists: number[][]): ReferenceGroups {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, g) => {
    offsets[g + 1] = offsets[g] + list.length;
  });
  return { groupOf, offsets, members: Int32Array.from(lists.flat()) };
}
