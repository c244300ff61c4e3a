import { type Displacements, displacementsOf, type PlanePlaces } from "../core/displacement.ts";
import { firstFigures, type PictureView } from "../protocol/pictures.ts";
import { aboveCaption, nothingBut, type PlotColumns, ringSpike } from "./alphaPictures.ts";
import { type ChosenPlaces, chosenPlaces, isMissing, type Missing } from "./chosenPlaces.ts";
import { type Wheel, wheelImage, wheelOf } from "./colourWheel.ts";
import { addDisplacements, displacementCodes } from "./displacementCells.ts";
import { areaOf, openRange, type Plot } from "./figure.ts";
import { lBoxes, secondLeftPx } from "./lLayout.ts";
import type { Rect } from "./pen.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { quantilesOfPositive } from "./quantiles.ts";
import { grouped } from "./rasterPlot.ts";
import { centralRange, rowsWithin } from "./spikeData.ts";
import type { Theme } from "./theme.ts";
import { outwards } from "./valueRanges.ts";
import { fitted, rounded } from "./words.ts";

/** Where spikes go from one set of positions to another: as colours at their sources, and as lengths. */

const depthShare = 0.66;
const leastBins = 20;
const mostBins = 80;

interface Moved extends Displacements {
  /** the source, of spikes that the target places too */
  placed: PlanePlaces;
  source: ChosenPlaces;
  target: ChosenPlaces;
  /** µm; NaN when no spike has both places */
  medianUm: number;
  p95Um: number;
  p995Um: number;
}

const known = new WeakMap<object, { to: object; x: readonly object[]; moved: Moved }>();

/** Displacements of all spikes of the session, kept while source and target are the same columns. */
function movedSpikes(data: PaintData, view: PictureView): Moved | Missing {
  const { displacement } = view.figures ?? firstFigures;
  const source = chosenPlaces(data, displacement.source);
  if (isMissing(source)) return source;
  const target = chosenPlaces(data, displacement.target);
  if (isMissing(target)) return target;
  const before = known.get(source.depthUm);
  const x = [source.xUm, target.xUm];
  if (before?.to === target.depthUm && before.x.every((one, i) => one === x[i])) {
    return { ...before.moved, source, target };
  }
  const found = displacementsOf(source, target);
  const [medianUm, p95Um, p995Um] = quantilesOfPositive(found.lengthUm, [0.5, 0.95, 0.995]);
  const moved = { ...found, placed: placedBy(found, source), source, target, medianUm, p95Um, p995Um };
  known.set(source.depthUm, { to: target.depthUm, x, moved });
  return moved;
}

/** A spike without a target has no colour, so it gets no place either. */
function placedBy({ lengthUm, n }: Displacements, { xUm, depthUm }: ChosenPlaces): PlanePlaces {
  if (n === lengthUm.length) return { xUm, depthUm };
  const only = (values: ArrayLike<number>) => lengthUm.map((one, i) => (Number.isNaN(one) ? Number.NaN : values[i]));
  return { xUm: only(xUm), depthUm: only(depthUm) };
}

/**
 * Spikes of the time on screen at their source positions, laid out as an L: the direction of target − source in the plane of the
 * probe as colour, its length up to the 95th percentile of all spikes as strength, long ones on top, with the wheel as legend.
 */
export function displacementPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const moved = movedSpikes(data, view);
  if (isMissing(moved)) return nothingBut(frame, "Displacement", moved.missing);
  const { source, target, n, lengthUm, p95Um } = moved;
  if (n === 0) return nothingBut(frame, "Displacement", "No spike has a place in both: choose other positions.");
  const wheel = wheelOf((view.figures ?? firstFigures).displacement.wheel, frame.theme);
  const { first, right, below, corner } = lBoxes(aboveCaption(frame.box), depthShare, 0.5, 16);
  const plots = emptyPlots(source, view, { first, right, below });
  // a title takes room from the area, so it comes before what is drawn
  plots[0].title = fitted(`${source.short} → ${target.short}`, areaOf(plots[0]).width, frame.theme.titlePx);
  const { xUm, depthUm } = moved.placed;
  const columns: PlotColumns[] = [
    [depthUm, xUm],
    [source.zUm, xUm],
    [depthUm, source.zUm],
  ];
  const { part } = frame.store;
  const codes = part("codes").remember([lengthUm, data.brushed], () =>
    displacementCodes(moved, moved.p995Um, data.brushed),
  );
  const look = { codes, highUm: moved.p995Um, fullUm: p95Um, wheel };
  const { from, to } = rowsWithin(source.table.timeSec, view.timeRangeSec);
  const nSpikes = plots.map((plot, i) => {
    const [x, y] = columns[i];
    if (!x || !y) return 0;
    plot.picks = { x, y, from, to };
    return addDisplacements(plot, plot.picks, look, { ...frame, store: part(`colours ${i}`) });
  });
  ringSpike(plots, columns, selectedRow(data.spikes, view), frame);
  if (!source.zUm) plots[2].message = "The source positions have no distance from the probe.";
  const left = lengthUm.length - n;
  plots[0].note = `${grouped(nSpikes[0])} spikes${left > 0 ? `, ${grouped(left)} without both places left out` : ""}`;
  const said = `Full colour from ${rounded(p95Um, 1)} µm, 95th percentile. ${source.title} → ${target.title}.`;
  const caption = fitted(said, frame.box.width - 28, frame.theme.textPx);
  return { plots: [...plots, wheelPlot(wheel, p95Um, corner)], caption };
}

