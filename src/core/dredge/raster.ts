import { AppError } from "../errors.ts";
import type { Range, SpikeTable } from "../types.ts";
import type { DredgeOptions } from "./options.ts";

/**
 * DREDge's picture of the spikes: amplitude per second and micrometre, smoothed.
 *
 *   H[t, d] = Σ |a| over the spikes of the cell (or their mean), cells half-open, the last of each axis closed;
 *   spikes outside are dropped. Then a Gaussian over depth and one over time: taps exp(−k²/2σ²), |k| ≤ floor(4σ + ½),
 *   normalised to sum 1. What lies beyond the ends, and the logarithm between, depend on the variant (options.ts).
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/motion_utils.py; scipy.ndimage.gaussian_filter1d.
 */
export interface DredgeRaster {
  /** [T, D] */
  values: Float64Array;
  nTimes: number;
  nDepths: number;
  /** [T + 1] */
  timeEdgesSec: Float64Array;
  /** [D + 1] */
  depthEdgesUm: Float64Array;
  /** what the edges cover; they may reach a part of a bin beyond it */
  depthRangeUm: Range;
}

type RasterOptions = Pick<
  DredgeOptions,
  "variant" | "binSec" | "binUm" | "depthSmoothUm" | "timeSmoothSec" | "averageInBin"
>;

/**
 * probeRangeUm: depths of the lowest and the highest contact. lastSec: time of the recording's last sample.
 * Throws AppError when no spike lies in the range.
 */
export function dredgeRaster(
  spikes: SpikeTable,
  probeRangeUm: Range,
  lastSec: number,
  options: RasterOptions,
): DredgeRaster {
  const { binSec, binUm } = options;
  const original = options.variant === "original";
  const depthRangeUm = original ? wholeRange(spikes.depthUm) : probeRangeUm;
  const timeEdgesSec = binEdges(0, lastSec, binSec);
  const depthEdgesUm = binEdges(depthRangeUm[0], depthRangeUm[1], binUm);
  const nTimes = timeEdgesSec.length - 1;
  const nDepths = depthEdgesUm.length - 1;
  let values = amplitudeHistogram(spikes, timeEdgesSec, depthEdgesUm, options.averageInBin);
  const beyond = original ? "mirror" : "zero";
  const depthTaps = gaussianTaps(options.depthSmoothUm / binUm);
  values = smoothLines(values, { nLines: nTimes, lineStep: nDepths, length: nDepths, step: 1 }, depthTaps, beyond);
  if (original) values = values.map(Math.log1p);
  const timeTaps = gaussianTaps(options.timeSmoothSec / binSec);
  values = smoothLines(values, { nLines: nDepths, lineStep: 1, length: nTimes, step: nDepths }, timeTaps, beyond);
  return { values, nTimes, nDepths, timeEdgesSec, depthEdgesUm, depthRangeUm };
}

/** Floor of the least to ceil of the greatest. */
function wholeRange(depthUm: Float64Array): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const depth of depthUm) {
    if (!Number.isFinite(depth)) continue;
    low = Math.min(low, depth);
    high = Math.max(high, depth);
  }
  if (low > high) throw new AppError("bad-data", "DREDge: expected spikes with a depth, found none.");
  return [Math.floor(low), Math.ceil(high)];
}

/** low, low + bin, … below high + bin: at least one bin, and the last may reach beyond `high`. */
export function binEdges(low: number, high: number, bin: number): Float64Array {
  const nEdges = Math.max(2, Math.ceil((high + bin - low) / bin));
  return Float64Array.from({ length: nEdges }, (_, k) => low + k * bin);
}

/** Which bin holds the value; −1 outside, and for NaN. */
function binOf(edges: Float64Array, value: number): number {
  const nBins = edges.length - 1;
  if (!(value >= edges[0] && value <= edges[nBins])) return -1;
  let bin = Math.min(nBins - 1, Math.floor((value - edges[0]) / (edges[1] - edges[0])));
  while (value < edges[bin]) bin--; // the division may round across an edge
  while (bin < nBins - 1 && value >= edges[bin + 1]) bin++;
  return bin;
}

/** [T, D] sum of |amplitude| per cell, or its mean. Throws AppError when every spike lies outside. */
export function amplitudeHistogram(
  spikes: SpikeTable,
  timeEdgesSec: Float64Array,
  depthEdgesUm: Float64Array,
  average: boolean,
): Float64Array {
  const nDepths = depthEdgesUm.length - 1;
  const sum = new Float64Array((timeEdgesSec.length - 1) * nDepths);
  const count = new Int32Array(average ? sum.length : 0);
  let nInside = 0;
  for (let i = 0; i < spikes.nSpikes; i++) {
    const t = binOf(timeEdgesSec, spikes.timeSec[i]);
    const d = binOf(depthEdgesUm, spikes.depthUm[i]);
    if (t < 0 || d < 0) continue;
    sum[t * nDepths + d] += Math.abs(spikes.ampUv[i]);
    if (average) count[t * nDepths + d]++;
    nInside++;
  }
  if (nInside === 0) {
    const [low, high] = [depthEdgesUm[0], depthEdgesUm[nDepths]];
    throw new AppError(
      "bad-data",
      `DREDge: expected spikes between the lowest and the highest contact (${low} to ${high} µm), found none of ${spikes.nSpikes} there; check that depths and probe belong together.`,
      { nSpikes: spikes.nSpikes, lowUm: low, highUm: high },
    );
  }
  for (let cell = 0; cell < count.length; cell++) if (count[cell] > 0) sum[cell] /= count[cell];
  return sum;
}

/** One half of a sampled Gaussian, centre first; σ in bins, 0 is [1]. Both halves together sum to 1. */
export function gaussianTaps(sigmaBins: number): Float64Array {
  if (sigmaBins <= 0) return Float64Array.of(1);
  const radius = Math.floor(4 * sigmaBins + 0.5);
  const taps = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp((-0.5 * k * k) / (sigmaBins * sigmaBins)));
  const total = 2 * taps.reduce((sum, tap) => sum + tap, 0) - taps[0];
  return taps.map((tap) => tap / total);
}

/** How the values of one axis lie in an array: element k of line l is at l·lineStep + k·step. */
interface Lines {
  nLines: number;
  lineStep: number;
  length: number;
  step: number;
}

/** Every line convolved with symmetric taps; beyond its ends lie zeros or its mirror image (… 1 0 | 0 1 2 …). */
function smoothLines(
  values: Float64Array,
  { nLines, lineStep, length, step }: Lines,
  taps: Float64Array,
  beyond: "zero" | "mirror",
): Float64Array {
  if (taps.length === 1) return values;
  const radius = taps.length - 1;
  const out = new Float64Array(values.length);
  const line = new Float64Array(length + 2 * radius); // with its surroundings
  for (let l = 0; l < nLines; l++) {
    for (let k = -radius; k < length + radius; k++) {
      const inside = k >= 0 && k < length;
      const from = inside || beyond === "zero" ? k : mirrored(k, length);
      line[k + radius] = inside || beyond === "mirror" ? values[l * lineStep + from * step] : 0;
    }
    for (let k = 0; k < length; k++) {
      let sum = taps[0] * line[k + radius];
      for (let r = 1; r <= radius; r++) sum += taps[r] * (line[k + radius - r] + line[k + radius + r]);
      out[l * lineStep + k * step] = sum;
    }
  }
  return out;
}

/** The place in [0, length) that index k shows in an endless row of mirrors. */
function mirrored(k: number, length: number): number {
  const place = ((k % (2 * length)) + 2 * length) % (2 * length);
  return place < length ? place : 2 * length - 1 - place;
}
