import { assert } from "../core/errors.ts";
import { packColumn, unpackColumn } from "../core/packedColumn.ts";

/**
 * Plain data with typed arrays in it as one run of bytes: a JSON text in which every array is a note of where its bytes stand,
 * then those bytes. For files that a page of ours reads again; what outlives us has formats of its own (src/io/write).
 */

type Floats = Float32Array | Float64Array;
type Typed = Floats | Int32Array | Uint8Array;

/** Values to be kept in steps, as the array that they came in. */
export class Rounded<T extends Floats> {
  readonly values: T;
  readonly step: number;
  readonly isDelta: boolean;

  constructor(values: T, step: number, isDelta: boolean) {
    this.values = values;
    this.step = step;
    this.isDelta = isDelta;
  }
}

/** Keep an array to half a step, and as differences from row to row where neighbours are alike. */
export function rounded<T extends Floats>(values: T, step: number, isDelta = false): T {
  // whoever reads the tree gets the array back, so to types it is one
  return new Rounded(values, step, isDelta) as unknown as T;
}

interface ArrayNote {
  $array: "f32" | "f64" | "i32" | "u8";
  at: number;
  nRows: number;
  packed?: { step: number; isDelta: boolean; nPlanes: number };
}

function nameOf(values: Typed): ArrayNote["$array"] {
  if (values instanceof Float32Array) return "f32";
  if (values instanceof Float64Array) return "f64";
  return values instanceof Int32Array ? "i32" : "u8";
}

const isTyped = (value: unknown): value is Typed =>
  value instanceof Float32Array ||
  value instanceof Float64Array ||
  value instanceof Int32Array ||
  value instanceof Uint8Array;

/** The bytes of a tree of plain values and arrays. Numbers that JSON has no word for come back as null outside arrays. */
export function packTree(tree: unknown): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let at = 0;
  const add = (bytes: Uint8Array) => {
    const start = at;
    pieces.push(bytes);
    at += bytes.length;
    return start;
  };
  const noted = (value: unknown): unknown => {
    if (value instanceof Rounded) {
      const { bytes, nRows, nPlanes, step, isDelta } = packColumn(value.values, value.step, value.isDelta);
      return { $array: nameOf(value.values), at: add(bytes), nRows, packed: { step, isDelta, nPlanes } };
    }
    if (value instanceof Int32Array) {
      // differences of indices are small: one packing serves them too
      const { bytes, nRows, nPlanes, step } = packColumn(value, 1, true);
      return { $array: "i32", at: add(bytes), nRows, packed: { step, isDelta: true, nPlanes } };
    }
    if (isTyped(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return { $array: nameOf(value), at: add(bytes), nRows: value.length };
    }
    if (Array.isArray(value)) return value.map(noted);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, noted(inner)]));
  };
  const text = new TextEncoder().encode(JSON.stringify(noted(tree)));
  const out = new Uint8Array(4 + text.length + at);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  let to = 4 + text.length;
  for (const piece of pieces) {
    out.set(piece, to);
    to += piece.length;
  }
  return out;
}

function isNote(value: object): value is ArrayNote {
  return "$array" in value;
}

/** The tree that `packTree` was given. Little-endian machines only, which all are that run browsers. */
export function unpackTree(bytes: Uint8Array): unknown {
  assert(bytes.length >= 4, "a packed tree says how long its text is");
  const nText = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = 4 + nText;
  const arrayOf = ({ $array, at, nRows, packed }: ArrayNote): Typed => {
    if (packed) {
      const own = bytes.subarray(start + at, start + at + packed.nPlanes * nRows);
      const values = unpackColumn({ ...packed, nRows, bytes: own });
      if ($array === "f64") return values;
      return $array === "f32" ? Float32Array.from(values) : Int32Array.from(values);
    }
    const size = { f32: 4, f64: 8, i32: 4, u8: 1 }[$array];
    const own = bytes.slice(start + at, start + at + size * nRows);
    if ($array === "u8") return own;
    return $array === "f64" ? new Float64Array(own.buffer) : new Float32Array(own.buffer);
  };
  const revived = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revived);
    if (value === null || typeof value !== "object") return value;
    if (isNote(value)) return arrayOf(value);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
  };
  return revived(JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))));
}
