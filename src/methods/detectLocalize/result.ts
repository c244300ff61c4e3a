import { locationOutliers } from "../../core/locationOutliers.ts";
import type { Recording, SpikeTable } from "../../core/types.ts";
import { localizerById } from "../localize/localizers.ts";
import type { StoredSpikes } from "./spikeColumns.ts";

/** How far beyond the contacts a spike may lie before it counts as an outlier. */
const outsideUm = 100;

/** Stored rows as a table of spikes with the positions of one localizer. */
export function spikeTable(stored: StoredSpikes, recording: Recording, localizer: string): SpikeTable {
  const { nSpikes, sample, segment, channel, ampUv, locations } = stored;
  const { segments, rateHz, probe } = recording;
  const column = (i: number) => Float64Array.from({ length: nSpikes }, (_, n) => locations[localizer][4 * n + i]);
  const [xUm, depthUm, zUm, alpha] = [0, 1, 2, 3].map(column);
  // by the localizer, not by the rows: pieces of one run must have the same columns, also where a spike has no place
  const { givesZ } = localizerById(localizer);
  return {
    nSpikes,
    timeSec: sample.map((s, n) => segments[segment[n]].startSec + s / rateHz),
    depthUm,
    ampUv,
    xUm,
    ...(givesZ ? { zUm, alpha } : {}),
    channel,
    sampleIndex: sample,
    ...(segments.length > 1 ? { segment } : {}),
    ...(probe.nShanks > 1 ? { shank: channel.map((c) => probe.shank[c]) } : {}),
  };
}

/**
 * Rows in order of time: segments may overlap, and then the order in which spikes were found is not that of time. Null
 * when it is.
 */
export function timeOrder({ segment, sample }: StoredSpikes, { segments, rateHz }: Recording): Int32Array | null {
  const timeOf = (n: number) => segments[segment[n]].startSec + sample[n] / rateHz;
  let sorted = true;
  for (let n = 1; n < sample.length && sorted; n++) sorted = timeOf(n) >= timeOf(n - 1);
  if (sorted) return null;
  return Int32Array.from(sample.keys()).sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}

/** The same rows in another order. */
export function reordered(stored: StoredSpikes, order: Int32Array): StoredSpikes {
  const four = (values: Float32Array) => {
    const out = new Float32Array(values.length);
    order.forEach((from, to) => {
      out.set(values.subarray(4 * from, 4 * from + 4), 4 * to);
    });
    return out;
  };
  return {
    nSpikes: stored.nSpikes,
    sample: Float64Array.from(order, (n) => stored.sample[n]),
    segment: Int32Array.from(order, (n) => stored.segment[n]),
    channel: Int32Array.from(order, (n) => stored.channel[n]),
    ampUv: Float32Array.from(order, (n) => stored.ampUv[n]),
    locations: Object.fromEntries(Object.entries(stored.locations).map(([id, values]) => [id, four(values)])),
  };
}

/** Which locations should not be trusted: counts per localizer, and a sentence for the main one. */
export function outliersOf(
  locations: Record<string, Float32Array>,
  main: string,
  sites: { positionsUm: Float32Array },
  maxDistanceUm: number,
): { summary: Record<string, number>; sentence: string } {
  const summary: Record<string, number> = {};
  let sentence = "";
  for (const [id, values] of Object.entries(locations)) {
    const start = id === "monopolar" ? (locations.com ?? null) : null;
    const counts = locationOutliers(values, sites.positionsUm, {
      startUm: start,
      startWidth: 4,
      maxDistanceUm,
      outsideUm,
    });
    summary[`outliers_${id.replaceAll("-", "_")}`] = counts.nOutliers;
    if (id === main) sentence = counts.sentence;
  }
  return { summary, sentence };
}
