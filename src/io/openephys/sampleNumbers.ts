import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { type NpyHeader, readNpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";

/** Samples of a binary without a gap: from row `row` of it on, the first of them number `number` of the acquisition. */
export interface Run {
  row: number;
  nSamples: number;
  number: number;
}

/** Numbers read at once where a gap is looked for: 32 kB. */
const BLOCK = 4096;
const MAX_RUNS = 1000;

/** Whether a .npy numbers samples: one integer each. Seconds are floats. Throws AppError for a damaged .npy. */
export async function readSampleNumbersHeader(source: ByteSource): Promise<NpyHeader | null> {
  const header = await readNpyHeader(source);
  const isList = header.shape.length === 1 || (header.shape.length === 2 && header.shape[1] === 1);
  return isList && header.scalar !== null && header.scalar.kind !== "f" && header.scalar.kind !== "b" ? header : null;
}

/**
 * The stretches of `nSamples` samples whose numbers follow one another. Of a file without a gap only both ends are read;
 * where numbers jump, the place is found by bisection, as the difference between a sample's number and its row then grows.
 * Samples beyond the numbers count as going on. Beyond a thousand jumps all is one stretch, and `warnings` says so. Throws
 * AppError when numbers go back.
 */
export async function runsOf(source: ByteSource, nSamples: number, warnings: string[]): Promise<Run[]> {
  const header = await readSampleNumbersHeader(source);
  const { path } = source;
  if (!header) {
    const message = `${path}: expected one whole number per sample, found another array.`;
    throw new AppError("bad-file", message, { path });
  }
  const nRows = Math.min(nSamples, header.shape[0]);
  if (nRows === 0) {
    if (nSamples === 0) return [{ row: 0, nSamples: 0, number: 0 }];
    const message = `${path}: expected the numbers of ${nSamples} samples, found shape ${shapeInWords(header.shape)}.`;
    throw new AppError("bad-file", message, { path });
  }
  const numbers = (from: number, to: number) => readNpyRows(source, header, from, to);
  const [first, last] = [await startAt(numbers, 0), await startAt(numbers, nRows - 1)];
  const starts = await startsOfRuns(path, first, last, numbers);
  if (!starts) {
    const nLost = last.number - first.number - (last.row - first.row);
    warnings.push(
      `${path}: expected samples with fewer than ${MAX_RUNS} gaps, found more; read as one stretch, so times lag by up to ${nLost} samples at its end.`,
    );
    return [{ ...first, nSamples }];
  }
  return starts.map(({ row, number }, i) => ({ row, number, nSamples: (starts[i + 1]?.row ?? nSamples) - row }));
}

type Start = Pick<Run, "row" | "number">;
type Numbers = (from: number, to: number) => Promise<Float64Array>;

async function startAt(numbers: Numbers, row: number): Promise<Start> {
  return { row, number: (await numbers(row, row + 1))[0] };
}

/** The first samples of all runs from `first` to `last`; null when there are too many. */
async function startsOfRuns(path: string, first: Start, last: Start, numbers: Numbers): Promise<Start[] | null> {
  const starts = [first];
  // spans still to be looked at, the earliest last
  const spans: [Start, Start][] = [[first, last]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [low, high] = span;
    const jump = high.number - high.row - (low.number - low.row);
    if (jump < 0) throw goesBack(path, low, high);
    if (jump === 0) continue;
    if (high.row - low.row >= BLOCK) {
      const middle = await startAt(numbers, (low.row + high.row) >> 1);
      spans.push([middle, high], [low, middle]);
      continue;
    }
    const block = await numbers(low.row, high.row + 1);
    for (let i = 1; i < block.length; i++) {
      const [before, here] = [i - 1, i].map((k) => ({ row: low.row + k, number: block[k] }));
      if (here.number <= before.number) throw goesBack(path, before, here);
      if (here.number !== before.number + 1) starts.push(here);
    }
    if (starts.length > MAX_RUNS) return null;
  }
  return starts;
}

function goesBack(path: string, low: Start, high: Start): AppError {
  return new AppError(
    "bad-file",
    `${path}: expected ascending sample numbers, found ${low.number} in row ${low.row} and ${high.number} in row ${high.row} (counting from 0).`,
    { path },
  );
}
