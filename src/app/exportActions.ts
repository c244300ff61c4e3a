import { AppError } from "../core/errors.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { RunResult } from "../protocol/methods.ts";
import type { PictureKind } from "../protocol/workers.ts";
import { withIo, withPaint } from "./clients.ts";
import { notedMotions } from "./motions.ts";
import { pictureIdOf } from "./pictures.ts";
import { makeRecipe } from "./recipeForm.ts";
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

/**
 * Save the last run with every motion of the session as one zip, laid out as the command line lays out a run directory;
 * spikes with motions that were opened or edited need no run. Never rejects.
 */
export function exportZip(): Promise<void> {
  return tryTo(async () => {
    const { run, spikes } = getResults();
    const { spikes: info, recording: open } = useSession.getState();
    const motions = notedMotions();
    if (!spikes || !info || (!run && motions.length === 0)) {
      throw new AppError("usage", "There is nothing to export yet; run the recipe first, or open a motion.");
    }
    const result = run ?? (await nothingRun(info.title));
    const recording = open?.recording;
    const blob = await withIo((io) => io.exportZip({ result, spikes, format: info.format, motions, recording }));
    const stamp = result.provenance.startedAt.slice(0, 19).replaceAll(":", "-");
    saveBlob(blob, `driftscope-${stamp}.zip`);
  });
}

/** A run of no steps: where spikes came from, for an export of what was opened and edited. */
async function nothingRun(title: string): Promise<RunResult> {
  const { compute } = useSession.getState();
  if (!compute) throw new AppError("usage", "The compute worker is still getting ready; export again in a moment.");
  const { mode, adapter, threads } = compute;
  return {
    recipe: makeRecipe(title, 0, []),
    steps: [],
    log: [],
    provenance: {
      driftscope: __DRIFTSCOPE_VERSION__,
      commit: __DRIFTSCOPE_COMMIT__,
      startedAt: new Date().toISOString(),
      seed: 0,
      compute: { mode, adapter, threads },
      runtime: navigator.userAgent,
      inputs: await describeInputs(getResults().spikeFiles),
      stageSeconds: {},
      peakMemoryBytes: null,
      complete: true,
    },
  };
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
