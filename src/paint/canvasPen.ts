import type { Pen, PixelImage, Rect, Stroke, TextStyle } from "./pen.ts";
import { baselineShiftPx, fontFamily } from "./pen.ts";

export type MakeCanvas = (widthPx: number, heightPx: number) => OffscreenCanvas;

/** As `make`, but a canvas of a size made before is used again: what passes through is overwritten completely. */
export function reusingCanvases(make: MakeCanvas): MakeCanvas {
  const made = new Map<string, OffscreenCanvas>();
  return (widthPx, heightPx) => {
    const key = `${widthPx} ${heightPx}`;
    const known = made.get(key);
    if (known) return known;
    if (made.size >= 3) made.clear(); // sizes of the past, as a panel is resized
    const canvas = make(widthPx, heightPx);
    made.set(key, canvas);
    return canvas;
  };
}

/**
 * A pen that draws on a 2-D canvas of `pixelRatio` device pixels per CSS pixel. `makeCanvas` gives the scratch canvas
 * that images pass through (putImageData knows neither clipping nor scaling). Throws nothing of its own.
 */
export function canvasPen(context: OffscreenCanvasRenderingContext2D, pixelRatio: number, makeCanvas: MakeCanvas): Pen {
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  return {
    fillRect: (rect, colour, opacity = 1) => {
      context.globalAlpha = opacity;
      context.fillStyle = colour;
      context.fillRect(rect.left, rect.top, rect.width, rect.height);
      context.globalAlpha = 1;
    },
    strokeRect: (rect, stroke) => {
      setStroke(context, stroke);
      context.strokeRect(rect.left, rect.top, rect.width, rect.height);
      context.globalAlpha = 1;
    },
    polyline: (xy, stroke) => strokePolyline(context, xy, stroke),
    polygon: (xy, colour) => {
      context.beginPath();
      for (let i = 0; i + 1 < xy.length; i += 2) {
        if (i === 0) context.moveTo(xy[i], xy[i + 1]);
        else context.lineTo(xy[i], xy[i + 1]);
      }
      context.closePath();
      context.fillStyle = colour;
      context.fill();
    },
    text: (text, x, y, style) => fillText(context, text, x, y, style),
    image: (image, rect) => drawImage(context, pixelRatio, makeCanvas, image, rect),
    clip: (rect, draw) => {
      context.save();
      context.beginPath();
      context.rect(rect.left, rect.top, rect.width, rect.height);
      context.clip();
      draw();
      context.restore();
    },
  };
}

function setStroke(context: OffscreenCanvasRenderingContext2D, stroke: Stroke): void {
  context.strokeStyle = stroke.colour;
  context.lineWidth = stroke.widthPx;
  context.lineJoin = "round";
  context.globalAlpha = stroke.opacity ?? 1;
  context.setLineDash([...(stroke.dashPx ?? [])]);
}

function strokePolyline(context: OffscreenCanvasRenderingContext2D, xy: ArrayLike<number>, stroke: Stroke): void {
  setStroke(context, stroke);
  context.beginPath();
  let isDown = false;
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const x = xy[i];
    const y = xy[i + 1];
    if (!(Number.isFinite(x) && Number.isFinite(y))) isDown = false;
    else if (isDown) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      isDown = true;
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

function fillText(
  context: OffscreenCanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  style: TextStyle,
): void {
  context.font = `${style.bold ? "600 " : ""}${style.sizePx}px ${fontFamily}`;
  context.fillStyle = style.colour;
  context.textAlign = style.align;
  context.textBaseline = "alphabetic";
  if (!style.upwards) {
    context.fillText(text, x, y + baselineShiftPx(style));
    return;
  }
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.fillText(text, 0, baselineShiftPx(style));
  context.restore();
}

function drawImage(
  context: OffscreenCanvasRenderingContext2D,
  pixelRatio: number,
  makeCanvas: MakeCanvas,
  image: PixelImage,
  rect: Rect,
): void {
  const scratch = makeCanvas(image.widthPx, image.heightPx);
  const scratchContext = scratch.getContext("2d");
  if (!scratchContext) throw new Error("no 2-D context for the scratch canvas");
  scratchContext.putImageData(new ImageData(image.rgba, image.widthPx, image.heightPx), 0, 0);
  // whole device pixels: at a ratio like 1.25 a cell would otherwise be smeared over two
  const left = Math.round(rect.left * pixelRatio);
  const top = Math.round(rect.top * pixelRatio);
  const right = Math.round((rect.left + rect.width) * pixelRatio);
  const bottom = Math.round((rect.top + rect.height) * pixelRatio);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(scratch, left, top, right - left, bottom - top);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
}
