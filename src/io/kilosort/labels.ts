import { type ByteSource, baseName } from "../byteSource.ts";
import type { Folder } from "../drop.ts";

/** Columns that say what a unit is, the one that counts first: a person's word, Kilosort's, Bombcell's. */
const COLUMNS = ["group", "kslabel", "bc_unittype"];
const MAX_TABLE_BYTES = 16 * 1024 * 1024;

/** Tables phy and its friends keep of units: cluster_group.tsv, cluster_KSLabel.tsv, cluster_bc_unitType.tsv, cluster_info.tsv, older ones .csv. */
export function labelFiles({ files }: Folder): ByteSource[] {
  return [...files.values()].filter(({ path }) =>
    /^cluster_(groups?|kslabel|bc_unittype|info)\.(tsv|csv)$/i.test(baseName(path)),
  );
}

/**
 * What was said of each unit, by its number. Of one unit, a person's word (the column "group") counts before Kilosort's
 * ("KSLabel") and that before Bombcell's ("bc_unitType"), whatever the table is called: Kilosort4 writes its own labels
 * into cluster_group.tsv too. "unsorted" is no label. A table that cannot be read gives a warning.
 */
export async function readLabels(files: readonly ByteSource[], warnings: string[]): Promise<Map<number, string>> {
  const byColumn = COLUMNS.map(() => new Map<number, string>());
  for (const source of files) {
    const problem = await readTable(source, byColumn);
    if (problem !== "") warnings.push(`${source.path}: expected ${problem}; its labels were left out.`);
  }
  const labels = new Map<number, string>();
  for (const column of byColumn.reverse()) for (const [unit, label] of column) labels.set(unit, label);
  return labels;
}

/** Add what a table says; what is wrong with it, in words, "" when nothing is. */
async function readTable(source: ByteSource, byColumn: readonly Map<number, string>[]): Promise<string> {
  if (source.size > MAX_TABLE_BYTES) return `a table of units of at most 16 MiB, found ${source.size} bytes`;
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "");
  if (lines.length === 0) return "a table of units with a header, found an empty file";
  const separator = lines[0].includes("\t") ? "\t" : ",";
  const names = cellsOf(lines[0], separator).map((name) => name.toLowerCase());
  const idAt = names.findIndex((name) => name === "cluster_id" || name === "id");
  const columns = COLUMNS.map((name) => names.indexOf(name));
  if (idAt < 0) return `a column cluster_id in its first line, found ${names.slice(0, 4).join(", ").slice(0, 60)}`;
  if (columns.every((at) => at < 0) && /^cluster_info/i.test(baseName(source.path))) return ""; // it may hold numbers alone
  if (columns.every((at) => at < 0)) return `a column group, KSLabel or bc_unitType in its first line, found none`;
  const rows = lines.slice(1).map((line) => cellsOf(line, separator));
  const odd = rows.findIndex((cells) => !/^\d{1,9}(\.0*)?$/.test(cells[idAt] ?? ""));
  if (odd >= 0) return `a unit's number in line ${odd + 2}, found "${(rows[odd][idAt] ?? "").slice(0, 30)}"`;
  for (const cells of rows) {
    for (const [k, at] of columns.entries()) {
      const label = at < 0 ? "" : (cells[at] ?? "");
      if (label !== "" && label.toLowerCase() !== "unsorted" && label.toLowerCase() !== "nan")
        byColumn[k].set(Number(cells[idAt]), label);
    }
  }
  return "";
}

function cellsOf(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
