import type { Range } from "../core/types.ts";
import type { DataTable } from "../protocol/figureData.ts";
import type { Quantity } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { ColourScale } from "./image.ts";
import type { MarkShape, MarkStyle } from "./marks.ts";
import type { PixelImage, Rect, TextStyle } from "./pen.ts";
import { textWidthPx } from "./pen.ts";
import type { Theme } from "./theme.ts";
import type { Tick } from "./ticks.ts";

/**
 * What a picture shows, as plain data: built once, drawn by any pen (axes.ts). Everything inside a plot is in data
 * units; only boxes and line widths are in px.
 */
export interface Figure {
  /** one sentence; the name of an exported document */
  title: string;
  widthPx: number;
  heightPx: number;
  theme: Theme;
  plots: Plot[];
  /** sentence below all plots: number of spikes, colour limits, sign */
  caption?: string;
  /** words across the picture, each above the plots that it is about */
  banners?: readonly Banner[];
}

export interface Banner {
  box: Rect;
  text: string;
}

export interface Axis {
  range: Range;
  /** what it measures; empty for an axis named by its neighbour */
  quantity: string;
  /** empty for a plain number */
  unit: string;
  /** the quantity whose range it shares with other pictures; absent where it shows all there is */
  of?: Quantity;
  /** where the numbers along the axis are not what it is labelled with; else round numbers are found */
  ticks?: readonly Tick[];
}

/** "Depth (µm)": how an axis is named on a picture. */
export function axisLabel({ quantity, unit }: Pick<Axis, "quantity" | "unit">): string {
  return quantity && unit ? `${quantity} (${unit})` : quantity;
}

/** The same where numbers stand for themselves: without how much wider one axis is drawn than the other. */
export function plainLabel({ quantity, unit }: Axis): string {
  return axisLabel({ quantity: quantity.replace(/,?( scaled)? ×[\d.]+$/, ""), unit });
}

export interface Plot {
  /** everything of this plot, labels included */
  box: Rect;
  title: string;
  /** short text at the right end of the title line */
  note?: string;
  /** words at the right end of the title line instead, each in the colour of what it names */
  words?: readonly { text: string; colour: string }[];
  x: Axis;
  y: Axis;
  layers: Layer[];
  colourBar?: ColourScale & { label: string };
  /** a line of `widthPx`, or the shape, and what it stands for */
  legend?: { label: string; colour: string; shape?: MarkShape; widthPx?: number; dashPx?: readonly number[] }[];
  /** room for the labels at the left; 62 px when absent */
  leftPx?: number;
  /** room for those below; 42 px when absent */
  bottomPx?: number;
  /** its title in full, where that did not fit: what its numbers are called when they are exported */
  fullTitle?: string;
  /** a sentence instead of data that are not there */
  message?: string;
  grid: boolean;
  /** the numbers behind it as they are exported, where its layers are no more than how they look */
  tables?: () => DataTable[];
  /** where single spikes are drawn, so that a click can mean one; absent where none are */
  picks?: PickColumns;
}

/** Places of spikes in a plot's data units: rows [from, to) of columns that have one entry per row of the table. */
export interface PickColumns {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  from: number;
  to: number;
  /** x ascends with the row, so that rows near a place can be found without reading all */
  isSorted?: boolean;
}

/** What the colours of an image say: a value per cell, row 0 at the low end of y, NaN where there is none. */
export interface CellValues {
  /** [ny, nx] */
  values: Float32Array;
  nx: number;
  ny: number;
  /** outer edges */
  xRange: Range;
  yRange: Range;
  /** [nx] middles of the columns, where they are not even */
  xCentres?: Float64Array;
  /** [ny] what the rows are, where the axis says no more than their order */
  rowNames?: readonly string[];
}

/** The numbers behind a curve, where they are more than its points, or in other units than the axes of its plot. */
export interface CurveSource {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** "Time (ms)"; absent where it is what the axis of the plot says */
  xLabel?: string;
  yLabel?: string;
}

