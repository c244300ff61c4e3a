import { zlibSync } from "fflate";
import { assert } from "../core/errors.ts";
import type { PixelImage } from "./pen.ts";

/** The table of the CRC-32 that PNG asks for (ISO 3309, polynomial 0xedb88320 reflected). */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let c = byte;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 of bytes [from, to), as an unsigned number. */
export function crc32(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let c = 0xffffffff;
  for (let i = from; i < to; i++) c = crcTable[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(data.length + 8, crc32(out, 4, data.length + 8));
  return out;
}

/**
 * RGBA pixels → PNG file (8 bits per channel, RGBA, no interlace, filter 0; our images are flat cells, for which the
 * other filters win nothing). Runs in Node and in a worker. Source: PNG specification, third edition, §5 and §11.
 */
export function encodePng({ rgba, widthPx, heightPx }: PixelImage): Uint8Array {
  assert(rgba.length === widthPx * heightPx * 4 && widthPx > 0 && heightPx > 0, "four bytes per pixel");
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  header.set([8, 6, 0, 0, 0], 8);
  const rowBytes = widthPx * 4;
  const rows = new Uint8Array((rowBytes + 1) * heightPx); // each row starts with its filter, 0
  for (let y = 0; y < heightPx; y++) {
    rows.set(rgba.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(rows, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A PNG as the address of an image inside another document. */
export function pngDataUri(image: PixelImage): string {
  const bytes = encodePng(image);
  let binary = "";
  // in pieces: the arguments of one call are limited to some ten thousand
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}
