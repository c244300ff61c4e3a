import { AppError } from "../../core/errors.ts";
import { type RowLength, rankRowLengths, type ValueRun } from "../../core/rowLength.ts";
import type { PlainLayout, PlainPeek, RowCandidate } from "../../protocol/plainBinary.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { headOf } from "../sniff.ts";
import { headerBytesOf, mod, textAtStart } from "./header.ts";
import { bytesOfType, decodePlain, guessType, type TypeGuess } from "./numberTypes.ts";

/** Three stretches of the file are looked at, of so many bytes each. */
const STRETCH_BYTES = 340_000;
const USUAL_RATE_HZ = 30_000;
/** Below this a count explains no more than chance does. */
const MIN_SCORE = 0.1;
/** Scores this close are told apart by whether the file holds whole samples. */
const TIE = 0.01;
const N_CANDIDATES = 5;
/** What Neuropixels are saved as, likeliest first: taken where the samples say nothing. */
const USUAL_COUNTS = [385, 384, 383, 1540, 1536, 128, 64, 32, 16];
/** Digital words take few values, neural channels many. */
const MAX_DIGITAL_VALUES = 4;
const MAX_SYNC = 4;

/** Extensions of formats that say what they are: not to be guessed at. */
const SAYS_WHAT_IT_IS =
  /\.(npy|npz|zip|gz|json|xml|oebin|png|jpe?g|gif|svg|pdf|html?|txt|md|csv|tsv|py|m|mat|log|ya?ml|toml|nwb|h5|hdf5|zarr|cbin|ch|meta|safetensors|ckpt|pkl|pqt|parquet|pt|pth|mp4|avi|mkv|zst|7z|rar|tar|exe|dll|xlsx?|docx?)$/i;
const MIN_BYTES = 20_000;
/** Only so many of the largest are looked into: a folder of unknown files must fail fast. */
const MAX_LOOKED_AT = 32;
/** Share of text above which a file is no binary of samples. */
const MAX_TEXT_SHARE = 0.9;

/** The files that may be headerless binaries of samples, largest first: large, no text, of no format that says what it is. */
export async function plainFiles(sources: readonly ByteSource[]): Promise<ByteSource[]> {
  const hopeful = sources
    .filter(({ path, size }) => size >= MIN_BYTES && !SAYS_WHAT_IT_IS.test(path) && !baseName(path).startsWith("."))
    .sort((a, b) => b.size - a.size);
  const found: ByteSource[] = [];
  for (const source of hopeful.slice(0, MAX_LOOKED_AT)) {
    if (textShare(await middleOf(source, 4096)) < MAX_TEXT_SHARE && !hasMagic(await headOf(source))) found.push(source);
  }
  return found;
}

/** What a headerless binary looks like. Reads three stretches of it and its beginning. Throws AppError for an empty file. */
export async function peekPlain(source: ByteSource): Promise<PlainPeek> {
  const { path, size } = source;
  if (size === 0) throw new AppError("bad-file", `${path} is empty: expected samples, found 0 bytes.`, { path });
  const text = await textAtStart(source);
  const headBytes = text?.paddedBytes ?? 0;
  const stretches = await readStretches(source, headBytes);
  const type = guessType(stretches[stretches.length >> 1].bytes, size % 2 === 1);
  const runs = stretches.map((one) => runOf(one, type));
  const ranked = rankRowLengths(runs);
  const candidates = candidatesOf(ranked, size, type);
  const nSaved = candidates[0]?.nSaved ?? fallbackCount(size, bytesOfType(type.type));
  const columns = digitalColumns(runs, nSaved);
  const offsetBytes = headerBytesOf({
    size,
    rowBytes: nSaved * bytesOfType(type.type),
    text,
    isOdd: type.oddStart,
    digitalAt: columns.length === 1 ? columns[0] * bytesOfType(type.type) : null,
    valueBytes: bytesOfType(type.type),
  });
  const shifted = columns.map((c) => mod(c - Math.floor(offsetBytes / bytesOfType(type.type)), nSaved));
  const guess: PlainLayout = {
    dtype: type.type,
    nSaved,
    sync: syncAtEnd(shifted, nSaved),
    rateHz: USUAL_RATE_HZ,
    offsetBytes,
    uvPerBit: null,
  };
  return { path, bytes: size, guess, typeReason: type.reason, candidates };
}

interface Stretch {
  /** byte of the file it begins at */
  start: number;
  bytes: Uint8Array;
}

