import type { Motion, Range, SpikeTable } from "../types.ts";
import { crossCorrelation, type PairTable } from "./crossCorrelation.ts";
import type { DredgeOptions } from "./options.ts";
import { type DredgeRaster, dredgeRaster, type RasterGrid } from "./raster.ts";
import { type SlidingProducts, slidingProducts } from "./slidingProducts.ts";
import { solveDisplacement } from "./solve.ts";
import { gateHeat, pairWeights, windowHeat } from "./weights.ts";
import { type DredgeWindows, dredgeWindows } from "./windows.ts";

/**
 * DREDge on action potentials: motion from the likeness of the drift raster at every two times.
 *
 * Raster and windows (`dredgeFrames`), correlation of all pairs of time bins (`crossCorrelation`), weights and one linear
 * system (`dredgeMotion`). The stages are apart so that the second, which takes nearly all the time, can run elsewhere.
 * Source: Windolf et al., bioRxiv 2023.10.24.563768; SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py.
 */
export interface DredgeSetup {
  windows: DredgeWindows;
  maxDisplacementBins: number;
  /** ceil(horizonSec / binSec); Infinity without a horizon */
  horizonBins: number;
  /** sentences for the reader */
  warnings: string[];
}

export interface DredgeFrames extends DredgeSetup {
  raster: DredgeRaster;
}

/** Windows and limits over the cells of a raster. */
export function dredgeSetup(grid: RasterGrid, options: DredgeOptions): DredgeSetup {
  const windows = dredgeWindows(grid, options);
  const [lowUm, highUm] = grid.depthRangeUm;
  const quarterUm = Math.floor((options.rigid ? highUm - lowUm : options.windowScaleUm) / 4);
  const warnings = windows.reduced
    ? [
        `DREDge: expected a depth range of at least one window step and one window scale (${options.windowStepUm} + ${options.windowScaleUm} µm) for windows, found ${highUm - lowUm} µm; one window over its middle is used.`,
      ]
    : [];
  return {
    windows,
    maxDisplacementBins: Math.floor((options.maxDisplacementUm ?? quarterUm) / options.binUm),
    horizonBins: options.horizonSec > 0 ? Math.ceil(options.horizonSec / options.binSec) : Number.POSITIVE_INFINITY,
    warnings,
  };
}

/** probeRangeUm: depths of the lowest and the highest contact. lastSec: time of the recording's last sample. */
export function dredgeFrames(
  spikes: SpikeTable,
  probeRangeUm: Range,
  lastSec: number,
  options: DredgeOptions,
): DredgeFrames {
  const raster = dredgeRaster(spikes, probeRangeUm, lastSec, options);
  return { raster, ...dredgeSetup(raster, options) };
}

export interface DredgeMotion {
  motion: Motion;
  /** [B, T] h, in units of the raster */
  heat: Float64Array;
  /** [B, T] g: 0, the heat, or Infinity */
  gate: Float64Array;
  /** [B, T, T] U */
  weights: Float32Array;
}

/** pairs: C and D of all rows, [B, T, T]. */
export function dredgeMotion(
  { raster, windows }: DredgeFrames,
  pairs: PairTable,
  options: DredgeOptions,
): DredgeMotion {
  const { nTimes, timeEdgesSec } = raster;
  const { nWindows, centersUm } = windows;
  const heat = windowHeat(raster.values, nTimes, windows);
  const gate = gateHeat(heat, nTimes, windows, options);
  const weights = pairWeights(pairs.correlation, gate, nTimes, options);
  const byWindow = solveDisplacement(pairs.displacementUm, weights, nWindows, nTimes, options);
  const motion = windowMotion(byWindow, nTimes, centersUm, timeEdgesSec);
  return { motion, heat, gate, weights };
}

/** byWindow: [B, T] µm, of which the first `nTimes` bins are taken. timeEdgesSec: [T + 1]. */
export function windowMotion(
  byWindow: Float64Array,
  nTimes: number,
  centersUm: Float64Array,
  timeEdgesSec: Float64Array,
): Motion {
  const nWindows = centersUm.length;
  const stride = byWindow.length / nWindows;
  return {
    displacementUm: Float64Array.from(
      { length: nTimes * nWindows },
      (_, at) => byWindow[(at % nWindows) * stride + Math.floor(at / nWindows)],
    ),
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => (timeEdgesSec[t] + timeEdgesSec[t + 1]) / 2),
    depthBinCentersUm: centersUm,
  };
}

export interface DredgeResult extends DredgeMotion {
  frames: DredgeFrames;
  pairs: PairTable;
}

/** The whole, on the raster in float32 as the kernels see it. Throws AppError when no spike lies on the probe. */
export function dredge(
  spikes: SpikeTable,
  probeRangeUm: Range,
  lastSec: number,
  options: DredgeOptions,
  products: SlidingProducts = slidingProducts,
): DredgeResult {
  const frames = dredgeFrames(spikes, probeRangeUm, lastSec, options);
  const { raster, windows, maxDisplacementBins, horizonBins } = frames;
  const pairs = crossCorrelation(
    Float32Array.from(raster.values),
    raster.nTimes,
    windows,
    { binUm: options.binUm, maxDisplacementBins, horizonBins },
    undefined,
    products,
  );
  return { frames, pairs, ...dredgeMotion(frames, pairs, options) };
}
