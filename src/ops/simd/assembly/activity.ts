// AssemblyScript. MEDiCINe's activity network, forward and backward per tile of spikes.
import { gemm } from "./gemm";

const TILE: i32 = 64; // spikes per tile: activations of 256 units then take 64 KiB and stay in the second-level cache
const FEATURES: i32 = 16; // 14 features, padded to whole vectors with zeros

// rows × n floats, every row a copy of `row`; n in fours.
function fillRows(out: usize, row: usize, rows: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (let i = 0; i < rows; i++) memory.copy(out + <usize>i * bytes, row, bytes);
}

// In place max(0, x) over n floats, n in fours.
function rectify(x: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let end = x + (<usize>n << 2); x < end; x += 16) v128.store(x, f32x4.max(v128.load(x), zero));
}

// grad[i] = 0 where activation[i] ≤ 0; n in fours.
function mask(grad: usize, activation: usize, n: i32): void {
  const zero = f32x4.splat(0);
  for (let end = grad + (<usize>n << 2); grad < end; grad += 16, activation += 16) {
    v128.store(grad, v128.and(v128.load(grad), f32x4.gt(v128.load(activation), zero)));
  }
}

// out[n] += column sums of x[rows, n]; n in fours.
function addColumns(out: usize, x: usize, rows: i32, n: i32): void {
  const row = <usize>n << 2;
  for (let j: usize = 0; j < row; j += 16) {
    let sum = v128.load(out + j);
    for (let i = 0; i < rows; i++) sum = f32x4.add(sum, v128.load(x + <usize>i * row + j));
    v128.store(out + j, sum);
  }
}

// Features of one spike: [v, sin v, sin 2v, … sin 32v] at `at`. The doubling of the angle runs in float64, so that
// five doublings stay far below a float32 rounding.
function writeSines(at: usize, v: f64): void {
  store<f32>(at, <f32>v);
  let s = Math.sin(v), c = Math.cos(v);
  for (let f: usize = 1; f <= 6; f++) {
    store<f32>(at + (f << 2), <f32>s);
    const s2 = 2 * s * c;
    c = 1 - 2 * s * s;
    s = s2;
  }
}

// Gradient with respect to v, from the gradient of the seven features at `grad`.
function sinesGrad(grad: usize, v: f64): f64 {
  let sum: f64 = load<f32>(grad);
  let s = Math.sin(v), c = Math.cos(v), frequency: f64 = 1;
  for (let f: usize = 1; f <= 6; f++) {
    sum += frequency * c * <f64>load<f32>(grad + (f << 2));
    const s2 = 2 * s * c;
    c = 1 - 2 * s * s;
    s = s2;
    frequency *= 2;
  }
  return sum;
}

function dot(x: usize, w: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  for (let end = x + (<usize>n << 2); x < end; x += 16, w += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load(w)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
}

// out[n] (+)= scale·x[n]; n in fours.
function addScaled(out: usize, x: usize, scale: f32, n: i32): void {
  const s = f32x4.splat(scale);
  for (let end = out + (<usize>n << 2); out < end; out += 16, x += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(s, v128.load(x))));
  }
}

function writeScaled(out: usize, x: usize, scale: f32, n: i32): void {
  const s = f32x4.splat(scale);
  for (let end = out + (<usize>n << 2); out < end; out += 16, x += 16) v128.store(out, f32x4.mul(s, v128.load(x)));
}

/**
 * Spikes [from, to) of MEDiCINe's contrastive loss, or only their probabilities when nReal < 0.
 * y, a, result: [N] floats; result is ∂loss/∂y when training, the probability otherwise.
 * sizes: nHidden + 1 padded widths (FEATURES, then the hidden layers, in eights).
 * params, grads: per hidden layer weights [in, out] then bias [out]; then the head's weights [in] and one bias (+ padding).
 * transposed: the hidden layers' weights as [out, in], one after another; the first layer is needed too.
 * loss: two float64, the sums over real and drawn spikes; grads and loss are added to, and belong to this thread alone.
 * scratch: 2·TILE·(sum of sizes) + TILE floats.
 */
