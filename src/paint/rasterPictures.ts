import type { PictureView } from "../protocol/pictures.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { openRange, type Plot } from "./figure.ts";
import { addCursor } from "./marksOnTime.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import { rasterPlot } from "./rasterPlot.ts";
import { addRings } from "./scatterPlot.ts";
import type { SpikeData } from "./spikeData.ts";
import { lookOf } from "./spikeLook.ts";

/** Spikes over time and depth, as recorded or with the motion taken out, with what is selected. */
export function rasterPicture(
  isCorrected: boolean,
  data: PaintData,
  view: PictureView,
  { box, pixelRatio, store, theme }: Frame,
): Plot {
  const { timeRangeSec, depthRangeUm, rasterColour: colour, colourMap } = view;
  const empty: Plot = {
    box,
    title: "",
    x: { range: openRange(timeRangeSec), quantity: "Time", unit: "s", of: "time" },
    y: { range: openRange(depthRangeUm), quantity: "Depth", unit: "µm", of: "depth" },
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
  const look = lookOf(data, spikes, view, theme);
  const { brushed } = data;
  const content = { spikes, corrected, motion, timeRangeSec, depthRangeUm, colour, colourMap, look, brushed };
  const plot = rasterPlot(content, box, pixelRatio, store, theme);
  const row = selectedRow(spikes, view);
  if (row !== null) addRings([plot], () => rasterPlace(spikes, corrected, row), theme);
  addCursor(plot, view, theme);
  return plot;
}

/** Where a raster draws the spike of a row; NaN where these positions say nothing of it. */
export function rasterPlace(
  { spikes: { timeSec, depthUm } }: SpikeData,
  corrected: CorrectedDepths | null,
  row: number,
): readonly [timeSec: number, depthUm: number] {
  return [timeSec[row], corrected ? corrected.upTo(row, row + 1)[row] : depthUm[row]];
}
