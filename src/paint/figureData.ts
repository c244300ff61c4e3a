import type { Range } from "../core/types.ts";
import type { DataColumn, DataMatrix, DataTable, FigureData } from "../protocol/figureData.ts";
import { type CurveSource, type Figure, type Layer, type Plot, plainLabel } from "./figure.ts";
import { spikeTables } from "./figureSpikes.ts";
import type { SpikeData } from "./spikeData.ts";

/**
 * The numbers behind a figure, whatever it shows: curves, bars, points, marks and areas as tables, images as the values that
 * their colours stand for, and the spikes that can be picked as rows of their table. Of what has a range, the part in view.
 * Nothing here knows a kind of picture: a new one is exported by what its layers say.
 */
export function figureData(figure: Figure, spikes: SpikeData | null, ampUnit = "µV"): FigureData {
  const shown = figure.plots.filter(({ message }) => !message);
  const parts = shown.flatMap((plot, i) => {
    if (plot.tables) return plot.tables();
    const place = shown.length > 1 ? `${i + 1}-` : "";
    const name = (what: string) => [`${place}${slug(titleOf(plot))}`, what].filter((part) => part !== "").join("-");
    return [
      ...curveTables(plot, name),
      ...barTables(plot, name),
      ...pointTables(plot, name),
      ...markTable(plot, name),
      ...areaTable(plot, figure, name),
      ...matrices(plot, figure, name),
    ];
  });
  return { title: figure.title, parts: named([...parts, ...(spikes ? spikeTables(shown, spikes, ampUnit) : [])]) };
}

type NameOf = (what: string) => string;
type Kind<K extends Layer["kind"]> = Extract<Layer, { kind: K }>;

function layersOf<K extends Layer["kind"]>(plot: Plot, kind: K): Kind<K>[] {
  return plot.layers.filter((layer): layer is Kind<K> => layer.kind === kind);
}

/** A name for a file: letters and digits of any script, the rest as hyphens. */
export function slug(text: string): string {
  const words = text
    .toLowerCase()
    .normalize("NFKC")
    .match(/[\p{L}\p{N}.]+/gu);
  return (words ?? []).join("-").slice(0, 60);
}

/** No two files of one name. */
function named<T extends { name: string }>(parts: T[]): T[] {
  const taken = new Set<string>();
  return parts.map((part) => {
    const base = part.name || "data";
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    return { ...part, name };
  });
}

const titleOf = ({ title, fullTitle }: Plot) => fullTitle ?? title;
const xLabelOf = ({ x }: Plot) => plainLabel(x) || x.of || "x";
const yLabelOf = ({ y }: Plot) => plainLabel(y) || (y.of && y.unit ? `${y.of} (${y.unit})` : y.unit) || "y";

/** What a curve of a plot is called: its own name, else what the legend or the words of its colour say. */
function nameOfColour(plot: Plot, colour: string): string | undefined {
  const entries = [
    ...(plot.legend ?? []).map((entry) => ({ text: entry.label, colour: entry.colour })),
    ...(plot.words ?? []),
  ];
  return entries.find((entry) => entry.colour === colour && entry.text !== "")?.text;
}

interface NamedCurve extends CurveSource {
  name: string;
  xLabel: string;
  yLabel: string;
}

/** Curves over the same places stand in one table, side by side. */
function curveTables(plot: Plot, name: NameOf): DataTable[] {
  const groups: NamedCurve[][] = [];
  const curves = layersOf(plot, "curve").map((layer) => curveOf(layer, plot));
  for (const [i, curve] of curves.entries()) {
    // what is drawn twice, as a selected row is, is there once
    if (curves.findIndex((other) => other.name === curve.name && isSame(other.y, curve.y)) < i) continue;
    const fitting = groups.find(([first]) => first.xLabel === curve.xLabel && isSame(first.x, curve.x));
    if (fitting) fitting.push(curve);
    else groups.push([curve]);
  }
  return groups.map((group) => curveTable(group, plot, name("curves")));
}

function curveOf(layer: Kind<"curve">, plot: Plot): NamedCurve {
  const source: CurveSource = layer.source?.() ?? layer;
  const { x, y, xLabel = xLabelOf(plot), yLabel = yLabelOf(plot) } = source;
  return { x, y, xLabel, yLabel, name: layer.name ?? nameOfColour(plot, layer.colour) ?? "" };
}

function curveTable(curves: readonly NamedCurve[], plot: Plot, name: string): DataTable {
  const [{ x, xLabel }] = curves;
  // curves in units of their own say all they have
  const rows = xLabel === xLabelOf(plot) ? rowsWhere(x.length, (i) => !isOutside(x[i], plot.x.range)) : null;
  const taken = (values: ArrayLike<number>) => (rows ? at(values, rows) : Float64Array.from(values));
  const columns = curves.map(({ name: of, y, yLabel }): DataColumn => {
    return { label: of === "" ? yLabel : `${of}: ${yLabel}`, values: taken(y) };
  });
  return table(name, titleOf(plot), [{ label: xLabel, values: taken(x) }, ...columns]);
}

