// AssemblyScript. DREDge's correlation of templates with frames at every lag, in the frequency domain. The formula stands in
// src/core/dredge/crossCorrelation.ts; how the work is laid out, in ../correlationTiles.ts.
//
// A template is cut into blocks of `step` bins. A transform of n = step + L − 1 points or more of a block, padded with zeros,
// and of the stretch of a frame that begins where the block does gives the block's part of Σq·A·X at all L lags without
// wrapping around. Parts are added as spectra, so that one transform back does for all blocks. Rows are taken less their least
// value, which leaves c as it is: what is silent is 0. The rounding of a transform is a share of the norms of template and
// frame; at a lag where hardly anything of them meets, the sum is taken directly instead.
import { multiply } from "./dredgeSpectra";
import { frame, frameBytes, frameTable, inside, least, length, nDepths, nFft, nLags, pad, rowTable, spectrumBytes, start } from "./dredgePlan";
import { POINT, backwards } from "./transform";

const ROUGH: f32 = 30; // norms over deviations at a lag, from which on a transform's rounding (10⁻⁷ of them) shows in c

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
