import { assert } from "../errors.ts";
import { median } from "../motion.ts";
import { anchors, nearestSlots } from "../neighbours.ts";
import type { ProbeSites } from "../types.ts";
import type { PositionSet } from "./grid.ts";

/**
 * Positions that are wrong on purpose: what ρ̄ says of them tells what it is worth on this recording. Source of the set:
 * evarol/spikelocalizationtensor's controls; x-constant by the study of what ρ̄ rewards.
 */
const ANCHOR_CONTACTS = 10;

export type AnchorResult = { positions: PositionSet } | { notPossible: string };

/** Every spike at the mean place of the ten contacts nearest to its peak channel: depth by row, and nothing else. */
export function anchorPositions(channel: Int32Array | undefined, probe: ProbeSites | undefined): AnchorResult {
  if (!channel) return { notPossible: "Not possible: these spikes do not tell their peak channels." };
  const contacts = probe?.positionsUm ?? [];
  if (!probe || contacts.length === 0)
    return { notPossible: "Not possible: where the contacts of the probe lie is not known." };
  const outside = channel.find((c) => c < 0 || c >= contacts.length);
  if (outside !== undefined)
    return { notPossible: `Not possible: a spike peaks on channel ${outside}, the probe has ${contacts.length}.` };
  const places = Float32Array.from(contacts.flat());
  const shank = Int32Array.from(contacts, (_, c) => probe.shank[c] ?? 0);
  const anchorUm = anchors(nearestSlots(places, shank, ANCHOR_CONTACTS), places);
  return {
    positions: {
      name: "anchors",
      xUm: Float64Array.from(channel, (c) => anchorUm[2 * c]),
      yUm: Float64Array.from(channel, (c) => anchorUm[2 * c + 1]),
      zUm: new Float64Array(channel.length),
    },
  };
}

/** The same with every x at their median: deleting an axis makes positions repeat better. Lateral positions must be known. */
export function xConstant({ name, xUm, yUm, zUm }: PositionSet): PositionSet {
  assert(xUm, "lateral positions are known");
  const middle = median(xUm);
  return { name, xUm: xUm.map((x) => (Number.isFinite(x) ? middle : Number.NaN)), yUm, zUm };
}

/** anchor + k · (position − anchor): k = 0 are the anchors, 1 the positions. */
export function shrunk(positions: PositionSet, anchor: PositionSet, k: number): PositionSet {
  const towards = (from: Float64Array | null, to: Float64Array | null) =>
    from && to ? from.map((v, i) => v + k * (to[i] - v)) : null;
  return {
    name: positions.name,
    xUm: positions.xUm ? towards(anchor.xUm, positions.xUm) : null,
    yUm: anchor.yUm.map((v, i) => v + k * (positions.yUm[i] - v)),
    zUm: towards(anchor.zUm, positions.zUm),
  };
}