/** A quarter, a half and three quarters into the file, each beginning at a multiple of 8 bytes; a small file whole. */
async function readStretches(source: ByteSource, from: number): Promise<Stretch[]> {
  const room = source.size - from;
  if (room <= 3 * STRETCH_BYTES) {
    const start = Math.min(source.size - 1, Math.ceil(from / 8) * 8);
    return [{ start, bytes: await source.read(start, source.size) }];
  }
  return Promise.all(
    [0.25, 0.5, 0.75].map(async (share) => {
      const start = Math.floor((from + share * (room - STRETCH_BYTES)) / 8) * 8;
      return { start, bytes: await source.read(start, start + STRETCH_BYTES) };
    }),
  );
}

function runOf({ start, bytes }: Stretch, { type, oddStart }: TypeGuess): ValueRun {
  const values = decodePlain(oddStart ? bytes.subarray(1) : bytes, type);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = 0;
  return { start: start / bytesOfType(type), values };
}

/** The best few without multiples of better ones; of two alike the one that the file holds a whole number of. */
function candidatesOf(ranked: readonly RowLength[], size: number, { type }: TypeGuess): RowCandidate[] {
  const bytes = bytesOfType(type);
  const divides = (n: number) => size % (n * bytes) === 0;
  const found: RowCandidate[] = [];
  for (const { nValues, score } of ranked) {
    if (score < MIN_SCORE || found.length === N_CANDIDATES) break;
    if (found.some(({ nSaved }) => nValues % nSaved === 0 && nSaved > 1)) continue;
    // neighbours resemble each other in every recording of several channels
    if (nValues === 1 && found.length > 0) continue;
    found.push({ nSaved: nValues, score, divides: divides(nValues) });
  }
  const [best] = found;
  const better = best && !best.divides && found.find((one) => one.divides && best.score - one.score < TIE);
  return better ? [better, ...found.filter((one) => one !== better)] : found;
}

function fallbackCount(size: number, valueBytes: number): number {
  const whole = USUAL_COUNTS.find((n) => size % (n * valueBytes) === 0);
  return Math.max(1, Math.min(whole ?? 384, Math.floor(size / valueBytes)));
}

/** Columns that take few values where most take many; columns are counted from byte 0 of the file. */
function digitalColumns(runs: readonly ValueRun[], n: number): number[] {
  const seen = Array.from({ length: n }, () => new Set<number>());
  for (const { start, values } of runs) {
    const nRows = Math.min(1000, Math.floor(values.length / n));
    for (let i = 0; i < nRows * n; i++) {
      const column = seen[(start + i) % n];
      if (column.size <= 2 * MAX_DIGITAL_VALUES) column.add(values[i]);
    }
  }
  const nMany = seen.filter(({ size }) => size > 2 * MAX_DIGITAL_VALUES).length;
  if (nMany < n / 2) return [];
  return seen.flatMap(({ size }, c) => (size <= MAX_DIGITAL_VALUES ? [c] : []));
}

/** How many of the last columns are digital words; none where a whole probe would be. */
function syncAtEnd(digital: readonly number[], n: number): number {
  let sync = 0;
  while (sync < MAX_SYNC && sync < n - 1 && digital.includes(n - 1 - sync)) sync++;
  return sync;
}

async function middleOf(source: ByteSource, nBytes: number): Promise<Uint8Array> {
  const start = Math.max(0, Math.floor(source.size / 2 - nBytes / 2));
  return source.read(start, Math.min(source.size, start + nBytes));
}

function textShare(bytes: Uint8Array): number {
  let n = 0;
  for (const byte of bytes) if (byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127)) n++;
  return n / Math.max(1, bytes.length);
}

/** First bytes of common formats that are no samples, whatever their names: pictures, archives, HDF5, videos, programs. */
const MAGIC = [
  "\x89PNG",
  "\xff\xd8\xff",
  "GIF8",
  "PK\x03\x04",
  "\x1f\x8b",
  "\x89HDF",
  "%PDF",
  "\x93NUMPY",
  "\x7fELF",
  "MATLAB 5",
  "\x28\xb5\x2f\xfd",
  "PAR1",
  "7z\xbc\xaf",
  "Rar!",
  "RIFF",
  "\x1aE\xdf\xa3",
];

function hasMagic(head: Uint8Array): boolean {
  const first = String.fromCharCode(...head.subarray(0, 12));
  return MAGIC.some((magic) => first.startsWith(magic)) || first.slice(4, 8) === "ftyp";
}
