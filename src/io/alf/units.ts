import { type ByteSource, baseName } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { readColumn } from "../columns.ts";
import { readNpyHeader } from "../npy/header.ts";
import { arraysOf, attributeFile, ifReadable } from "./attributes.ts";
import type { AlfSet } from "./names.ts";
import { readTextTable, type TextTable } from "./table.ts";

const LABEL_COLUMNS = ["label", "labels", "group", "KSLabel", "ks2_label", "default_qc"];
const PHY_TABLES = ["cluster_group.tsv", "cluster_KSLabel.tsv"];
const LEFT_OUT = "units have no labels";

/** What was said of units: IBL's metrics, labels, or the tables that phy leaves beside them. */
export interface UnitLabels {
  labels: Map<number, string>;
  files: ByteSource[];
}

/**
 * Labels of units by number, out of clusters.metrics or clusters.labels, else of phy's tables in the same folder (`beside`).
 * What cannot be read is named in the warnings.
 */
export async function unitLabelsOf(
  set: AlfSet,
  beside: ReadonlyMap<string, ByteSource>,
  unit: Column | undefined,
  warnings: string[],
): Promise<UnitLabels> {
  const files: ByteSource[] = [];
  const labels = new Map<number, string>();
  if (!unit) return { labels, files };
  const own = ["clusters.labels", "clusters.metrics"].flatMap((key) => attributeFile(set, key) ?? []);
  for (const source of [...own, ...PHY_TABLES.flatMap((name) => beside.get(name) ?? [])]) {
    if (labels.size > 0) break;
    const found = await ifReadable(warnings, LEFT_OUT, () => labelsIn(set, source, warnings));
    if (!found) continue;
    files.push(source);
    for (const [id, label] of found) labels.set(id, label);
  }
  return { labels, files };
}

async function labelsIn(set: AlfSet, source: ByteSource, warnings: string[]): Promise<Map<number, string>> {
  const { path } = source;
  if (/\.(pqt|parquet)$/i.test(path)) {
    warnings.push(
      `${path} is parquet, which is not read: the column label is missing and ${LEFT_OUT}; save it beside as text with pandas.read_parquet("${baseName(path)}").to_csv("clusters.metrics.csv").`,
    );
    return new Map();
  }
  if (/\.npy$/i.test(path)) {
    const { values } = await readColumn(source);
    return new Map([...values].map((value, id) => [id, numberInWords(value)]));
  }
  const table = await readTextTable(source);
  const at = LABEL_COLUMNS.map((name) => table.names.indexOf(name)).find((i) => i >= 0);
  if (at === undefined) {
    const expected = LABEL_COLUMNS.slice(0, -1).join(", ");
    warnings.push(
      `${path}: expected a column of labels (${expected} or ${LABEL_COLUMNS.at(-1)}), found none; ${LEFT_OUT}.`,
    );
    return new Map();
  }
  const ids = await idsOf(set, source, table);
  return new Map(table.rows.flatMap((row, i) => (row[at] === "" ? [] : [[ids[i], wordOf(row[at])]])));
}

/**
 * Which unit a row is. A table with a row for every row of the other clusters.* is indexed by row, as ALF demands (cluster_id
 * then may be the number before units were renumbered); a shorter one by its column cluster_id.
 */
async function idsOf(set: AlfSet, { path }: ByteSource, { names, rows }: TextTable): Promise<number[]> {
  const byRow = rows.map((_, i) => i);
  const at = names.indexOf("cluster_id");
  if (at < 0) return byRow;
  const ids = rows.map((row) => (row[at] === "" ? Number.NaN : Number(row[at])));
  const isOfPhy = /^cluster_/.test(baseName(path));
  const [other] = arraysOf(set, "clusters");
  const nClusters = other && !isOfPhy ? ((await readNpyHeader(other)).shape[0] ?? 0) : -1;
  return nClusters === rows.length || !ids.every(Number.isSafeInteger) ? byRow : ids;
}

/** Numbers as a person writes them: IBL's label is the share of its three criteria that a unit passes. */
function wordOf(cell: string): string {
  return Number.isFinite(Number(cell)) ? numberInWords(Number(cell)) : cell;
}

function numberInWords(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(2))) : "";
}
