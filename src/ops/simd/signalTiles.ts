import type { ReferenceGroups } from "../../core/commonReference.ts";
import type { SpectralFrame } from "../../core/spectralFilter.ts";
import type { Arrays } from "../defineOp.ts";
import type { SimdPool } from "./pool.ts";

/** Layout and calls of the SIMD kernels `spectralTile` and `referenceRows`. */
const eights = (n: number) => Math.ceil(n / 8) * 8;

/** Hands out regions of the pool's memory in whole cache lines, then reserves them at once. */
function layOut(pool: SimdPool, words: number[]): number[] {
  let pointer = pool.heap;
  const pointers = words.map((n) => {
    const at = pointer;
    pointer += Math.ceil(n / 16) * 64;
    return at;
  });
  pool.reserve(pointer - pool.heap);
  return pointers;
}

/** What depends on the length of the transform alone. */
const tables = new Map<number, { twiddles: Float32Array; order: Int32Array }>();

/** exp(−2πi·j/N) as pairs, and the bit-reversed number of every place. */
export function transformTables(nFft: number): { twiddles: Float32Array; order: Int32Array } {
  let table = tables.get(nFft);
  if (!table) {
    const twiddles = new Float32Array(2 * nFft);
    const order = new Int32Array(nFft);
    for (let j = 0; j < nFft; j++) {
      twiddles[2 * j] = Math.cos((2 * Math.PI * j) / nFft);
      twiddles[2 * j + 1] = -Math.sin((2 * Math.PI * j) / nFft);
      order[j] = j === 0 ? 0 : (order[j >> 1] >> 1) | ((j & 1) * (nFft >> 1));
    }
    table = { twiddles, order };
    tables.set(nFft, table);
  }
  return table;
}

/** See core/spectralFilter; samples are packed int16 or float32. Returns a view of the pool's memory, [to − from, C]. */
export function spectralTiles(pool: SimdPool, inputs: Arrays, frame: SpectralFrame): Float32Array {
  const { samples, columns, gains, delays, response, window } = inputs;
  const { nRows, nColumns, nFft, from, to } = frame;
  const nChannels = columns.length;
  const nOut = (to - from) * nChannels;
  const padded = eights(nChannels);
  const scratchWords = 8 * nFft + 16 * (66 + nFft / 128);
  const sizes = [samples.length, padded, padded, padded, nRows, response.length, 2 * nFft, nFft, nOut];
  const pointers = layOut(pool, [...sizes, ...Array<number>(pool.nThreads).fill(scratchWords)]);
  const [samplesAt, columnsAt, gainsAt, delaysAt, windowAt, responseAt, twiddlesAt, orderAt, outAt] = pointers;
  const isFloat = samples instanceof Float32Array ? 1 : 0;
  if (isFloat) pool.floats(samplesAt, samples.length).set(samples);
  else pool.ints(samplesAt, samples.length).set(samples);
  pool.ints(columnsAt, padded).fill(0).set(columns);
  pool.floats(gainsAt, padded).fill(0).set(gains);
  pool.floats(delaysAt, padded).fill(0).set(delays);
  pool.floats(windowAt, nRows).set(window);
  pool.floats(responseAt, response.length).set(response);
  const { twiddles, order } = transformTables(nFft);
  pool.floats(twiddlesAt, twiddles.length).set(twiddles);
  pool.ints(orderAt, nFft).set(order);
  const shared = [samplesAt, isFloat, nRows, nColumns, columnsAt, gainsAt, delaysAt, nChannels];
  const frameArgs = [windowAt, responseAt, twiddlesAt, orderAt, nFft, from, to, outAt];
  pool.run(
    "spectralTile",
    Array.from({ length: pool.nThreads }, (_, i) => [
      ...shared,
      ...frameArgs,
      i,
      pool.nThreads,
      pointers[sizes.length + i],
    ]),
  );
  return pool.floats(outAt, nOut);
}

/** See core/commonReference. values: [T, C]. Returns a view of the pool's memory. */
export function referenceTiles(pool: SimdPool, values: Float32Array, groups: ReferenceGroups): Float32Array {
  const { groupOf, offsets, members } = groups;
  const nChannels = groupOf.length;
  const nGroups = offsets.length - 1;
  const nRows = values.length / nChannels;
  const scratchWords = 4 * (2 * nChannels + nGroups + 24);
  const sizes = [values.length, nGroups + 1, members.length, nChannels, values.length];
  const pointers = layOut(pool, [...sizes, ...Array<number>(pool.nThreads).fill(scratchWords)]);
  const [valuesAt, offsetsAt, membersAt, groupOfAt, outAt] = pointers;
  pool.floats(valuesAt, values.length).set(values);
  pool.ints(offsetsAt, nGroups + 1).set(offsets);
  pool.ints(membersAt, members.length).set(members.map((c) => 16 * c));
  pool.ints(groupOfAt, nChannels).set(groupOf);
  const share = 4 * Math.ceil(nRows / 4 / pool.nThreads);
  pool.run(
    "referenceRows",
    Array.from({ length: pool.nThreads }, (_, i) => [
      ...[valuesAt, nChannels, offsetsAt, membersAt, groupOfAt, nGroups],
      ...[Math.min(nRows, i * share), Math.min(nRows, (i + 1) * share), outAt, pointers[sizes.length + i]],
    ]),
  );
  return pool.floats(outAt, values.length);
}