function emptyPlots(source: ChosenPlaces, view: PictureView, at: Record<"first" | "right" | "below", Rect>): Plot[] {
  const depth = {
    range: openRange(view.depthRangeUm),
    quantity: `Depth, ${source.short}`,
    unit: "µm",
    of: "depth" as const,
  };
  const [xCentral, zCentral] = [source.xUm, source.zUm].map((values) => values && centralRange(values, 0.005));
  const xRange = view.freeRanges.x ?? outwards(xCentral ?? [-40, 80], 5, 5);
  const zRange =
    view.freeRanges.z ?? outwards([Math.min(0, zCentral?.[0] ?? 0), Math.max(65, zCentral?.[1] ?? 0)], 0, 5);
  const x = { range: xRange, quantity: `x, ${source.short}`, unit: "µm", of: "x" as const };
  const z = { range: zRange, quantity: `z, ${source.short}`, unit: "µm", of: "z" as const };
  const empty = () => ({ title: "", layers: [], grid: false });
  return [
    { ...empty(), box: at.first, x: depth, y: x },
    { ...empty(), box: at.right, title: "Cross-section", leftPx: secondLeftPx, x: z, y: { ...x, quantity: "" } },
    { ...empty(), box: at.below, x: depth, y: z },
  ];
}

/** The legend: a disc with µm along both axes, turned as the map above it is. */
function wheelPlot(wheel: Wheel, p95Um: number, corner: Rect): Plot {
  const most = p95Um > 0 ? p95Um : 1;
  const range = [-most, most] as const;
  const plot: Plot = {
    box: corner,
    leftPx: secondLeftPx,
    title: "Colour of Δ",
    x: { range, quantity: "Δ depth", unit: "µm" },
    y: { range, quantity: "Δ x", unit: "µm" },
    layers: [],
    grid: false,
  };
  const { width, height } = areaOf(plot);
  const side = Math.min(width, height);
  plot.box = { ...corner, width: corner.width - (width - side), height: corner.height - (height - side) };
  plot.layers.push({ kind: "image", image: wheelImage(wheel, 2 * Math.max(8, side)), xRange: range, yRange: range });
  return plot;
}

/** How far spikes go, all of the session: a set that has collapsed sends most of them far. */
export function displacementLengthPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const moved = movedSpikes(data, view);
  if (isMissing(moved)) return nothingBut(frame, "Length of the displacement", moved.missing);
  const { lengthUm, n, medianUm, p95Um, p995Um } = moved;
  if (n === 0) return nothingBut(frame, "Length of the displacement", "No spike has a place in both.");
  const high = p995Um > 0 ? 1.05 * p995Um : 1;
  const plot: Plot = {
    box: frame.box,
    title: "How far spikes go",
    x: { range: [0, high], quantity: "|Δ|", unit: "µm" },
    y: { range: [0, 1], quantity: "Spikes", unit: "" },
    layers: [],
    grid: true,
  };
  const nBins = Math.min(mostBins, Math.max(leastBins, Math.floor(areaOf(plot).width / 6)));
  const { heights, nBeyond } = frame.store
    .part("lengths")
    .remember([lengthUm, high, nBins], () => lengthHistogram(lengthUm, high, nBins));
  const edges = Float64Array.from({ length: nBins + 1 }, (_, i) => (high * i) / nBins);
  const most = heights.reduce((max, v) => Math.max(max, v), 1);
  plot.y.range = [0, 1.3 * most];
  plot.layers.push({ kind: "bars", edges, heights, colour: frame.theme.bars });
  if (nBeyond > 0) plot.note = `${grouped(nBeyond)} farther`;
  plot.layers.push(...marked(medianUm, "median", 1.23 * most, high, frame.theme));
  plot.layers.push(...marked(p95Um, "95 % below", 1.1 * most, high, frame.theme));
  return { plots: [plot] };
}

/** A line at a length with its name and number, on the side where there is room. */
function marked(x: number, name: string, y: number, high: number, theme: Theme): Plot["layers"] {
  const isRight = x > 0.5 * high;
  const style = { colour: theme.text, sizePx: theme.textPx, baseline: "middle" } as const;
  const place = { x, y, align: isRight ? "right" : "left", offsetPx: [isRight ? -5 : 5, 0] } as const;
  return [
    { kind: "vertical", x, colour: theme.spikes },
    { kind: "label", text: `${name} ${rounded(x, 1)} µm`, ...place, ...style },
  ];
}

function lengthHistogram(lengthUm: Float32Array, high: number, nBins: number) {
  const heights = new Float64Array(nBins);
  let nBeyond = 0;
  for (let i = 0; i < lengthUm.length; i++) {
    const bin = Math.floor((lengthUm[i] / high) * nBins);
    if (bin < nBins) heights[bin]++;
    else if (bin >= nBins) nBeyond++; // NaN is neither
  }
  return { heights, nBeyond };
}
