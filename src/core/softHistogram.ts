/**
 * Differentiable 2-D histogram per time bin. Oracle of shaders/softHistogram.wgsl and softHistogramGrad.wgsl.
 *
 * Grid centres x_i = x0 + i·pitch, y_j likewise. A spike at (x, y) in bin b adds
 *   w_ij = exp(−½((x − x_i)/σ)²)·exp(−½((y − y_j)/σ)²)
 * to the taps i0 − r … i0 + r, i0 = round((x − x0)/pitch) half to even, r = max(1, round(3σ/pitch)). Taps outside the grid
 * are dropped; a spike beyond the edge still leaks in through the taps inside. Not normalised: an interior spike adds
 * about 2π(σ/pitch)². Rounding and truncation contribute nothing to the gradient. NaN positions add nothing.
 * Source: evarol/spikeLocalizationNetwork src/soft_histogram.py.
 */
export interface SoftGrid {
  x0: number;
  y0: number;
  nx: number;
  ny: number;
  pitchUm: number;
  sigmaUm: number;
}

export function tapRadius(grid: SoftGrid): number {
  return Math.max(1, Math.round((3 * grid.sigmaUm) / grid.pitchUm));
}

export function roundHalfEven(v: number): number {
  const r = Math.round(v);
  return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Weights of the 2r + 1 taps along one axis; index of the first tap is returned. */
function axisTaps(v: number, low: number, grid: SoftGrid, radius: number, weights: Float64Array): number {
  const base = roundHalfEven((v - low) / grid.pitchUm) - radius;
  for (let k = 0; k <= 2 * radius; k++) {
    const d = (v - (low + (base + k) * grid.pitchUm)) / grid.sigmaUm;
    weights[k] = Math.exp(-0.5 * d * d);
  }
  return base;
}

/** xUm, yUm, bin: [N]. Returns [nBins, nx, ny] sums of weights. */
export function softHistogram(
  xUm: ArrayLike<number>,
  yUm: ArrayLike<number>,
  bin: ArrayLike<number>,
  nBins: number,
  grid: SoftGrid,
): Float64Array {
  const { nx, ny } = grid;
  const out = new Float64Array(nBins * nx * ny);
  const radius = tapRadius(grid);
  const wx = new Float64Array(2 * radius + 1);
  const wy = new Float64Array(2 * radius + 1);
  for (let n = 0; n < xUm.length; n++) {
    if (!Number.isFinite(xUm[n]) || !Number.isFinite(yUm[n])) continue;
    const i0 = axisTaps(xUm[n], grid.x0, grid, radius, wx);
    const j0 = axisTaps(yUm[n], grid.y0, grid, radius, wy);
    for (let a = Math.max(0, -i0); a <= 2 * radius && i0 + a < nx; a++) {
      const row = (bin[n] * nx + i0 + a) * ny;
      for (let b = Math.max(0, -j0); b <= 2 * radius && j0 + b < ny; b++) out[row + j0 + b] += wx[a] * wy[b];
    }
  }
  return out;
}

/** Gradients [N] with respect to x and y, given the gradient [nBins, nx, ny] with respect to the histogram. */
export function softHistogramGrad(
  xUm: ArrayLike<number>,
  yUm: ArrayLike<number>,
  bin: ArrayLike<number>,
  outGrad: ArrayLike<number>,
  grid: SoftGrid,
): { x: Float64Array; y: Float64Array } {
  const { nx, ny, pitchUm, sigmaUm } = grid;
  const gradX = new Float64Array(xUm.length);
  const gradY = new Float64Array(xUm.length);
  const radius = tapRadius(grid);
  const wx = new Float64Array(2 * radius + 1);
  const wy = new Float64Array(2 * radius + 1);
  const variance = sigmaUm * sigmaUm;
  for (let n = 0; n < xUm.length; n++) {
    if (!Number.isFinite(xUm[n]) || !Number.isFinite(yUm[n])) continue;
    const i0 = axisTaps(xUm[n], grid.x0, grid, radius, wx);
    const j0 = axisTaps(yUm[n], grid.y0, grid, radius, wy);
    for (let a = Math.max(0, -i0); a <= 2 * radius && i0 + a < nx; a++) {
      const row = (bin[n] * nx + i0 + a) * ny;
      const dx = (xUm[n] - (grid.x0 + (i0 + a) * pitchUm)) / variance;
      for (let b = Math.max(0, -j0); b <= 2 * radius && j0 + b < ny; b++) {
        const g = outGrad[row + j0 + b] * wx[a] * wy[b];
        gradX[n] -= g * dx;
        gradY[n] -= (g * (yUm[n] - (grid.y0 + (j0 + b) * pitchUm))) / variance;
      }
    }
  }
  return { x: gradX, y: gradY };
}
