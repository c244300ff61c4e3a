/** Tables of the page as text. */

/** "−1.5" → "-1.5": on screen a minus is a minus, in a file it is what programs read. */
function plain(text: string): string {
  const trimmed = text.replace(/\s+/g, " ").trim();
  return /^−[\d.]/.test(trimmed) ? trimmed.replace("−", "-") : trimmed;
}

/** The rows of a table as CSV, as they are read on screen; a cell over several columns stands in the first of them. */
export function tableCsv(table: HTMLTableElement): string {
  const rows = Array.from(table.rows, (row) =>
    Array.from(row.cells)
      .flatMap((cell) => [
        `"${plain(cell.textContent ?? "").replaceAll('"', '""')}"`,
        ...new Array<string>(cell.colSpan - 1).fill(""),
      ])
      .join(","),
  );
  return `${rows.join("\n")}\n`;
}
