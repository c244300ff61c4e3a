// AssemblyScript. Parts of a network over a tile of rows, best in fives. A linear layer is nine words: its weights [nIn, nOut],
// its bias, its weights [nOut, width], the gradients of the latter and of the bias (this thread's), nIn, width (nIn in eights,
// the row of x), nOut (in eights), and the floats of the bias, a multiple of nOut where rows take turns. Both copies of the
// weights lie in panels of eight columns, one panel after another, so that a panel stays in the first-level cache; the gradient's
// rows are nOut in fives, of which those beyond nOut are never read.
import { dropFactors4, nextUnits, placeLanes, rowLanes, unitsFrom } from "./elementary";
import { cumulative, gaussian, geluSlope } from "./gelu";
import { multiply } from "./gemm";

// those words
@inline function forwardOf(l: usize): usize { return load<u32>(l); }
@inline function biasOf(l: usize): usize { return load<u32>(l, 4); }
@inline function backwardOf(l: usize): usize { return load<u32>(l, 8); }
@inline function gradOf(l: usize): usize { return load<u32>(l, 12); }
@inline function biasGradOf(l: usize): usize { return load<u32>(l, 16); }
@inline function nInOf(l: usize): i32 { return load<i32>(l, 20); }
@inline function widthOf(l: usize): i32 { return load<i32>(l, 24); }
@inline function nOutOf(l: usize): i32 { return load<i32>(l, 28); }
@inline function nBiasOf(l: usize): i32 { return load<i32>(l, 32); }
export const LINEAR: usize = 36; // bytes

// c[rows, n] (+)= a·B with B [k, n] in panels; rows of a and c are lda and ldc floats apart.
function timesPanels(a: usize, lda: i32, b: usize, c: usize, ldc: i32, rows: i32, n: i32, k: i32, add: bool): void {
  for (let j = 0; j < n; j += 8, b += <usize>k << 5, c += 32) multiply(a, lda, 1, b, 8, c, ldc, rows, 8, k, add);
}

/** out[rows, nOut] = x·W + b; rows of out `ldo` floats apart. */
export function apply(linear: usize, x: usize, out: usize, ldo: i32, rows: i32): void {
  const n = nOutOf(linear), turn = nBiasOf(linear) / n, bias = biasOf(linear), bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) {
    memory.copy(out + (<usize>(i * ldo) << 2), bias + <usize>(turn == 1 ? 0 : i % turn) * bytes, bytes);
  }
  timesPanels(x, widthOf(linear), forwardOf(linear), out, ldo, rows, n, nInOf(linear), true);
}

/** Adds to the layer's gradients; writes that of x [rows, width] where xGrad is not 0. outGrad: [rows, nOut]. */
export function applyBackward(linear: usize, x: usize, outGrad: usize, xGrad: usize, rows: i32): void {
  const n = nOutOf(linear), width = widthOf(linear), nBias = nBiasOf(linear);
  multiply(outGrad, 1, n, x, width, gradOf(linear), width, 5 * ((n + 4) / 5), width, rows, true);
  addRows(biasGradOf(linear), outGrad, (rows * n) / nBias, nBias);
  if (xGrad == 0) return;
  timesPanels(outGrad, n, backwardOf(linear), xGrad, width, rows, width, n, false);
}

// out[n] += column sums of x[rows, n]; n in fours.
export function addRows(out: usize, x: usize, rows: i32, n: i32): void {
  const row = <usize>n << 2;
  for (let j: usize = 0; j < row; j += 16) {
    let sum = f32x4.splat(0);
    for (let at = x + j, end = x + <usize>rows * row; at < end; at += row) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + j, f32x4.add(v128.load(out + j), sum));
  }
}

/** x[n] *= y[n]; n in fours. */
export function timesEach(x: usize, y: usize, n: i32): void {
  for (let end = x + (<usize>n << 2); x < end; x += 16, y += 16) v128.store(x, f32x4.mul(v128.load(x), v128.load(y)));
}

/**
 * GELU: x[n] is replaced by its slope there, and hidden[n] is written; both are 0 or multiplied by `kept` where units are
 * dropped. n in fours; unit 0 is x[0].
 */
export function bend(
  x: usize, hidden: usize, n: i32, place: i32, row: i32, seed: i32, threshold: i32, kept: f32,
): void {
  const places = placeLanes(place), rows = rowLanes(row), seeds = i32x4.splat(seed), thresholds = i32x4.splat(threshold);
  const keeps = f32x4.splat(kept);
  let units = unitsFrom(0);
  for (const end = x + (<usize>n << 2); x < end; x += 16, hidden += 16) {
    const v = v128.load(x), bell = gaussian(v), cdf = cumulative(v, bell);
    let value = f32x4.mul(v, cdf), slope = geluSlope(v, bell, cdf);
    if (threshold != 0) {
      const factors = dropFactors4(units, places, rows, seeds, thresholds, keeps);
      units = nextUnits(units);
      value = f32x4.mul(value, factors);
      slope = f32x4.mul(slope, factors);
    }
    v128.store(hidden, value);
    v128.store(x, slope);
  }
}

@inline function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** x += branch (unless 0); hat = (x − mean)/√(variance + 1e-5) of each row of 128, inverse [rows] the factor. */
export function residualNorm(x: usize, branch: usize, hat: usize, inverse: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, x += 512, hat += 512, inverse += 4) {
    let sum = f32x4.splat(0);
    for (let k: usize = 0; k < 512; k += 16) {
      let v = v128.load(x + k);
      if (branch != 0) {
        v = f32x4.add(v, v128.load(branch + k));
        v128.store(x + k, v);
      }
      sum = f32x4.add(sum, v);
    }
    if (branch != 0) branch += 512;
    const mean = f32x4.splat(sumLanes(sum) / 128);
    let square = f32x4.splat(0);
    for (let k: usize = 0; k < 512; k += 16) {
      const d = f32x4.sub(v128.load(x + k), mean);
      square = f32x4.add(square, f32x4.mul(d, d));
    }
    const factor: f32 = <f32>1 / sqrt<f32>(sumLanes(square) / 128 + <f32>1e-5), factors = f32x4.splat(factor);
    store<f32>(inverse, factor);
    for (let k: usize = 0; k < 512; k += 16) {
      v128.store(hat + k, f32x4.mul(f32x4.sub(v128.load(x + k), mean), factors));
    }
  }
}

/** grad += inverse·(g − mean g − hat·mean(g·hat)) for each row of 128, g the gradient with respect to hat. */
export function normBackward(g: usize, hat: usize, inverse: usize, grad: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, g += 512, hat += 512, grad += 512, inverse += 4) {
    let sum = f32x4.splat(0), along = f32x4.splat(0);
    for (let k: usize = 0; k < 512; k += 16) {
      const v = v128.load(g + k);
      sum = f32x4.add(sum, v);
      along = f32x4.add(along, f32x4.mul(v, v128.load(hat + k)));
    }
    const mean = f32x4.splat(sumLanes(sum) / 128), slope = f32x4.splat(sumLanes(along) / 128);
    const factor = v128.load32_splat(inverse);
    for (let k: usize = 0; k < 512; k += 16) {
      const own = f32x4.sub(f32x4.sub(v128.load(g + k), mean), f32x4.mul(v128.load(hat + k), slope));
      v128.store(grad + k, f32x4.add(v128.load(grad + k), f32x4.mul(factor, own)));
    }
  }
}
