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
 * Samples beyond the numbers count as going on. Throws AppError when numbers go back, or jump more than a thousand times.
 */
export async function runsOf(source: ByteSource, nSamples: number): Promise<Run[]> {
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
  const starts = await startsOfRuns(path, nRows, numbers);
  return starts.map(({ row, number }, i) => ({ row, number, nSamples: (starts[i + 1]?.row ?? nSamples) - row }));
}

type Start = Pick<Run, "row" | "number">;

const startAt = (row: number, number: number): Start => ({ row, number });

async function startsOfRuns(
  path: string,
  nRows: number,
  numbers: (from: number, to: number) => Promise<Float64Array>,
): Promise<Start[]> {
  const at = async (row: number) => startAt(row, (await numbers(row, row + 1))[0]);
  const first = await at(0);
  const starts = [first];
  const add = (start: Start) => {
    starts.push(start);
    if (starts.length <= MAX_RUNS) return;
    const message = `${path}: expected samples with at most ${MAX_RUNS - 1} gaps, found more.`;
    throw new AppError("bad-file", message, { path });
  };
  // spans still to be looked at, the earliest last
  const spans: [Start, Start][] = [[first, await at(nRows - 1)]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [low, high] = span;
    const jump = high.number - high.row - (low.number - low.row);
    if (jump < 0) throw goesBack(path, low, high);
    if (jump === 0) continue;
    if (high.row - low.row >= BLOCK) {
      const middle = await at((low.row + high.row) >> 1);
      spans.push([middle, high], [low, middle]);
      continue;
    }
    const block = await numbers(low.row, high.row + 1);
    for (let i = 1; i < block.length; i++) {
      if (block[i] <= block[i - 1])
        throw goesBack(path, startAt(low.row + i - 1, block[i - 1]), startAt(low.row + i, block[i]));
      if (block[i] !== block[i - 1] + 1) add(startAt(low.row + i, block[i]));
    }
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
