import type { Range, SpikeTable } from "../core/types.ts";
import { ACTIVE_MOTION, type PictureView, SHOWN_SET } from "../protocol/pictures.ts";
import { type ChosenPlaces, chosenPlaces, isMissing, type Missing } from "./chosenPlaces.ts";
import { colourTable } from "./colourMaps.ts";
import { type Axis, openRange, type Plot } from "./figure.ts";
import { localBoxes } from "./lLayout.ts";
import { type LocalColumns, localColumns, shownAnchors } from "./localColumns.ts";
import type { Rect } from "./pen.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { quantilesOfPositive } from "./quantiles.ts";
import { grouped } from "./rasterPlot.ts";
import { addRings, addSpikes } from "./scatterPlot.ts";
import { smallMultiples } from "./smallMultiples.ts";
import { centralRange, logAlphaOf, rowsWithin, type SpikeData } from "./spikeData.ts";
import { lookOf, type SpikeLook } from "./spikeLook.ts";
import { outwards } from "./valueRanges.ts";

/** How strong sources are against where they are. Source of the ranges: evarol/spikeLocalizationNetwork make_alpha_plots.py. */
const usualXUm: Range = [-150, 200];
const usualZUm: Range = [0, 250];
/** the same of make_local_alpha_scatter.py */
const localUm: Range = [-100, 100];
const localZUm: Range = [0, 125];
const barPx = 72;
const captionPx = 24;

/** What a picture with a caption has for its plots. */
export function aboveCaption(box: Rect): Rect {
  return { ...box, height: box.height - captionPx };
}

/** Spikes with α at places of a choice. */
export interface AlphaSpikes {
  spikes: SpikeData;
  places: ChosenPlaces;
  /** [N] log10 α, NaN where there is none */
  logAlpha: Float32Array;
}

/** The spikes on screen with their α, or why there are none. `isCorrected`: with the motion taken out, where there is one. */
export function alphaSpikes(data: PaintData, isCorrected: boolean): AlphaSpikes | Missing {
  const motion = isCorrected ? ACTIVE_MOTION : null;
  const places = chosenPlaces(data, { set: SHOWN_SET, name: data.spikes?.placedBy ?? "", motion });
  if (isMissing(places) || !data.spikes) return isMissing(places) ? places : { missing: "" };
  const logAlpha = logAlphaOf(data.spikes.spikes);
  if (logAlpha) return { spikes: data.spikes, places, logAlpha };
  return { missing: "These spikes come without α: run a step that localizes them by the monopolar fit." };
}

/** One plot with a sentence in it. */
export function nothingBut(frame: Frame, title: string, message: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  return { plots: [{ box: frame.box, title, x: axis, y: axis, layers: [], grid: false, message }] };
}

const ranges = new WeakMap<Float32Array, { limits: Range; wide: Range }>();

/** Percentiles of log10 α: 1st and 99th, the limits of colours, and 0.1th and 99.9th with a margin, those of axes. */
export function logAlphaRanges(logAlpha: Float32Array): { limits: Range; wide: Range } {
  const known = ranges.get(logAlpha);
  if (known) return known;
  const [low, first, last, high] = quantilesOfPositive(logAlpha, [0.001, 0.01, 0.99, 0.999]);
  const isThere = Number.isFinite(low);
  const found = {
    limits: openRange(isThere ? [first, last] : [0, 1]),
    wide: isThere ? outwards([low, high], 0.05, 0.1) : ([0, 1] as const),
  };
  ranges.set(logAlpha, found);
  return found;
}

/** log10 α against x, depth and z, every spike of the time on screen, in the colours that all pictures of spikes share. */
export function alphaAxesPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const found = alphaSpikes(data, view.projectCorrected ?? true);
  if (isMissing(found)) return nothingBut(frame, "α along the axes", found.missing);
  const { spikes, places, logAlpha } = found;
  const { from, to } = rowsWithin(spikes.spikes.timeSec, view.timeRangeSec);
  const look = lookOf(data, spikes, view, frame.theme);
  const up: Axis = {
    range: view.freeRanges.logAlpha ?? logAlphaRanges(logAlpha).wide,
    quantity: "log₁₀ α",
    unit: "µV·µm",
    of: "logAlpha",
  };
  const cells = smallMultiples(3, aboveCaption(frame.box), 1.3, barPx - 16);
  const depthName = places.isCorrected ? "Corrected depth" : "Depth";
  const across: Axis[] = [
    { range: view.freeRanges.x ?? xRangeOf(places), quantity: "x", unit: "µm", of: "x" },
    { range: openRange(view.depthRangeUm), quantity: depthName, unit: "µm", of: "depth" },
    { range: view.freeRanges.z ?? usualZUm, quantity: "z", unit: "µm", of: "z" },
  ];
  const plots: Plot[] = cells.map(({ box, leftPx, isFirstColumn, isCorner }, i) => ({
    box,
    leftPx,
    title: `α over ${across[i].of}`,
    x: across[i],
    y: isFirstColumn ? up : { ...up, quantity: "" },
    layers: [],
    grid: false,
    ...(isCorner ? { colourBar: { ...look.scale, label: look.label } } : {}),
  }));
  const columns: PlotColumns[] = [places.xUm, places.depthUm, places.zUm].map((x) => [x, logAlpha] as const);
  const nSpikes = drawSpikes(plots, columns, [from, to], look, data, selectedRow(spikes, view), frame);
  if (!places.zUm) plots[2].message = "These positions have no distance from the probe.";
  const how = places.isCorrected ? "motion corrected" : "as recorded";
  return {
    plots,
    caption: `${noted(Math.max(...nSpikes), spikes)}, ${how}${data.alphaFrom ? `; α: ${data.alphaFrom}` : ""}`,
  };
}

