// AssemblyScript. Passes of the CNN over a group of spikes between the products: traces are rows of channels, time after time.
// `vectors` are those of the block, see cnnShape. z is the convolution's output, at step 0 of the group's first spike.
import { BETA, FACTOR, MEAN_GRAD, nOut, rows, SLANT, steps } from "./cnnShape";
import { cumulative, gaussian, geluSlope } from "./gelu";

// Waveforms [n, 10, 90] to rows of 10 channels; x: step 0 of the first spike. Zeros after each spike.
export function spread(waveforms: usize, x: usize, n: i32): void {
  for (let s = 0; s < n; s++, x += 92 * 40) {
    for (let slot: usize = 0; slot < 40; slot += 4, waveforms += 360) {
      for (let t: usize = 0; t < 90; t++) store<f32>(x + t * 40 + slot, load<f32>(waveforms + (t << 2)));
    }
    memory.fill(x + 90 * 40, 0, 80);
  }
}

// Two channels' running mean and sum of squares (Chan and others 1979) with those of one more spike of T steps; nBefore spikes so far.
@inline
function combine(mean: usize, square: usize, own: v128, ownSquare: v128, nBefore: f64, T: f64): void {
  const old = v128.load(mean), shift = f64x2.sub(own, old);
  v128.store(mean, f64x2.add(old, f64x2.mul(shift, f64x2.splat(1 / (nBefore + 1)))));
  const between = f64x2.mul(f64x2.mul(shift, shift), f64x2.splat((T * nBefore) / (nBefore + 1)));
  v128.store(square, f64x2.add(v128.load(square), f64x2.add(ownSquare, between)));
}

// Adds n spikes to the block's moments. A spike's own mean is taken out before squares are summed, so that float32 does.
export function addMoments(block: i32, z: usize, n: i32, moments: usize): void {
  const row = <usize>nOut(block) << 2, T = steps(block), perStep = f32x4.splat(<f32>1 / <f32>T);
  for (let s = 0; s < n; s++, z += <usize>rows(block) * row) {
    const nBefore = load<f64>(moments);
    for (let j: usize = 0; j < row; j += 16) {
      let sum = f32x4.splat(0), square = f32x4.splat(0);
      for (let t = 0, at = z + j; t < T; t++, at += row) sum = f32x4.add(sum, v128.load(at));
      const mean = f32x4.mul(sum, perStep);
      for (let t = 0, at = z + j; t < T; t++, at += row) {
        const d = f32x4.sub(v128.load(at), mean);
        square = f32x4.add(square, f32x4.mul(d, d));
      }
      const means = moments + 16 + (j << 1), squares = means + 512;
      combine(means, squares, f64x2.promote_low_f32x4(mean), f64x2.promote_low_f32x4(square), nBefore, <f64>T);
      const high = i8x16.shuffle(mean, mean, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      const highSquare = i8x16.shuffle(square, square, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
      combine(means + 16, squares + 16, f64x2.promote_low_f32x4(high), f64x2.promote_low_f32x4(highSquare), nBefore, <f64>T);
    }
    store<f64>(moments, nBefore + 1);
  }
}

// (z − mean)·factor + β.
@inline
function scaled(z: v128, vectors: usize): v128 {
  const centred = f32x4.sub(z, v128.load(vectors));
  return f32x4.add(f32x4.mul(centred, v128.load(vectors, FACTOR)), v128.load(vectors, BETA));
}

// Normalisation and GELU with its slopes, over whole rows of `row` bytes (a power of two).
export function activate(z: usize, values: usize, slopes: usize, vectors: usize, bytes: usize, row: usize): void {
  for (let at: usize = 0; at < bytes; at += 32) {
    const own = vectors + (at & (row - 1));
    const y0 = scaled(v128.load(z + at), own), y1 = scaled(v128.load(z + at, 16), own + 16);
    const bell0 = gaussian(y0), bell1 = gaussian(y1), phi0 = cumulative(y0, bell0), phi1 = cumulative(y1, bell1);
    v128.store(values + at, f32x4.mul(y0, phi0));
    v128.store(values + at, f32x4.mul(y1, phi1), 16);
    v128.store(slopes + at, geluSlope(y0, bell0, phi0));
    v128.store(slopes + at, geluSlope(y1, bell1, phi1), 16);
  }
}

// The same, and the larger of two steps, the first of equals. x: the next block's input, at step 0; slopes: those at what was
// taken, [n, half, nOut]. scratch: two traces of one spike.
export function activatePooled(block: i32, z: usize, x: usize, slopes: usize, vectors: usize, n: i32, scratch: usize): void {
  const row = <usize>nOut(block) << 2, half = steps(block) >> 1, gap = <usize>(rows(block + 1) - half) * row, one = i32x4.splat(1);
  const bytes = <usize>(2 * half) * row;
  for (let s = 0; s < n; s++, z += <usize>rows(block) * row) {
    activate(z, scratch, scratch + bytes, vectors, bytes, row);
    let at = scratch;
    for (let p = 0; p < half; p++, at += 2 * row, x += row, slopes += row) {
      for (let j: usize = 0; j < row; j += 16) {
        const v0 = v128.load(at + j), v1 = v128.load(at + row + j), second = f32x4.gt(v1, v0), slope = at + bytes + j;
        v128.store(x + j, v128.bitselect(v1, v0, second));
        const taken = v128.bitselect(v128.load(slope + row), v128.load(slope), second);
        v128.store(slopes + j, v128.bitselect(second, taken, one));
      }
    }
    memory.fill(x, 0, gap);
    x += gap;
  }
}

// sums[4] += the four numbers of v.
@inline
function addDoubles(sums: usize, v: v128): void {
  const high = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(high)), 16);
}

