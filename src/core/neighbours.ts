import { assert } from "./errors.ts";
import type { SlotTable } from "./types.ts";

/**
 * Which channels surround a channel, from the contacts alone.
 *
 * Distances are compared as squares in float64, exact for contacts on whole or half micrometres, and equal ones are taken
 * in the order of the channels: grids of square pitch have many exact ties, and a table must not depend on a sort.
 * Channels of another shank are never neighbours, however near.
 */

/** Channels of c's shank by distance from c, c itself first. */
function byDistance(c: number, positionsUm: Float32Array, shank: Int32Array): { channel: number; squaredUm: number }[] {
  const found: { channel: number; squaredUm: number }[] = [];
  for (let other = 0; other < shank.length; other++) {
    if (shank[other] !== shank[c]) continue;
    const dx = positionsUm[2 * other] - positionsUm[2 * c];
    const dy = positionsUm[2 * other + 1] - positionsUm[2 * c + 1];
    found.push({ channel: other, squaredUm: dx * dx + dy * dy });
  }
  return found.sort((a, b) => a.squaredUm - b.squaredUm || a.channel - b.channel);
}

function toTable(rows: number[][], nSlots: number): SlotTable {
  const channels = new Int32Array(rows.length * nSlots).fill(-1);
  rows.forEach((row, c) => {
    channels.set(row, c * nSlots);
  });
  return { nSlots, channels };
}

/** The k nearest channels of every channel. positionsUm: [C, 2] x, y; shank: [C]. */
export function nearestSlots(positionsUm: Float32Array, shank: Int32Array, k: number): SlotTable {
  assert(positionsUm.length === 2 * shank.length && k >= 1, "two coordinates per channel, at least one slot");
  const rows = Array.from(shank, (_, c) =>
    byDistance(c, positionsUm, shank)
      .slice(0, k)
      .map((o) => o.channel),
  );
  return toTable(rows, k);
}

/** All channels at most `radiusUm` away, nearest first; as many slots as the fullest neighbourhood needs. */
export function slotsWithin(positionsUm: Float32Array, shank: Int32Array, radiusUm: number): SlotTable {
  assert(positionsUm.length === 2 * shank.length && radiusUm >= 0, "two coordinates per channel, a radius");
  const rows = Array.from(shank, (_, c) =>
    byDistance(c, positionsUm, shank)
      .filter((o) => o.squaredUm <= radiusUm * radiusUm)
      .map((o) => o.channel),
  );
  return toTable(
    rows,
    rows.reduce((most, row) => Math.max(most, row.length), 1),
  );
}

/** The same channels per row ordered by depth, then from left to right (the order SLN's networks read). */
export function depthLateralOrder({ nSlots, channels }: SlotTable, positionsUm: Float32Array): SlotTable {
  const rows: number[][] = [];
  for (let at = 0; at < channels.length; at += nSlots) {
    const row = Array.from(channels.subarray(at, at + nSlots)).filter((c) => c >= 0);
    row.sort(
      (a, b) => positionsUm[2 * a + 1] - positionsUm[2 * b + 1] || positionsUm[2 * a] - positionsUm[2 * b] || a - b,
    );
    rows.push(row);
  }
  return toTable(rows, nSlots);
}

/**
 * Anchors [C, 2] µm: the mean position of each channel's slots, from which SLN's networks count their offsets.
 * Source: evarol/spikeLocalizationNetwork, the centroid of the ten nearest contacts.
 */
export function anchors({ nSlots, channels }: SlotTable, positionsUm: Float32Array): Float64Array {
  const nChannels = channels.length / nSlots;
  const out = new Float64Array(2 * nChannels);
  for (let c = 0; c < nChannels; c++) {
    let n = 0;
    for (let k = 0; k < nSlots; k++) {
      const slot = channels[c * nSlots + k];
      if (slot < 0) continue;
      out[2 * c] += positionsUm[2 * slot];
      out[2 * c + 1] += positionsUm[2 * slot + 1];
      n++;
    }
    assert(n > 0, "a channel is its own neighbour");
    out[2 * c] /= n;
    out[2 * c + 1] /= n;
  }
  return out;
}
