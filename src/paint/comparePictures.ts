import { bracket } from "../core/motion.ts";
import type { ComparisonGrid } from "../core/motionComparison.ts";
import type { Range } from "../core/types.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import { type Compared, centredAlong, comparedOf } from "./comparison.ts";
import { visibleCurve } from "./curves.ts";
import { areaOf, type CellValues, type Figure, type Layer, legendWidthPx, openRange, type Plot } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import { rasterPlace } from "./rasterPictures.ts";
import { rasterPlot } from "./rasterPlot.ts";
import { addRings } from "./scatterPlot.ts";
import { shankLines } from "./shankLines.ts";
import { type Cell, smallMultiples } from "./smallMultiples.ts";
import { lookOf } from "./spikeLook.ts";
import type { Theme } from "./theme.ts";
import { fitted, rounded } from "./words.ts";

/** Several motions in one picture: small plots of one size that share their ranges. */

type Content = Pick<Figure, "plots" | "caption">;

/** More differences than this cannot be told apart; the page lists all of them as numbers. */
const mostPairs = 12;
/** Depths at which traces are compared, out of the rows of the common grid. */
const mostAnchors = 9;
/** beside the right margin every plot has */
const colourBarRoomPx = 56;
const dashPx = [5, 4];
/** a legend leaves room for what it explains */
const legendNamePx = 110;

/** A sentence where there is nothing to compare. */
function nothing(frame: Frame, title: string, message: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  return { plots: [{ box: frame.box, title, x: axis, y: axis, layers: [], grid: false, message }] };
}

function emptyPlot(cell: Cell, title: string, view: PictureView, theme: Theme): Plot {
  return {
    box: cell.box,
    leftPx: cell.leftPx,
    title: fitted(title, cell.areaWidthPx, theme.titlePx),
    x: { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" },
    y: { range: openRange(view.depthRangeUm), quantity: cell.isFirstColumn ? "Depth" : "", unit: "µm", of: "depth" },
    layers: [],
    grid: false,
  };
}

function addCursor(plot: Plot, { cursorTimeSec: x }: PictureView, colour: string): void {
  if (x !== null) plot.layers.push({ kind: "vertical", x, colour });
}

/** Every shown motion as a map of displacement over time and depth, on common limits. */
export function fieldPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const motions = shankLines(data.motions);
  const title = "Motions";
  if (motions.length === 0) return nothing(frame, title, "Tick motions in the list to see them side by side.");
  const compared = comparedOf(motions);
  if (!compared) return nothing(frame, title, "These motions share no time, so they cannot be compared.");
  const colours = scaleOf("RdBu", compared.fieldLimitUm);
  const cells = smallMultiples(motions.length, frame.box, 2, colourBarRoomPx);
  const plots = motions.map(({ title: name, isTruth, isActive }, i) => {
    const plot = emptyPlot(cells[i], name, view, frame.theme);
    plot.note = isTruth ? "truth" : isActive ? "active" : undefined;
    if (cells[i].isCorner) plot.colourBar = { ...colours, label: "Displacement (µm)" };
    addField(plot, compared.fieldsUm[i], compared.grid, colours);
    addCursor(plot, view, frame.theme.selectedOnHeat);
    return plot;
  });
  return { plots };
}

/** Every pair of shown motions as a map of their difference, with how far they are apart. Pairs with the truth come first. */
export function differencePlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const motions = shankLines(data.motions);
  const title = "Differences";
  if (motions.length < 2) return nothing(frame, title, "Tick two motions or more in the list to see how they differ.");
  const compared = comparedOf(motions);
  if (!compared) return nothing(frame, title, "These motions share no time, so they cannot be compared.");
  const colours = scaleOf("PuOr", compared.differenceLimitUm);
  const pairs = truthFirst(compared.pairs, motions).slice(0, mostPairs);
  const cells = smallMultiples(pairs.length, frame.box, 2, colourBarRoomPx);
  const plots = pairs.map(({ a, b, rmsUm, r, differenceUm }, i) => {
    const plot = emptyPlot(cells[i], `${motions[a].title} − ${motions[b].title}`, view, frame.theme);
    plot.note = `RMS ${rounded(rmsUm, 2)} µm, r ${rounded(r, 3)}`;
    if (cells[i].isCorner) plot.colourBar = { ...colours, label: "Difference (µm)" };
    addField(plot, differenceUm, compared.grid, colours);
    addCursor(plot, view, frame.theme.selectedOnHeat);
    return plot;
  });
  return { plots };
}

