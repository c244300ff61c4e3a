import { AppError } from "../core/errors.ts";
import type { ByteSource } from "./byteSource.ts";
import { readNpyHeader, shapeInWords } from "./npy/header.ts";
import { readNpyRows } from "./npy/rows.ts";

/** One number per row, and the file it came from, for messages. */
export interface Column {
  path: string;
  values: Float64Array;
}

/**
 * A whole one-dimensional .npy array, (N,) or (N, 1), as float64; `field` picks a column of a structured (N,) array. For
 * arrays of one number per spike or bin: 8 bytes a row in memory. Throws AppError as readNpyHeader and readNpyRows do, and
 * for any other shape.
 */
export async function readColumn(source: ByteSource, field?: string): Promise<Column> {
  const header = await readNpyHeader(source);
  const { path } = source;
  const { shape } = header;
  if (shape.length === 0 || shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
    throw new AppError(
      "bad-file",
      `${path}: expected one number per row, shape (N,) or (N, 1), found shape ${shapeInWords(shape)}.`,
      { path, shape },
    );
  }
  return {
    path: field === undefined ? path : `${path} (${field})`,
    values: await readNpyRows(source, header, 0, shape[0], field),
  };
}

/** A whole two-dimensional .npy array of few columns. Throws AppError for any other number of dimensions. */
export async function readTable(
  source: ByteSource,
): Promise<{ path: string; values: Float64Array; nRows: number; nColumns: number }> {
  const header = await readNpyHeader(source);
  const { path } = source;
  const { shape } = header;
  if (shape.length !== 2) {
    throw new AppError("bad-file", `${path}: expected a table of two dimensions, found shape ${shapeInWords(shape)}.`, {
      path,
      shape,
    });
  }
  return { path, values: await readNpyRows(source, header, 0, shape[0]), nRows: shape[0], nColumns: shape[1] };
}

/** One column of a row-major table. */
export function columnOf(
  table: { path: string; values: Float64Array; nRows: number; nColumns: number },
  column: number,
): Column {
  const values = new Float64Array(table.nRows);
  for (let i = 0; i < table.nRows; i++) values[i] = table.values[i * table.nColumns + column];
  return { path: `${table.path} (column ${column})`, values };
}

/** Throw unless every column has as many rows as the first. `what` is what a row stands for, e.g. "spikes". */
export function requireEqualLengths(columns: readonly Column[], what: string): void {
  if (columns.every((c) => c.values.length === columns[0].values.length)) return;
  const counts = columns.map((c) => `${c.path} has ${c.values.length}`).join(", ");
  throw new AppError("bad-file", `Expected the same number of ${what} in every file, found that ${counts}.`, {
    files: columns.map((c) => c.path),
    counts: columns.map((c) => c.values.length),
  });
}

/** Rows that are NaN, infinite or, where a limit is given, too large to store: how many, and the first; null when none. */
export function notFinite(values: Float64Array, limit = Number.MAX_VALUE): { count: number; first: number } | null {
  let count = 0;
  let first = -1;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) <= limit) continue; // false for NaN
    if (count++ === 0) first = i;
  }
  return count === 0 ? null : { count, first };
}

/** Throw when a column holds NaN or infinity. */
export function requireFinite(column: Column, limit?: number): void {
  const found = notFinite(column.values, limit);
  if (!found) return;
  throw new AppError(
    "bad-data",
    `${column.path}: expected finite numbers, found ${found.count} NaN or infinite ${found.count === 1 ? "one" : "ones"}, the first in row ${found.first} (counting from 0).`,
    { path: column.path, count: found.count, row: found.first },
  );
}