export type Layer =
  /** `cells`, and the `source` of a curve, are asked for when numbers are exported; absent on what is no more than it shows */
  | { kind: "image"; image: PixelImage; xRange: Range; yRange: Range; cells?: () => CellValues }
  /** x, y of equal length; NaN breaks the line. `halo` is drawn wider below it. `name` where no legend says it */
  | {
      kind: "curve";
      name?: string;
      source?: () => CurveSource;
      x: ArrayLike<number>;
      y: ArrayLike<number>;
      colour: string;
      widthPx: number;
      opacity?: number;
      halo?: string;
      dashPx?: readonly number[];
    }
  /** edges: one more than heights; bars stand on 0 */
  | { kind: "bars"; edges: ArrayLike<number>; heights: ArrayLike<number>; colour: string }
  /** dashed unless `solid` */
  | { kind: "vertical"; x: number; colour: string; solid?: boolean }
  /** a circle around one place, drawn over `outline` */
  | { kind: "ring"; x: number; y: number; diameterPx: number; colour: string; outline: string }
  | { kind: "horizontal"; y: number; colour: string }
  | { kind: "rects"; rects: readonly DataRect[]; opacity?: number }
  /** open squares around places, so that what is there stays visible */
  | { kind: "points"; x: ArrayLike<number>; y: ArrayLike<number>; sizePx: number; colour: string }
  | ({ kind: "mark"; shape: MarkShape; x: number; y: number } & MarkStyle)
  /** text beside a place */
  | ({
      kind: "label";
      text: string;
      x: number;
      y: number;
      offsetPx: readonly [right: number, down: number];
    } & TextStyle);

export interface DataRect {
  x: Range;
  y: Range;
  fill?: string;
  outline?: string;
  /** what its colour says, by the colour bar */
  value?: number;
}

const defaultLeftPx = 62;
const bottomPx = 42;
const rightPx = 16;
const colourBarPx = 72;

/** Width that a plot's legend needs at its right, px. */
export function legendWidthPx(plot: Plot): number {
  const longest = (plot.legend ?? []).reduce((max, { label }) => Math.max(max, textWidthPx(label, 11)), 0);
  return longest > 0 ? longest + 34 : 0;
}

export function leftRoomPx({ leftPx }: Plot): number {
  return leftPx ?? defaultLeftPx;
}

/** Where the data of a plot are drawn: whole px, at least 1 × 1 however small the box. */
export function areaOf(plot: Plot): Rect {
  const top = plot.title || plot.note ? 26 : 12;
  const right = plot.colourBar ? colourBarPx : Math.max(rightPx, legendWidthPx(plot));
  return {
    left: Math.round(plot.box.left + leftRoomPx(plot)),
    top: Math.round(plot.box.top + top),
    width: Math.max(1, Math.floor(plot.box.width - leftRoomPx(plot) - right)),
    height: Math.max(1, Math.floor(plot.box.height - top - (plot.bottomPx ?? bottomPx))),
  };
}

/** How many times wider a unit of x is drawn than one of y, in two digits: for two axes of one unit. */
export function axisRatio(plot: Plot): string {
  const { width, height } = areaOf(plot);
  const ratio = (width * (plot.y.range[1] - plot.y.range[0])) / (height * (plot.x.range[1] - plot.x.range[0]));
  return ratio >= 10 ? String(Math.round(ratio)) : ratio.toPrecision(2);
}

/** The area of a plot with its data ranges, as the page needs it for pointer positions. */
export function plotAreaOf(plot: Plot): PlotArea {
  const { x, y } = plot;
  const units = { xUnit: x.unit, yUnit: y.unit };
  return { ...areaOf(plot), xRange: x.range, yRange: y.range, ...units, x: x.of ?? null, y: y.of ?? null };
}

/** A range that can be divided by: one without extent is widened by half a unit to both sides. */
export function openRange([low, high]: Range): Range {
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}