export function activityTiles(
  y: usize, a: usize, result: usize, from: i32, to: i32, nReal: i32, nTotal: i32,
  sizes: usize, nHidden: i32, params: usize, transposed: usize, grads: usize, loss: usize, scratch: usize,
): void {
  for (let start = from; start < to; start += TILE) {
    const rows = min(TILE, to - start);
    // forward
    let x = scratch, width = load<i32>(sizes), p = params, sum = width;
    memory.fill(x, 0, <usize>(TILE * FEATURES) << 2);
    for (let i = 0; i < rows; i++) {
      const at = x + <usize>(i * FEATURES << 2), spike = <usize>(start + i) << 2;
      writeSines(at, load<f32>(y + spike));
      writeSines(at + 28, load<f32>(a + spike));
    }
    for (let l = 1; l <= nHidden; l++) {
      const next = load<i32>(sizes + (<usize>l << 2)), out = x + <usize>(TILE * width << 2);
      fillRows(out, p + <usize>(width * next << 2), TILE, next);
      gemm(x, width, 1, p, next, out, next, TILE, next, width);
      rectify(out, TILE * next);
      p += <usize>((width + 1) * next) << 2;
      x = out; width = next; sum += next;
    }
    const bias = load<f32>(p + (<usize>width << 2));
    const logitGrad = scratch + (<usize>(2 * TILE * sum) << 2);
    for (let i = 0; i < rows; i++) {
      const prob = 1.0 / (1.0 + Math.exp(-<f64>(dot(x + <usize>(i * width << 2), p, width) + bias)));
      const spike = start + i;
      if (nReal < 0) { store<f32>(result + (<usize>spike << 2), <f32>prob); continue; }
      const real = spike < nReal, inside = 1e-4 + (real ? prob : 1 - prob), count: f64 = real ? nReal : nTotal - nReal;
      const sumAt = loss + (real ? 0 : 8);
      store<f64>(sumAt, load<f64>(sumAt) - Math.log(inside) / count);
      store<f32>(logitGrad + (<usize>i << 2), <f32>((real ? -1.0 : 1.0) * prob * (1 - prob) / inside / count));
    }
    if (nReal < 0) continue;
    backward(y, result, start, rows, sizes, nHidden, params, transposed, grads, scratch, sum, logitGrad);
  }
}

function backward(
  y: usize, result: usize, start: i32, rows: i32, sizes: usize, nHidden: i32,
  params: usize, transposed: usize, grads: usize, scratch: usize, sum: i32, logitGrad: usize,
): void {
  // walk to the last hidden layer: its activations, its gradient slot, its parameters
  let x = scratch, at: usize = 0, turned = transposed;
  for (let l = 1; l <= nHidden; l++) {
    const width = load<i32>(sizes + (<usize>(l - 1) << 2)), next = load<i32>(sizes + (<usize>l << 2));
    x += <usize>(TILE * width) << 2;
    at += <usize>((width + 1) * next) << 2;
    turned += <usize>(width * next) << 2;
  }
  const half = <usize>(TILE * sum) << 2; // gradients mirror the activations in the second half of the scratch
  let width = load<i32>(sizes + (<usize>nHidden << 2));
  const biasAt = grads + at + (<usize>width << 2);
  for (let i = 0; i < TILE; i++) {
    const row = <usize>(i * width) << 2, g = i < rows ? load<f32>(logitGrad + (<usize>i << 2)) : <f32>0;
    addScaled(grads + at, x + row, g, width);
    store<f32>(biasAt, load<f32>(biasAt) + g);
    writeScaled(x + half + row, params + at, g, width);
  }
  for (let l = nHidden; l >= 1; l--) {
    const previous = load<i32>(sizes + (<usize>(l - 1) << 2)), below = x - (<usize>(TILE * previous) << 2);
    at -= <usize>((previous + 1) * width) << 2;
    turned -= <usize>(previous * width) << 2;
    const outGrad = x + half, needed = l > 1 ? previous : 8; // of the features only y's seven carry a gradient on
    mask(outGrad, x, TILE * width);
    gemm(below, 1, previous, outGrad, width, grads + at, width, previous, width, TILE);
    addColumns(grads + at + (<usize>(previous * width) << 2), outGrad, TILE, width);
    memory.fill(below + half, 0, <usize>(TILE * previous) << 2);
    gemm(outGrad, width, 1, turned, previous, below + half, previous, TILE, needed, width);
    x = below; width = previous;
  }
  for (let i = 0; i < rows; i++) {
    const spike = <usize>(start + i) << 2;
    store<f32>(result + spike, <f32>sinesGrad(x + half + (<usize>(i * FEATURES) << 2), load<f32>(y + spike)));
  }
}
