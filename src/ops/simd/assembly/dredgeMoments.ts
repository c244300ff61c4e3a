// AssemblyScript. What DREDge's correlation needs of each template and each frame of a tile on its own: the spectra of its
// blocks, and at every lag its mean and deviation. How the pairs use them: dredgeCorrelation.ts.
import { multiply } from "./dredgeSpectra";
import { blockStep, frame, frameBytes, frameTable, inside, least, length, nBlocks, nDepths, nFft, nLags, pad, rowTable, spectrumBytes, start } from "./dredgePlan";
import { POINT, backwards, forwards } from "./transform";

const LEAST_VARIANCE: f64 = 1e-12;

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
