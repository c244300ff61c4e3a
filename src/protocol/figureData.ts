/** The numbers behind a picture, as they leave the paint worker: files are written from them (io/write/figureData.ts). */

/** One column of a table; all columns of a table are of one length. */
export interface DataColumn {
  /** quantity and unit, e.g. "Depth (µm)" */
  label: string;
  values: Float64Array | Float32Array | Int32Array | readonly string[];
}

export interface DataTable {
  kind: "table";
  /** name of its file, without extension */
  name: string;
  /** what it is, in words */
  title: string;
  nRows: number;
  columns: DataColumn[];
}

/** One axis of a matrix: its name with unit, and the middle of each cell. */
export interface DataAxis {
  label: string;
  centres: Float64Array;
  /** what each cell is, where the axis says no more than their order */
  names?: readonly string[];
}

export interface DataMatrix {
  kind: "matrix";
  name: string;
  title: string;
  /** [y, x] row-major, row 0 at the low end of y; NaN where there is none */
  values: Float32Array;
  /** what the values are, with unit */
  label: string;
  x: DataAxis;
  y: DataAxis;
}

export interface FigureData {
  /** of the picture, in words */
  title: string;
  parts: (DataTable | DataMatrix)[];
}
