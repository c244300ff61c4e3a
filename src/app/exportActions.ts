import { AppError } from "../core/errors.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { RunResult } from "../protocol/methods.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import type { SpikeinterfaceForm } from "../protocol/spikeinterface.ts";
import { withIo, withPaint } from "./clients.ts";
import { notedMotions } from "./motions.ts";
import { pictureIdOf } from "./pictures.ts";
import { makeRecipe } from "./recipeForm.ts";
import { getResults } from "./results.ts";
import { saveBlob, svgToPng } from "./saveFile.ts";
import { notify, notifyError, useSession } from "./sessionStore.ts";

async function tryTo(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notifyError(error);
  }
}

/**
 * Save the last run with every motion of the session as one zip, laid out as the command line lays out a run directory;
 * motions that were opened or edited need no run, nor spikes. Never rejects.
 */
export function exportZip(): Promise<void> {
  return tryTo(async () => {
    const { run, spikes } = getResults();
    const { spikes: info, recording: open } = useSession.getState();
    const motions = notedMotions();
    if ((!run || !spikes) && motions.length === 0) {
      throw new AppError("usage", "There is nothing to export yet; run the recipe first, or open a motion.");
    }
    const result = run ?? (await nothingRun(info?.title ?? motions[0]?.note.title ?? ""));
    const format = info?.format ?? "motion";
    const recording = open?.recording;
    const probe = recording?.probe ?? info?.probe;
    const sorting = { units: info?.units, amplitudeUnit: info?.amplitudeUnit };
    const blob = await withIo((io) => io.exportZip({ result, spikes, format, motions, recording, probe, sorting }));
    const stamp = result.provenance.startedAt.slice(0, 19).replaceAll(":", "-");
    saveBlob(blob, `driftscope-${stamp}.zip`);
  });
}

/** Save what is open as SpikeInterface or probeinterface loads it, and say what was assumed. Never rejects. */
export function exportSpikeinterface(as: SpikeinterfaceForm): Promise<void> {
  return tryTo(async () => {
    const { spikes } = getResults();
    const { spikes: info, recording: open } = useSession.getState();
    const probe = open?.recording.probe ?? info?.probe;
    const given = {
      spikes,
      motions: notedMotions(),
      probes: probe ? [{ name: open?.info.title ?? info?.title ?? "", probe }] : [],
      ...(open ? { clock: { rateHz: open.recording.rateHz, segments: open.recording.segments } } : {}),
    };
    const { blob, name, notes } = await withIo((io) => io.exportSpikeinterface(as, given));
    for (const note of notes) notify("warning", `${name}: ${note}`);
    saveBlob(blob, name);
  });
}

/** A run of no steps: where spikes came from, for an export of what was opened and edited. A motion alone starts no engine. */
async function nothingRun(title: string): Promise<RunResult> {
  const { compute, spikes } = useSession.getState();
  if (!compute && spikes)
    throw new AppError("usage", "The compute worker is still getting ready; export again in a moment.");
  const { mode, adapter, threads } = compute ?? { mode: "cpu", adapter: "none, nothing was computed", threads: 0 };
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
