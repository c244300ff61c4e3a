import type { Range } from "../core/types.ts";
import type { ActivityImage } from "../protocol/methods.ts";
import type { PictureKind, PictureView } from "../protocol/workers.ts";
import { colourTable } from "./colourMaps.ts";
import { comparedRasterPlots, comparedTracePlots, differencePlots, fieldPlots } from "./comparePictures.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { correlationPlots } from "./correlationPicture.ts";
import { type Figure, openRange, type Plot } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import { addEdited, addMotion } from "./oneMotion.ts";
import { type Frame, type PaintData, ringPx, selectedRow } from "./pictureData.ts";
import { probePlot } from "./probePicture.ts";
import { projectionPlots } from "./projections.ts";
import { grouped, type RasterStore, rasterPlot, rasterStore } from "./rasterPlot.ts";
import { severalMotions } from "./severalMotions.ts";
import { shankLines } from "./shankLines.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";
import { type Theme, themeOf } from "./theme.ts";
import { tracePlots } from "./tracePicture.ts";
import { trainingPlots } from "./trainingPicture.ts";
import { waveformPlot } from "./waveformPicture.ts";

export interface PictureSize {
  widthPx: number;
  heightPx: number;
  /** device pixels per CSS pixel: the resolution of rasters */
  pixelRatio: number;
}

const nAmplitudeBins = 48;

/**
 * The picture of a kind as a figure: one plot, or two of equal rows for traces. `store` keeps the raster's pixels between redraws. Data that are
 * not there yet give a sentence that says what will fill the picture. Throws AppError for an unknown colour map.
 */
export function buildPicture(
  kind: PictureKind,
  data: PaintData,
  view: PictureView,
  size: PictureSize,
  store: RasterStore = rasterStore(),
): Figure {
  const theme = themeOf(view.theme);
  const box = { left: 0, top: 0, width: size.widthPx, height: size.heightPx };
  const { plots, caption } = buildPlots(kind, data, view, { box, pixelRatio: size.pixelRatio, store, theme });
  const { title: name, note } = plots[0];
  const title = note ? `${name}, ${note}` : name;
  return { title, widthPx: size.widthPx, heightPx: size.heightPx, theme, plots, caption };
}

type Content = Pick<Figure, "plots" | "caption">;

function buildPlots(kind: PictureKind, data: PaintData, view: PictureView, frame: Frame): Content {
  switch (kind) {
    case "raster-raw":
    case "raster-corrected":
      return { plots: [livePlot(kind === "raster-corrected", data, view, frame)] };
    case "motion":
      return { plots: [motionPlot(data, view, frame)] };
    case "activity":
      return { plots: [activityPlot(data.activity, view, frame)] };
    case "amplitudes":
      return { plots: [amplitudePlot(data.spikes, view, frame)] };
    case "probe":
      return { plots: [probePlot(data, view, frame)] };
    case "traces":
      return tracePlots(data, view, frame);
    case "waveform":
      return { plots: [waveformPlot(data, frame)] };
    case "projections":
      return projectionPlots(data, view, frame);
    case "training":
      return trainingPlots(data, frame);
    case "correlation":
      return correlationPlots(data, view, frame);
    case "compare-fields":
      return fieldPlots(data, view, frame);
    case "compare-differences":
      return differencePlots(data, view, frame);
    case "compare-traces":
      return comparedTracePlots(data, view, frame);
    case "compare-rasters":
      return comparedRasterPlots(data, view, frame);
  }
}

function livePlot(
  isCorrected: boolean,
  data: PaintData,
  view: PictureView,
  { box, pixelRatio, store, theme }: Frame,
): Plot {
  const { timeRangeSec, depthRangeUm, rasterColour: colour, colourMap } = view;
  const empty: Plot = {
    box,
    title: "",
    x: { range: openRange(timeRangeSec), quantity: "Time", unit: "s" },
    y: { range: openRange(depthRangeUm), quantity: "Depth", unit: "µm" },
    layers: [],
    grid: false,
  };
  const { spikes } = data;
  if (!spikes) return { ...empty, message: "Open spikes to see them here, depth over time." };
  const corrected = isCorrected ? data.corrected : null;
  if (isCorrected && !corrected) {
    return { ...empty, message: "Run a method that estimates motion, or open one, to see the spikes corrected by it." };
  }
  const motion = view.showMotion && !isCorrected ? data.motion : null;
  const content = { spikes, corrected, motion, timeRangeSec, depthRangeUm, colour, colourMap };
  const plot = rasterPlot(content, box, pixelRatio, store, theme);
  addRing(plot, spikes, corrected, view, theme);
  addCursor(plot, view, theme);
  return plot;
}

