import { AppError } from "../../core/errors.ts";
import type { Hdf5Metadata } from "./engine.ts";

export type NumberType = "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8" | "f4" | "f8";

const ARRAYS = {
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

export type NumberArray = InstanceType<(typeof ARRAYS)[NumberType]>;

const WORDS: Record<number, string> = {
  2: "times",
  3: "text",
  5: "bytes of no type",
  6: "records",
  7: "references",
  9: "lists",
  10: "arrays",
};
const [INTEGER, FLOAT, ENUMERATION] = [0, 1, 8];

export function isNumberType({ type, size, signed }: Hdf5Metadata): boolean {
  return (type === INTEGER || type === FLOAT || type === ENUMERATION) && nameOf(type, size, signed) in ARRAYS;
}

const nameOf = (type: number, size: number, signed: boolean) => `${type === FLOAT ? "f" : signed ? "i" : "u"}${size}`;

/** The type of an array of numbers; HDF5 turns any order of bytes into ours. AppError for anything else. */
export function numberTypeOf(metadata: Hdf5Metadata, words: string): NumberType {
  const { type, size, signed } = metadata;
  if (isNumberType(metadata)) return nameOf(type, size, signed) as NumberType;
  const found = WORDS[type] ?? `numbers of ${8 * size} bits`;
  throw new AppError("bad-file", `${words}: expected numbers of 8 to 64 bits, found ${found}.`, { type, size });
}

export function arrayOf(type: NumberType, buffer: ArrayBuffer, at: number, n: number): NumberArray {
  return new ARRAYS[type](buffer, at, n);
}
