import { binEdges, binOf } from "./dredge/raster.ts";
import { AppError } from "./errors.ts";
import type { Range, SpikeTable } from "./types.ts";

/**
 * Spikes counted by time, depth and amplitude: what the template of Kilosort's drift correction is made of.
 *
 *   F[t, d, a] = log2(1 + n), n spikes in the cell; cells half-open, the last of each axis closed, spikes outside dropped.
 *   Amplitude: (log|a| − log min) / (log max − log min) over all spikes, in equal bins from 0 to 1.
 * Spikes of amplitude 0 have no logarithm and stand in the lowest bin, and so do all when amplitudes do not differ.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_utils.py (make_3d_motion_histograms).
 */
export interface MotionHistogram {
  /** [T, D, A] */
  values: Float32Array;
  nTimes: number;
  nDepths: number;
  nAmps: number;
  /** [T] spikes inside */
  counts: Int32Array;
  /** [T + 1] */
  timeEdgesSec: Float64Array;
  /** [D + 1] */
  depthEdgesUm: Float64Array;
}

export interface HistogramOptions {
  binSec: number;
  binUm: number;
  nAmpBins: number;
}

/** Cells that fit into memory beside their copies: 1 GB in float32. */
const mostCells = 2 ** 28;

/** depthRangeUm: what the depth bins cover. Throws AppError when no spike lies there, or the bins are too many. */
export function motionHistogram(
  spikes: SpikeTable,
  depthRangeUm: Range,
  lastSec: number,
  { binSec, binUm, nAmpBins: nAmps }: HistogramOptions,
): MotionHistogram {
  const timeEdgesSec = binEdges(0, lastSec, binSec);
  const depthEdgesUm = binEdges(depthRangeUm[0], depthRangeUm[1], binUm);
  const nTimes = timeEdgesSec.length - 1;
  const nDepths = depthEdgesUm.length - 1;
  if (nTimes * nDepths * nAmps > mostCells)
    throw new AppError(
      "bad-parameter",
      `Expected a histogram of at most ${mostCells} cells, found ${nTimes} × ${nDepths} × ${nAmps} (time, depth, amplitude); make the time bins longer.`,
      { nTimes, nDepths, nAmps },
    );
  const counted = new Float32Array(nTimes * nDepths * nAmps);
  const counts = new Int32Array(nTimes);
  const levelOf = amplitudeLevels(spikes.ampUv);
  for (let i = 0; i < spikes.nSpikes; i++) {
    const t = binOf(timeEdgesSec, spikes.timeSec[i]);
    const d = binOf(depthEdgesUm, spikes.depthUm[i]);
    if (t < 0 || d < 0) continue;
    const a = Math.min(nAmps - 1, Math.floor(levelOf(spikes.ampUv[i]) * nAmps));
    counted[(t * nDepths + d) * nAmps + a]++;
    counts[t]++;
  }
  if (counts.every((n) => n === 0))
    throw new AppError(
      "bad-data",
      `Expected spikes between ${depthEdgesUm[0]} and ${depthEdgesUm[nDepths]} µm, found none of ${spikes.nSpikes} there; check that depths and probe belong together.`,
      { nSpikes: spikes.nSpikes },
    );
  return { values: counted.map((n) => Math.log2(1 + n)), nTimes, nDepths, nAmps, counts, timeEdgesSec, depthEdgesUm };
}

/** From a signed amplitude to 0 … 1 on a logarithmic scale between the smallest and the largest. */
function amplitudeLevels(ampUv: Float32Array): (amp: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const amp of ampUv) {
    const size = Math.abs(amp);
    if (size > 0) low = Math.min(low, size);
    high = Math.max(high, size);
  }
  const span = Math.log10(high) - Math.log10(low);
  return (amp) => (amp !== 0 && span > 0 ? (Math.log10(Math.abs(amp)) - Math.log10(low)) / span : 0);
}
