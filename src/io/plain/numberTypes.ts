import type { PlainType } from "../../protocol/plainBinary.ts";
import { decodeRun } from "../npy/decode.ts";
import type { Scalar } from "../npy/dtype.ts";

const SCALARS: Record<PlainType, Scalar> = {
  int16: { kind: "i", bytes: 2, littleEndian: true },
  uint16: { kind: "u", bytes: 2, littleEndian: true },
  ">i2": { kind: "i", bytes: 2, littleEndian: false },
  int32: { kind: "i", bytes: 4, littleEndian: true },
  float32: { kind: "f", bytes: 4, littleEndian: true },
  float64: { kind: "f", bytes: 8, littleEndian: true },
};

export function bytesOfType(type: PlainType): number {
  return SCALARS[type].bytes;
}

/** Whole values of a type as float32. Bytes left at the end are left out. */
export function decodePlain(bytes: Uint8Array, type: PlainType): Float32Array {
  const scalar = SCALARS[type];
  const count = Math.floor(bytes.length / scalar.bytes);
  const out = new Float64Array(count);
  decodeRun({ bytes, scalar, byteStart: 0, byteStep: scalar.bytes, count, out, outStart: 0, outStep: 1 });
  return Float32Array.from(out);
}

export interface TypeGuess {
  type: PlainType;
  /** values begin at odd bytes of the stretch */
  oddStart: boolean;
  /** half a sentence */
  reason: string;
}

/** Values that a guess looks at. */
const N_LOOKED_AT = 20_000;
/** Share of values that must look like one of a type. */
const NEARLY_ALL = 0.99;
/** Mean distance from the median that a low byte in the place of the high one gives at least. */
const WIDE = 256;

/**
 * Which numbers bytes are, from what each type looks like. Floats: nearly all finite and of a size that signals have; small
 * integers read as floats are tiny or no numbers. int32: the upper half of each value repeats its sign. uint16: near the
 * middle of its range, where int16 would jump between both ends. Big-endian int16: the first byte of each pair is the one
 * that hardly changes. Otherwise int16, which nearly every recorder writes. `isOdd`: the file has an odd number of bytes, so
 * that pairs seen the wrong way round begin one byte later instead.
 */
export function guessType(bytes: Uint8Array, isOdd: boolean): TypeGuess {
  const part = bytes.subarray(0, N_LOOKED_AT * 8);
  // floats of 8 bytes first: their halves may pass for floats of 4
  for (const type of ["float64", "float32"] as const) {
    if (!looksLikeFloats(decodePlain(part, type))) continue;
    return {
      type,
      oddStart: false,
      reason: `its bytes make sensible floating-point numbers of ${SCALARS[type].bytes} bytes`,
    };
  }
  const words = decodePlain(part, "int16");
  if (looksLikeInt32(words))
    return { type: "int32", oddStart: false, reason: "every second number of 2 bytes only repeats a sign" };
  const spread = spreadOf(words);
  const swapped = spreadOf(decodePlain(part, ">i2"));
  if (swapped < spread / 8 && spread > WIDE) {
    if (isOdd)
      return { type: "int16", oddStart: true, reason: "its values lie close together when they begin at an odd byte" };
    return { type: ">i2", oddStart: false, reason: "its values lie close together only with the high byte first" };
  }
  if (spreadOf(decodePlain(part, "uint16")) < spread / 8)
    return { type: "uint16", oddStart: false, reason: "its values lie close together only when they have no sign" };
  return { type: "int16", oddStart: false, reason: "nothing speaks against what most recorders write" };
}

function looksLikeFloats(values: Float32Array): boolean {
  if (values.length < 16) return false;
  let nSensible = 0;
  let nZero = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude === 0) nZero++;
    else if (magnitude > 1e-9 && magnitude < 1e7) nSensible++;
  }
  return nSensible + nZero > NEARLY_ALL * values.length && nSensible > 0.5 * values.length;
}

function looksLikeInt32(words: Float32Array): boolean {
  let nSigns = 0;
  let nZero = 0;
  const n = words.length >> 1;
  for (let i = 0; i < n; i++) {
    const [low, high] = [words[2 * i], words[2 * i + 1]];
    if (low === 0 && high === 0) nZero++;
    else if (high === (low < 0 ? -1 : 0)) nSigns++;
  }
  return n >= 16 && nSigns + nZero > NEARLY_ALL * n && nSigns > 0.5 * n;
}

/** Mean distance from the median. */
function spreadOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  const middle = sorted[sorted.length >> 1] ?? 0;
  let sum = 0;
  for (const value of values) sum += Math.abs(value - middle);
  return sum / Math.max(1, values.length);
}
