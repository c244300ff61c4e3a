import { assert, messageOf } from "../core/errors.ts";
import type { PictureKind, PictureView } from "../protocol/pictures.ts";
import { drawFigure } from "./axes.ts";
import { canvasPen, type MakeCanvas } from "./canvasPen.ts";
import type { Figure } from "./figure.ts";
import type { PaintData } from "./pictureData.ts";
import { buildPicture, type PictureSize } from "./pictures.ts";
import type { RasterStore } from "./rasterPlot.ts";
import { themeOf } from "./theme.ts";

/** One canvas. */
export interface Slot {
  kind: PictureKind;
  canvas: OffscreenCanvas;
  size: PictureSize;
  store: RasterStore;
  makeCanvas: MakeCanvas;
  isStale: boolean;
  lastMs: number;
  /** what is on the canvas; null before the first drawing */
  figure: Figure | null;
  /** why the last drawing failed; null when it did not */
  failure: unknown;
  waiting: { resolve: () => void; reject: (reason: unknown) => void }[];
}

export function sizeOf(widthPx: number, heightPx: number, pixelRatio: number): PictureSize {
  return { widthPx: Math.max(1, widthPx), heightPx: Math.max(1, heightPx), pixelRatio };
}

/** Draw one picture and time it. A failure is shown as a sentence on the canvas and kept for `whenPainted`. */
function redraw(slot: Slot, data: PaintData, view: PictureView, nowMs: () => number): void {
  const started = nowMs();
  const { widthPx, heightPx, pixelRatio } = slot.size;
  const context = slot.canvas.getContext("2d");
  assert(context, "an attached canvas has a 2-D context");
  const [width, height] = [Math.round(widthPx * pixelRatio), Math.round(heightPx * pixelRatio)];
  // setting a size clears the canvas, even the same size
  if (slot.canvas.width !== width || slot.canvas.height !== height) Object.assign(slot.canvas, { width, height });
  const pen = canvasPen(context, pixelRatio, slot.makeCanvas);
  slot.isStale = false;
  slot.failure = null;
  try {
    slot.figure = buildPicture(slot.kind, data, view, slot.size, slot.store);
    drawFigure(pen, slot.figure);
  } catch (error) {
    slot.failure = error;
    const theme = themeOf(view.theme);
    pen.fillRect({ left: 0, top: 0, width: widthPx, height: heightPx }, theme.page);
    const style = { colour: theme.text, sizePx: 12, align: "left", baseline: "top" } as const;
    pen.text(`This picture could not be drawn: ${messageOf(error)}`, 14, 14, style);
  }
  slot.lastMs = nowMs() - started;
  // cells that are still being counted bring the picture back here
  if (!slot.store.late?.isBehind) settle(slot.waiting, slot.failure);
}

/** Pictures are drawn in one frame until this much time is spent. */
const frameMs = 20;

/**
 * Draw what is stale, quick pictures first by how long each took last time, until a frame's time is spent: one spike's waveform
 * does not wait for a raster of millions. Returns whether something is left.
 */
export function drawQuickFirst(
  slots: Iterable<Slot>,
  data: PaintData,
  view: PictureView,
  nowMs: () => number,
): boolean {
  const stale = [...slots].filter(({ isStale }) => isStale);
  stale.sort((a, b) => (a.lastMs || 0) - (b.lastMs || 0));
  let spentMs = 0;
  for (const slot of stale) {
    if (spentMs > frameMs) return true;
    redraw(slot, data, view, nowMs);
    spentMs += slot.lastMs;
  }
  return false;
}

export function settle(waiting: Slot["waiting"], failure: unknown): void {
  for (const { resolve, reject } of waiting.splice(0)) {
    if (failure === null) resolve();
    else reject(failure);
  }
}
