// AssemblyScript. DREDge's correlation of templates with frames at every lag, in the frequency domain. The formula stands in
// src/core/dredge/crossCorrelation.ts; how the work is laid out, in ../correlationTiles.ts.
//
// A template is cut into blocks of `step` bins. A transform of n = step + L − 1 points or more of a block, padded with zeros,
// and of the stretch of a frame that begins where the block does gives the block's part of Σq·A·X at all L lags without
// wrapping around. Parts are added as spectra, so that one transform back does for all blocks. Rows are taken less their least
// value, which leaves c as it is: what is silent is 0. The rounding of a transform is a share of the norms of template and
// frame; at a lag where hardly anything of them meets, the sum is taken directly instead.
import { POINT, backwards, first4, forwards, put } from "./transform";

const LEAST_VARIANCE: f64 = 1e-12;
const ROUGH: f32 = 30; // norms over deviations at a lag, from which on a transform's rounding (10⁻⁷ of them) shows in c

// The plan: int32 words that all kernels share.
@inline function nFft(plan: usize): i32 { return load<i32>(plan); }
@inline function nBlocks(plan: usize): i32 { return load<i32>(plan, 4); }
@inline function blockStep(plan: usize): i32 { return load<i32>(plan, 8); }
@inline function nLags(plan: usize): i32 { return load<i32>(plan, 12); }
// bins of a template, where it starts in a row of the raster, and bins of a row
@inline function length(plan: usize): i32 { return load<i32>(plan, 16); }
@inline function start(plan: usize): i32 { return load<i32>(plan, 20); }
@inline function nDepths(plan: usize): i32 { return load<i32>(plan, 24); }
// where a frame starts in a row, its bins, and the zeros before them
@inline function low(plan: usize): i32 { return load<i32>(plan, 28); }
@inline function inside(plan: usize): i32 { return load<i32>(plan, 32); }
@inline function pad(plan: usize): i32 { return load<i32>(plan, 36); }

// One template's spectrum, scaled by 1/n: [n/4, blocks, 4 points] pairs. A frame's: the same, of POINT each.
@inline function spectrumBytes<T>(plan: usize): usize { return <usize>(nFft(plan) * nBlocks(plan)) * 2 * sizeof<T>(); }
// Tables of moments, of a template and of eight frames: entry L has (‖w·A‖, its largest product with α), (‖X‖, with γ).
@inline function rowTable(plan: usize): usize { return <usize>(nLags(plan) + 1) << 3; }
@inline function frameTable(plan: usize): usize { return <usize>(nLags(plan) + 1) << 6; }
@inline function frameBytes(plan: usize): usize { return <usize>(nFft(plan) * nBlocks(plan)) * POINT; }

function least(row: usize, n: i32): f64 {
  let least = Infinity;
  for (let d: usize = 0; d < <usize>n; d++) least = min(least, <f64>load<f32>(row + (d << 2)));
  return least;
}

// Lane `lane` of the transform of one block into its place among the blocks.
function keepLane<T>(plan: usize, work: usize, block: i32, lane: usize, spectrum: usize): void {
  const n = nFft(plan), scale = <T>1 / <T>n;
  let to = spectrum + <usize>(block * 8) * sizeof<T>(), from = work + lane * sizeof<T>();
  for (let q = 0; q < n; q += 4, to += <usize>(nBlocks(plan) * 8) * sizeof<T>()) {
    for (let p: usize = 0; p < 4; p++, from += POINT) {
      store<T>(to + 2 * p * sizeof<T>(), scale * load<T>(from));
      store<T>(to + (2 * p + 1) * sizeof<T>(), scale * load<T>(from, 16));
    }
  }
}

function keepPoints(plan: usize, work: usize, block: i32, frames: usize): void {
  const end = work + <usize>nFft(plan) * POINT, quad = 4 * POINT;
  let to = frames + <usize>block * quad;
  for (let from = work; from < end; from += quad, to += <usize>nBlocks(plan) * quad) memory.copy(to, from, quad);
}

