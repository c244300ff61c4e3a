import type { Range } from "../core/types.ts";
import { packed } from "./colourMaps.ts";
import type { CellValues, Layer } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import { columnExtremes, type Extremes, type Traces } from "./traceColumns.ts";

/** Where traces are drawn: `rows` are indices of channels from the bottom up, one per unit of y. */
export interface TraceFrame {
  rows: Int32Array;
  xRange: Range;
  /** device px of the area */
  widthPx: number;
  heightPx: number;
  /** what a row is called where its numbers are exported */
  nameOf?(row: number): string;
}

/** Up to this many points lines are lines; beyond it a path takes longer than the pixels it would cover. */
const mostPoints = 40_000;

/** Below this many device px per row the lines of a quiet recording already cover everything. */
const separateRowPx = 6;
/** From one line to the next, in standard deviations of the noise. */
const sdPerRow = 6;
/** Device px of one standard deviation where rows are thin: a spike is then higher than its row. */
const leastSdPx = 0.6;
/** Where rows are thin: standard deviations from which a line has its full colour, and how much of it noise has. */
const sdOfFullColour = 8;
const leastOpacity = 0.16;

/** How lines are scaled: µV from one row to the next. */
export function lineScaleUv({ rows, heightPx }: TraceFrame, sdUv: number): number {
  return sdUv * Math.min(sdPerRow, heightPx / rows.length / leastSdPx);
}

/**
 * A line per row, offset by its row, `uvPerRow` from one row to the next. Rows too thin to be told apart are drawn the
 * stronger the farther from 0 they go in units of `sdUv`, and the strongest of those that share a pixel is seen.
 */
export function lineLayers(traces: Traces, frame: TraceFrame, uvPerRow: number, sdUv: number, colour: string): Layer[] {
  const { rows, xRange, widthPx } = frame;
  if (rows.length * Math.min(traces.nSamples, 2 * widthPx) <= mostPoints) {
    return Array.from(rows, (_, row) => rowCurve(traces, frame, row, uvPerRow, colour));
  }
  const extremes = columnExtremes(traces, rows, widthPx, true);
  const values = { widthPx: extremes.nColumns, heightPx: frame.heightPx };
  const rgba = new Uint8ClampedArray(4 * values.widthPx * values.heightPx);
  const fullUv = frame.heightPx / rows.length < separateRowPx ? sdOfFullColour * sdUv : 0;
  const pixels = new Uint32Array(rgba.buffer);
  fillLines(pixels, extremes, { nRows: rows.length, heightPx: frame.heightPx, uvPerRow, fullUv }, packed(colour));
  const cells = () => samplesOf(traces, frame);
  return [{ kind: "image", image: { rgba, ...values }, xRange, yRange: [0, rows.length], cells }];
}

/** All samples of the rows that are shown, in the traces' unit. */
function samplesOf({ values, nSamples, nChannels }: Traces, { rows, xRange, nameOf }: TraceFrame): CellValues {
  const out = new Float32Array(rows.length * nSamples);
  for (let row = 0; row < rows.length; row++) {
    for (let i = 0; i < nSamples; i++) out[row * nSamples + i] = values[i * nChannels + rows[row]];
  }
  const rowNames = nameOf && Array.from(rows, (_, row) => nameOf(row));
  return { values: out, nx: nSamples, ny: rows.length, xRange, yRange: [0, rows.length], rowNames };
}

