import type { Hdf5File } from "../hdf5/file.ts";
import type { NumberArray } from "../hdf5/numbers.ts";
import type { Hdf5Dataset, Hdf5Reading } from "../hdf5/reading.ts";

/** Rows that are unpacked together at least, about a second. */
const BAND_ROWS = 32_768;
/** Unpacked bands that are kept: what is read next begins in the one read last. */
const MAX_KEPT_BYTES = 192 * 1024 * 1024;
const READ_BYTES = 16 * 1024 * 1024;

/** A stretch of samples of all columns, [n, nColumns] row-major, in the number type of the file. */
export type Rows = NumberArray;

/**
 * Rows of an array of samples, [time, channel] or [time] for a single channel. Where it is compressed in chunks, bands of whole chunks
 * are unpacked once and the last ones kept: HDF5 would unpack a chunk again for every tile that touches it.
 */
export class SampleRows {
  readonly nRows: number;
  readonly nColumns: number;
  private readonly file: Hdf5File;
  private readonly of: Hdf5Dataset;
  private readonly bands = new Map<number, Rows>();

  constructor(file: Hdf5File, of: Hdf5Dataset) {
    this.file = file;
    this.of = of;
    [this.nRows, this.nColumns = 1] = of.shape;
  }

  private get rowBytes(): number {
    return this.nColumns * this.of.elementBytes;
  }

  /** Rows that are unpacked together; 0 where nothing is, or where one band would be too large to be kept. */
  get bandRows(): number {
    const { chunks, isCompressed } = this.of;
    if (!chunks || !isCompressed) return 0;
    const chunkRows = Math.max(1, chunks[0]);
    const rows = Math.min(this.nRows, chunkRows * Math.max(1, Math.floor(BAND_ROWS / chunkRows)));
    return rows * this.rowBytes > MAX_KEPT_BYTES ? 0 : rows;
  }

  /** Rows of one chunk of a compressed array of which no band can be kept; 0 for others. Each tile unpacks it anew. */
  get slowChunkRows(): number {
    const { chunks, isCompressed } = this.of;
    return chunks && isCompressed && this.bandRows === 0 ? Math.min(this.nRows, chunks[0]) : 0;
  }

  /** Rows [from, to). Throws AppError. */
  read(from: number, to: number): Promise<Rows> {
    return this.file.use((reading) => {
      const { bandRows } = this;
      if (bandRows === 0) return this.filled(reading, from, to);
      let out: Rows | null = null;
      for (let band = Math.floor(from / bandRows); band * bandRows < to || out === null; band++) {
        const rows = this.band(reading, band);
        out ??= emptyLike(rows, (to - from) * this.nColumns);
        const [start, end] = [Math.max(from, band * bandRows), Math.min(to, (band + 1) * bandRows)];
        const at = (row: number) => (row - band * bandRows) * this.nColumns;
        if (end > start) setRows(out, rows.subarray(at(start), at(end)), (start - from) * this.nColumns);
      }
      return out;
    });
  }

  private band(reading: Hdf5Reading, band: number): Rows {
    const known = this.bands.get(band);
    const { bandRows } = this;
    const rows = known ?? this.filled(reading, band * bandRows, Math.min(this.nRows, (band + 1) * bandRows));
    this.bands.delete(band);
    this.bands.set(band, rows);
    const maxBands = Math.max(1, Math.floor(MAX_KEPT_BYTES / (bandRows * this.rowBytes)));
    if (this.bands.size > Math.min(3, maxBands)) this.bands.delete(this.bands.keys().next().value as number);
    return rows;
  }

  /** Straight from the file, one column of chunks after the other: so each is one piece in the file and in memory. */
  private filled(reading: Hdf5Reading, from: number, to: number): Rows {
    const { of, nColumns } = this;
    const width = Math.min(nColumns, of.chunks?.[1] ?? nColumns);
    let out: Rows | null = null;
    for (let column = 0; column < nColumns || out === null; column += width) {
      const nWide = Math.min(width, nColumns - column);
      const step = this.stepRows(nWide);
      for (let row = from; row < to || out === null; row += step) {
        const n = Math.min(step, to - row);
        const isTable = of.shape.length > 1;
        reading.numbers(of, isTable ? [row, column] : [row], isTable ? [n, nWide] : [n], (read) => {
          out ??= emptyLike(read, (to - from) * nColumns);
          placeRows(out, read, n, nWide, (row - from) * nColumns + column, nColumns);
        });
      }
    }
    return out;
  }

  private stepRows(nWide: number): number {
    const rows = Math.max(1, Math.floor(READ_BYTES / (nWide * this.of.elementBytes)));
    const chunkRows = Math.max(1, this.of.chunks?.[0] ?? 1);
    return Math.max(1, Math.floor(rows / chunkRows)) * chunkRows;
  }
}

function emptyLike(rows: Rows, n: number): Rows {
  return new (rows.constructor as new (n: number) => Rows)(n);
}

/** Both are of the same type, as both are out of one array. */
function setRows(out: Rows, rows: Rows, at: number): void {
  (out as Float64Array).set(rows as Float64Array, at);
}

function placeRows(out: Rows, read: Rows, nRows: number, width: number, at: number, stride: number): void {
  if (width === stride) setRows(out, read, at);
  else for (let i = 0; i < nRows; i++) setRows(out, read.subarray(i * width, (i + 1) * width), at + i * stride);
}
