import { type ColourTable, cssColour } from "./colourMaps.ts";
import { areaOf, axisLabel, type Figure, leftRoomPx, type Plot } from "./figure.ts";
import { type ColourScale, scalePosition } from "./image.ts";
import { crisp, drawLayer, xToPx, yToPx } from "./layers.ts";
import { drawMark } from "./marks.ts";
import type { Pen, PixelImage, Rect } from "./pen.ts";
import { textWidthPx } from "./pen.ts";
import type { Theme } from "./theme.ts";
import { horizontalTicks, logTicks, verticalTicks } from "./ticks.ts";

/** Draw a figure with any pen. Depth and every other y go upwards, time to the right. Changes nothing in the figure. */
export function drawFigure(pen: Pen, figure: Figure): void {
  const { theme, widthPx, heightPx } = figure;
  pen.fillRect({ left: 0, top: 0, width: widthPx, height: heightPx }, theme.page);
  for (const plot of figure.plots) drawPlot(pen, plot, theme);
  for (const { box, text } of figure.banners ?? []) {
    pen.fillRect(box, theme.frame, 0.45);
    const style = { colour: theme.text, sizePx: theme.titlePx + 3, align: "center", bold: true } as const;
    pen.text(text, box.left + box.width / 2, box.top + box.height / 2, { ...style, baseline: "middle" });
  }
  if (figure.caption) {
    const style = { colour: theme.faintText, sizePx: theme.textPx, align: "left", baseline: "bottom" } as const;
    pen.text(figure.caption, 14, heightPx - 10, style);
  }
}

function drawPlot(pen: Pen, plot: Plot, theme: Theme): void {
  if (plot.message) {
    drawMessage(pen, plot.message, plot.box, theme);
    return;
  }
  const area = areaOf(plot);
  pen.fillRect(area, theme.plot);
  if (plot.grid) drawGrid(pen, plot, area, theme);
  pen.clip(area, () => {
    for (const layer of plot.layers) drawLayer(pen, layer, plot, area);
  });
  // half a pixel: a line 1 px wide then fills one row of pixels instead of two halves
  const frame = { left: area.left - 0.5, top: area.top - 0.5, width: area.width + 1, height: area.height + 1 };
  pen.strokeRect(frame, { colour: theme.frame, widthPx: 1 });
  drawTickLabels(pen, plot, area, theme);
  drawTitle(pen, plot, area, theme);
  if (plot.colourBar) drawColourBar(pen, plot.colourBar, area, theme);
  else if (plot.legend) drawLegend(pen, plot.legend, area, theme);
}

function drawGrid(pen: Pen, { x, y }: Plot, area: Rect, theme: Theme): void {
  const stroke = { colour: theme.grid, widthPx: 1 };
  for (const { value } of horizontalTicks(x.range, area.width, theme.textPx)) {
    const at = crisp(xToPx(value, x.range, area));
    pen.polyline([at, area.top, at, area.top + area.height], stroke);
  }
  for (const { value } of verticalTicks(y.range, area.height, theme.textPx)) {
    const at = crisp(yToPx(value, y.range, area));
    pen.polyline([area.left, at, area.left + area.width, at], stroke);
  }
}

function drawTickLabels(pen: Pen, plot: Plot, area: Rect, theme: Theme): void {
  const { x, y } = plot;
  const stroke = { colour: theme.frame, widthPx: 1 };
  const base = { colour: theme.text, sizePx: theme.textPx };
  const bottom = area.top + area.height;
  for (const { value, label } of x.ticks ?? horizontalTicks(x.range, area.width, theme.textPx)) {
    const at = crisp(xToPx(value, x.range, area));
    pen.polyline([at, bottom, at, bottom + 4], stroke);
    pen.text(label, at, bottom + 7, { ...base, align: "center", baseline: "top" });
  }
  for (const { value, label } of y.ticks ?? verticalTicks(y.range, area.height, theme.textPx)) {
    const at = crisp(yToPx(value, y.range, area));
    pen.polyline([area.left - 4, at, area.left, at], stroke);
    pen.text(label, area.left - 7, at, { ...base, align: "right", baseline: "middle" });
  }
  const named = { ...base, colour: theme.faintText, align: "center" } as const;
  pen.text(axisLabel(x), area.left + area.width / 2, bottom + 24, { ...named, baseline: "top" });
  const upwards = { ...named, baseline: "middle", upwards: true } as const;
  if (y.quantity) pen.text(axisLabel(y), area.left - leftRoomPx(plot) + 12, area.top + area.height / 2, upwards);
}

