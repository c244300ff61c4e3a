import { type CellWindow, cellMeans } from "../core/cellMeans.ts";
import { type RasterGrid, raster } from "../core/raster.ts";
import type { ProbeSites, Range, SpikeTable } from "../core/types.ts";
import { amplitudeUnitOf } from "../protocol/datasets.ts";
import type { MethodCell, PictureView } from "../protocol/pictures.ts";
import { isMissing, type Missing, tableOf } from "./chosenPlaces.ts";
import { colourTable } from "./colourMaps.ts";
import { correctedDepths } from "./correctedDepths.ts";
import { type Axis, areaOf, type CellValues, type Figure, openRange, type Plot } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import { addCursor } from "./marksOnTime.ts";
import { colourBarRoomPx, methodPlot, noMethods } from "./methodPictures.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { type GridCell, sharedGrid } from "./smallMultiples.ts";
import { rangeOf, type SpikeData } from "./spikeData.ts";
import { fitted } from "./words.ts";

/** Depth × time histograms of every method, weighted by amplitude, on one logarithmic scale. */

type Content = Pick<Figure, "plots" | "caption">;

/** Share of the largest value that the dark end of the colours stands for. */
const leastShare = 0.003;
/** Bins of depth: finer ones where the probe is short, as Neuropixels Ultra is. */
const binUm = 4;
const shortProbe = { underUm: 500, binUm: 3 };
/** Beyond the outermost contacts. */
const marginUm = 50;
/** Room for the caption. */
const captionPx = 18;
/** Longer recordings get wider bins than 1 s: more cannot be seen, and each is kept for each method. */
const mostTimeBins = 4000;

interface Histogram {
  /** [ny, nx] sum of |amplitude| */
  values: Float32Array;
  largest: number;
}

export function rasterGrid(data: PaintData, view: PictureView, frame: Frame): Content {
  const { methods, ownPlaces } = data;
  if (!methods || methods.cells.length === 0 || !ownPlaces) return noMethods(frame, "Rasters");
  const { cells, nColumns } = methods;
  const grid = frame.store.part("grid").remember([ownPlaces.spikes, data.probe], () => gridFor(ownPlaces, data.probe));
  const found = cells.map((cell) => {
    const motion = data.motions.find(({ id }) => id === cell.motionId)?.motion ?? null;
    const table = tableOf(data, cell);
    const store = frame.store.part(`${cell.set} ${cell.motionId}`);
    return store.remember([table, motion, grid, ownPlaces.absAmpUv], () =>
      histogramOf(cell, table, motion, ownPlaces.absAmpUv, grid),
    );
  });
  const largest = found.reduce((most, one) => (isMissing(one) ? most : Math.max(most, one.largest)), 0);
  if (largest === 0) return noMethods(frame, "Rasters");
  const table = colourTable("inferno", frame.theme.rasterSpan);
  const colours: ColourScale = { table, limits: [leastShare * largest, largest], scale: "decades" };
  const barAt = found.findIndex((one, i) => !isMissing(one) && i % nColumns === nColumns - 1);
  const box = { ...frame.box, height: frame.box.height - captionPx };
  const places = sharedGrid(cells.length, nColumns, box, colourBarRoomPx, barAt);
  const plots = cells.map((cell, i) => {
    const plot = histogramPlot(cell, found[i], grid, places[i], colours, view, frame);
    return i === barAt
      ? { ...plot, colourBar: { ...colours, label: `Σ |amplitude| (${amplitudeUnitOf(data.sorting)})` } }
      : plot;
  });
  const { binSec, depthUm } = binsOf(grid);
  const caption = `Sum of |amplitude| per ${depthUm} µm × ${binSec} s, colours logarithmic from ${leastShare} of the largest.`;
  return { plots, caption: fitted(caption, frame.box.width - 28, frame.theme.textPx) };
}

function binsOf({ xLow, xHigh, nx, yLow, yHigh, ny }: RasterGrid): { binSec: number; depthUm: number } {
  return { binSec: (xHigh - xLow) / nx, depthUm: (yHigh - yLow) / ny };
}

