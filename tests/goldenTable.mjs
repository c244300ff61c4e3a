// The table of `node tests/run.mjs golden`: what the tests held against the reference data (tests/golden/report.ts), from
// vitest's JSON reports. One line a quantity, one column a machine; of several differences the one nearest its tolerance.
import { existsSync, readFileSync } from "node:fs";

const machines = ["float64", "wasm", "webgpu"];

/** @typedef {{ quantity: string, machine: string, difference: number | null, tolerance: number }} Row */

/** @param {string} path @returns {Row[]} */
function rowsOf(path) {
  if (!existsSync(path)) return [];
  const { testResults } = JSON.parse(readFileSync(path, "utf8"));
  const tests = testResults.flatMap((file) => file.assertionResults);
  return tests.flatMap((test) => test.meta?.golden ?? []);
}

/** How much of its tolerance a difference takes; one that is no number (null in JSON) takes all. @param {Row} row */
function share({ difference, tolerance }) {
  if (difference === null) return Infinity;
  return difference === 0 ? 0 : difference / tolerance;
}

/** @param {Row} row */
function cell(row) {
  const found = row.difference === null ? "no number" : row.difference === 0 ? "0" : row.difference.toExponential(1);
  return `${found} ${share(row) <= 1 ? "≤" : ">"} ${row.tolerance === 0 ? "0" : row.tolerance.toExponential()}`;
}

/** Characters that take a column of their own: not the bar over ρ. @param {string} text */
const width = (text) => text.normalize("NFC").replace(/\p{M}/gu, "").length;

/** @param {string[]} paths of reports @returns {string} */
export function goldenTable(paths) {
  /** @type {Map<string, Record<string, Row>>} */
  const lines = new Map();
  for (const row of paths.flatMap(rowsOf)) {
    const line = lines.get(row.quantity) ?? {};
    const old = line[row.machine];
    if (!old || share(row) > share(old)) line[row.machine] = row;
    lines.set(row.quantity, line);
  }
  const cells = [...lines].map(([quantity, line]) => [
    quantity,
    ...machines.map((m) => (line[m] ? cell(line[m]) : "")),
  ]);
  const table = [["largest difference ≤ tolerance", ...machines], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => width(line[column]))));
  return table
    .map((line) =>
      line
        .map((text, i) => text + " ".repeat(widths[i] - width(text)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
