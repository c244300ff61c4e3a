import { assert } from "../errors.ts";
import { roundHalfEven, type SoftGrid, tapRadius } from "../softHistogram.ts";

/**
 * Repeatability ρ̄ and entropy H̄ of positions over a whole recording.
 *
 * h_t is the soft histogram of time bin t, c_t = h_t − mean(h_t), u_t = c_t/‖c_t‖, and u_t = 0 for an empty bin.
 *   ρ̄ = mean over all i ≠ j of u_i·u_j = (‖Σ_t u_t‖² − n) / (T(T − 1)),   n = bins that are not empty
 * The right side is the mean of the whole T × T matrix without the matrix: one histogram at a time, O(voxels) memory.
 *   H̄ = mean over bins that are not empty of −Σ p ln(p + 1e-12), p = h/Σh, in nats
 * The histogram is that of core/softHistogram but for the edge: the nearest centre is taken inside the grid, and spikes up to
 * a tap radius outside of it count. With σ = 0 the histogram is hard: a spike counts 1 in the voxel it lies in, whose ends are
 * half a pitch below (included) and above its centre, and nowhere when it lies in none. Source: evarol/spikeLocalizationNetwork make_xy_pairwise_correlation.py and
 * make_spatial_entropy.py; the identity is ours. ρ̄ measures how well positions repeat, not how right they are.
 */
export interface Repeatability {
  /** NaN with fewer than two bins */
  rho: number;
  /** NaN when every bin is empty */
  entropyNats: number;
  /** [T] of each bin, NaN for an empty one */
  entropyOfBinNats: Float64Array;
  /** spikes that were counted */
  nSpikes: number;
  nBins: number;
  nEmptyBins: number;
}

const entropyEpsilon = 1e-12;
const normFloor = 1e-12;

/** First row of each time bin, [T + 1]; times ascend. Bins are floor(t / binSec), the end of the last one included. */
export function binStarts(timeSec: Float64Array, binSec: number): Uint32Array {
  const n = timeSec.length;
  const nBins = n === 0 ? 0 : Math.max(1, Math.ceil(timeSec[n - 1] / binSec));
  const first = new Uint32Array(nBins + 1);
  let i = 0;
  for (let t = 0; t < nBins; t++) {
    first[t] = i;
    while (i < n && Math.floor(timeSec[i] / binSec) <= t) i++;
  }
  first[nBins] = n;
  return first;
}

/** One histogram that is filled and emptied bin by bin, and remembers which voxels it touched. */
export class TouchedHistogram {
  readonly values: Float64Array;
  readonly touched: Int32Array;
  nTouched = 0;
  readonly #grid: SoftGrid;
  readonly #radius: number;
  readonly #wx: Float64Array;
  readonly #wy: Float64Array;

  constructor(grid: SoftGrid) {
    this.values = new Float64Array(grid.nx * grid.ny);
    this.touched = new Int32Array(grid.nx * grid.ny);
    this.#grid = grid;
    this.#radius = grid.sigmaUm === 0 ? 0 : tapRadius(grid);
    this.#wx = new Float64Array(2 * this.#radius + 1);
    this.#wy = new Float64Array(2 * this.#radius + 1);
  }

  /** Index of the first tap, or null for a place too far outside. */
  #taps(v: number, low: number, n: number, weights: Float64Array): number | null {
    const { pitchUm, sigmaUm } = this.#grid;
    if (sigmaUm === 0) {
      const voxel = Math.floor((v - low) / pitchUm + 0.5);
      weights[0] = 1;
      return voxel >= 0 && voxel < n ? voxel : null;
    }
    const reach = this.#radius * pitchUm;
    if (!(v >= low - reach && v <= low + (n - 1) * pitchUm + reach)) return null; // NaN too
    const nearest = Math.min(n - 1, Math.max(0, roundHalfEven((v - low) / pitchUm)));
    const base = nearest - this.#radius;
    for (let k = 0; k < weights.length; k++) {
      const d = (v - (low + (base + k) * pitchUm)) / sigmaUm;
      weights[k] = Math.exp(-0.5 * d * d);
    }
    return base;
  }

  /** Add a spike; false when it lies off the grid or nowhere. */
  add(xUm: number, yUm: number): boolean {
    const { x0, y0, nx, ny } = this.#grid;
    const i0 = this.#taps(xUm, x0, nx, this.#wx);
    const j0 = this.#taps(yUm, y0, ny, this.#wy);
    if (i0 === null || j0 === null) return false;
    for (let a = Math.max(0, -i0); a < this.#wx.length && i0 + a < nx; a++) {
      const row: number = (i0 + a) * ny;
      for (let b = Math.max(0, -j0); b < this.#wy.length && j0 + b < ny; b++) {
        const w = this.#wx[a] * this.#wy[b];
        const at = row + j0 + b;
        if (this.values[at] === 0 && w > 0) this.touched[this.nTouched++] = at;
        this.values[at] += w;
      }
    }
    return true;
  }

  clear(): void {
    for (let k = 0; k < this.nTouched; k++) this.values[this.touched[k]] = 0;
    this.nTouched = 0;
  }
}

/**
 * xUm: [N], or null for a grid of one column; yUm: [N], in the order of time; first: [T + 1] as of `binStarts`. Yields the
 * number of bins done after each of them, so that a caller can let others in.
 */
export function* repeatability(
  xUm: Float64Array | null,
  yUm: Float64Array,
  first: Uint32Array,
  grid: SoftGrid,
): Generator<number, Repeatability> {
  assert(xUm !== null || grid.nx === 1, "without lateral positions the grid has one column");
  const nBins = first.length - 1;
  const nVoxels = grid.nx * grid.ny;
  const histogram = new TouchedHistogram(grid);
  const sum = new Float64Array(nVoxels); // Σ_t h_t/‖c_t‖
  let shift = 0; // Σ_t mean(h_t)/‖c_t‖
  const entropyOfBinNats = new Float64Array(nBins).fill(Number.NaN);
  let [nSpikes, nFull, entropy] = [0, 0, 0];
  for (let t = 0; t < nBins; t++) {
    for (let i = first[t]; i < first[t + 1]; i++) {
      if (histogram.add(xUm ? xUm[i] : grid.x0, yUm[i])) nSpikes++;
    }
    const { values, touched, nTouched } = histogram;
    if (nTouched > 0) {
      let [mass, square, nats] = [0, 0, 0];
      for (let k = 0; k < nTouched; k++) mass += values[touched[k]];
      const mean = mass / nVoxels;
      for (let k = 0; k < nTouched; k++) square += (values[touched[k]] - mean) ** 2;
      const norm = Math.max(Math.sqrt(square + (nVoxels - nTouched) * mean * mean), normFloor);
      for (let k = 0; k < nTouched; k++) {
        const at = touched[k];
        const p = values[at] / mass;
        nats -= p * Math.log(p + entropyEpsilon);
        sum[at] += values[at] / norm;
      }
      shift += mean / norm;
      entropy += nats;
      entropyOfBinNats[t] = nats;
      nFull++;
    }
    histogram.clear();
    yield t + 1;
  }
  let square = 0;
  for (let v = 0; v < nVoxels; v++) square += (sum[v] - shift) ** 2;
  return {
    rho: nBins < 2 ? Number.NaN : (square - nFull) / (nBins * (nBins - 1)),
    entropyNats: nFull === 0 ? Number.NaN : entropy / nFull,
    entropyOfBinNats,
    nSpikes,
    nBins,
    nEmptyBins: nBins - nFull,
  };
}
