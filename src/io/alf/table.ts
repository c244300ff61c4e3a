import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";

const MAX_BYTES = 64 * 1024 * 1024; // a row per unit, not per spike

/** A table of text: names of its columns and rows of as many cells. */
export interface TextTable {
  names: string[];
  rows: string[][];
}

/**
 * A .csv or .tsv with a row of names, told apart by that row; cells in double quotes may hold anything but line breaks. Short rows are filled
 * up. Throws AppError for a file that is too large to describe units.
 */
export async function readTextTable(source: ByteSource): Promise<TextTable> {
  const { path, size } = source;
  if (size > MAX_BYTES)
    throw new AppError("bad-file", `${path}: expected a table of units of at most 64 MiB, found ${size} bytes.`, {
      path,
    });
  const text = new TextDecoder().decode(await source.read(0, size));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const separator = lines[0]?.includes("\t") ? "\t" : ",";
  const [names = [], ...rows] = lines.map((line) => cellsOf(line, separator));
  return { names, rows: rows.map((row) => names.map((_, i) => row[i] ?? "")) };
}

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
  const cells: string[] = [];
  let [cell, isQuoted] = ["", false];
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}
