import { AppError } from "../../core/errors.ts";
import type { RecordingSegment } from "../../core/types.ts";
import { requireHeld } from "../hdf5/columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";

/** What lies between two looks at the clock. */
const BLOCK = 32_768;
/** A sample that comes later than this many periods after the one before begins a segment; earlier than the other, too. */
const [EARLIEST, LATEST] = [0.5, 1.5];
const MAX_SEGMENTS = 10_000;
/** Of so few blocks (16 MB) every time is read: a few gaps would move their median. */
const MAX_WHOLE_BLOCKS = 64;

/** A segment and where its samples begin in the array. */
export interface PlacedSegment extends RecordingSegment {
  firstRow: number;
}

export interface Clock {
  rateHz: number;
  segments: PlacedSegment[];
  /** s of the first sample in the session */
  startSec: number;
}

/**
 * Rate and gaps from a time for each sample. The rate is that of the median block, so that gaps do not count; a block that
 * takes half a sample more or less than the median one is read whole, and cut where two samples lie more than 1.5 periods
 * apart, or less than half of one. Of regular blocks only the first time is read. Throws AppError: times that are no numbers
 * or do not run on, more than ten thousand gaps.
 */
export function clockFrom(reading: Hdf5Reading, of: Hdf5Dataset, nRows: number): Clock {
  const bad = (found: string) =>
    new AppError("bad-data", `${of.words}: expected one time in s for each of ${nRows} samples, found ${found}.`, {
      path: of.words,
    });
  if (of.shape.length !== 1 || of.shape[0] !== nRows) throw bad(`shape (${of.shape.join(", ")})`);
  requireHeld(of, reading.fileBytes);
  if (nRows < 2) throw bad("too few to know the rate");
  const times = (from: number, to: number) =>
    reading.numbers(of, [from], [to - from], (read) => Float64Array.from(read as ArrayLike<number>, Number));
  const chunkRows = Math.max(1, of.chunks?.[0] ?? 1);
  const block = Math.max(1, Math.round(BLOCK / chunkRows)) * chunkRows;
  if (block > 2 ** 26) throw bad(`chunks of ${chunkRows}`);
  const starts = firstTimes(times, nRows, block);
  const periodSec = medianPeriod(times, nRows, block, starts);
  if (!(periodSec > 0 && Number.isFinite(periodSec))) throw bad("times that do not run on");
  const cuts = cutsOf(times, nRows, block, starts, periodSec);
  if (cuts.length >= MAX_SEGMENTS) throw bad(`more than ${MAX_SEGMENTS} gaps`);
  const firstSec = starts[0];
  const borders = [0, ...cuts.map(({ row }) => row), nRows];
  const segments = borders.slice(0, -1).map((firstRow, i) => ({
    firstRow,
    nSamples: borders[i + 1] - firstRow,
    startSec: i === 0 ? 0 : cuts[i - 1].timeSec - firstSec,
  }));
  if (segments.some(({ startSec }) => !Number.isFinite(startSec))) throw bad("NaN or infinity");
  return { rateHz: 1 / periodSec, segments, startSec: firstSec };
}

type Times = (from: number, to: number) => Float64Array;

/** Time of the first sample of each block, and of the last sample of all. */
function firstTimes(times: Times, nRows: number, block: number): Float64Array {
  const nBlocks = Math.ceil((nRows - 1) / block);
  return Float64Array.from({ length: nBlocks + 1 }, (_, i) => {
    const row = Math.min(i * block, nRows - 1);
    return times(row, row + 1)[0];
  });
}

const rowsOfBlock = (i: number, block: number, nRows: number) => Math.min((i + 1) * block, nRows - 1) - i * block;

function medianPeriod(times: Times, nRows: number, block: number, starts: Float64Array): number {
  if (starts.length > MAX_WHOLE_BLOCKS) {
    const whole = starts.length - 2; // the last one may be shorter
    return medianOf(Float64Array.from({ length: whole }, (_, i) => (starts[i + 1] - starts[i]) / block));
  }
  const all = times(0, nRows);
  const steps = Float64Array.from({ length: nRows - 1 }, (_, i) => all[i + 1] - all[i]);
  const median = medianOf(steps);
  const regular = steps.filter((step) => step > EARLIEST * median && step < LATEST * median);
  return regular.reduce((sum, step) => sum + step, 0) / regular.length; // finer than one step, which is rounded
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}

function cutsOf(
  times: Times,
  nRows: number,
  block: number,
  starts: Float64Array,
  periodSec: number,
): { row: number; timeSec: number }[] {
  const cuts: { row: number; timeSec: number }[] = [];
  for (let i = 0; i + 1 < starts.length; i++) {
    const n = rowsOfBlock(i, block, nRows);
    const excess = (starts[i + 1] - starts[i]) / periodSec - n;
    if (Math.abs(excess) < 0.5) continue; // false for NaN
    const inside = times(i * block, i * block + n + 1);
    for (let j = 1; j < inside.length && cuts.length < MAX_SEGMENTS; j++) {
      const step = (inside[j] - inside[j - 1]) / periodSec;
      if (!(step > EARLIEST && step < LATEST)) cuts.push({ row: i * block + j, timeSec: inside[j] });
    }
  }
  return cuts;
}
