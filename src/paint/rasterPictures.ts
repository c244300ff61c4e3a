import type { PictureView } from "../protocol/pictures.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { openRange, type PickColumns, type Plot } from "./figure.ts";
import { addCursor } from "./marksOnTime.ts";
import { type Frame, type PaintData, ringPx, selectedRow } from "./pictureData.ts";
import { rasterPlot } from "./rasterPlot.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";

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
  const content = { spikes, corrected, motion, timeRangeSec, depthRangeUm, colour, colourMap };
  const plot = rasterPlot(content, box, pixelRatio, store, theme);
  plot.picks = picksOf(spikes, corrected, view);
  addRing(plot, spikes, corrected, view, theme);
  addCursor(plot, view, theme);
  return plot;
}

function picksOf({ spikes }: SpikeData, corrected: CorrectedDepths | null, { timeRangeSec }: PictureView): PickColumns {
  const rows = rowsWithin(spikes.timeSec, timeRangeSec);
  const y = corrected ? corrected.upTo(rows.from, rows.to) : spikes.depthUm;
  return { x: spikes.timeSec, y, ...rows, isSorted: true };
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
