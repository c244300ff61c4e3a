import { AppError } from "../../core/errors.ts";
import type { Column } from "../columns.ts";
import type { Hdf5Dataset, Hdf5Reading } from "./reading.ts";

const TILE_BYTES = 8 * 1024 * 1024;
/** What deflate can do at best: 258 bytes from 2 bits. */
const MAX_RATIO = 1032;
const MAX_VALUES = 2 ** 27; // 1 GiB of float64

/** Throw where an array declares more values than the file can hold. */
export function requireHeld({ words, shape, elementBytes, isCompressed }: Hdf5Dataset, fileBytes: number): void {
  const n = shape.reduce((product, length) => product * length, 1);
  if (n * elementBytes <= fileBytes * (isCompressed ? MAX_RATIO : 1)) return;
  throw new AppError(
    "bad-file",
    `${words}: expected as many values as a file of ${fileBytes} bytes can hold, found that it declares ${n}.`,
    { path: words, nValues: n },
  );
}

/** The length of an array of one dimension that fits into memory. Throws AppError for any other. */
export function requireColumn(of: Hdf5Dataset, fileBytes: number): number {
  const { words, shape } = of;
  const found = shape.length === 0 ? "a single value" : `shape (${shape.join(", ")})`;
  if (shape.length !== 1) throw new AppError("bad-file", `${words}: expected one number per row, found ${found}.`);
  requireHeld(of, fileBytes);
  const [n] = shape;
  if (n <= MAX_VALUES) return n;
  throw new AppError("bad-file", `${words}: expected at most ${MAX_VALUES} values, found ${n}.`, { path: words });
}

/** A whole column of numbers, as float64. Read in tiles: 8 bytes a row in memory, and no more. Throws AppError. */
export function numberColumn(reading: Hdf5Reading, of: Hdf5Dataset): Column {
  const n = requireColumn(of, reading.fileBytes);
  const values = new Float64Array(n);
  const step = tileRows(of, of.elementBytes);
  for (let from = 0; from < n; from += step) {
    const count = Math.min(step, n - from);
    reading.numbers(of, [from], [count], (read) => {
      for (let i = 0; i < count; i++) values[from + i] = Number(read[i]);
    });
  }
  return { path: of.words, values };
}

/** How many rows to read at once: whole chunks, of some megabytes together. */
export function tileRows({ chunks }: Hdf5Dataset, rowBytes: number): number {
  const rows = Math.max(1, Math.floor(TILE_BYTES / Math.max(1, rowBytes)));
  const chunkRows = Math.max(1, chunks?.[0] ?? 1);
  return Math.max(1, Math.floor(rows / chunkRows)) * chunkRows;
}
