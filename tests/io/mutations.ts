import fc from "fast-check";
import { expect } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { type ByteSource, memorySource } from "../../src/io/byteSource.ts";

/** Bytes as text of one letter each, so that text can be cut and bytes be any. */
export const lettersOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
export const bytesOf = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));

/** One damage to a text. `at` and `length` are fractions of what they apply to. */
interface Damage {
  kind: "flip" | "cut" | "remove" | "repeat" | "insert" | "number" | "list";
  at: number;
  length: number;
  byte: number;
  piece: string;
}

const HUGE = [
  "0",
  "-1",
  "1e99",
  "NaN",
  "Infinity",
  "4294967296",
  "9007199254740993",
  "9".repeat(400),
  "0x7fffffff",
  "1.5",
];
const NESTED = [
  "(".repeat(200),
  "((((1))))",
  ")(",
  "[".repeat(50),
  "{'a': ".repeat(40),
  "('x', ".repeat(30),
  ",,",
  "::",
  "=",
];

/** Evenly from [0, 1): fast-check's own doubles crowd near 0. */
const fraction = fc.noBias(fc.nat(99_999)).map((n) => n / 1e5);

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom("flip", "cut", "remove", "repeat", "insert", "number", "list"),
  at: fraction,
  length: fraction,
  byte: fc.nat(255),
  piece: fc.oneof(fc.constantFrom(...HUGE), fc.constantFrom(...NESTED), fc.string({ maxLength: 8 })),
});

/** One to four damages, one after the other. */
export const damages = fc.array(damage, { minLength: 1, maxLength: 4 });

/** Lines, numbers and lists are damaged as such: each place of the pattern is as likely as any other. */
function replaceOne(text: string, pattern: RegExp, at: number, change: (found: string) => string): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const { 0: found, index } = places[Math.floor(at * places.length)];
  return text.slice(0, index) + change(found) + text.slice(index + found.length);
}

export function damaged(text: string, list: readonly Damage[]): string {
  return list.reduce(damagedOnce, text);
}

function damagedOnce(text: string, { kind, at, length, byte, piece }: Damage): string {
  const place = Math.floor(at * text.length);
  const [before, after] = [text.slice(0, place), text.slice(place)];
  switch (kind) {
    case "flip":
      return before + String.fromCharCode(byte) + after.slice(1);
    case "cut":
      return before;
    case "remove":
      return before + after.slice(1 + Math.floor(length * 40));
    case "repeat": // a line again, as a key given twice
      return replaceOne(text, /[^\n]+\n/g, at, (line) => line + line.replace(/=.*/, `=${piece}`));
    case "insert":
      return before + piece + after;
    case "number":
      return replaceOne(text, /\d+/g, at, () => piece);
    case "list": // an entry lost, or twice
      return replaceOne(text, /\([^()]*\)/g, at, (entry) => (byte < 128 ? "" : entry.repeat(2 + (byte & 7))));
  }
}

/** What readers may ask of files of a few kB before they have given up or understood them. */
const MAX_READS = 200;
const MAX_READS_PER_FILE = 60;
const MAX_BYTES_PER_BYTE = 40;

/** Sources that count, and refuse to go on beyond a budget: a reader that runs away fails instead of hanging. */
export function budgeted(files: Record<string, Uint8Array>): ByteSource[] {
  let [nReads, nBytes] = [0, 0];
  const maxReads = MAX_READS + MAX_READS_PER_FILE * Object.keys(files).length;
  const limit = 65536 + MAX_BYTES_PER_BYTE * Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0);
  return Object.entries(files).map(([path, bytes]) => {
    const source = memorySource(path, bytes);
    return {
      ...source,
      read(start, end) {
        nReads++;
        nBytes += end - start;
        if (nReads > maxReads || nBytes > limit) throw new Error(`${nReads} reads of ${nBytes} bytes: out of budget`);
        return source.read(start, end);
      },
    };
  });
}

/** Opening may succeed or fail, but it fails only with a sentence. Anything else is a bug of ours and is rethrown. */
export async function opensOrExplains<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.message).toMatch(/\.$/);
    expect(error.message.length).toBeLessThan(2000);
    return null;
  }
}
