import { assert } from "../core/errors.ts";

/**
 * Plain values with typed arrays inside, as text and arrays apart, and back: what is kept of a data set. The text is JSON in
 * which an array stands as its number, and NaN, infinities and maps, which JSON lacks, as what they are.
 */

export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

const TYPES = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;

type TypeName = keyof typeof TYPES;

type Tagged =
  | { "#": "array"; id: number }
  | { "#": "number"; is: string }
  | { "#": "map"; entries: [unknown, unknown][] };

export function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && value.constructor.name in TYPES;
}

export function typeOf(array: NumberArray): string {
  return array.constructor.name;
}

/** `length` numbers of a type out of bytes that begin at a multiple of eight. */
export function arrayOf(type: string, bytes: Uint8Array, at: number, length: number): NumberArray {
  assert(type in TYPES, `${type} is a type of arrays`);
  const Type = TYPES[type as TypeName];
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length);
}

/** Text of a value; `idOf` numbers the arrays, each of which is asked for as often as it stands there. */
export function freeze(value: unknown, idOf: (array: NumberArray) => number): string {
  return JSON.stringify(frozen(value, idOf));
}

function frozen(value: unknown, idOf: (array: NumberArray) => number): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return { "#": "number", is: String(value) };
  if (typeof value !== "object" || value === null) return value;
  if (isNumberArray(value)) return { "#": "array", id: idOf(value) };
  if (Array.isArray(value)) return value.map((one) => frozen(one, idOf));
  if (value instanceof Map) {
    return { "#": "map", entries: [...value].map(([k, v]) => [frozen(k, idOf), frozen(v, idOf)]) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, frozen(one, idOf)]));
}

/** The value again; `arrayOf` gives the arrays by their numbers. */
export function thaw(text: string, arrayOf: (id: number) => NumberArray): unknown {
  return thawed(JSON.parse(text), arrayOf);
}

function thawed(value: unknown, arrayOf: (id: number) => NumberArray): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => thawed(one, arrayOf));
  if ("#" in value) {
    const tagged = value as Tagged;
    if (tagged["#"] === "array") return arrayOf(tagged.id);
    if (tagged["#"] === "number") return Number(tagged.is);
    return new Map(tagged.entries.map(([k, v]) => [thawed(k, arrayOf), thawed(v, arrayOf)]));
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, thawed(one, arrayOf)]));
}

/** Every array in a value, once. */
export function arraysIn(value: unknown, found = new Set<NumberArray>()): Set<NumberArray> {
  if (typeof value !== "object" || value === null) return found;
  if (isNumberArray(value)) found.add(value);
  else if (Array.isArray(value) && typeof value[0] === "number")
    return found; // a curve: long, and nothing inside
  else if (value instanceof Map) for (const [k, v] of value) arraysIn([k, v], found);
  else for (const one of Object.values(value)) arraysIn(one, found);
  return found;
}

/** Memory of all arrays in a value, bytes. */
export function bytesIn(value: unknown): number {
  let bytes = 0;
  for (const array of arraysIn(value)) bytes += array.byteLength;
  return bytes;
}
