import type { Range } from "../core/types.ts";
import type { Layer, Plot } from "./figure.ts";
import { drawMark, markOutline } from "./marks.ts";
import type { Pen, Rect } from "./pen.ts";

/** Data → px across an area; crisp positions are the caller's business. */
export function xToPx(value: number, range: Range, area: Rect): number {
  return area.left + ((value - range[0]) / (range[1] - range[0])) * area.width;
}

export function yToPx(value: number, range: Range, area: Rect): number {
  return area.top + area.height - ((value - range[0]) / (range[1] - range[0])) * area.height;
}

/** The middle of the pixel at a place: a line 1 px wide then fills one row of pixels instead of two halves. */
export const crisp = (px: number) => Math.round(px - 0.5) + 0.5;

/** Draw one layer of a plot into its area. */
export function drawLayer(pen: Pen, layer: Layer, { x, y }: Plot, area: Rect): void {
  const right = area.left + area.width;
  const bottom = area.top + area.height;
  switch (layer.kind) {
    case "image":
      pen.image(layer.image, rectOf(layer.xRange, layer.yRange, x.range, y.range, area));
      return;
    case "curve": {
      const { colour, widthPx, opacity, dashPx } = layer;
      const xy = interleaved(layer.x, layer.y, x.range, y.range, area);
      if (layer.halo) pen.polyline(xy, { colour: layer.halo, widthPx: widthPx + 2, opacity: 0.65 });
      pen.polyline(xy, { colour, widthPx, opacity, dashPx });
      return;
    }
    case "bars":
      for (let i = 0; i < layer.heights.length; i++) {
        const left = Math.round(xToPx(layer.edges[i], x.range, area));
        const width = Math.max(1, Math.round(xToPx(layer.edges[i + 1], x.range, area)) - left - 1);
        const top = yToPx(layer.heights[i], y.range, area);
        if (layer.heights[i] > 0) pen.fillRect({ left, top, width, height: Math.max(0, bottom - top) }, layer.colour);
      }
      return;
    case "vertical": {
      const at = crisp(xToPx(layer.x, x.range, area));
      const dashPx = layer.solid ? undefined : [4, 3];
      pen.polyline([at, area.top, at, bottom], { colour: layer.colour, widthPx: 1, dashPx });
      return;
    }
    case "ring": {
      const [atX, atY] = [xToPx(layer.x, x.range, area), yToPx(layer.y, y.range, area)];
      const circle = markOutline("circle", atX, atY, layer.diameterPx / 2);
      pen.polyline(circle, { colour: layer.outline, widthPx: 5 });
      pen.polyline(circle, { colour: layer.colour, widthPx: 2 });
      return;
    }
    case "horizontal": {
      const at = crisp(yToPx(layer.y, y.range, area));
      pen.polyline([area.left, at, right, at], { colour: layer.colour, widthPx: 1 });
      return;
    }
    case "rects":
      for (const { x: across, y: up, fill, outline } of layer.rects) {
        const rect = rectOf(across, up, x.range, y.range, area);
        if (fill) pen.fillRect(rect, fill, layer.opacity);
        if (outline) pen.strokeRect(rect, { colour: outline, widthPx: 1, opacity: layer.opacity });
      }
      return;
    case "points": {
      const half = layer.sizePx / 2;
      for (let i = 0; i < layer.x.length; i++) {
        const left = xToPx(layer.x[i], x.range, area) - half;
        const top = yToPx(layer.y[i], y.range, area) - half;
        const rect = { left, top, width: layer.sizePx, height: layer.sizePx };
        pen.strokeRect(rect, { colour: layer.colour, widthPx: 1 });
      }
      return;
    }
    case "mark":
      drawMark(pen, layer.shape, xToPx(layer.x, x.range, area), yToPx(layer.y, y.range, area), layer);
      return;
    case "label": {
      const { text, offsetPx, ...style } = layer;
      const [atX, atY] = [xToPx(layer.x, x.range, area), yToPx(layer.y, y.range, area)];
      pen.text(text, atX + offsetPx[0], atY + offsetPx[1], style);
      return;
    }
  }
}

function rectOf(xs: Range, ys: Range, xRange: Range, yRange: Range, area: Rect): Rect {
  const left = xToPx(xs[0], xRange, area);
  const top = yToPx(ys[1], yRange, area);
  return { left, top, width: xToPx(xs[1], xRange, area) - left, height: yToPx(ys[0], yRange, area) - top };
}

function interleaved(x: ArrayLike<number>, y: ArrayLike<number>, xRange: Range, yRange: Range, area: Rect) {
  const xy = new Float64Array(2 * x.length);
  for (let i = 0; i < x.length; i++) {
    xy[2 * i] = xToPx(x[i], xRange, area);
    xy[2 * i + 1] = yToPx(y[i], yRange, area);
  }
  return xy;
}
