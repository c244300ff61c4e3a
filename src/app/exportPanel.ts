import { AppError } from "../core/errors.ts";
import { withPaint } from "./clients.ts";
import { type AttachedPicture, picturesIn } from "./pictures.ts";
import { saveBlob, svgToPng } from "./saveFile.ts";
import { notifyError } from "./sessionStore.ts";
import { tableCsv } from "./tableText.ts";

/** What a panel can be saved as: its pictures, or the numbers behind them. */
export type PanelFormat = "png" | "svg" | "data";

/** Times the size on screen; print wants more pixels than a screen has. */
const PNG_SCALE = 2;

/**
 * Save the pictures of a panel, light, as they are seen now, or their numbers with the tables that stand beside them. Never
 * rejects: a panel that shows nothing yet says so.
 */
export async function exportPanel(panelId: string, title: string, format: PanelFormat): Promise<void> {
  try {
    const pictures = picturesIn(panelId);
    const tables = format === "data" ? tablesIn(panelId) : [];
    if (pictures.length + tables.length === 0) {
      const what = format === "data" ? "numbers" : "picture";
      throw new AppError("usage", `The panel “${title}” shows no ${what} to save yet.`);
    }
    for (const picture of pictures) await savePicture(picture, format);
    for (const [i, table] of tables.entries()) {
      const name = tables.length > 1 ? `${panelId}-table-${i + 1}` : `${panelId}-table`;
      saveBlob(new Blob([tableCsv(table)], { type: "text/csv" }), `${name}.csv`);
    }
  } catch (error) {
    notifyError(error);
  }
}

async function savePicture({ id, kind }: AttachedPicture, format: PanelFormat): Promise<void> {
  if (format === "data") {
    const { blob, extension } = await withPaint((paint) => paint.exportData(id));
    saveBlob(blob, `${kind}.${extension}`);
    return;
  }
  const svg = await withPaint((paint) => paint.exportFigure(id, "svg", "light"));
  const blob = format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await svgToPng(svg, PNG_SCALE);
  saveBlob(blob, `${kind}.${format}`);
}

function tablesIn(panelId: string): HTMLTableElement[] {
  return [...document.querySelectorAll<HTMLTableElement>(`[data-panel="${CSS.escape(panelId)}"] table`)];
}
