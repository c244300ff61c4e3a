import type { PeakSign } from "../../core/exclusivePeaks.ts";
import type { SimdPool } from "./pool.ts";

/** Layout and calls of the SIMD kernel `peakCandidates`: each thread scans its share of the rows into a list of its own. */
const signBits = { neg: 1, pos: 2, both: 3 } as const;

/** Expected at most: one candidate in this many samples. More are found by a second pass with room for all. */
const samplesPerCandidate = 16;

/** As core/exclusivePeaks.peakCandidates: ascending flat indices. traces: [T, C]; thresholds: [C]. */
export function peakCandidatesSimd(
  pool: SimdPool,
  traces: Float32Array,
  thresholds: Float32Array,
  sign: PeakSign,
): Int32Array {
  const nChannels = thresholds.length;
  const nRows = traces.length / nChannels;
  const rowsPerThread = Math.ceil(nRows / pool.nThreads);
  const nFloats = traces.length + 2 * nChannels;
  const thresholdsAt = pool.heap + 4 * nFloats;
  const countsAt = thresholdsAt + 4 * nChannels;
  const listsAt = countsAt + 4 * pool.nThreads;
  const all = rowsPerThread * nChannels;
  for (let capacity = Math.ceil(all / samplesPerCandidate); ; capacity = all) {
    pool.reserve(listsAt - pool.heap + 4 * capacity * pool.nThreads);
    const tile = pool.floats(pool.heap, nFloats);
    tile.fill(0, 0, nChannels);
    tile.set(traces, nChannels);
    tile.fill(0, nFloats - nChannels);
    pool.floats(thresholdsAt, nChannels).set(thresholds);
    const shares = Array.from({ length: pool.nThreads }, (_, t) => {
      const from = Math.min(nRows, t * rowsPerThread);
      const to = Math.min(nRows, from + rowsPerThread);
      const list = listsAt + 4 * capacity * t;
      return [
        pool.heap + 4 * nChannels,
        thresholdsAt,
        nChannels,
        signBits[sign],
        from,
        to,
        list,
        capacity,
        countsAt + 4 * t,
      ];
    });
    pool.run("peakCandidates", shares);
    const counts = pool.ints(countsAt, pool.nThreads);
    if (Math.max(...counts) > capacity) continue;
    const found = new Int32Array(counts.reduce((sum, n) => sum + n, 0));
    let at = 0;
    counts.forEach((n, t) => {
      found.set(pool.ints(listsAt + 4 * capacity * t, n), at);
      at += n;
    });
    return found;
  }
}
