import type { SpikeTable } from "../core/types.ts";

/** Rows per piece of a file: some hundred kB of text. */
const pieceRows = 4096;

/** Name with unit, column, and digits after the point. */
type CsvColumn = readonly [name: string, column: ArrayLike<number> | undefined, digits: number];

function columnsOf(spikes: SpikeTable, ampUnit: string): CsvColumn[] {
  const all: CsvColumn[] = [
    ["time_s", spikes.timeSec, 6],
    ["channel", spikes.channel, 0],
    ["x_um", spikes.xUm, 3],
    ["depth_um", spikes.depthUm, 3],
    ["z_um", spikes.zUm, 3],
    ["alpha_uv_um", spikes.alpha, 3],
    [`amplitude_${unitInNames(ampUnit)}`, spikes.ampUv, 3],
    ["shank", spikes.shank, 0],
    ["unit", spikes.unit, 0],
    ["sample_index", spikes.sampleIndex, 0],
  ];
  return all.filter(([, column]) => column !== undefined);
}

/** "uv"; of another unit its letters and digits, for the head of a column. */
function unitInNames(unit: string): string {
  const words = unit
    .replace("µ", "u")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? ["unknown"]).join("_");
}

/**
 * Some rows of a table as text with a line for each, its row first (from 0 in order of time), then every column that the table
 * has; an empty field stands for no number. In pieces, which are never joined here: a million rows are 80 MB.
 */
export function spikesCsv(spikes: SpikeTable, rows: Int32Array, ampUnit = "µV"): string[] {
  const columns = columnsOf(spikes, ampUnit);
  const pieces = [`spike,${columns.map(([name]) => name).join(",")}\n`];
  for (let from = 0; from < rows.length; from += pieceRows) {
    let piece = "";
    for (const row of rows.subarray(from, from + pieceRows)) {
      piece += row;
      for (const [, column, digits] of columns) {
        const value = column?.[row] ?? Number.NaN;
        piece += Number.isFinite(value) ? `,${value.toFixed(digits)}` : ",";
      }
      piece += "\n";
    }
    pieces.push(piece);
  }
  return pieces;
}
