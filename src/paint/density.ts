import { raster } from "../core/raster.ts";
import type { Range, ScalarImage, SpikeTable } from "../core/types.ts";
import { firstAtOrAfter } from "./spikeData.ts";

/** Rows [from, to) of the `n` spikes nearest in time to a moment; all of them when there are fewer. Times ascending. */
export function rowsNearest(times: Float64Array, timeSec: number, n: number): { from: number; to: number } {
  let from = firstAtOrAfter(times, timeSec);
  let to = from;
  while (to - from < n && (from > 0 || to < times.length)) {
    const isEarlierNearer = to === times.length || (from > 0 && timeSec - times[from - 1] <= times[to] - timeSec);
    if (isEarlierNearer) from--;
    else to++;
  }
  return { from, to };
}

/**
 * How the spikes of some rows are distributed over depth and amplitude: spikes per cell, smoothed by a Gaussian of
 * `sigmaCells` on both axes. [nDepth, nAmp], observed depths, signed amplitudes.
 */
export function densityImage(
  spikes: SpikeTable,
  rows: { from: number; to: number },
  grid: { nDepth: number; nAmp: number; depthRangeUm: Range; ampRangeUv: Range },
  sigmaCells: number,
): ScalarImage {
  const [xLow, xHigh] = grid.ampRangeUv;
  const [yLow, yHigh] = grid.depthRangeUm;
  const cells = { xLow, xHigh, yLow, yHigh, nx: grid.nAmp, ny: grid.nDepth };
  const { count } = raster(spikes.ampUv, spikes.depthUm, null, cells, rows.from, rows.to);
  const across = smoothed(count, grid.nDepth, grid.nAmp, grid.nAmp, 1, sigmaCells);
  const values = smoothed(across, grid.nAmp, grid.nDepth, 1, grid.nAmp, sigmaCells);
  return { values, widthPx: grid.nAmp, heightPx: grid.nDepth, xRange: grid.ampRangeUv, yRange: grid.depthRangeUm };
}

/**
 * Gaussian along one axis of an image: `nLines` lines of `length` values, `lineStep` from one line to the next and
 * `step` from one value to the next. What would leave at an end is kept inside: the kernel is divided by what it covers.
 */
function smoothed(
  values: Float32Array,
  nLines: number,
  length: number,
  lineStep: number,
  step: number,
  sigma: number,
): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
  const out = new Float32Array(values.length);
  for (let line = 0; line < nLines; line++) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      let covered = 0;
      for (let k = Math.max(0, i - reach); k <= Math.min(length - 1, i + reach); k++) {
        const w = kernel[k - i + reach];
        sum += w * values[line * lineStep + k * step];
        covered += w;
      }
      out[line * lineStep + i * step] = sum / covered;
    }
  }
  return out;
}
