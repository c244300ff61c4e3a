import { Layout } from "./localizeTiles.ts";
import type { SimdPool } from "./pool.ts";

/** The same meaning as core/histogramLosses.meanEntropy, per bin: entropy [T], grad [T, V]. Views of the pool's memory. */
export function entropyTiles(
  pool: SimdPool,
  histogram: Float32Array,
  valid: Float32Array,
  nValid: number,
): { entropy: Float32Array; grad: Float32Array } {
  const nBins = valid.length;
  const layout = new Layout(pool.heap);
  const at = {
    histogram: layout.take(4 * histogram.length),
    valid: layout.take(4 * nBins),
    entropy: layout.take(4 * nBins),
    grad: layout.take(4 * histogram.length),
  };
  pool.reserve(layout.bytes);
  pool.floats(at.histogram, histogram.length).set(histogram);
  pool.floats(at.valid, nBins).set(valid);
  const share = Math.ceil(nBins / pool.nThreads);
  pool.run(
    "entropyRows",
    Array.from({ length: pool.nThreads }, (_, i) => [
      at.histogram,
      at.valid,
      at.entropy,
      at.grad,
      Math.min(nBins, i * share),
      Math.min(nBins, (i + 1) * share),
      histogram.length / nBins,
      nValid,
    ]),
  );
  return { entropy: pool.floats(at.entropy, nBins), grad: pool.floats(at.grad, histogram.length) };
}
