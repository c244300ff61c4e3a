import { AppError, assert } from "../core/errors.ts";
import type { WaveformSource } from "../protocol/waveforms.ts";
import type { ByteSource } from "./byteSource.ts";
import { decodeRun } from "./npy/decode.ts";
import { dtypeInWords, type Scalar } from "./npy/dtype.ts";
import { readNpyHeader, shapeInWords } from "./npy/header.ts";
import { TILE_BYTES } from "./npy/rows.ts";

/** Bytes between two wanted rows that are cheaper to read than to skip with a call of their own. */
const GAP_BYTES = 32 * 1024;

/** How the rows of a waveform file lie. */
interface Layout {
  source: ByteSource;
  scalar: Scalar;
  dataStart: number;
  rowBytes: number;
  /** numbers of one row */
  rowItems: number;
}

/**
 * A .npy array of waveforms (N, slots, samples), of any number type and byte order. Reads its header only. `rowOf` gives the
 * row of each spike where the table of spikes is in another order than the file. Throws AppError for another shape, for
 * what are no numbers, and for Fortran order, in which one spike is spread over the whole file.
 */
export async function waveformFile(
  source: ByteSource,
  nSpikes: number,
  rowOf: ArrayLike<number> | null = null,
): Promise<WaveformSource> {
  const { path } = source;
  const { shape, scalar, fortranOrder, descr, dataStart, itemBytes } = await readNpyHeader(source);
  const [, nSlots, nSamples] = shape;
  if (shape.length !== 3 || shape[0] !== nSpikes || nSlots === 0 || nSamples === 0) {
    const expected = `expected waveforms of shape (${nSpikes}, channels, samples), one for each spike`;
    throw new AppError("bad-file", `${path}: ${expected}, found shape ${shapeInWords(shape)}.`, { path, shape });
  }
  if (!scalar) {
    throw new AppError("bad-file", `${path}: expected numbers, found ${dtypeInWords(descr)}.`, { path, found: descr });
  }
  if (fortranOrder && nSpikes > 1) {
    const message = `${path}: expected waveforms one spike after the other (C order), found Fortran order; save them through numpy.ascontiguousarray.`;
    throw new AppError("bad-file", message, { path });
  }
  const rowItems = nSlots * nSamples;
  const layout = { source, scalar, dataStart, rowItems, rowBytes: rowItems * itemBytes };
  const readRows = async (spikes: ArrayLike<number>) => {
    const rows = Array.from(spikes, (spike) => (rowOf && spike < nSpikes ? rowOf[spike] : spike));
    assert(
      rows.every((row) => Number.isInteger(row) && row >= 0 && row < nSpikes),
      "spikes of this data set",
    );
    return readListed(layout, rows);
  };
  return {
    nSpikes,
    nSlots,
    nSamples,
    readRows,
    async readRange(from, to) {
      assert(from >= 0 && from <= to && to <= nSpikes, "a range of spikes of this data set");
      return readRows(Float64Array.from({ length: to - from }, (_, i) => from + i));
    },
  };
}

/** Rows in any order: neighbours in the file are read together, each at most once. */
async function readListed(layout: Layout, rows: readonly number[]): Promise<Float32Array> {
  const { rowItems, rowBytes, dataStart, source } = layout;
  const out = new Float32Array(rows.length * rowItems);
  const order = Uint32Array.from(rows, (_, i) => i).sort((a, b) => rows[a] - rows[b]);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const first = rows[order[start]];
    for (end = start + 1; end < order.length; end++) {
      const [before, row] = [rows[order[end - 1]], rows[order[end]]];
      const isNear = (row - before - 1) * rowBytes <= GAP_BYTES;
      if (!isNear || (row - first + 1) * rowBytes > TILE_BYTES) break;
    }
    const last = rows[order[end - 1]];
    const bytes = await source.read(dataStart + first * rowBytes, dataStart + (last + 1) * rowBytes);
    for (let k = start; k < end; k++) {
      decodeRow(layout, bytes, (rows[order[k]] - first) * rowBytes, out, order[k] * rowItems);
    }
  }
  return out;
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function decodeRow(
  { source, scalar, rowItems, rowBytes }: Layout,
  bytes: Uint8Array,
  byteStart: number,
  out: Float32Array,
  outStart: number,
): void {
  const isPlain = scalar.kind === "f" && scalar.bytes === 4 && scalar.littleEndian === hostIsLittleEndian;
  if (isPlain) {
    const from = bytes.byteOffset + byteStart;
    const row =
      from % 4 === 0
        ? new Float32Array(bytes.buffer, from, rowItems)
        : new Float32Array(bytes.slice(byteStart, byteStart + rowBytes).buffer);
    out.set(row, outStart);
    return;
  }
  const row = new Float64Array(rowItems);
  const unsafe = decodeRun({
    bytes,
    scalar,
    byteStart,
    byteStep: scalar.bytes,
    count: rowItems,
    out: row,
    outStart: 0,
    outStep: 1,
  });
  if (unsafe >= 0) {
    const { path } = source;
    throw new AppError("bad-file", `${path}: expected integers below 2^53, found a larger one.`, { path });
  }
  out.set(row, outStart);
}
