import { nearestSlots } from "../../core/neighbours.ts";
import { anchorsOfSpikes, contactAnchors } from "../../core/spikeAnchors.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { StoredWaveforms } from "../../protocol/methods.ts";
import type { SpikeAnchors } from "../../protocol/recordings.ts";
import type { WaveformSet } from "../../protocol/waveforms.ts";
import { spikeAnchors } from "./feedMath.ts";

export interface AnchorSources {
  spikes: SpikeTable | null;
  /** what a detection kept: its slots leave out the channels that it left out */
  stored: StoredWaveforms | null;
  /** what came with the spikes */
  set: WaveformSet | null;
  probe: ProbeSites | null;
}

const missing = (sentence: string): SpikeAnchors => ({ anchorsUm: null, missing: sentence });
const there = (anchorsUm: Float32Array): SpikeAnchors => ({ anchorsUm, missing: null });

/**
 * The middle of the channels of each spike's waveform, from which a network's positions count: as the data set states it, else
 * the channels of the waveforms, else the ten contacts nearest to the peak channel. [N, 2] in the order of the table.
 */
export function tableAnchors({ spikes, stored, set, probe }: AnchorSources): SpikeAnchors {
  if (!spikes) return missing("Open spikes, or find some in a recording: anchors are the middle of their channels.");
  if (set && set.waveforms.nSpikes === spikes.nSpikes) {
    const { anchorsUm } = set;
    if (anchorsUm)
      return there(Float32Array.from({ length: 2 * spikes.nSpikes }, (_, i) => anchorsUm[3 * (i >> 1) + (i & 1)]));
    if (set.channel && set.positionsUm.length > 0) {
      const positionsUm = Float32Array.from(set.positionsUm.flat());
      const slots = nearestSlots(positionsUm, new Int32Array(set.positionsUm.length), set.waveforms.nSlots);
      return there(spikeAnchors(slots, positionsUm, set.channel));
    }
  }
  const { channel } = spikes;
  if (!channel)
    return missing(
      "These spikes do not say on which channel each peaks: local positions need that, or anchors beside the spikes.",
    );
  if (!probe || probe.positionsUm.length === 0)
    return missing(
      "Where the contacts of the probe lie is not known: drop a probeinterface .json or channel_locations.npy with the spikes.",
    );
  if (stored) {
    const slots = { nSlots: stored.nSlots, channels: stored.slots };
    return there(spikeAnchors(slots, Float32Array.from(probe.positionsUm.flat()), channel));
  }
  return there(anchorsOfSpikes(contactAnchors(probe), channel));
}