function barTables(plot: Plot, name: NameOf): DataTable[] {
  return layersOf(plot, "bars").map(({ edges, heights, colour }) => {
    const n = heights.length;
    const edge = (shift: number) => Float64Array.from({ length: n }, (_, i) => edges[i + shift]);
    const of = nameOfColour(plot, colour);
    return table(name("bars"), titleOf(plot), [
      { label: `${xLabelOf(plot)}, from`, values: edge(0) },
      { label: `${xLabelOf(plot)}, to`, values: edge(1) },
      { label: of ? `${of}: ${yLabelOf(plot)}` : yLabelOf(plot), values: Float64Array.from(heights) },
    ]);
  });
}

function pointTables(plot: Plot, name: NameOf): DataTable[] {
  const curves = layersOf(plot, "curve");
  return layersOf(plot, "points").flatMap(({ x, y, colour }) => {
    // marks on the points of a line say nothing that the line does not
    if (curves.some((curve) => isSame(curve.x, x) && isSame(curve.y, y))) return [];
    const rows = rowsWhere(x.length, (i) => !isOutside(x[i], plot.x.range) && !isOutside(y[i], plot.y.range));
    const of = nameOfColour(plot, colour);
    const columns = [
      { label: xLabelOf(plot), values: at(x, rows) },
      { label: yLabelOf(plot), values: at(y, rows) },
    ];
    return [table(name(of ? slug(of) : "points"), of ?? titleOf(plot), columns)];
  });
}

/** Single marks, each with what the legend says of its shape. */
function markTable(plot: Plot, name: NameOf): DataTable[] {
  const marks = layersOf(plot, "mark");
  if (marks.length === 0) return [];
  const nameOf = ({ shape, colour }: Kind<"mark">) =>
    plot.legend?.find((entry) => entry.shape === shape && entry.colour === colour)?.label ?? shape;
  return [
    table(name("marks"), titleOf(plot), [
      { label: "Name", values: marks.map(nameOf) },
      { label: xLabelOf(plot), values: Float64Array.from(marks, ({ x }) => x) },
      { label: yLabelOf(plot), values: Float64Array.from(marks, ({ y }) => y) },
    ]),
  ];
}

function areaTable(plot: Plot, figure: Figure, name: NameOf): DataTable[] {
  const rects = layersOf(plot, "rects").flatMap((layer) => layer.rects);
  if (rects.length === 0) return [];
  const ends = [0, 1] as const;
  const side = (axis: "x" | "y", label: string) =>
    ends.map((end) => ({
      label: `${label}, ${end === 0 ? "from" : "to"}`,
      values: Float64Array.from(rects, (rect) => rect[axis][end]),
    }));
  const columns: DataColumn[] = [...side("x", xLabelOf(plot)), ...side("y", yLabelOf(plot))];
  if (rects.some(({ value }) => value !== undefined)) {
    const values = Float64Array.from(rects, ({ value }) => value ?? Number.NaN);
    columns.push({ label: colourLabel(plot, figure), values });
  }
  return [table(name("areas"), titleOf(plot), columns)];
}

/** What colours say: the bar beside the plot, or the one that stands for all plots. */
function colourLabel(plot: Plot, { plots }: Figure): string {
  return (plot.colourBar ?? plots.find(({ colourBar }) => colourBar)?.colourBar)?.label || "Value";
}

function matrices(plot: Plot, figure: Figure, name: NameOf): DataMatrix[] {
  return layersOf(plot, "image").flatMap(({ cells }): DataMatrix[] => {
    if (!cells) return [];
    const { values, nx, ny, xRange, yRange, xCentres, rowNames } = cells();
    if (nx === 0 || ny === 0) return [];
    return [
      {
        kind: "matrix",
        name: name("values"),
        title: titleOf(plot) || figure.title,
        values,
        label: colourLabel(plot, figure),
        x: { label: xLabelOf(plot), centres: xCentres ?? centresOf(xRange, nx) },
        y: { label: yLabelOf(plot), centres: centresOf(yRange, ny), ...(rowNames ? { names: rowNames } : {}) },
      },
    ];
  });
}

function centresOf([low, high]: Range, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => low + ((i + 0.5) / n) * (high - low));
}

export function table(name: string, title: string, columns: DataColumn[]): DataTable {
  return { kind: "table", name, title, nRows: columns[0].values.length, columns };
}

function rowsWhere(n: number, isSeen: (i: number) => boolean): Int32Array {
  return Int32Array.from(Array.from({ length: n }, (_, i) => i).filter(isSeen));
}

function at(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (i) => values[i]);
}

/** NaN, which breaks a line, is not outside: the break stays. */
function isOutside(value: number, [low, high]: Range): boolean {
  return value < low || value > high;
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
