// AssemblyScript. Soft histogram and its gradient. Formulas and borders: src/core/softHistogram.ts.
// grid: five float64: x0, y0, pitch, 1/σ², exp(−(pitch/σ)²). Each axis has 2r + 1 weights, of which the middle one is
// nearest to the spike: outwards from it the ratio of neighbours falls by a constant factor, so an axis takes three
// exponentials whatever its width, and nothing can overflow.

// Weights of an axis, d = distance of the spike from its nearest centre.
function axisWeights(d: f64, pitch: f64, perVariance: f64, fall: f64, radius: i32, weights: usize): void {
  const middle = weights + (<usize>radius << 3);
  const w = Math.exp(-0.5 * d * d * perVariance);
  store<f64>(middle, w);
  let up = Math.exp((d - 0.5 * pitch) * pitch * perVariance), down = Math.exp((-d - 0.5 * pitch) * pitch * perVariance);
  let above = w, below = w;
  for (let k: usize = 1; k <= <usize>radius; k++) {
    above *= up; up *= fall;
    below *= down; down *= fall;
    store<f64>(middle + (k << 3), above);
    store<f64>(middle - (k << 3), below);
  }
}

// scratch of a thread: the weights of both axes, 2·(2r + 1) float64.

/**
 * Histogram of the bins [fromBin, toBin), which this thread alone writes; it looks at every spike for its bin.
 * x, y: [N] floats; bin: [N] ints; out: [T, nx, ny] floats.
 */
export function softHistogramBins(
  x: usize, y: usize, bin: usize, nSpikes: i32, out: usize, fromBin: i32, toBin: i32,
  nx: i32, ny: i32, radius: i32, grid: usize, scratch: usize,
): void {
  const x0 = load<f64>(grid), y0 = load<f64>(grid, 8), pitch = load<f64>(grid, 16);
  const perVariance = load<f64>(grid, 24), fall = load<f64>(grid, 32);
  const wx = scratch, wy = scratch + (<usize>(2 * radius + 1) << 3);
  const rows = <usize>nx * <usize>ny;
  memory.fill(out + ((<usize>fromBin * rows) << 2), 0, (<usize>max(0, toBin - fromBin) * rows) << 2);
  let lastX = NaN; // spikes without a lateral position share one: its weights are made once
  for (let n: usize = 0; n < <usize>nSpikes; n++) {
    const b = load<i32>(bin + (n << 2));
    if (b < fromBin || b >= toBin) continue;
    const vx: f64 = load<f32>(x + (n << 2)), vy: f64 = load<f32>(y + (n << 2));
    const cx = nearest<f64>((vx - x0) / pitch), cy = nearest<f64>((vy - y0) / pitch);
    if (!(cx + radius >= 0 && cx - radius < nx && cy + radius >= 0 && cy - radius < ny)) continue; // NaN too
    if (vx != lastX) { axisWeights(vx - (x0 + cx * pitch), pitch, perVariance, fall, radius, wx); lastX = vx; }
    axisWeights(vy - (y0 + cy * pitch), pitch, perVariance, fall, radius, wy);
    const i0 = <i32>cx - radius, j0 = <i32>cy - radius;
    const a1 = min(2 * radius, nx - 1 - i0), b0 = max(0, -j0), b1 = min(2 * radius, ny - 1 - j0);
    for (let a = max(0, -i0); a <= a1; a++) {
      const weight = load<f64>(wx + (<usize>a << 3));
      let cell = out + ((<usize>b * rows + <usize>(i0 + a) * <usize>ny + <usize>(j0 + b0)) << 2);
      for (let k = b0; k <= b1; k++, cell += 4)
        store<f32>(cell, load<f32>(cell) + <f32>(weight * load<f64>(wy + (<usize>k << 3))));
    }
  }
}

/** Gradients [2, N] of spikes [from, to) with respect to x and y, given the one with respect to the histogram. */
export function softHistogramSpikes(
  x: usize, y: usize, bin: usize, nSpikes: i32, outGrad: usize, from: i32, to: i32,
  nx: i32, ny: i32, radius: i32, grid: usize, scratch: usize, result: usize,
): void {
  const x0 = load<f64>(grid), y0 = load<f64>(grid, 8), pitch = load<f64>(grid, 16);
  const perVariance = load<f64>(grid, 24), fall = load<f64>(grid, 32);
  const wx = scratch, wy = scratch + (<usize>(2 * radius + 1) << 3);
  const rows = <usize>nx * <usize>ny;
  let lastX = NaN;
  for (let n = <usize>from; n < <usize>to; n++) {
    const vx: f64 = load<f32>(x + (n << 2)), vy: f64 = load<f32>(y + (n << 2));
    const cx = nearest<f64>((vx - x0) / pitch), cy = nearest<f64>((vy - y0) / pitch);
    let gx: f64 = 0, gy: f64 = 0;
    if (cx + radius >= 0 && cx - radius < nx && cy + radius >= 0 && cy - radius < ny) {
      if (vx != lastX) { axisWeights(vx - (x0 + cx * pitch), pitch, perVariance, fall, radius, wx); lastX = vx; }
      axisWeights(vy - (y0 + cy * pitch), pitch, perVariance, fall, radius, wy);
      const b = load<i32>(bin + (n << 2)), i0 = <i32>cx - radius, j0 = <i32>cy - radius;
      const a1 = min(2 * radius, nx - 1 - i0), b0 = max(0, -j0), b1 = min(2 * radius, ny - 1 - j0);
      for (let a = max(0, -i0); a <= a1; a++) {
        let cell = outGrad + ((<usize>b * rows + <usize>(i0 + a) * <usize>ny + <usize>(j0 + b0)) << 2);
        let sum: f64 = 0, moment: f64 = 0, dy = vy - (y0 + <f64>(j0 + b0) * pitch);
        for (let k = b0; k <= b1; k++, cell += 4, dy -= pitch) {
          const g = <f64>load<f32>(cell) * load<f64>(wy + (<usize>k << 3));
          sum += g;
          moment += g * dy;
        }
        const weight = load<f64>(wx + (<usize>a << 3));
        gx -= weight * sum * (vx - (x0 + <f64>(i0 + a) * pitch));
        gy -= weight * moment;
      }
    }
    store<f32>(result + (n << 2), <f32>(gx * perVariance));
    store<f32>(result + ((<usize>nSpikes + n) << 2), <f32>(gy * perVariance));
  }
}
