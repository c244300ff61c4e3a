import { AppError, messageOf } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Dtype, parseDtype } from "./dtype.ts";
import { type PythonLiteral, parsePythonLiteral } from "./pythonLiteral.ts";

/** One column of a structured array. */
export interface NpyField extends Dtype {
  name: string;
  /** bytes from the start of the row */
  offsetBytes: number;
  /** numbers per row in this column; 1 unless the field is itself an array */
  nItems: number;
}

/** What the header of a .npy file says, checked against the size of the file. */
export interface NpyHeader {
  version: number;
  /** as numpy writes it; "structured" for a structured array */
  descr: string;
  /** bytes of one array element (one row of a structured array); 0 when the file does not say */
  itemBytes: number;
  /** the element when it is one number we can read */
  scalar: Dtype["scalar"];
  /** columns of a structured array, else empty */
  fields: NpyField[];
  shape: number[];
  fortranOrder: boolean;
  /** bytes before the first element */
  dataStart: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const MAX_HEADER_BYTES = 1024 * 1024; // numpy writes 128 bytes, a wide structured type a few thousand

/**
 * Read and check the header of a .npy file, versions 1 to 3. Throws AppError for a file that is empty, not .npy, has an
 * unreadable header, or is shorter than its header promises. Bytes after the array are allowed, as in numpy.
 */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { path, size } = source;
  if (size === 0) throw bad(path, `${path} is empty: expected a .npy array, found 0 bytes.`);
  const start = await source.read(0, Math.min(size, 12));
  if (MAGIC.some((byte, i) => start[i] !== byte)) {
    throw bad(path, `${path} is not a .npy file: expected it to start with "\\x93NUMPY", found ${inWords(start)}.`);
  }
  const version = start[6];
  if (size < 12 || version < 1 || version > 3) {
    const found = size < 12 ? `a file of ${size} bytes` : `version ${version}`;
    throw bad(path, `${path}: expected a .npy header of version 1, 2 or 3, found ${found}.`);
  }
  const prefix = version === 1 ? 10 : 12;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = prefix + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || dataStart > size) {
    throw bad(path, `${path} is cut short: expected a header of ${headerBytes} bytes, the file has ${size} bytes.`);
  }
  const bytes = await source.read(prefix, dataStart);
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(bytes);
  const header = { ...parseHeaderText(path, text), version, dataStart };
  checkSize(path, size, header);
  return header;
}

function bad(path: string, message: string): AppError {
  return new AppError("bad-file", message, { path });
}

/** The first bytes of a foreign file: as text when they are, else in hex. */
function inWords(bytes: Uint8Array): string {
  const first = [...bytes.subarray(0, 6)];
  if (first.every((b) => b >= 0x20 && b < 0x7f)) return `"${String.fromCharCode(...first)}"`;
  return first.map((b) => b.toString(16).padStart(2, "0")).join(" ");
}

function parseHeaderText(path: string, text: string): Omit<NpyHeader, "version" | "dataStart"> {
  let dict: PythonLiteral;
  try {
    dict = parsePythonLiteral(text);
  } catch (error) {
    throw bad(path, `${path}: expected a .npy header, found text that is none (${messageOf(error)}).`);
  }
  const get = (key: string) => (dict instanceof Map ? dict.get(key) : undefined);
  const shape = get("shape");
  const fortranOrder = get("fortran_order");
  if (!Array.isArray(shape) || !shape.every((n) => typeof n === "number" && Number.isSafeInteger(n) && n >= 0)) {
    throw bad(path, `${path}: expected a shape of whole numbers in the .npy header, found none.`);
  }
  if (typeof fortranOrder !== "boolean") {
    throw bad(path, `${path}: expected "fortran_order" to be True or False in the .npy header, found neither.`);
  }
  return { ...parseDescr(path, get("descr")), shape: shape as number[], fortranOrder };
}

function parseDescr(
  path: string,
  descr: PythonLiteral | undefined,
): Pick<NpyHeader, "descr" | "itemBytes" | "scalar" | "fields"> {
  if (typeof descr === "string") {
    const dtype = parseDtype(descr);
    if (dtype) return { ...dtype, fields: [] };
  }
  if (Array.isArray(descr) && descr.length > 0) {
    const fields = parseFields(path, descr);
    const last = fields[fields.length - 1];
    const itemBytes = last.offsetBytes + last.itemBytes * last.nItems;
    // padding between columns is written as nameless raw bytes
    return { descr: "structured", itemBytes, scalar: null, fields: fields.filter((f) => f.name !== "") };
  }
  const found = typeof descr === "string" ? `"${descr}"` : "none";
  throw bad(path, `${path}: expected a numpy type in the .npy header, found ${found}.`);
}

/** Entries are (name, type), (name, type, shape), or ((title, name), type); a type may itself be a list of entries. */
function parseFields(path: string, entries: PythonLiteral[]): NpyField[] {
  const fields: NpyField[] = [];
  let offsetBytes = 0;
  for (const entry of entries) {
    const [title, type, shape] = Array.isArray(entry) ? entry : [];
    const name = Array.isArray(title) ? title[1] : title;
    const dims = shape === undefined ? [] : Array.isArray(shape) ? shape : [shape];
    const nItems = dims.reduce<number>((n, d) => n * (typeof d === "number" ? d : Number.NaN), 1);
    const inner = typeof type === "string" || Array.isArray(type) ? parseDescr(path, type) : null;
    if (typeof name !== "string" || !inner || !Number.isSafeInteger(nItems) || nItems < 0) {
      throw bad(path, `${path}: expected (name, type) for each column in the .npy header, found something else.`);
    }
    fields.push({ name, descr: inner.descr, itemBytes: inner.itemBytes, scalar: inner.scalar, offsetBytes, nItems });
    offsetBytes += inner.itemBytes * nItems;
  }
  return fields;
}

function checkSize(path: string, size: number, header: NpyHeader): void {
  const expected = header.dataStart + header.shape.reduce((n, d) => n * d, 1) * header.itemBytes;
  if (expected <= size) return;
  throw new AppError(
    "bad-file",
    `${path} is cut short: expected ${expected} bytes from its header (shape ${shapeInWords(header.shape)}, ${header.descr}), found ${size}.`,
    { path, expected, found: size },
  );
}

/** A shape as numpy prints it: (), (5,), (5, 3). */
export function shapeInWords(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
