import { anchors, nearestSlots } from "./neighbours.ts";
import type { ProbeSites } from "./types.ts";

/** Channels whose contacts an anchor is the middle of, as many as the networks read. */
export const anchorContacts = 10;

/**
 * [C, 2] x, y of the anchor of a spike by its peak channel, µm: the mean position of the contacts nearest to that channel on its
 * shank. Contacts that were not connected are left out; a spike that peaks on one of those stands for itself. Empty where the
 * contacts are not known. Source: evarol/spikeLocalizationNetwork, the centroid of the ten nearest contacts.
 */
export function contactAnchors({ positionsUm, shank, connected }: ProbeSites): Float64Array {
  const kept = positionsUm.flatMap((_, c) => (connected[c] === false ? [] : [c]));
  const places = Float32Array.from(kept.flatMap((c) => positionsUm[c]));
  const shanks = Int32Array.from(kept, (c) => shank[c] ?? 0);
  const own = anchors(nearestSlots(places, shanks, anchorContacts), places);
  const out = Float64Array.from(positionsUm.flat());
  for (const [i, c] of kept.entries()) out.set(own.subarray(2 * i, 2 * i + 2), 2 * c);
  return out;
}

/**
 * [N, 2] anchors of spikes by their peak channels; NaN for a channel that the probe does not have.
 * channelAnchors: [C, 2]
 */
export function anchorsOfSpikes(channelAnchors: ArrayLike<number>, channel: Int32Array): Float32Array {
  const nChannels = channelAnchors.length / 2;
  const out = new Float32Array(2 * channel.length);
  for (let i = 0; i < channel.length; i++) {
    const c = channel[i];
    const isThere = c >= 0 && c < nChannels;
    out[2 * i] = isThere ? channelAnchors[2 * c] : Number.NaN;
    out[2 * i + 1] = isThere ? channelAnchors[2 * c + 1] : Number.NaN;
  }
  return out;
}