/** One row as a curve; every sample where there is room for them, else both extremes of each column. */
export function rowCurve(
  traces: Traces,
  { rows, xRange, widthPx, nameOf }: TraceFrame,
  row: number,
  uvPerRow: number,
  colour: string,
): Layer {
  const { values, nSamples, nChannels, unit = "µV" } = traces;
  const yOf = (uv: number) => row + 0.5 + uv / uvPerRow;
  const xOf = (sample: number) => xRange[0] + (sample / nSamples) * (xRange[1] - xRange[0]);
  const source = () => ({
    x: Float64Array.from({ length: nSamples }, (_, i) => xOf(i)),
    y: Float32Array.from({ length: nSamples }, (_, i) => values[i * nChannels + rows[row]]),
    yLabel: `Potential (${unit})`,
  });
  const style = { colour, widthPx: 1, name: nameOf?.(row), source };
  if (nSamples <= 2 * widthPx) {
    const x = Float64Array.from({ length: nSamples }, (_, i) => xOf(i));
    const y = Float64Array.from({ length: nSamples }, (_, i) => yOf(values[i * nChannels + rows[row]]));
    return { kind: "curve", x, y, ...style };
  }
  const { nColumns, low, high } = columnExtremes(traces, rows.subarray(row, row + 1), widthPx, false);
  const x = new Float64Array(2 * nColumns);
  const y = new Float64Array(2 * nColumns);
  for (let c = 0; c < nColumns; c++) {
    // up in one column, down in the next: the way from one to the other is short
    const isUp = c % 2 === 0;
    x[2 * c] = x[2 * c + 1] = xOf(((c + 0.5) * nSamples) / nColumns);
    y[2 * c] = yOf(isUp ? low[c] : high[c]);
    y[2 * c + 1] = yOf(isUp ? high[c] : low[c]);
  }
  return { kind: "curve", x, y, ...style };
}

/** Spans from lowest to highest as pixels, rows of the picture from the top; what leaves the picture is cut. */
function fillLines(
  out: Uint32Array,
  { nColumns, low, high }: Extremes,
  { nRows, heightPx, uvPerRow, fullUv }: { nRows: number; heightPx: number; uvPerRow: number; fullUv: number },
  colour: number,
): void {
  const rowPx = heightPx / nRows;
  const pxPerUv = rowPx / uvPerRow;
  for (let row = 0; row < nRows; row++) {
    const middle = heightPx - (row + 0.5) * rowPx;
    for (let c = 0; c < nColumns; c++) {
      const cell = c * nRows + row;
      if (Number.isNaN(low[cell])) continue;
      const strength = fullUv > 0 ? Math.max(-low[cell], high[cell]) / fullUv : 1;
      const opacity = Math.min(1, Math.max(leastOpacity, strength * strength));
      // opacity is the highest byte: the larger number is the stronger line of one colour
      const pixel = ((Math.round(255 * opacity) << 24) | (colour & 0xffffff)) >>> 0;
      const from = Math.max(0, Math.floor(middle - high[cell] * pxPerUv));
      const to = Math.min(heightPx - 1, Math.floor(middle - low[cell] * pxPerUv));
      for (let at = from * nColumns + c; at <= to * nColumns + c; at += nColumns) {
        if (out[at] < pixel) out[at] = pixel;
      }
    }
  }
}

/**
 * Traces as an image, channels upwards: each cell has the value farthest from 0 among its samples, and among its
 * channels where there are more of them than pixels. NaN stays transparent.
 */
export function heatLayer(traces: Traces, frame: TraceFrame, colours: ColourScale): Layer {
  const { rows, xRange } = frame;
  const { nColumns, low, high } = columnExtremes(traces, rows, frame.widthPx, false);
  const heightPx = Math.min(rows.length, frame.heightPx);
  const values = new Float32Array(nColumns * heightPx).fill(Number.NaN);
  for (let row = 0; row < rows.length; row++) {
    const line = Math.floor((row * heightPx) / rows.length) * nColumns;
    for (let c = 0; c < nColumns; c++) {
      const cell = c * rows.length + row;
      const strongest = -low[cell] > high[cell] ? low[cell] : high[cell];
      const before = values[line + c];
      if (Number.isNaN(before) || Math.abs(strongest) > Math.abs(before)) values[line + c] = strongest;
    }
  }
  const yRange: Range = [0, rows.length];
  const image = colourImage({ values, widthPx: nColumns, heightPx, xRange, yRange }, colours);
  return { kind: "image", image, xRange, yRange, cells: () => samplesOf(traces, frame) };
}