function truthFirst(pairs: Compared["pairs"], motions: readonly DrawnMotion[]): Compared["pairs"] {
  const hasTruth = ({ a, b }: { a: number; b: number }) => motions[a].isTruth || motions[b].isTruth;
  return [...pairs.filter(hasTruth), ...pairs.filter((pair) => !hasTruth(pair))];
}

function scaleOf(map: string, limitUm: number): ColourScale {
  return { table: colourTable(map), limits: [-limitUm, limitUm], scale: "linear" };
}

/** A field of the common grid as an image of the columns in view; nothing is drawn beyond its times. */
function addField(plot: Plot, fieldUm: Float64Array, { timeSec, depthUm }: ComparisonGrid, colours: ColourScale): void {
  const nColumns = areaOf(plot).width;
  const nDepths = depthUm.length;
  const [low, high] = plot.x.range;
  const values = new Float32Array(nColumns * nDepths).fill(Number.NaN);
  for (let column = 0; column < nColumns; column++) {
    const row = nearestRow(timeSec, low + ((column + 0.5) / nColumns) * (high - low));
    if (row === null) continue;
    for (let d = 0; d < nDepths; d++) values[d * nColumns + column] = fieldUm[row * nDepths + d];
  }
  const halfUm = nDepths > 1 ? 0.5 * (depthUm[1] - depthUm[0]) : 0;
  // a rigid motion speaks about every depth
  const yRange: Range = nDepths > 1 ? [depthUm[0] - halfUm, depthUm[nDepths - 1] + halfUm] : plot.y.range;
  const image = { values, widthPx: nColumns, heightPx: nDepths, xRange: plot.x.range, yRange };
  const cells = () => fieldCells(fieldUm, timeSec, depthUm, plot.x.range, yRange);
  plot.layers.push({ kind: "image", image: colourImage(image, colours), xRange: image.xRange, yRange, cells });
}

/** The part of a field in view, a column for each time of its grid. */
function fieldCells(
  fieldUm: Float64Array,
  timeSec: Float64Array,
  depthUm: Float64Array,
  [low, high]: Range,
  yRange: Range,
): CellValues {
  const rows = [...timeSec.keys()].filter((i) => timeSec[i] >= low && timeSec[i] <= high);
  const [nx, ny] = [rows.length, depthUm.length];
  const values = Float32Array.from({ length: nx * ny }, (_, k) => fieldUm[rows[k % nx] * ny + Math.floor(k / nx)]);
  return { values, nx, ny, xRange: [low, high], yRange, xCentres: Float64Array.from(rows, (i) => timeSec[i]) };
}

/** The time nearest to `atSec`; null beyond half a step outside all of them. Times ascending. */
function nearestRow(timeSec: Float64Array, atSec: number): number | null {
  const last = timeSec.length - 1;
  if (last === 0) return 0;
  const i = bracket(timeSec, atSec);
  const half = 0.5 * (timeSec[i + 1] - timeSec[i]);
  if (atSec < timeSec[0] - half || atSec > timeSec[last] + half) return null;
  return atSec - timeSec[i] > half ? i + 1 : i;
}

/** Colour, width and dash of a motion's lines. */
export function lineOf({ colour, isActive, isTruth }: DrawnMotion, theme: Theme) {
  return { colour: colour[theme.name], widthPx: isActive ? 2.4 : 1.3, ...(isTruth ? { dashPx } : {}) };
}

/** Legend of motions as lines of a plot; the bold one is the active one. */
export function motionLegend(motions: readonly DrawnMotion[], theme: Theme): NonNullable<Plot["legend"]> {
  return motions.map((motion) => ({
    label: fitted(motion.title, legendNamePx, theme.textPx),
    ...lineOf(motion, theme),
  }));
}

