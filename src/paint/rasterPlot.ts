import { raster } from "../core/raster.ts";
import type { Motion, Range } from "../core/types.ts";
import type { SpikeColour } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { displacementAlong, levelsAcross, mostCurves, motionLevels, visibleCurve } from "./curves.ts";
import { areaOf, type CellValues, type Layer, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfRaster, colourRaster, type PixelStore, pixelStore } from "./image.ts";
import type { PixelImage, Rect } from "./pen.ts";
import { logAlphaOf, rowsWithin, type SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";

/** One whole number with separators, as everybody reads spike counts. */
export const grouped = (n: number) => n.toLocaleString("en-US");

/** What a raster is drawn from and how; `motion` is drawn over it, `corrected` replaces the observed depths. */
export interface RasterContent {
  spikes: SpikeData;
  corrected: CorrectedDepths | null;
  motion: Motion | null;
  timeRangeSec: Range;
  depthRangeUm: Range;
  colour: SpikeColour;
  colourMap: string;
}

/**
 * Spikes over time and depth as a plot. `pixelRatio` device pixels per CSS pixel give the resolution; `store` keeps the
 * pixels between redraws. Limits of amplitude are those of the data set, so that a colour means the same at every zoom.
 */
export function rasterPlot(
  content: RasterContent,
  box: Rect,
  pixelRatio: number,
  store: RasterStore,
  theme: Theme,
): Plot {
  const { spikes, corrected, motion } = content;
  const { colour, scale, label } = spikeColours(spikes, content.colour, content.colourMap, theme);
  const { table } = scale;
  const plot: Plot = {
    box,
    title: corrected ? "Spikes, motion corrected" : "Spikes, as recorded",
    x: { range: openRange(content.timeRangeSec), quantity: "Time", unit: "s", of: "time" },
    y: {
      range: openRange(content.depthRangeUm),
      quantity: corrected ? "Corrected depth" : "Depth",
      unit: "µm",
      of: "depth",
    },
    layers: [],
    // here already, because the bar takes room from the area
    colourBar: { ...scale, label },
    grid: false,
  };
  const area = areaOf(plot);
  const across = (from: number, length: number) =>
    Math.max(1, Math.round((from + length) * pixelRatio) - Math.round(from * pixelRatio));
  const frame = {
    x: plot.x.range,
    y: plot.y.range,
    nx: across(area.left, area.width),
    ny: across(area.top, area.height),
  };
  const drawn = store.remember(
    [spikes, corrected, JSON.stringify({ ...frame, colour, map: content.colourMap }), table],
    () => rasterPixels(spikes, corrected, scale, colour, { ...frame, store: store.pixels }),
  );
  const { pixels: image, cells } = drawn;
  plot.layers.push({ kind: "image", image, xRange: plot.x.range, yRange: plot.y.range, cells });
  if (motion) plot.layers.push(...motionOverRaster(motion, spikes, plot.x.range, area.width, theme));
  if (plot.colourBar) plot.colourBar.limits = drawn.colours.limits;
  const by = spikes.placedBy ? `, ${spikes.placedBy}` : "";
  return { ...plot, note: `${grouped(drawn.nSpikes)} spikes${by}` };
}

/** log10 α that the ends of the map stand for, the same for every recording, as evarol/spikeLocalizationNetwork has it. */
export const alphaLimits: Range = [2.95, 3.88];

/**
 * How the colours of cells of spikes are read. Spikes without α are coloured by amplitude instead, and the label says so. The
 * upper limit of counts is the fullest cell, which is not known yet.
 */
export function spikeColours(
  spikes: SpikeData,
  wanted: SpikeColour,
  colourMap: string,
  theme: Theme,
): { colour: SpikeColour; scale: ColourScale; label: string } {
  const table = colourTable(colourMap, theme.rasterSpan);
  if (wanted === "count")
    return { colour: wanted, scale: { table, limits: [0, 1], scale: "log" }, label: "Spikes per cell" };
  if (wanted === "alpha" && spikes.spikes.alpha)
    return { colour: wanted, scale: { table, limits: alphaLimits, scale: "linear" }, label: "Mean log₁₀ α (µV·µm)" };
  const scale: ColourScale = { table, limits: spikes.colourLimitsUv, scale: "linear" };
  return { colour: "amplitude", scale, label: "Mean |amplitude| (µV)" };
}

/** [N] what colours are means of. */
export function colouredValues({ spikes, absAmpUv }: SpikeData, colour: SpikeColour): Float32Array {
  return (colour === "alpha" ? logAlphaOf(spikes) : null) ?? absAmpUv;
}

/** Pixels of one raster, kept between redraws. */
export interface RasterStore {
  pixels: PixelStore;
  /** What `draw` gave the last time when `reasons` are the same ones, else what it gives now. */
  remember<T>(reasons: readonly unknown[], draw: () => T): T;
  /** The store of one raster of a picture that has several. */
  part(name: string): RasterStore;
}

/** A store for one picture: a moving cursor or a new motion over the same spikes then costs no new raster. */
export function rasterStore(): RasterStore {
  let last: { reasons: readonly unknown[]; drawn: unknown } | null = null;
  const parts = new Map<string, RasterStore>();
  return {
    part: (name) => {
      const known = parts.get(name) ?? rasterStore();
      parts.set(name, known);
      return known;
    },
    pixels: pixelStore(),
    remember: <T>(reasons: readonly unknown[], draw: () => T): T => {
      const isSame = last?.reasons.length === reasons.length && last.reasons.every((r, i) => r === reasons[i]);
      if (!last || !isSame) last = { reasons, drawn: draw() };
      return last.drawn as T; // one store serves one picture: what it keeps has one type
    },
  };
}

export interface DrawnRaster {
  pixels: PixelImage;
  colours: ColourScale;
  /** spikes within the frame */
  nSpikes: number;
  cells: () => CellValues;
}

export interface RasterFrame {
  x: Range;
  y: Range;
  /** cells across and up when spikes are dense; fewer when they are sparse */
  nx: number;
  ny: number;
  store: PixelStore;
}

/**
 * All spikes of a frame as pixels: rows by binary search on time, cells by core/raster, colours in one pass. Few spikes
 * get cells of 2 to 4 px, so that they can be seen. `corrected` null draws observed depths. For counts the upper colour limit is the fullest cell.
 */
export function rasterPixels(
  data: SpikeData,
  corrected: CorrectedDepths | null,
  colours: ColourScale,
  colour: SpikeColour,
  frame: RasterFrame,
): DrawnRaster {
  const { spikes } = data;
  const { from, to } = rowsWithin(spikes.timeSec, frame.x);
  const depthUm = corrected ? corrected.upTo(from, to) : spikes.depthUm;
  const dot = dotPx(to - from, frame.nx * frame.ny);
  const nx = Math.max(1, Math.round(frame.nx / dot));
  const ny = Math.max(1, Math.round(frame.ny / dot));
  const grid = { xLow: frame.x[0], xHigh: frame.x[1], yLow: frame.y[0], yHigh: frame.y[1], nx, ny };
  const cells = raster(spikes.timeSec, depthUm, colouredValues(data, colour), grid, from, to);
  const used: ColourScale = colour === "count" ? { ...colours, limits: [0, fullest(cells.count)] } : colours;
  const shown = colour === "count" ? "count" : "mean";
  const drawn = colourRaster(cells, nx, ny, shown, used, frame.store);
  return { ...drawn, colours: used, cells: cellsOfRaster(cells, grid, shown) };
}

export function fullest(count: Float32Array): number {
  let most = 1;
  for (let i = 0; i < count.length; i++) if (count[i] > most) most = count[i];
  return most;
}

/** Side of a spike's square in device px: the fewer spikes share the pixels, the larger, from 1 to 4. */
export function dotPx(nRows: number, nPixels: number): number {
  if (nRows * 12 > nPixels) return 1;
  if (nRows * 60 > nPixels) return 2;
  return nRows * 250 > nPixels ? 3 : 4;
}

/**
 * Where tissue of some depths is seen over time: curves of depth + displacement. The depths are the motion's own, but
 * a motion with few of them has them at or beyond the ends of the probe, where no spike is: then 7 across the spikes.
 */
export function motionOverRaster(
  motion: Motion,
  spikes: SpikeData,
  xRange: Range,
  widthPx: number,
  theme: Theme,
): Layer[] {
  const hasFew = motion.depthBinCentersUm.length < 5;
  const [low, high] = spikes.depthRangeUm;
  const inset = (high - low) / 14;
  const levels = hasFew ? levelsAcross([low + inset, high - inset], 7) : motionLevels(motion, mostCurves);
  return [...levels].map((depthUm) => {
    const y = displacementAlong(motion, depthUm).map((shift) => depthUm + shift);
    const seen = visibleCurve(motion.timeBinCentersSec, y, xRange, widthPx);
    const name = `Motion at ${Math.round(depthUm)} µm`;
    return { kind: "curve", name, ...seen, colour: theme.motion, widthPx: 1.5, halo: theme.halo };
  });
}
