import { gunzipSync, unzlibSync } from "fflate";
import { crc32 } from "../crc32.ts";

/** zlib (RFC 1950) data of exactly `nBytes` decoded bytes. A bomb stops one byte beyond. Throws Error with half a sentence. */
export function decodeZlib(bytes: Uint8Array, nBytes: number): Uint8Array {
  const out = bounded("zlib", nBytes, () => unzlibSync(bytes, { out: new Uint8Array(nBytes + 1) }));
  const sum = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, false);
  if (sum !== adler32(out)) throw new Error("zlib data whose check sum does not fit");
  return out;
}

/** One gzip member (RFC 1952) of exactly `nBytes` decoded bytes, as decodeZlib. */
export function decodeGzip(bytes: Uint8Array, nBytes: number): Uint8Array {
  const out = bounded("gzip", nBytes, () => gunzipSync(bytes, { out: new Uint8Array(nBytes + 1) }));
  const sum = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 4).getUint32(0, true);
  if (sum !== crc32(out)) throw new Error("gzip data whose check sum does not fit");
  return out;
}

function bounded(what: string, nBytes: number, inflate: () => Uint8Array): Uint8Array {
  let out: Uint8Array;
  try {
    out = inflate();
  } catch (error) {
    throw new Error(`${what} data that is damaged`, { cause: error });
  }
  if (out.length > nBytes) throw new Error(`${what} data of more bytes than that`);
  if (out.length < nBytes) throw new Error(`${what} data of ${out.length} bytes`);
  return out;
}

const ADLER = 65521;
const UNREDUCED = 5552; // sums of so many bytes stay below 2^32

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let from = 0; from < bytes.length; from += UNREDUCED) {
    const to = Math.min(bytes.length, from + UNREDUCED);
    for (let i = from; i < to; i++) {
      a += bytes[i];
      b += a;
    }
    a %= ADLER;
    b %= ADLER;
  }
  return b * 65536 + a;
}
