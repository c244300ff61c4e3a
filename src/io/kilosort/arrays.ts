import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { readNpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";

/** A whole .npy of one long dimension, (N,), (N, 1) or (1, N), as MATLAB and numpy write a vector. Throws AppError. */
export async function readVector(source: ByteSource): Promise<Column> {
  const header = await readNpyHeader(source);
  const { shape } = header;
  const total = shape.reduce((n, d) => n * d, 1);
  if (shape.length === 0 || shape.length > 2 || (shape.length === 2 && !shape.includes(1) && total > 0)) {
    throw new AppError(
      "bad-file",
      `${source.path}: expected one number per row, shape (N,), (N, 1) or (1, N), found shape ${shapeInWords(shape)}.`,
      { path: source.path, shape },
    );
  }
  const flat = { ...header, shape: [total], fortranOrder: false };
  return { path: source.path, values: await readNpyRows(source, flat, 0, total) };
}

/** Throws AppError unless every value is a whole number in [0, limit). `what` names them, e.g. "template numbers". */
export function requireIndices({ path, values }: Column, limit: number, what: string): void {
  const row = values.findIndex((v) => !(v >= 0 && v < limit && Number.isInteger(v)));
  if (row < 0) return;
  throw new AppError(
    "bad-data",
    `${path}: expected ${what} from 0 to ${limit - 1}, found ${values[row]} in row ${row} (counting from 0).`,
    { path, row },
  );
}

/** A .npy of numbers in `nDimensions` dimensions, none of them empty. Throws AppError that says what they stand for. */
export async function headerOf(source: ByteSource, nDimensions: number, words: string) {
  const header = await readNpyHeader(source);
  await readNpyRows(source, { ...header, shape: [0] }, 0, 0); // what are no numbers is refused before anything is made room for
  if (header.shape.length === nDimensions && header.shape.every((n) => n > 0)) return header;
  throw new AppError(
    "bad-file",
    `${source.path}: expected shape (${words}), found shape ${shapeInWords(header.shape)}.`,
    { path: source.path, shape: header.shape },
  );
}