/** Displacement over time at depths across all of them: one plot per depth, one line per motion. */
export function comparedTracePlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const motions = shankLines(data.motions);
  const title = "Traces";
  if (motions.length === 0) return nothing(frame, title, "Tick motions in the list to see their traces.");
  const compared = comparedOf(motions);
  if (!compared) return nothing(frame, title, "These motions share no time, so they cannot be compared.");
  const anchors = anchorsOf(compared.grid.depthUm, frame.box.height);
  const legend = motionLegend(motions, frame.theme);
  const endPx = Math.max(0, legendWidthPx({ legend } as Plot) - 16);
  const cells = smallMultiples(anchors.length, frame.box, 3, endPx);
  const traces = anchors.map((depthUm) => motions.map(({ motion }) => centredAlong(motion, depthUm)));
  const range = commonRange(traces.flat());
  const plots = anchors.map((depthUm, i) => {
    const plot = emptyPlot(cells[i], `Depth ${rounded(depthUm, 0)} µm`, view, frame.theme);
    plot.y = { range, quantity: cells[i].isFirstColumn ? "Displacement" : "", unit: "µm" };
    plot.grid = true;
    plot.layers.push(...traceLayers(motions, traces[i], plot, frame.theme));
    if (cells[i].isCorner) plot.legend = legend;
    addCursor(plot, view, frame.theme.cursor);
    return plot;
  });
  return { plots };
}

function traceLayers(
  motions: readonly DrawnMotion[],
  traces: readonly Float64Array[],
  plot: Plot,
  theme: Theme,
): Layer[] {
  const { width } = areaOf(plot);
  const layers = motions.map((drawn, m): Layer => {
    const seen = visibleCurve(drawn.motion.timeBinCentersSec, traces[m], plot.x.range, width);
    return { kind: "curve", ...seen, ...lineOf(drawn, theme) };
  });
  // the bold one below the others, which would vanish under it
  const order = [...motions.keys()].sort((a, b) => Number(motions[b].isActive) - Number(motions[a].isActive));
  return [{ kind: "horizontal", y: 0, colour: theme.frame }, ...order.map((m) => layers[m])];
}

/** Depths for traces, top of the probe first: as many rows as the height has room for, up to nine in all. */
function anchorsOf(depthUm: Float64Array, heightPx: number): number[] {
  const n = Math.min(depthUm.length, heightPx < 330 ? 4 : heightPx < 560 ? 6 : mostAnchors);
  if (n === 1) return [depthUm[0]];
  const step = (depthUm.length - 1) / (n - 1);
  return Array.from({ length: n }, (_, i) => depthUm[Math.round((n - 1 - i) * step)]);
}

/** All values with a margin, at least ±1 µm. */
export function commonRange(traces: readonly Float64Array[]): Range {
  let [low, high] = [-1, 1];
  for (const trace of traces) {
    for (const v of trace) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  const margin = 0.06 * (high - low);
  return [low - margin, high + margin];
}

/** The spikes as recorded and, beside them, corrected by each of the shown motions. */
export function comparedRasterPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const { spikes, motions } = data;
  const title = "Rasters";
  if (!spikes) return nothing(frame, title, "Open spikes to see them corrected by each motion.");
  if (motions.length === 0)
    return nothing(frame, title, "Tick motions in the list to see the spikes corrected by each.");
  const { timeRangeSec, depthRangeUm, rasterColour: colour, colourMap } = view;
  const look = lookOf(data, spikes, view, frame.theme);
  const row = selectedRow(spikes, view);
  const { brushed } = data;
  const cells = smallMultiples(motions.length + 1, frame.box, 2, colourBarRoomPx);
  const plots = [null, ...motions].map((drawn, i) => {
    const corrected = drawn && data.correctedBy.of(drawn.id, spikes.spikes, drawn.motion);
    const content = { spikes, corrected, motion: null, timeRangeSec, depthRangeUm, colour, colourMap, look, brushed };
    // a plot without its colour bar has an area as wide as one with it
    const barPx = cells[i].isCorner ? 0 : colourBarRoomPx;
    const wide = { ...cells[i].box, width: cells[i].box.width + barPx - (cells[i].leftPx - 62) };
    const store = frame.store.part(drawn?.id ?? "raw");
    const plot = rasterPlot(content, wide, frame.pixelRatio, store, frame.theme);
    plot.box = cells[i].box;
    plot.leftPx = cells[i].leftPx;
    const title = drawn ? `Corrected by ${drawn.title}` : "As recorded";
    plot.title = fitted(title, cells[i].areaWidthPx, frame.theme.titlePx);
    plot.note = undefined;
    if (!cells[i].isCorner) plot.colourBar = undefined;
    if (!cells[i].isFirstColumn) plot.y = { ...plot.y, quantity: "" };
    else plot.y = { ...plot.y, quantity: "Depth" };
    if (row !== null) addRings([plot], () => rasterPlace(spikes, corrected, row), frame.theme);
    addCursor(plot, view, frame.theme.cursor);
    return plot;
  });
  return { plots };
}
