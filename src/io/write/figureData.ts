import { assert } from "../../core/errors.ts";
import type { DataColumn, DataMatrix, DataTable, FigureData } from "../../protocol/figureData.ts";
import { jsonFile, textFile, type WrittenFile } from "./file.ts";
import { type NpyDtype, npyFile } from "./npy.ts";
import { zipBlob } from "./zip.ts";

/** Longer tables are no text any more: each of their columns is a .npy file. */
const MOST_TEXT_ROWS = 100_000;
/** Whoever saves a picture's numbers waits for them, and so does every other picture. */
const MOST_SHRUNK_BYTES = 2e6;

/**
 * The numbers behind a picture as files: short tables as CSV, long ones as a folder of columns, matrices as .npy with the
 * middles of their cells beside them. Where it is more than one CSV, `about.json` says what each file holds.
 */
export function figureDataFiles(data: FigureData): WrittenFile[] {
  const parts = data.parts.map((part) => (part.kind === "matrix" ? matrixFiles(part) : tableFiles(part)));
  const files = parts.flatMap((part) => part.files);
  assert(files.length > 0, "a picture without numbers is not exported");
  if (files.length === 1 && files[0].path.endsWith(".csv")) return files;
  const about = { picture: data.title, files: Object.assign({}, ...parts.map((part) => part.about)) as object };
  return [jsonFile("about.json", about), ...files];
}

/** `figureDataFiles` as something a browser can save: the one file, or all of them in a zip. */
export function figureDataBlob(data: FigureData): { blob: Blob; extension: "csv" | "zip" } {
  const files = figureDataFiles(data);
  if (files.length > 1) return { blob: zipBlob(files, undefined, MOST_SHRUNK_BYTES), extension: "zip" };
  return { blob: new Blob([new Uint8Array(files[0].bytes)], { type: "text/csv" }), extension: "csv" };
}

interface Part {
  files: WrittenFile[];
  about: Record<string, object>;
}

function matrixFiles({ name, title, values, label, x, y }: DataMatrix): Part {
  const shape = [y.centres.length, x.centres.length];
  const files = [
    npyFile(`${name}.npy`, values, shape, "<f4"),
    npyFile(`${name}-rows.npy`, y.centres, [shape[0]], "<f8"),
    npyFile(`${name}-columns.npy`, x.centres, [shape[1]], "<f8"),
  ];
  const rows = { label: y.label, centres: `${name}-rows.npy`, ...(y.names ? { names: y.names } : {}) };
  const columns = { label: x.label, centres: `${name}-columns.npy` };
  return { files, about: { [`${name}.npy`]: { title, values: label, shape, rows, columns } } };
}

function tableFiles(table: DataTable): Part {
  const { name, title, nRows, columns } = table;
  if (nRows < MOST_TEXT_ROWS) {
    const path = `${name}.csv`;
    const about = { title, rows: nRows, columns: columns.map(({ label }) => label) };
    return { files: [textFile(path, csvOf(table))], about: { [path]: about } };
  }
  const files: WrittenFile[] = [];
  const about: Part["about"] = {};
  for (const { label, values } of columns) {
    assert(!isText(values), "a long table holds numbers alone");
    const path = `${name}/${fileName(label)}.npy`;
    files.push(npyFile(path, values, [nRows], dtypeOf(values)));
    about[path] = { title, values: label, rows: nRows };
  }
  return { files, about };
}

function csvOf({ nRows, columns }: DataTable): string {
  const lines = [columns.map(({ label }) => quoted(label)).join(",")];
  for (let i = 0; i < nRows; i++) lines.push(columns.map(({ values }) => cell(values, i)).join(","));
  return `${lines.join("\n")}\n`;
}

/** Empty for what is no number; single precision in as many digits as it has. */
function cell(values: DataColumn["values"], i: number): string {
  if (isText(values)) return quoted(values[i]);
  const value = values[i];
  if (Number.isNaN(value)) return "";
  return String(values instanceof Float32Array ? Number(value.toPrecision(9)) : value);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function isText(values: DataColumn["values"]): values is readonly string[] {
  return Array.isArray(values);
}

function dtypeOf(values: Exclude<DataColumn["values"], readonly string[]>): NpyDtype {
  if (values instanceof Float32Array) return "<f4";
  return values instanceof Int32Array ? "<i4" : "<f8";
}

/** "Corrected depth (µm)" → "corrected_depth_um". */
function fileName(label: string): string {
  const plain = label.toLowerCase().replaceAll("µ", "u").replaceAll("α", "alpha").replaceAll("₁₀", "10");
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? ["values"]).join("_");
}
