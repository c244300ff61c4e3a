import type { Range } from "../../core/types.ts";
import type { Quantity } from "../../protocol/pictures.ts";
import { areaOf, type Layer, openRange, type Plot } from "../figure.ts";
import { type Rect, textWidthPx } from "../pen.ts";
import type { Theme } from "../theme.ts";
import { type Tick, ticksOf } from "../ticks.ts";
import { fitted } from "../words.ts";

/** Traces of full width, one below the other, each with the moment of the film on it. */

/** What one trace shows. */
export interface Strip {
  title: string;
  /** its value now, with its unit */
  note: string;
  x: { range: Range; quantity: string; unit: string; of?: Quantity };
  y: { range: Range; unit: string; isWhole?: boolean };
  layers: readonly Layer[];
  /** the place on x that the film has come to; null for a trace whose axis the film does not run along */
  at: number | null;
  /** value of the trace there; NaN where it has none */
  value: number;
  colour: string;
  /** a sentence instead */
  message?: string;
}

/** Room that figure.ts keeps above an area with a title and below one. */
const topPx = 26;
const bottomPx = 42;
/** from one area to the next where the upper one has no labels below */
const gapPx = 24;
const dotPx = 9;
/** a sentence needs no more */
const messagePx = 26;

/** Share of the extent that is kept free above and below a trace. */
const padding = 0.08;

/** All finite values with 8 % of their extent above and below; [−1, 1] without any. */
export function paddedRange(values: ArrayLike<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (!(Number.isFinite(low) && Number.isFinite(high))) return [-1, 1];
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) return openRange([low, low]);
  const margin = padding * (high - low);
  return [low - margin, high + margin];
}

/** Two traces under each other share their labels where they share their axis. */
const sharesAxis = (a: Strip, b: Strip | undefined) =>
  b !== undefined && !b.message && JSON.stringify(a.x) === JSON.stringify(b.x);

/** Height that the strips take when each area is `areaPx` high. */
export function stripsHeightPx(strips: readonly Strip[], areaPx: number): number {
  return strips.reduce((sum, strip, i) => sum + rowPx(strip, strips[i + 1], areaPx), 4);
}

function rowPx(strip: Strip, next: Strip | undefined, areaPx: number): number {
  if (strip.message) return messagePx;
  return topPx + areaPx + (sharesAxis(strip, next) ? gapPx - topPx : bottomPx);
}

/** Boxes overlap where labels are shared: an area is what counts, and figure.ts takes the same room around each. */
export function stripPlots(strips: readonly Strip[], box: Rect, areaPx: number, theme: Theme): Plot[] {
  let { top } = box;
  return strips.map((strip, i) => {
    const next = strips[i + 1];
    const height = strip.message ? messagePx : topPx + areaPx + bottomPx;
    const plot = stripPlot(strip, { left: box.left, width: box.width, top, height }, sharesAxis(strip, next), theme);
    top += rowPx(strip, next, areaPx);
    return plot;
  });
}

/** Without the decimals of the ticks that were left out. */
const wholeTick = ({ value }: Tick): Tick => ({ value, label: String(value) });

function stripPlot(strip: Strip, box: Rect, hidesAxis: boolean, theme: Theme): Plot {
  const { title, note, x, y, at, value, colour, message } = strip;
  const layers: Layer[] = [...strip.layers];
  if (at !== null) {
    layers.push({ kind: "vertical", x: at, colour: theme.cursor, solid: true });
    const dot = { shape: "circle", sizePx: dotPx, colour, outline: theme.cursor } as const;
    if (Number.isFinite(value)) layers.push({ kind: "mark", ...dot, x: at, y: value });
  }
  const plot: Plot = {
    box,
    title,
    note,
    x: hidesAxis ? { ...x, quantity: "", unit: x.unit, ticks: [] } : x,
    y: { range: y.range, quantity: "", unit: y.unit },
    layers,
    grid: false,
    ...(message ? { message } : {}),
  };
  const area = areaOf(plot);
  const ticks = ticksOf(y.range, Math.max(2, Math.floor(area.height / 18)));
  plot.y.ticks = y.isWhole ? ticks.filter(({ value: v }) => Number.isInteger(v)).map(wholeTick) : ticks;
  const notePx = note ? textWidthPx(note, theme.textPx) + 10 : 0;
  return { ...plot, title: fitted(title, Math.max(60, area.width - notePx), theme.titlePx) };
}