function motionPlot({ motion, motions, spikes }: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  let plot: Plot = {
    box,
    title: "Motion",
    note: "up = tissue moved toward the top of the probe",
    x: { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s" },
    y: { range: [-1, 1], quantity: "Displacement", unit: "µm" },
    layers: [],
    grid: true,
  };
  if (!motion)
    return {
      ...plot,
      note: undefined,
      message: "Run a method that estimates motion, or open one, to see how far the tissue moved.",
    };
  const lines = shankLines(motions);
  if (view.editing) addEdited(plot, motion, motions, view.editing, box.width, theme);
  else if (lines.length > 1 || lines.some(({ isActive }) => !isActive))
    plot = severalMotions(lines, plot, box.width, theme);
  else addMotion(plot, motion, box.width, theme);
  const index = selectedRow(spikes, view);
  if (spikes && index !== null) {
    plot.layers.push({ kind: "vertical", x: spikes.spikes.timeSec[index], colour: theme.selected, solid: true });
  }
  addCursor(plot, view, theme);
  return plot;
}

function activityPlot(activity: ActivityImage | null, view: PictureView, { box }: Frame): Plot {
  const plot: Plot = {
    box,
    title: "Activity distribution",
    x: { range: openRange(view.ampRangeUv), quantity: "Amplitude", unit: "µV" },
    y: { range: openRange(view.depthRangeUm), quantity: "Depth", unit: "µm" },
    layers: [],
    grid: false,
  };
  if (!activity) return { ...plot, message: "Run MEDiCINe to see which depths and amplitudes it takes for real." };
  const image = {
    widthPx: activity.nAmp,
    heightPx: activity.nDepth,
    xRange: activity.ampRangeUv,
    yRange: activity.depthRangeUm,
  };
  const colours: ColourScale = { table: colourTable("plasma"), limits: [0, 1], scale: "linear" };
  const pixels = colourImage({ ...image, values: activity.probability }, colours);
  plot.layers.push({ kind: "image", image: pixels, xRange: image.xRange, yRange: image.yRange });
  const at = activity.timeSec === null ? "in the corrected frame" : `at ${Math.round(activity.timeSec)} s`;
  return { ...plot, note: at, colourBar: { ...colours, label: "Probability that a spike is real" } };
}

function amplitudePlot(data: SpikeData | null, view: PictureView, { box, theme }: Frame): Plot {
  const plot: Plot = {
    box,
    title: "Amplitudes",
    x: { range: openRange(view.ampRangeUv), quantity: "Amplitude", unit: "µV" },
    y: { range: [0, 1], quantity: "Spikes", unit: "" },
    layers: [],
    grid: true,
  };
  if (!data) return { ...plot, message: "Open spikes to see how their amplitudes are distributed." };
  const { heights, edges, nSpikes, highest } = amplitudeHistogram(
    data,
    plot.x.range,
    view.timeRangeSec,
    view.depthRangeUm,
  );
  plot.y = { ...plot.y, range: [0, Math.max(1, 1.06 * highest)] };
  plot.layers.push({ kind: "bars", edges, heights, colour: theme.bars });
  const index = selectedRow(data, view);
  if (index !== null) {
    plot.layers.push({ kind: "vertical", x: data.spikes.ampUv[index], colour: theme.selected, solid: true });
  }
  return { ...plot, note: `${grouped(nSpikes)} spikes` };
}

/** Spikes per amplitude bin among those within a time and a depth range, observed depths. */
export function amplitudeHistogram(
  { spikes }: SpikeData,
  ampRangeUv: Range,
  timeRangeSec: Range,
  [lowUm, highUm]: Range,
): { edges: Float64Array; heights: Float64Array; nSpikes: number; highest: number } {
  const [low, high] = openRange(ampRangeUv);
  const heights = new Float64Array(nAmplitudeBins);
  const { from, to } = rowsWithin(spikes.timeSec, timeRangeSec);
  const k = nAmplitudeBins / (high - low);
  let nSpikes = 0;
  for (let i = from; i < to; i++) {
    const a = spikes.ampUv[i];
    if (!(a >= low && a <= high && spikes.depthUm[i] >= lowUm && spikes.depthUm[i] <= highUm)) continue;
    heights[Math.min(nAmplitudeBins - 1, Math.floor((a - low) * k))]++;
    nSpikes++;
  }
  const edges = Float64Array.from({ length: nAmplitudeBins + 1 }, (_, i) => low + ((high - low) * i) / nAmplitudeBins);
  return { edges, heights, nSpikes, highest: Math.max(...heights) };
}

/** A ring around the selected spike, at the place where this raster draws it. */
function addRing(
  plot: Plot,
  data: SpikeData,
  corrected: CorrectedDepths | null,
  view: PictureView,
  theme: Theme,
): void {
  const index = selectedRow(data, view);
  if (index === null) return;
  const { timeSec, depthUm } = data.spikes;
  const y = corrected ? corrected.upTo(index, index + 1)[index] : depthUm[index];
  if (!Number.isFinite(y)) return; // these positions say nothing of this spike
  const { selected: colour, selectedOutline: outline } = theme;
  plot.layers.push({ kind: "ring", x: timeSec[index], y, diameterPx: ringPx, colour, outline });
}

function addCursor(plot: Plot, view: PictureView, theme: Theme): void {
  const t = view.cursorTimeSec;
  if (t !== null) plot.layers.push({ kind: "vertical", x: t, colour: theme.cursor });
}