/** Whole bins from the start of the recording, and over all contacts with a margin. */
function gridFor({ spikes, timeRangeSec, depthRangeUm }: SpikeData, probe: ProbeSites | null): RasterGrid {
  const contacts = (probe?.positionsUm ?? []).map(([, y]) => y);
  const [low, high] = contacts.length > 0 ? rangeOf(contacts) : depthRangeUm;
  const stepUm = high - low < shortProbe.underUm ? shortProbe.binUm : binUm;
  const yLow = stepUm * Math.floor((low - marginUm) / stepUm);
  const ny = Math.ceil((high + marginUm - yLow) / stepUm);
  const lastSec = spikes.nSpikes > 0 ? timeRangeSec[1] : 1;
  const binSec = Math.max(1, Math.ceil(lastSec / mostTimeBins));
  const nx = Math.max(1, Math.ceil(lastSec / binSec));
  return { xLow: 0, xHigh: nx * binSec, yLow, yHigh: yLow + ny * stepUm, nx, ny };
}

function histogramOf(
  { motionId }: MethodCell,
  table: SpikeTable | Missing,
  motion: PaintData["motion"],
  absAmpUv: Float32Array,
  grid: RasterGrid,
): Histogram | Missing {
  if (isMissing(table)) return table;
  if (motionId !== null && !motion) return { missing: "This motion is not shown any more." };
  const depthUm = motion ? correctedDepths(table, motion).upTo(0, table.nSpikes) : table.depthUm;
  const { sum: values } = raster(table.timeSec, depthUm, absAmpUv, grid);
  return { values, largest: values.reduce((most, v) => Math.max(most, v), 0) };
}

function histogramPlot(
  cell: MethodCell,
  found: Histogram | Missing,
  grid: RasterGrid,
  place: GridCell,
  colours: ColourScale,
  view: PictureView,
  frame: Frame,
): Plot {
  const { theme } = frame;
  const depth: Axis = { range: openRange(view.depthRangeUm), quantity: "Depth", unit: "µm", of: "depth" };
  const plot = methodPlot(cell, place, view, depth, theme);
  if (isMissing(found)) return { ...plot, message: `${cell.title}: ${found.missing}` };
  const store = frame.store.part(`${cell.set} ${cell.motionId} seen`);
  addHistogram(plot, found, grid, colours, { ...frame, store });
  addCursor(plot, view, theme);
  return plot;
}

/** The bins in view, as many as there are px for. Empty ones stay clear: 0 has no logarithm. */
function addHistogram(plot: Plot, { values }: Histogram, grid: RasterGrid, colours: ColourScale, frame: Frame): void {
  const { xLow, xHigh, nx, yLow, yHigh, ny } = grid;
  const window: CellWindow = {
    x: binsWithin(plot.x.range, [xLow, xHigh], nx),
    y: binsWithin(plot.y.range, [yLow, yHigh], ny),
  };
  if (window.x[0] >= window.x[1] || window.y[0] >= window.y[1]) return;
  const edge = (low: number, high: number, n: number) => (bin: number) => low + (bin / n) * (high - low);
  const xRange: Range = [edge(xLow, xHigh, nx)(window.x[0]), edge(xLow, xHigh, nx)(window.x[1])];
  const yRange: Range = [edge(yLow, yHigh, ny)(window.y[0]), edge(yLow, yHigh, ny)(window.y[1])];
  const { width, height } = areaOf(plot);
  const [mostX, mostY] = [width, height].map((px) => Math.max(1, Math.round(px * frame.pixelRatio)));
  const reasons = [values, colours.table, JSON.stringify([window, mostX, mostY, colours.limits])];
  const image = frame.store.remember(reasons, () => {
    const { values: means, ...size } = cellMeans(values, nx, window, mostX, mostY);
    const seen = means.map((v) => (v > 0 ? v : Number.NaN));
    return colourImage({ values: seen, widthPx: size.nx, heightPx: size.ny, xRange, yRange }, colours);
  });
  const cells = (): CellValues => {
    const [wide, high] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
    return { values: cellMeans(values, nx, window, wide, high).values, nx: wide, ny: high, xRange, yRange };
  };
  plot.layers.push({ kind: "image", image, xRange, yRange, cells });
}

/** Bins that a range touches. */
function binsWithin([low, high]: Range, [from, to]: Range, n: number): [number, number] {
  const at = (v: number) => ((v - from) / (to - from)) * n;
  return [Math.max(0, Math.floor(at(low))), Math.min(n, Math.ceil(at(high)))];
}
