import type { ByteSource } from "../byteSource.ts";

const MAX_HEADER_BYTES = 65_536;
/** Text shorter than this happens by chance. */
const MIN_TEXT_BYTES = 32;
/** The first sample may go on as the header ends: so many bytes more may look like it. */
const OVERSHOOT = 2;

/** Text that a file begins with, and the zeros that fill it up. */
export interface TextAtStart {
  textBytes: number;
  /** with the zeros after it */
  paddedBytes: number;
}

/** Null when the file does not begin with text. */
export async function textAtStart(source: ByteSource): Promise<TextAtStart | null> {
  const head = await source.read(0, Math.min(source.size, MAX_HEADER_BYTES));
  let textBytes = 0;
  while (textBytes < head.length && isText(head[textBytes])) textBytes++;
  if (textBytes < MIN_TEXT_BYTES) return null;
  let paddedBytes = textBytes;
  while (paddedBytes < head.length && head[paddedBytes] === 0) paddedBytes++;
  return paddedBytes < source.size ? { textBytes, paddedBytes } : null;
}

interface Known {
  /** bytes of the file and of one sample */
  size: number;
  rowBytes: number;
  text: TextAtStart | null;
  /** values begin at odd bytes */
  isOdd: boolean;
  /** where in a sample, counted from byte 0 of the file, its one digital word lies; null when it has none, or several */
  digitalAt: number | null;
  valueBytes: number;
}

/**
 * How many bytes stand before the first sample. Whole samples up to the end of the file leave the remainder of size and
 * sample, which is taken where something speaks for a header: text at the beginning, an odd beginning, or a digital word
 * that comes last only then. Otherwise the remainder is a sample cut short at the end, and there is no header.
 */
export function headerBytesOf({ size, rowBytes, text, isOdd, digitalAt, valueBytes }: Known): number {
  const rest = size % rowBytes;
  if (text) {
    // the padding goes on into samples of zero, hence from its end backwards; without padding the text ends the header
    const last = text.paddedBytes - mod(text.paddedBytes - rest, rowBytes);
    const isPadded = text.paddedBytes - text.textBytes > OVERSHOOT && last >= text.textBytes - OVERSHOOT;
    const least = text.textBytes - OVERSHOOT;
    return isPadded ? last : least + mod(rest - least, rowBytes);
  }
  if (isOdd && rest % 2 === 1) return rest;
  const comesLast = digitalAt !== null && (digitalAt + valueBytes) % rowBytes === rest;
  return rest > 0 && comesLast ? rest : 0;
}

function isText(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127);
}

/** a modulo n, from 0 to n − 1. */
export function mod(a: number, n: number): number {
  return ((a % n) + n) % n;
}
