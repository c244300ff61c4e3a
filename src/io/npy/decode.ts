import type { Scalar } from "./dtype.ts";

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Where numbers lie in a run of bytes, and where they go. Steps are between neighbours: bytes in, elements out. */
export interface DecodeRun {
  bytes: Uint8Array;
  scalar: Scalar;
  byteStart: number;
  byteStep: number;
  count: number;
  out: Float64Array;
  outStart: number;
  outStep: number;
}

/**
 * Numbers of any readable type into float64. Returns the position of the first integer beyond 2^53, which float64 cannot
 * hold, or −1 when there is none; later ones are then not decoded.
 */
export function decodeRun(run: DecodeRun): number {
  const { scalar, byteStep } = run;
  const isInt64 = scalar.bytes === 8 && scalar.kind !== "f";
  if (isInt64) return decodeInt64(run);
  const isPlain = byteStep === scalar.bytes && (scalar.bytes === 1 || scalar.littleEndian === hostIsLittleEndian);
  if (isPlain && !(scalar.kind === "f" && scalar.bytes === 2)) decodePlain(run);
  else decodeStrided(run);
  return -1;
}

/** Types the machine reads itself: one typed view, one copy. */
function decodePlain({ bytes, scalar, byteStart, count, out, outStart, outStep }: DecodeRun): void {
  const from = bytes.byteOffset + byteStart;
  const aligned = from % scalar.bytes === 0;
  const buffer = aligned ? bytes.buffer : bytes.slice(byteStart, byteStart + count * scalar.bytes).buffer;
  const values = typedView(scalar, buffer, aligned ? from : 0, count);
  if (outStep === 1 && scalar.kind !== "b") {
    out.set(values, outStart);
    return;
  }
  const isBoolean = scalar.kind === "b";
  for (let i = 0; i < count; i++) out[outStart + i * outStep] = isBoolean ? Number(values[i] !== 0) : values[i];
}

/** Numbers as an array file has them; 64-bit integers are read as float64. */
export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

function typedView(scalar: Scalar, buffer: ArrayBufferLike, offset: number, count: number): Numbers {
  switch (`${scalar.kind}${scalar.bytes}`) {
    case "i1":
      return new Int8Array(buffer, offset, count);
    case "i2":
      return new Int16Array(buffer, offset, count);
    case "u2":
      return new Uint16Array(buffer, offset, count);
    case "i4":
      return new Int32Array(buffer, offset, count);
    case "u4":
      return new Uint32Array(buffer, offset, count);
    case "f4":
      return new Float32Array(buffer, offset, count);
    case "f8":
      return new Float64Array(buffer, offset, count);
    default: // b1, u1
      return new Uint8Array(buffer, offset, count);
  }
}

/** The other byte order, half floats, and columns of structured arrays. */
function decodeStrided({ bytes, scalar, byteStart, byteStep, count, out, outStart, outStep }: DecodeRun): void {
  const read = readerOf(scalar, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (let i = 0; i < count; i++) out[outStart + i * outStep] = read(byteStart + i * byteStep);
}

function readerOf({ kind, bytes, littleEndian: le }: Scalar, view: DataView): (offset: number) => number {
  switch (`${kind}${bytes}`) {
    case "b1":
      return (o) => Number(view.getUint8(o) !== 0);
    case "i1":
      return (o) => view.getInt8(o);
    case "i2":
      return (o) => view.getInt16(o, le);
    case "u2":
      return (o) => view.getUint16(o, le);
    case "i4":
      return (o) => view.getInt32(o, le);
    case "u4":
      return (o) => view.getUint32(o, le);
    case "f2":
      return (o) => halfToNumber(view.getUint16(o, le));
    case "f4":
      return (o) => view.getFloat32(o, le);
    case "f8":
      return (o) => view.getFloat64(o, le);
    default: // u1
      return (o) => view.getUint8(o);
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fractionBits = bits & 0x3ff;
  if (exponent === 0) return sign * fractionBits * 2 ** -24;
  if (exponent === 31) return fractionBits ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fractionBits / 1024) * 2 ** (exponent - 15);
}

/** 64-bit integers as two halves; BigInt would be ten times slower on millions of spike times. */
function decodeInt64({ bytes, scalar, byteStart, byteStep, count, out, outStart, outStep }: DecodeRun): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const le = scalar.littleEndian;
  const [lowAt, highAt] = le ? [0, 4] : [4, 0];
  for (let i = 0; i < count; i++) {
    const o = byteStart + i * byteStep;
    const high = scalar.kind === "i" ? view.getInt32(o + highAt, le) : view.getUint32(o + highAt, le);
    if (high >= 2 ** 21 || high < -(2 ** 21)) return i;
    out[outStart + i * outStep] = high * 2 ** 32 + view.getUint32(o + lowAt, le);
  }
  return -1;
}