/** Columns of one plot, [N]; null where it shows none. */
export type PlotColumns = readonly [x: ArrayLike<number> | null, y: ArrayLike<number> | null];

/** Spikes of rows [from, to) in every plot, to be picked and with a ring around one; gives the number in each plot. */
export function drawSpikes(
  plots: readonly Plot[],
  columns: readonly PlotColumns[],
  [from, to]: readonly [number, number],
  look: SpikeLook,
  { brushed }: PaintData,
  row: number | null,
  frame: Frame,
): number[] {
  for (const [i, [x, y]] of columns.entries()) if (x && y) plots[i].picks = { x, y, from, to };
  const nSpikes = addSpikes(plots, { look, brushed, reasons: [] }, frame);
  ringSpike(plots, columns, row, frame);
  return nSpikes;
}

/** A ring around the spike of a row in every plot in which it has a place. */
export function ringSpike(
  plots: readonly Plot[],
  columns: readonly PlotColumns[],
  row: number | null,
  { theme }: Frame,
): void {
  if (row === null) return;
  const placeOf = (values: ArrayLike<number> | null) => values?.[row] ?? Number.NaN;
  addRings(plots, (i) => [placeOf(columns[i][0]), placeOf(columns[i][1])], theme);
}

/** ", monopolar": where the α on screen comes from, after what is said of it. */
export function whose({ alphaFrom }: PaintData): string {
  return alphaFrom ? `, ${alphaFrom}` : "";
}

function noted(nSpikes: number, { placedBy }: SpikeData): string {
  return `${grouped(nSpikes)} spikes with α${placedBy ? `, ${placedBy}` : ""}`;
}

/** As wide as the reference draws, wider where spikes of other shanks lie beyond. */
function xRangeOf({ xUm }: ChosenPlaces): Range {
  const [low, high] = centralRange(xUm, 0.005) ?? usualXUm;
  return [
    Math.min(usualXUm[0], outwards([low, high], 0, 50)[0]),
    Math.max(usualXUm[1], outwards([low, high], 0, 50)[1]),
  ];
}

/**
 * Where around its anchor each source is, by mean log10 α: l_x over l_y, l_x over z beside it, z over l_y below. Colours go from
 * the 1st to the 99th percentile of log10 α of all spikes.
 */
export function alphaLocalPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const title = "Local positions by α";
  const found = alphaSpikes(data, false);
  if (isMissing(found)) return nothingBut(frame, title, found.missing);
  const { spikes, logAlpha } = found;
  const anchors = anchorsOf(data, spikes.spikes, frame);
  if (!anchors) return nothingBut(frame, title, anchorsMissing);
  const { part } = frame.store;
  const { x, y, z } = part("local").remember([spikes.spikes, anchors], () =>
    withAlphaOnly(localColumns(spikes.spikes, anchors)),
  );
  const { from, to } = rowsWithin(spikes.spikes.timeSec, view.timeRangeSec);
  const label = `Mean log₁₀ α (µV·µm)${whose(data)}`;
  const table = colourTable(view.colourMap, frame.theme.rasterSpan);
  const look: SpikeLook = {
    colour: "alpha",
    values: logAlpha,
    cell: "mean",
    scale: { table, limits: logAlphaRanges(logAlpha).limits, scale: "linear" },
    label,
    shortLabel: "log₁₀ α (µV·µm)",
  };
  const plots = localPlots(view, aboveCaption(frame.box));
  plots[1].colourBar = { ...look.scale, label };
  const columns: PlotColumns[] = [
    [y, x],
    [z, x],
    [y, z],
  ];
  const nSpikes = drawSpikes(plots, columns, [from, to], look, data, selectedRow(spikes, view), frame);
  if (!z) plots[2].message = "These positions have no distance from the probe.";
  return { plots, caption: `${noted(nSpikes[0], spikes)}, colour from the 1st to the 99th percentile` };
}

export const anchorsMissing =
  "Positions within a spike's own frame need its peak channel and the contacts of the probe, or anchors beside the spikes.";

/** [N, 2] anchors of the spikes; null where they are not known. The same array while spikes and probe are. */
export function anchorsOf({ anchors, probe }: PaintData, spikes: SpikeTable, { store }: Frame): Float32Array | null {
  return store
    .part("anchors")
    .remember([spikes.channel, spikes.nSpikes, anchors, probe], () => shownAnchors({ anchors, probe }, spikes));
}

function localPlots({ freeRanges }: PictureView, box: Rect): Plot[] {
  const [first, right, third] = localBoxes(box);
  const lx: Axis = { range: freeRanges.localX ?? localUm, quantity: "l_x", unit: "µm", of: "localX" };
  const ly: Axis = { range: freeRanges.localY ?? localUm, quantity: "l_y", unit: "µm", of: "localY" };
  const z: Axis = { range: freeRanges.localZ ?? localZUm, quantity: "z", unit: "µm", of: "localZ" };
  const empty = () => ({ layers: [], grid: false });
  return [
    { ...empty(), ...first, title: "l_x over l_y", x: ly, y: lx },
    { ...empty(), ...right, title: "l_x over z", x: z, y: { ...lx, quantity: "" } },
    { ...empty(), ...third, title: "z over l_y", x: ly, y: z },
  ];
}

/** A spike without α has no colour here, so it gets no place either. */
function withAlphaOnly({ localX: x, localY: y, localZ: z, logAlpha }: LocalColumns) {
  if (!logAlpha?.some(Number.isNaN)) return { x, y, z };
  const only = (values: Float32Array) => values.map((v, i) => (Number.isNaN(logAlpha[i]) ? Number.NaN : v));
  return { x: only(x), y: only(y), z: z && only(z) };
}