// All ones where the second step of the pair was the larger.
@inline function tookSecond(slope: v128): v128 { return i32x4.eq(v128.and(slope, i32x4.splat(1)), i32x4.splat(1)); }

// slopes becomes the gradient before GELU, grad · slope, its lowest bit kept; its sums go into gradSums. grad: of the next block's
// input, rows(block + 1) rows of nOut a spike.
export function bendPooled(block: i32, grad: usize, slopes: usize, z: usize, vectors: usize, n: i32, gradSums: usize): void {
  const row = <usize>nOut(block) << 2, half = steps(block) >> 1, one = i32x4.splat(1);
  for (let s = 0; s < n; s++) {
    for (let j: usize = 0; j < row; j += 16) {
      const mean = v128.load(vectors + j);
      let sum = f32x4.splat(0), along = f32x4.splat(0), at = slopes + j, trace = z + j, from = grad + j;
      for (let p = 0; p < half; p++, at += row, from += row, trace += 2 * row) {
        const slope = v128.load(at), own = f32x4.mul(v128.load(from), slope);
        v128.store(at, v128.bitselect(slope, own, one));
        const there = v128.bitselect(v128.load(trace + row), v128.load(trace), tookSecond(slope));
        sum = f32x4.add(sum, own);
        along = f32x4.add(along, f32x4.mul(own, f32x4.sub(there, mean)));
      }
      addDoubles(gradSums + (j << 1), sum);
      addDoubles(gradSums + 512 + (j << 1), along);
    }
    slopes += <usize>half * row;
    z += <usize>rows(block) * row;
    grad += <usize>rows(block + 1) * row;
  }
}

// The last block: grad [n, 22, 64] becomes grad · slope.
export function bendLast(grad: usize, slopes: usize, z: usize, vectors: usize, n: i32, gradSums: usize): void {
  for (let s = 0; s < n; s++, grad += 22 * 256, slopes += 22 * 256, z += 23 * 256) {
    for (let j: usize = 0; j < 256; j += 16) {
      const mean = v128.load(vectors + j);
      let sum = f32x4.splat(0), along = f32x4.splat(0);
      for (let at = j; at < 22 * 256; at += 256) {
        const own = f32x4.mul(v128.load(grad + at), v128.load(slopes + at));
        v128.store(grad + at, own);
        sum = f32x4.add(sum, own);
        along = f32x4.add(along, f32x4.mul(own, f32x4.sub(v128.load(z + at), mean)));
      }
      addDoubles(gradSums + (j << 1), sum);
      addDoubles(gradSums + 512 + (j << 1), along);
    }
  }
}

// factor·(own − mean gradient − (z − mean)·slant): the gradient of the trace from that of what it was normalised to.
@inline
function ofTrace(own: v128, z: v128, vectors: usize): v128 {
  const centred = f32x4.sub(z, v128.load(vectors));
  const rest = f32x4.add(v128.load(vectors, MEAN_GRAD), f32x4.mul(centred, v128.load(vectors, SLANT)));
  return f32x4.mul(v128.load(vectors, FACTOR), f32x4.sub(own, rest));
}

// z becomes its gradient, zeros after each spike. grads: what bendPooled left.
export function differencePooled(block: i32, z: usize, grads: usize, vectors: usize, n: i32): void {
  const row = <usize>nOut(block) << 2, half = steps(block) >> 1, gap = <usize>(rows(block) - steps(block)) * row;
  for (let s = 0; s < n; s++) {
    for (let p = 0; p < half; p++, z += 2 * row, grads += row) {
      for (let j: usize = 0; j < row; j += 16) {
        const own = v128.load(grads + j), second = tookSecond(own), at = z + j;
        v128.store(at, ofTrace(v128.andnot(own, second), v128.load(at), vectors + j));
        v128.store(at + row, ofTrace(v128.and(own, second), v128.load(at + row), vectors + j));
      }
    }
    if ((steps(block) & 1) != 0) {
      for (let j: usize = 0; j < row; j += 16) v128.store(z + j, ofTrace(f32x4.splat(0), v128.load(z + j), vectors + j));
      z += row;
    }
    memory.fill(z, 0, gap);
    z += gap;
  }
}

// The same of the last block; grads: [n, 22, 64].
export function differenceLast(z: usize, grads: usize, vectors: usize, n: i32): void {
  for (let s = 0; s < n; s++, z += 23 * 256) {
    for (let at: usize = 0; at < 22 * 256; at += 16, grads += 16) {
      v128.store(z + at, ofTrace(v128.load(grads), v128.load(z + at), vectors + (at & 255)));
    }
    memory.fill(z + 22 * 256, 0, 256);
  }
}
