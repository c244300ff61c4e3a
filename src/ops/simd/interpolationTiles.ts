import type { SimdPool } from "./pool.ts";

/** Layout and call of the SIMD kernel `interpolateRows`. */

/** Floats to whole cache lines, in bytes. */
const lines = (n: number) => 64 * Math.ceil(n / 16);

/**
 * See core/traceInterpolation. traces: [T, nChannels]; sources and weights: [nTargets, nPerTarget]. Returns a view of the
 * pool's memory, [T, nTargets].
 */
export function interpolationTiles(
  pool: SimdPool,
  traces: Float32Array,
  [nRows, nChannels]: readonly number[],
  sources: Int32Array,
  weights: Float32Array,
  [nTargets, nPerTarget]: readonly number[],
): Float32Array {
  const tracesAt = pool.heap;
  const sourcesAt = tracesAt + lines(traces.length);
  const weightsAt = sourcesAt + lines(sources.length);
  const outAt = weightsAt + lines(weights.length);
  const scratchAt = outAt + lines(nRows * nTargets);
  const scratchBytes = 64 * nChannels;
  pool.reserve(scratchAt + pool.nThreads * scratchBytes - pool.heap);
  pool.floats(tracesAt, traces.length).set(traces);
  const offsets = pool.ints(sourcesAt, sources.length);
  for (let i = 0; i < sources.length; i++) offsets[i] = 16 * sources[i];
  pool.floats(weightsAt, weights.length).set(weights);
  const share = 16 * Math.ceil(nRows / 16 / pool.nThreads);
  pool.run(
    "interpolateRows",
    Array.from({ length: pool.nThreads }, (_, i) => [
      ...[tracesAt, nChannels, sourcesAt, weightsAt, nTargets, nPerTarget],
      ...[Math.min(nRows, i * share), Math.min(nRows, (i + 1) * share), outAt, scratchAt + i * scratchBytes],
    ]),
  );
  return pool.floats(outAt, nRows * nTargets);
}
