import { assert } from "../../core/errors.ts";
import type { WrittenFile } from "./file.ts";

/** Number types we write, by numpy's names. */
export type NpyDtype = "<f8" | "<f4" | "<i8" | "<i4";

const BYTES: Record<NpyDtype, number> = { "<f8": 8, "<f4": 4, "<i8": 8, "<i4": 4 };
const PREFIX_BYTES = 10; // magic, version, header length
const ALIGN_BYTES = 64;
const GROWTH_DIGITS = 21; // numpy leaves room to append rows in place: as many digits as a 64-bit length may need

/**
 * Numbers as a .npy file, version 1.0, little-endian, C order, byte for byte as numpy.save writes it. `values` are row-major
 * and fill `shape`. "<i8" takes whole numbers up to 2^53; NaN is only for the float types.
 */
export function npyBytes(values: ArrayLike<number>, shape: readonly number[], dtype: NpyDtype): Uint8Array {
  assert(values.length === shape.reduce((n, d) => n * d, 1), "a .npy array fills its shape");
  const header = npyHeader(shape, dtype);
  const out = new Uint8Array(header.length + values.length * BYTES[dtype]);
  out.set(header);
  const asStored = bytesAsStored(values, dtype);
  if (asStored) out.set(asStored, header.length);
  else writeValues(new DataView(out.buffer), header.length, values, dtype);
  return out;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Memory that is what the file has: copied whole, it takes a tenth of the time. null where values must be written one by one. */
function bytesAsStored(values: ArrayLike<number>, dtype: NpyDtype): Uint8Array | null {
  const isSame =
    (dtype === "<f8" && values instanceof Float64Array) ||
    (dtype === "<f4" && values instanceof Float32Array) ||
    (dtype === "<i4" && values instanceof Int32Array);
  return isSame && isLittleEndian ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : null;
}

/** All that stands before the numbers, for arrays that are written piece by piece. */
export function npyHeader(shape: readonly number[], dtype: NpyDtype | "<f2"): Uint8Array {
  return headerBytes(headerText(shape, `'${dtype}'`));
}

function headerBytes(header: string): Uint8Array {
  const out = new Uint8Array(PREFIX_BYTES + header.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) out[PREFIX_BYTES + i] = header.charCodeAt(i);
  return out;
}

/** `npyBytes` as a file. */
export function npyFile(
  path: string,
  values: ArrayLike<number>,
  shape: readonly number[],
  dtype: NpyDtype,
): WrittenFile {
  return { path, bytes: npyBytes(values, shape, dtype) };
}

/** One column of a structured array. */
export interface NpyColumn {
  name: string;
  dtype: "<i8" | "<f8";
  values: ArrayLike<number>;
}

/** A structured array (N,), byte for byte as numpy.save writes it: one record per row, its columns packed. */
export function npyTableFile(path: string, nRows: number, columns: readonly NpyColumn[]): WrittenFile {
  const descr = `[${columns.map(({ name, dtype }) => `('${name}', '${dtype}')`).join(", ")}]`;
  const header = headerBytes(headerText([nRows], descr));
  const rowBytes = 8 * columns.length;
  const bytes = new Uint8Array(header.length + nRows * rowBytes);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  for (const [c, { dtype, values }] of columns.entries()) {
    assert(values.length === nRows, "a column has one value per row");
    for (let i = 0; i < nRows; i++) {
      if (dtype === "<f8") view.setFloat64(i * rowBytes + 8 * c, values[i], true);
      else setInt64(view, i * rowBytes + 8 * c, values[i]);
    }
  }
  return { path, bytes };
}

/** `descr` is a literal: a quoted type, or a list of (name, type). */
function headerText(shape: readonly number[], descr: string): string {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  let text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${tuple}, }`;
  if (shape.length > 0) text += " ".repeat(GROWTH_DIGITS - String(shape[0]).length);
  // numpy pads a full block when the length already fits
  const padding = ALIGN_BYTES - ((PREFIX_BYTES + text.length + 1) % ALIGN_BYTES);
  return `${text}${" ".repeat(padding)}\n`;
}

function writeValues(view: DataView, start: number, values: ArrayLike<number>, dtype: NpyDtype): void {
  const n = values.length;
  const step = BYTES[dtype];
  switch (dtype) {
    case "<f8":
      for (let i = 0; i < n; i++) view.setFloat64(start + i * step, values[i], true);
      return;
    case "<f4":
      for (let i = 0; i < n; i++) view.setFloat32(start + i * step, values[i], true);
      return;
    case "<i4":
      for (let i = 0; i < n; i++) view.setInt32(start + i * step, values[i], true);
      return;
    case "<i8":
      for (let i = 0; i < n; i++) setInt64(view, start + i * step, values[i]);
  }
}

/** As two halves: BigInt would make an object of every number. */
function setInt64(view: DataView, at: number, value: number): void {
  assert(Number.isSafeInteger(value), "an int64 column holds whole numbers");
  const high = Math.floor(value / 2 ** 32);
  view.setUint32(at, value - high * 2 ** 32, true);
  view.setInt32(at + 4, high, true);
}
