import type { Motion, Range } from "../core/types.ts";
import type { SpikeColour } from "../protocol/pictures.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { displacementAlong, levelsAcross, mostCurves, motionLevels, visibleCurve } from "./curves.ts";
import { areaOf, type Layer, openRange, type Plot } from "./figure.ts";
import { type PixelStore, pixelStore } from "./image.ts";
import type { LateCells } from "./lateCells.ts";
import type { Rect } from "./pen.ts";
import { addSpikes } from "./scatterPlot.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";
import { type SpikeLook, spikeLook } from "./spikeLook.ts";
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
  /** what colours say, where it is more than colour and map tell */
  look?: SpikeLook;
  /** rows of the spikes that stand out; the others are grey */
  brushed?: Int32Array | null;
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
  const { spikes, corrected, motion, brushed = null } = content;
  const { timeSec, depthUm } = spikes.spikes;
  const { colour, colourMap } = content;
  const look = content.look ?? spikeLook({ spikes, colour, colourMap }, theme);
  const rows = rowsWithin(timeSec, content.timeRangeSec);
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
    colourBar: { ...look.scale, label: look.label },
    grid: false,
    picks: { x: timeSec, y: corrected ? corrected.upTo(rows.from, rows.to) : depthUm, ...rows, isSorted: true },
  };
  const [nSpikes] = addSpikes([plot], { look, brushed, reasons: [corrected] }, { pixelRatio, store, theme });
  if (motion) plot.layers.push(...motionOverRaster(motion, spikes, plot.x.range, areaOf(plot).width, theme));
  const by = spikes.placedBy ? `, ${spikes.placedBy}` : "";
  return { ...plot, note: `${grouped(nSpikes)} spikes${by}` };
}

/** Pixels of one raster, kept between redraws. */
export interface RasterStore {
  pixels: PixelStore;
  /** What `draw` gave the last time when `reasons` are the same ones, else what it gives now. */
  remember<T>(reasons: readonly unknown[], draw: () => T): T;
  /** The store of one raster of a picture that has several. */
  part(name: string): RasterStore;
  /** who counts spikes for this picture, where somebody else does */
  late?: LateCells;
}

/** A store for one picture: a moving cursor or a new motion over the same spikes then costs no new raster. */
export function rasterStore(late?: LateCells): RasterStore {
  let last: { reasons: readonly unknown[]; drawn: unknown } | null = null;
  const parts = new Map<string, RasterStore>();
  return {
    part: (name) => {
      const known = parts.get(name) ?? rasterStore(late);
      parts.set(name, known);
      return known;
    },
    pixels: pixelStore(),
    late,
    remember: <T>(reasons: readonly unknown[], draw: () => T): T => {
      const isSame = last?.reasons.length === reasons.length && last.reasons.every((r, i) => r === reasons[i]);
      if (!last || !isSame) last = { reasons, drawn: draw() };
      return last.drawn as T; // one store serves one picture: what it keeps has one type
    },
  };
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
