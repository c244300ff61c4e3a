import type { PeakSign } from "../../core/exclusivePeaks.ts";
import type { SimdPool } from "./pool.ts";

/**
 * Layout and calls of the SIMD kernel `peakCandidates`. The traces pass through the pool's memory in blocks that stay in
 * the cache, each with the rows before and after it; every thread scans its share of a block into a list of its own.
 */
const signBits = { neg: 1, pos: 2, both: 3 } as const;
const blockFloats = 1 << 19;

interface Plan {
  nChannels: number;
  rowsPerThread: number;
  tileAt: number;
  thresholdsAt: number;
  countsAt: number;
  listsAt: number;
  /** room for the candidates of one thread: every sample may be one */
  capacity: number;
}

function planBlocks(pool: SimdPool, nChannels: number, nRows: number): Plan {
  const perBlock = Math.min(nRows, Math.max(1, Math.floor(blockFloats / nChannels)));
  const rowsPerThread = Math.ceil(perBlock / pool.nThreads);
  const capacity = rowsPerThread * nChannels;
  const tileAt = pool.heap;
  const thresholdsAt = tileAt + 4 * (rowsPerThread * pool.nThreads + 2) * nChannels;
  const countsAt = thresholdsAt + 4 * nChannels;
  const listsAt = countsAt + 4 * pool.nThreads;
  pool.reserve(listsAt - pool.heap + 4 * capacity * pool.nThreads);
  return { nChannels, rowsPerThread, tileAt, thresholdsAt, countsAt, listsAt, capacity };
}

/** Copy rows [from − 1, to + 1) of the traces, zeros beyond their ends. */
function loadBlock(pool: SimdPool, plan: Plan, traces: Float32Array, from: number, to: number): void {
  const { nChannels, tileAt } = plan;
  const tile = pool.floats(tileAt, (to - from + 2) * nChannels);
  const low = Math.max(0, (from - 1) * nChannels);
  const high = Math.min(traces.length, (to + 1) * nChannels);
  if (from === 0) tile.fill(0, 0, nChannels);
  tile.set(traces.subarray(low, high), low - (from - 1) * nChannels);
  if (high < (to + 1) * nChannels) tile.fill(0, tile.length - nChannels);
}

/** As core/exclusivePeaks.peakCandidates: ascending flat indices. traces: [T, C]; thresholds: [C]. */
export function peakCandidatesSimd(
  pool: SimdPool,
  traces: Float32Array,
  thresholds: Float32Array,
  sign: PeakSign,
): Int32Array {
  const nChannels = thresholds.length;
  const nRows = traces.length / nChannels;
  const plan = planBlocks(pool, nChannels, nRows);
  const { rowsPerThread, tileAt, thresholdsAt, countsAt, listsAt, capacity } = plan;
  pool.floats(thresholdsAt, nChannels).set(thresholds);
  const firstRow = tileAt + 4 * nChannels;
  const found: Int32Array[] = [];
  for (let from = 0; from < nRows; from += rowsPerThread * pool.nThreads) {
    const to = Math.min(nRows, from + rowsPerThread * pool.nThreads);
    loadBlock(pool, plan, traces, from, to);
    const shares = Array.from({ length: pool.nThreads }, (_, t) => {
      const low = Math.min(to - from, t * rowsPerThread);
      const high = Math.min(to - from, low + rowsPerThread);
      const list = listsAt + 4 * capacity * t;
      return [firstRow, thresholdsAt, nChannels, signBits[sign], low, high, list, countsAt + 4 * t];
    });
    pool.run("peakCandidates", shares);
    pool.ints(countsAt, pool.nThreads).forEach((n, t) => {
      found.push(pool.ints(listsAt + 4 * capacity * t, n).map((i) => from * nChannels + i));
    });
  }
  const all = new Int32Array(found.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of found) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
