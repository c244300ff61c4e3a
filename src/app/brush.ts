import { create } from "zustand";
import type { BrushedSpikes, BrushHow } from "../protocol/brush.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import { withIo, withPaint } from "./clients.ts";
import { pictureIdOf } from "./pictures.ts";
import { getResults, subscribeResults } from "./results.ts";
import { saveBlob } from "./saveFile.ts";
import { notifyError, useSession } from "./sessionStore.ts";

/**
 * Spikes that a person marks by drawing around them, in any picture of spikes, to see where the same ones are in the others. The
 * paint worker finds and draws them; here is what it says of them.
 */

/** How a brush is drawn. */
export type BrushShape = "lasso" | "box";

export interface BrushState {
  /** what a drag on a picture of spikes draws; null where it moves the picture */
  shape: BrushShape | null;
  /** null while none is brushed */
  brushed: BrushedSpikes | null;
}

export const useBrush = create<BrushState>(() => ({ shape: null, brushed: null }));

/** Brush by lasso or box from now on; null ends that, and what is brushed stays. */
export function chooseBrush(shape: BrushShape | null): void {
  useBrush.setState({ shape });
}

export function toggleBrush(shape: BrushShape): void {
  chooseBrush(useBrush.getState().shape === shape ? null : shape);
}

let lastQuestion = 0;

async function ask(question: () => Promise<BrushedSpikes | null>): Promise<void> {
  const mine = ++lastQuestion;
  try {
    const brushed = await question();
    if (mine === lastQuestion) useBrush.setState({ brushed });
  } catch (error) {
    notifyError(error);
  }
}

/** Brush the spikes inside a closed line on a picture: x0, y0, x1, y1, … CSS px from its top left. Never rejects. */
export function brushAt(pictureId: string, outline: readonly number[], how: BrushHow): Promise<void> {
  return ask(() => withPaint((paint) => paint.brush(pictureId, outline, how)));
}

/** Brush all spikes that the first plot of a picture shows, as a drag around them does. Never rejects. */
export function brushAllSeen(kind: PictureKind, how: BrushHow): Promise<void> {
  const id = pictureIdOf(kind);
  if (!id) return Promise.resolve();
  return ask(() =>
    withPaint(async (paint) => {
      const [{ left, top, width, height }] = await paint.plotAreas(id);
      // it begins on the plot, and goes round its edges so that spikes on them are inside
      const [right, bottom] = [left + width + 1, top + height + 1];
      return paint.brush(id, [left, top, right, top - 1, right, bottom, left - 1, bottom, left - 1, top - 1], how);
    }),
  );
}

/** Brush the spikes of these rows of the table, whatever was brushed before; null for none. Never rejects. */
export function setBrush(rows: Int32Array | null): Promise<void> {
  return ask(() => withPaint((paint) => paint.setBrush(rows)));
}

/** Rows of the brushed spikes, ascending; null when none is. */
export async function brushedRows(): Promise<Int32Array | null> {
  return useBrush.getState().brushed?.rows ?? null;
}

/** Positions have changed: the same rows, which stay the same array, have other medians. Never rejects. */
export function readBrush(): Promise<void> {
  const before = useBrush.getState().brushed;
  if (!before) return Promise.resolve();
  return ask(async () => {
    const now = await withPaint((paint) => paint.brushed());
    // another line may have been drawn meanwhile
    const isSame = now?.rows.length === before.rows.length && now.rows.every((row, i) => row === before.rows[i]);
    return isSame ? { ...now, rows: before.rows } : now;
  });
}

/** Save what is brushed: a table of the spikes at the positions shown, or their rows alone. Never rejects. */
export async function saveBrushed(format: "csv" | "npy"): Promise<void> {
  try {
    if (format === "csv") saveBlob(await withPaint((paint) => paint.brushedCsv()), "brushed-spikes.csv");
    else {
      const rows = (await brushedRows()) ?? new Int32Array(0);
      saveBlob(await withIo((io) => io.rowsFile(rows)), "brushed-rows.npy");
    }
  } catch (error) {
    notifyError(error);
  }
}

/** Forget what is brushed when rows mean other spikes, and brush it again in a new paint worker; returns the function that stops it. */
export function startBrushSync(): () => void {
  let generation = getResults().spikesGeneration;
  const stopSpikes = subscribeResults("spikes", () => {
    if (getResults().spikesGeneration === generation) return;
    generation = getResults().spikesGeneration;
    if (useBrush.getState().brushed) void setBrush(null);
  });
  const stopSession = useSession.subscribe((state, before) => {
    const { brushed } = useBrush.getState();
    if (state.paintGeneration !== before.paintGeneration && brushed) void setBrush(brushed.rows);
  });
  return () => {
    stopSpikes();
    stopSession();
  };
}