/** Title at the left; the note at the right gives way when the two would meet. */
function drawTitle(pen: Pen, { title, note, words = [] }: Plot, area: Rect, theme: Theme): void {
  const y = area.top - 8;
  let right = area.left + area.width;
  for (const { text, colour } of words.toReversed()) {
    pen.text(text, right, y, { colour, sizePx: theme.textPx, align: "right", baseline: "bottom" });
    right -= textWidthPx(text, theme.textPx) + 7;
  }
  if (title) {
    pen.text(title, area.left, y, {
      colour: theme.text,
      sizePx: theme.titlePx,
      align: "left",
      baseline: "bottom",
      bold: true,
    });
  }
  const taken = textWidthPx(title, theme.titlePx);
  if (note && taken + textWidthPx(note, theme.textPx) + 8 <= area.width) {
    const style = { colour: theme.faintText, sizePx: theme.textPx, align: "right", baseline: "bottom" } as const;
    pen.text(note, area.left + area.width, y, style);
  }
}

function drawColourBar(pen: Pen, bar: NonNullable<Plot["colourBar"]>, area: Rect, theme: Theme): void {
  const rect = { left: area.left + area.width + 12, top: area.top, width: 10, height: area.height };
  pen.image(stripOf(bar.table), rect);
  pen.strokeRect(
    { left: rect.left - 0.5, top: rect.top - 0.5, width: rect.width + 1, height: rect.height + 1 },
    { colour: theme.frame, widthPx: 1 },
  );
  const style = { colour: theme.text, sizePx: theme.textPx, align: "left", baseline: "middle" } as const;
  for (const { position, label } of barTicks(bar, rect.height, theme)) {
    const at = crisp(rect.top + rect.height * (1 - position));
    pen.polyline([rect.left + rect.width, at, rect.left + rect.width + 3, at], { colour: theme.frame, widthPx: 1 });
    pen.text(label, rect.left + rect.width + 6, at, style);
  }
  const named = { ...style, colour: theme.faintText, align: "center", upwards: true } as const;
  pen.text(bar.label, area.left + area.width + 62, area.top + area.height / 2, named);
}

/** The colours of a table, the first at the bottom. */
function stripOf(table: ColourTable): PixelImage {
  const n = table.length;
  const rgba = new Uint8ClampedArray(n * 4);
  const colours = new Uint32Array(rgba.buffer);
  for (let i = 0; i < n; i++) colours[i] = table[n - 1 - i];
  return { rgba, widthPx: 1, heightPx: n };
}

/** What stands along a colour bar, from 0 at its bottom to 1: round numbers, or as many names as there is room for. */
function barTicks(bar: ColourScale, heightPx: number, { textPx }: Theme): { position: number; label: string }[] {
  const { names, limits } = bar;
  if (names) {
    const every = Math.ceil((names.length * 1.3 * textPx) / Math.max(1, heightPx));
    // beside the bar there is room for the first word, the number of a unit
    return names.flatMap((name, i) =>
      i % every === 0 ? [{ position: (i + 0.5) / names.length, label: name.split(" ")[0] }] : [],
    );
  }
  const ticks =
    bar.scale !== "linear"
      ? logTicks(limits, (value) => scalePosition(bar, value), heightPx, textPx)
      : verticalTicks(limits, heightPx, textPx);
  return ticks.map(({ value, label }) => ({ position: scalePosition(bar, value), label }));
}

function drawLegend(pen: Pen, entries: NonNullable<Plot["legend"]>, area: Rect, theme: Theme): void {
  const left = area.left + area.width + 8;
  const stepPx = Math.min(1.6 * theme.textPx, area.height / entries.length);
  entries.forEach(({ label, colour, shape, widthPx = 3, dashPx }, i) => {
    const y = area.top + (i + 0.5) * stepPx;
    if (shape) drawMark(pen, shape, left + 7, y, { sizePx: 11, colour, outline: theme.halo });
    else pen.polyline([left, crisp(y), left + 14, crisp(y)], { colour, widthPx, dashPx });
    // entries closer than their text is high: name the first and the last
    const isNamed = stepPx >= 1.15 * theme.textPx || i === 0 || i === entries.length - 1;
    const style = { colour: theme.text, sizePx: theme.textPx, align: "left", baseline: "middle" } as const;
    if (isNamed) pen.text(label, left + 19, y, style);
  });
}

/** A sentence in the middle of a plot, broken into lines that fit. */
function drawMessage(pen: Pen, message: string, area: Rect, theme: Theme): void {
  const lines: string[] = [""];
  for (const word of message.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (textWidthPx(longer, theme.titlePx) > area.width - 24 && longer !== word) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const stepPx = 1.5 * theme.titlePx;
  const middle = area.top + area.height / 2;
  const style = { colour: theme.faintText, sizePx: theme.titlePx, align: "center", baseline: "middle" } as const;
  lines.forEach((line, i) => {
    pen.text(line, area.left + area.width / 2, middle + (i - (lines.length - 1) / 2) * stepPx, style);
  });
}

/** Colour `i` of `n` lines along a sequential map, first to last. */
export function lineColour(table: Uint32Array, i: number, n: number): string {
  return cssColour(table, n === 1 ? 128 : Math.round((255 * i) / (n - 1)));
}
