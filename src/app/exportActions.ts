import { AppError } from "../core/errors.ts";
import type { PictureKind } from "../protocol/workers.ts";
import { withIo, withPaint } from "./clients.ts";
import { pictureIdOf } from "./pictures.ts";
import { getResults } from "./results.ts";
import { saveBlob, svgToPng } from "./saveFile.ts";
import { notifyError, useSession } from "./sessionStore.ts";

async function tryTo(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notifyError(error);
  }
}

/** Save the last run as one zip, laid out as the command line lays out a run directory. Never rejects. */
export function exportZip(): Promise<void> {
  return tryTo(async () => {
    const { run, spikes } = getResults();
    const info = useSession.getState().spikes;
    if (!run || !spikes || !info) {
      throw new AppError("usage", "There is no run to export yet; run the recipe first.");
    }
    const blob = await withIo((io) => io.exportZip({ result: run, spikes, format: info.format }));
    const stamp = run.provenance.startedAt.slice(0, 19).replaceAll(":", "-");
    saveBlob(blob, `driftscope-${stamp}.zip`);
  });
}

/** Save one picture, light, as the view shows it now. Its panel must have been on screen. Never rejects. */
export function exportPicture(kind: PictureKind, title: string, format: "svg" | "png"): Promise<void> {
  return tryTo(async () => {
    const id = pictureIdOf(kind);
    if (!id) {
      throw new AppError("usage", `The panel “${title}” has not been on screen yet; open its tab and export again.`);
    }
    const svg = await withPaint((paint) => paint.exportFigure(id, "svg", "light"));
    const blob = format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await svgToPng(svg, 2);
    saveBlob(blob, `${kind}.${format}`);
  });
}
