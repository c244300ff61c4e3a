import type { Samples } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";

/** A number type of raw files. */
export interface RawType {
  bytes: number;
  /** added to every number: Kilosort reads unsigned files around their middle */
  shift: number;
  view(buffer: ArrayBufferLike, offset: number, length: number): ArrayLike<number>;
}

const type = (bytes: number, shift: number, view: RawType["view"]): RawType => ({ bytes, shift, view });
const int16 = type(2, 0, (...at) => new Int16Array(...at));
const uint16 = type(2, -32768, (...at) => new Uint16Array(...at));
const int32 = type(4, 0, (...at) => new Int32Array(...at));
const float32 = type(4, 0, (...at) => new Float32Array(...at));
const float64 = type(8, 0, (...at) => new Float64Array(...at));

/** By numpy's long and short names. Little-endian. */
export const RAW_TYPES: ReadonlyMap<string, RawType> = new Map([
  ["int16", int16],
  ["uint16", uint16],
  ["int32", int32],
  ["float32", float32],
  ["float64", float64],
  ["i2", int16],
  ["u2", uint16],
  ["i4", int32],
  ["f4", float32],
  ["f8", float64],
]);

/** How samples lie in raw files: sample by sample, all columns of one together. */
export interface RawLayout {
  type: RawType;
  nColumns: number;
  /** columns that are read, in this order */
  columns: readonly number[];
  /** bytes before the first sample of each file */
  offset: number;
}

/**
 * Reads samples [from, to) of files that follow each other without a gap, as [to − from, columns.length]: int16 as they
 * are, other types as float32.
 */
export function rawSamples(
  parts: readonly { binary: ByteSource; nSamples: number }[],
  layout: RawLayout,
): (from: number, to: number) => Promise<Samples> {
  const { type: kind, nColumns, columns, offset } = layout;
  const sampleBytes = nColumns * kind.bytes;
  const isInt16 = kind === int16;
  return async (from, to) => {
    const out = isInt16 ? new Int16Array((to - from) * columns.length) : new Float32Array((to - from) * columns.length);
    let first = 0;
    for (const { binary, nSamples } of parts) {
      const [a, b] = [Math.max(from, first), Math.min(to, first + nSamples)];
      if (a < b) {
        const start = offset + (a - first) * sampleBytes;
        const bytes = await binary.read(start, start + (b - a) * sampleBytes);
        gather(numbersOf(bytes, kind), layout, b - a, out.subarray((a - from) * columns.length));
      }
      first += nSamples;
    }
    return out;
  };
}

function numbersOf(bytes: Uint8Array, { bytes: size, view }: RawType): ArrayLike<number> {
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return view(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

function gather(
  values: ArrayLike<number>,
  { type: { shift }, nColumns, columns }: RawLayout,
  n: number,
  out: Samples,
): void {
  const nRead = columns.length;
  for (let s = 0; s < n; s++) {
    for (let k = 0; k < nRead; k++) out[s * nRead + k] = values[s * nColumns + columns[k]] + shift;
  }
}