// Σ over blocks of conj(template)·frame, and the first stage of the transform back, of two templates at a time: then a frame
// is read once for both. Sums of two points of each stay in registers.
@inline function halfQuad<T>(t: usize, u: usize, x: usize, blocks: i32, a: usize, b: usize): void {
  let r0 = v128.splat<T>(<T>0), i0 = r0, r1 = r0, i1 = r0, r2 = r0, i2 = r0, r3 = r0, i3 = r0;
  for (let n = 0; n < blocks; n++, t += 8 * sizeof<T>(), u += 8 * sizeof<T>(), x += 4 * POINT) {
    let xr = v128.load(x), xi = v128.load(x, 16), c = v128.load_splat<T>(t), s = v128.load_splat<T>(t + sizeof<T>());
    r0 = v128.add<T>(r0, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i0 = v128.add<T>(i0, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    c = v128.load_splat<T>(u); s = v128.load_splat<T>(u + sizeof<T>());
    r2 = v128.add<T>(r2, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i2 = v128.add<T>(i2, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    xr = v128.load(x, 32); xi = v128.load(x, 48); c = v128.load_splat<T>(t + 2 * sizeof<T>()); s = v128.load_splat<T>(t + 3 * sizeof<T>());
    r1 = v128.add<T>(r1, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i1 = v128.add<T>(i1, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    c = v128.load_splat<T>(u + 2 * sizeof<T>()); s = v128.load_splat<T>(u + 3 * sizeof<T>());
    r3 = v128.add<T>(r3, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i3 = v128.add<T>(i3, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
  }
  put(a, r0, i0); put(a + POINT, r1, i1);
  put(b, r2, i2); put(b + POINT, r3, i3);
}

function multiply<T>(plan: usize, t: usize, u: usize, x: usize, a: usize, b: usize): void {
  const end = a + <usize>nFft(plan) * POINT, blocks = nBlocks(plan), half = 4 * sizeof<T>();
  const next = <usize>blocks * 8 * sizeof<T>(), nextFrame = <usize>blocks * 4 * POINT;
  for (; a < end; a += 4 * POINT, b += 4 * POINT, t += next, u += next, x += nextFrame) {
    halfQuad<T>(t, u, x, blocks, a, b);
    halfQuad<T>(t + half, u + half, x + 2 * POINT, blocks, a + 2 * POINT, b + 2 * POINT);
    first4<T>(a);
    if (b != a) first4<T>(b);
  }
}

function correlate64(plan: usize, spectrum: usize, frames: usize, twiddles: usize, work: usize): void {
  multiply<f64>(plan, spectrum, spectrum, frames, work, work);
  backwards<f64>(work, nFft(plan), twiddles, nLags(plan));
}

// α = 1/(N·sd) and β = E/sd of a template at one lag, both 0 (and c with them) where it does not vary; sums of q·(A − shift) and its square.
@inline function putRow(at: usize, total: f64, sum: f64, square: f64, shift: f64): void {
  let scale: f64 = 0, mean: f64 = 0;
  if (total > 0) {
    mean = sum / total;
    const variance = square / total - mean * mean, raw = mean + shift;
    if (variance > LEAST_VARIANCE * (variance + raw * raw)) scale = 1 / Math.sqrt(variance);
  }
  store<f32>(at, total > 0 ? <f32>(scale / total) : 0);
  store<f32>(at, <f32>(mean * scale), 4);
}

// [L] (α, β) of a template. Lags that leave its first bins without data sum from the end, the others from the start, so
// that nothing is subtracted.
function rowMoments(plan: usize, row: usize, weights: usize, totals: usize, shift: f64, out: usize): void {
  const n = length(plan), zeros = pad(plan);
  let sum: f64 = 0, square: f64 = 0, k = n;
  for (let lag = 0; lag < zeros; lag++) {
    while (k > min(n, zeros - lag)) {
      k--;
      const d = <f64>load<f32>(row + (<usize>k << 2)) - shift, wd = load<f64>(weights + (<usize>k << 3)) * d;
      sum += wd;
      square += wd * d;
    }
    putRow(out + (<usize>lag << 3), load<f64>(totals + (<usize>lag << 3)), sum, square, shift);
  }
  sum = 0; square = 0; k = 0;
  for (let lag = nLags(plan) - 1; lag >= zeros; lag--) {
    for (; k < min(n, inside(plan) - (lag - zeros)); k++) {
      const d = <f64>load<f32>(row + (<usize>k << 2)) - shift, wd = load<f64>(weights + (<usize>k << 3)) * d;
      sum += wd;
      square += wd * d;
    }
    putRow(out + (<usize>lag << 3), load<f64>(totals + (<usize>lag << 3)), sum, square, shift);
  }
}

/**
 * Templates from … to − 1. rows: [R, D]; weights: [length] float64; totals: [L] float64 N; spectra: per template;
 * moments: [R, L + 1] (α, β). work: n points, of this thread.
 */
export function dredgeTemplates(
  plan: usize, rows: usize, weights: usize, totals: usize, twiddles: usize, from: i32, to: i32,
  spectra: usize, moments: usize, work: usize,
): void {
  const n = nFft(plan), step = blockStep(plan), count = length(plan), rowBytes = <usize>nDepths(plan) << 2;
  for (let row = from; row < to; row++) {
    const values = rows + <usize>row * rowBytes + (<usize>start(plan) << 2);
    const shift = least(values, count), table = moments + <usize>row * rowTable(plan);
    rowMoments(plan, values, weights, totals, shift, table);
    let square: f64 = 0, largest: f32 = 0;
    for (let k: usize = 0; k < <usize>count; k++) {
      const d = load<f64>(weights + (k << 3)) * (<f64>load<f32>(values + (k << 2)) - shift);
      square += d * d;
    }
    for (let lag = 0; lag < nLags(plan); lag++) largest = max(largest, load<f32>(table + (<usize>lag << 3)));
    const norm = <f32>Math.sqrt(square), last = table + (<usize>nLags(plan) << 3);
    store<f32>(last, norm);
    store<f32>(last, norm * largest, 4);
    for (let block = 0; block < nBlocks(plan); block++) {
      memory.fill(work, 0, <usize>n * POINT);
      const first = block * step;
      for (let k = first; k < min(count, first + step); k++) {
        const d = <f64>load<f32>(values + (<usize>k << 2)) - shift;
        store<f32>(work + <usize>(k - first) * POINT, <f32>(load<f64>(weights + (<usize>k << 3)) * d));
      }
      forwards<f32>(work, n, twiddles);
      keepLane<f32>(plan, work, block, 0, spectra + <usize>row * spectrumBytes<f32>(plan));
    }
  }
}

// Where a frame's data begin.
@inline function frame(plan: usize, columns: usize, column: i32): usize {
  return columns + (<usize>(column * nDepths(plan) + low(plan)) << 2);
}


// A row less its shift from bin `first` of the frame on, zeros beyond its ends, into one lane; its square `square` bytes on.
@inline function stretch<T>(plan: usize, row: usize, shift: f64, first: i32, lane: usize, square: usize): void {
  const zeros = pad(plan), end = zeros + inside(plan);
  let to = lane;
  for (let t = first; t < first + nFft(plan); t++, to += POINT) {
    const d = t >= zeros && t < end ? <f64>load<f32>(row + (<usize>(t - zeros) << 2)) - shift : 0;
    store<T>(to, <T>d);
    if (square > 0) store<T>(to + square, <T>(d * d));
  }
}

// γ = 1/sd and δ = E/sd of a frame at every lag, both 0 where it does not vary, from Σq·X and Σq·X² as the real and the imaginary parts.
function putFrames(plan: usize, work: usize, totals: usize, lane: usize, row: usize, shift: f64, out: usize): void {
  let largest: f64 = 0, steepest: f32 = 0, norm: f64 = 0;
  for (let d: usize = 0; d < <usize>inside(plan); d++) {
    const x = <f64>load<f32>(row + (d << 2)) - shift;
    norm += x * x;
  }
  const lags = <usize>nLags(plan);
  for (let lag: usize = 0; lag < lags; lag++) largest = max(largest, load<f64>(work + lag * POINT + lane, 16));
  for (let lag: usize = 0; lag < lags; lag++) {
    const total = load<f64>(totals + (lag << 3)), at = work + lag * POINT + lane;
    let mean: f64 = 0, scale: f64 = 0;
    if (total > 0) {
      mean = load<f64>(at) / total;
      const variance = load<f64>(at, 16) / total - mean * mean, raw = mean + shift;
      // the sums are as exact as the largest of them
      if (variance > LEAST_VARIANCE * max(variance + raw * raw, largest / total)) scale = 1 / Math.sqrt(variance);
    }
    store<f32>(out + (lag << 6), <f32>scale);
    store<f32>(out + (lag << 6), <f32>(mean * scale), 32);
    steepest = max(steepest, <f32>scale);
  }
  store<f32>(out + (lags << 6), <f32>Math.sqrt(norm));
  store<f32>(out + (lags << 6), <f32>Math.sqrt(norm) * steepest, 32);
}

/**
 * Frames of the groups of eight first, first + every, …. columns: [C, D]; frames: per group; moments: per group
 * [L + 1] 8 γ and 8 δ. work: n points and 64 bytes; window, stretches: a spectrum and a frame in float64, of this thread.
 */
export function dredgeFrames(
  plan: usize, columns: usize, nColumns: i32, weights: usize, totals: usize, twiddles: usize, twiddles64: usize,
  first: i32, every: i32, frames: usize, moments: usize, work: usize, window: usize, stretches: usize,
): void {
  const n = nFft(plan), step = blockStep(plan);
  for (let block = 0; block < nBlocks(plan); block++) {
    memory.fill(work, 0, <usize>n * POINT);
    for (let k = block * step; k < min(length(plan), block * step + step); k++)
      store<f64>(work + <usize>(k - block * step) * POINT, load<f64>(weights + (<usize>k << 3)));
    forwards<f64>(work, n, twiddles64);
    keepLane<f64>(plan, work, block, 0, window);
  }
  for (let group = first; group * 8 < nColumns; group += every) {
    const spectrum = frames + <usize>group * frameBytes(plan), table = moments + <usize>group * frameTable(plan);
    const shifts = work + <usize>n * POINT;
    // beyond the last column the last one stands in: nobody reads what it gives
    for (let lane = 0; lane < 8; lane++) store<f64>(shifts + (<usize>lane << 3), least(frame(plan, columns, min(nColumns - 1, group * 8 + lane)), inside(plan)));
    for (let block = 0; block < nBlocks(plan); block++) {
      for (let lane = 0; lane < 8; lane++) {
        const row = frame(plan, columns, min(nColumns - 1, group * 8 + lane));
        stretch<f32>(plan, row, load<f64>(shifts + (<usize>lane << 3)), block * step, work + (<usize>lane << 2), 0);
      }
      forwards<f32>(work, n, twiddles);
      keepPoints(plan, work, block, spectrum);
    }
    for (let lane = 0; lane < 8; lane += 2) {
      const a = frame(plan, columns, min(nColumns - 1, group * 8 + lane)), b = frame(plan, columns, min(nColumns - 1, group * 8 + lane + 1));
      const shiftA = load<f64>(shifts + (<usize>lane << 3)), shiftB = load<f64>(shifts + (<usize>lane << 3), 8);
      for (let block = 0; block < nBlocks(plan); block++) {
        stretch<f64>(plan, a, shiftA, block * step, work, 16);
        stretch<f64>(plan, b, shiftB, block * step, work + 8, 16);
        forwards<f64>(work, n, twiddles64);
        keepPoints(plan, work, block, stretches);
      }
      correlate64(plan, window, stretches, twiddles64, work);
      putFrames(plan, work, totals, 0, a, shiftA, table + (<usize>lane << 2));
      putFrames(plan, work, totals, 8, b, shiftB, table + (<usize>lane << 2) + 4);
    }
  }
}

// The first largest c = P·α·γ − β·δ of eight pairs.
function bestLags(plan: usize, work: usize, row: usize, frames: usize, best: usize, bestLag: usize): void {
  let c0 = f32x4.splat(-Infinity), c1 = c0, l0 = i32x4.splat(0), l1 = l0, lag = l0;
  const end = row + (<usize>nLags(plan) << 3), one = i32x4.splat(1);
  for (let r = row, f = frames, p = work; r < end; r += 8, f += 64, p += POINT) {
    const a = v128.load32_splat(r), b = v128.load32_splat(r, 4);
    let c = f32x4.sub(f32x4.mul(f32x4.mul(v128.load(p), a), v128.load(f)), f32x4.mul(b, v128.load(f, 32)));
    let above = f32x4.gt(c, c0);
    c0 = f32x4.pmax(c0, c);
    l0 = v128.bitselect(lag, l0, above);
    c = f32x4.sub(f32x4.mul(f32x4.mul(v128.load(p, 16), a), v128.load(f, 16)), f32x4.mul(b, v128.load(f, 48)));
    above = f32x4.gt(c, c1);
    c1 = f32x4.pmax(c1, c);
    l1 = v128.bitselect(lag, l1, above);
    lag = i32x4.add(lag, one);
  }
  v128.store(best, c0); v128.store(best, c1, 16);
  v128.store(bestLag, l0); v128.store(bestLag, l1, 16);
}

// Σq·A·X of one pair at one lag, as it is written.
function directSum(plan: usize, row: usize, shiftA: f64, frame: usize, shiftX: f64, weights: usize, lag: i32): f64 {
  const zeros = pad(plan), end = min(length(plan), zeros + inside(plan) - lag);
  let sum: f64 = 0;
  for (let k = max(0, zeros - lag); k < end; k++) {
    const d = <f64>load<f32>(row + (<usize>k << 2)) - shiftA;
    sum += load<f64>(weights + (<usize>k << 3)) * d * (<f64>load<f32>(frame + (<usize>(k + lag - zeros) << 2)) - shiftX);
  }
  return sum;
}

// Sums of a template with eight frames that a transform gives too roughly, anew.
function repair(
  plan: usize, sums: usize, values: usize, row: usize, columns: usize, nColumns: i32, column: i32, table: usize, weights: usize,
): void {
  const last = <usize>nLags(plan), norm = load<f32>(row + (last << 3)), worst = load<f32>(row + (last << 3), 4);
  for (let lane = 0; lane < min(8, nColumns - column); lane++) {
    const at = table + (<usize>lane << 2);
    if (!(worst * load<f32>(at + (last << 6), 32) > ROUGH)) continue;
    const x = frame(plan, columns, column + lane), scale = norm * load<f32>(at + (last << 6));
    const shiftA = least(values, length(plan)), shiftX = least(x, inside(plan));
    for (let lag: usize = 0; lag < last; lag++) {
      if (scale * load<f32>(row + (lag << 3)) * load<f32>(at + (lag << 6)) > ROUGH)
        store<f32>(sums + lag * POINT + (<usize>lane << 2), <f32>directSum(plan, values, shiftA, x, shiftX, weights, <i32>lag));
    }
  }
}

/**
 * Pairs number from … to − 1 of rows [R, D] and columns [C, D], counted by runs of `run` templates, then by groups of eight frames. spectra, rowMoments,
 * frames, frameMoments: as the kernels before left them. correlation, lag: [R, C]. work: 2·n points and 64 bytes, of this thread.
 */
export function dredgePairs(
  plan: usize, rows: usize, columns: usize, weights: usize, nRows: i32, nColumns: i32, run: i32, twiddles: usize,
  spectra: usize, rowMoments: usize, frames: usize, frameMoments: usize, from: i32, to: i32, correlation: usize, lag: usize, work: usize,
): void {
  const groups = (nColumns + 7) >> 3, second = work + <usize>nFft(plan) * POINT, best = second + <usize>nFft(plan) * POINT;
  for (let item = from; item < to; item++) {
    const group = item % groups, first = item / groups * run, column = group * 8;
    const spectrum = frames + <usize>group * frameBytes(plan), table = frameMoments + <usize>group * frameTable(plan);
    const bytes = <usize>min(8, nColumns - column) << 2;
    const last = min(nRows, first + run) - 1;
    for (let row = first; row <= last; row += 2) {
      const a = spectra + <usize>row * spectrumBytes<f32>(plan), b = spectra + <usize>min(last, row + 1) * spectrumBytes<f32>(plan);
      multiply<f32>(plan, a, b, spectrum, work, second);
      for (let i = row; i <= min(last, row + 1); i++) {
        const sums = i == row ? work : second, at = <usize>(i * nColumns + column) << 2;
        backwards<f32>(sums, nFft(plan), twiddles, nLags(plan));
        const values = rows + (<usize>(i * nDepths(plan) + start(plan)) << 2), moments = rowMoments + <usize>i * rowTable(plan);
        repair(plan, sums, values, moments, columns, nColumns, column, table, weights);
        bestLags(plan, sums, moments, table, best, best + 32);
        memory.copy(correlation + at, best, bytes);
        memory.copy(lag + at, best + 32, bytes);
      }
    }
  }
}
