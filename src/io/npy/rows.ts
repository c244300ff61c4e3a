import { AppError, assert } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { decodeRun } from "./decode.ts";
import { dtypeInWords, type Scalar } from "./dtype.ts";
import { type NpyHeader, shapeInWords } from "./header.ts";

/** Bytes asked of a file at once: bounds memory beside the result, and keeps a slow disk responsive. */
export const TILE_BYTES = 8 * 1024 * 1024;

/** The numbers to pick out of each element: the element itself, or one column of a structured array. */
interface Picked {
  scalar: Scalar;
  offsetBytes: number;
}

/**
 * Rows [from, to) of a .npy array as float64, row-major whatever the order on disk: [to − from, product of the other
 * dimensions]. Only the bytes of these rows are read, in tiles of at most 8 MiB. `field` picks a column of a structured
 * array. Throws AppError when the array does not hold numbers, lacks the column, or holds an integer beyond 2^53.
 */
export async function readNpyRows(
  source: ByteSource,
  header: NpyHeader,
  from: number,
  to: number,
  field?: string,
): Promise<Float64Array> {
  const nRows = header.shape[0] ?? 1;
  assert(from >= 0 && from <= to && to <= nRows, "a row range lies inside its array");
  const picked = pick(source.path, header, field);
  const restShape = header.shape.slice(1);
  const nColumns = restShape.reduce((n, d) => n * d, 1);
  const out = new Float64Array((to - from) * nColumns);
  if (out.length === 0) return out;
  if (!header.fortranOrder || nColumns === 1) {
    await readRun(source, header, picked, from * nColumns, out.length, out, 0, 1);
    return out;
  }
  // Fortran order: for every combination of the other indices, the rows are one contiguous run
  for (let k = 0; k < nColumns; k++) {
    await readRun(source, header, picked, k * nRows + from, to - from, out, rowMajorIndex(k, restShape), nColumns);
  }
  return out;
}

function pick(path: string, header: NpyHeader, field?: string): Picked {
  if (field === undefined) {
    if (header.scalar) return { scalar: header.scalar, offsetBytes: 0 };
    const found = header.fields.length
      ? `a table with the columns ${header.fields.map((f) => f.name).join(", ")}`
      : dtypeInWords(header.descr);
    throw new AppError("bad-file", `${path}: expected numbers, found ${found}.`, { path, found: header.descr });
  }
  const column = header.fields.find((f) => f.name === field);
  if (column?.scalar && column.nItems === 1) return { scalar: column.scalar, offsetBytes: column.offsetBytes };
  const found = !column ? "none" : column.nItems === 1 ? dtypeInWords(column.descr) : `${column.nItems} values per row`;
  throw new AppError("bad-file", `${path}: expected a column "${field}" with one number per row, found ${found}.`, {
    path,
    field,
  });
}

/** Position in row-major order of the k-th element in column-major order. */
function rowMajorIndex(k: number, shape: readonly number[]): number {
  let rest = k;
  let step = shape.reduce((n, d) => n * d, 1);
  let index = 0;
  for (const size of shape) {
    step /= size;
    index += (rest % size) * step;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** `count` neighbouring elements from `first`, tile by tile, into every `outStep`-th place of `out`. */
async function readRun(
  source: ByteSource,
  header: NpyHeader,
  { scalar, offsetBytes }: Picked,
  first: number,
  count: number,
  out: Float64Array,
  outStart: number,
  outStep: number,
): Promise<void> {
  const step = header.itemBytes;
  const perTile = Math.max(1, Math.floor(TILE_BYTES / step));
  for (let done = 0; done < count; done += perTile) {
    const n = Math.min(perTile, count - done);
    const start = header.dataStart + (first + done) * step;
    const bytes = await source.read(start, start + n * step);
    const unsafe = decodeRun({
      bytes,
      scalar,
      byteStart: offsetBytes,
      byteStep: step,
      count: n,
      out,
      outStart: outStart + done * outStep,
      outStep,
    });
    if (unsafe >= 0) throw tooLarge(source.path, header, first + done + unsafe);
  }
}

function tooLarge(path: string, header: NpyHeader, element: number): AppError {
  return new AppError(
    "bad-file",
    `${path}: expected integers below 2^53, found a larger one at element ${element} (counting from 0) of shape ${shapeInWords(header.shape)}.`,
    { path, element },
  );
}
