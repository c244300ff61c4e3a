import { areaOf, type Layer, type Plot } from "./figure.ts";
import { textWidthPx } from "./pen.ts";
import type { Theme } from "./theme.ts";

/** From the bar to the edges of the area. */
const insetPx = 8;

/** Lengths that stand for a quantity, with their words: upwards, and to the right where there is one. */
export interface ScaleBar {
  heightPx: number;
  text: string;
  across?: { widthPx: number; text: string };
}

/** A scale bar in the lower left corner of a plot, on a ground that keeps it legible over any data. */
export function scaleBar({ heightPx, text, across }: ScaleBar, plot: Plot, theme: Theme): Layer[] {
  const area = areaOf(plot);
  const [xLow, xHigh] = plot.x.range;
  const [yLow, yHigh] = plot.y.range;
  const x = (px: number) => xLow + (px / area.width) * (xHigh - xLow);
  const y = (px: number) => yLow + (px / area.height) * (yHigh - yLow);
  const belowPx = across ? 1.4 * theme.textPx : 0;
  const low = insetPx + belowPx;
  const wordsPx = Math.max(textWidthPx(text, theme.textPx) + 6, across ? across.widthPx : 0);
  const ground = {
    x: [x(insetPx - 5), x(insetPx + wordsPx + 6)] as const,
    y: [y(insetPx - 5), y(low + heightPx + 5)] as const,
    fill: theme.plot,
  };
  const style = { colour: theme.text, sizePx: theme.textPx, align: "left" } as const;
  const bar = {
    x: [x(insetPx), x(insetPx), across ? x(insetPx + across.widthPx) : x(insetPx)],
    y: [y(low + heightPx), y(low), y(low)],
  };
  const layers: Layer[] = [
    { kind: "rects", rects: [ground], opacity: 0.8 },
    { kind: "curve", ...bar, colour: theme.text, widthPx: 2 },
    {
      kind: "label",
      text,
      x: x(insetPx),
      y: y(low + heightPx / 2),
      offsetPx: [6, 0],
      ...style,
      baseline: "middle",
    },
  ];
  if (across) {
    layers.push({
      kind: "label",
      text: across.text,
      x: x(insetPx),
      y: y(low),
      offsetPx: [0, 4],
      ...style,
      baseline: "top",
    });
  }
  return layers;
}
