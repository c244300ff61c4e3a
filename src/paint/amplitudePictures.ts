import type { Range } from "../core/types.ts";
import { amplitudeUnitOf } from "../protocol/datasets.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import { openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import { grouped } from "./rasterPlot.ts";
import { firstAtOrAfter, rowsWithin, type SpikeData } from "./spikeData.ts";

const nAmplitudeBins = 48;

/** Which depths and amplitudes MEDiCINe takes for real. */
export function activityPlot({ activity, sorting }: PaintData, view: PictureView, { box }: Frame): Plot {
  const plot: Plot = {
    box,
    title: "Activity distribution",
    x: { range: openRange(view.ampRangeUv), quantity: "Amplitude", unit: amplitudeUnitOf(sorting), of: "amp" },
    y: { range: openRange(view.depthRangeUm), quantity: "Depth", unit: "µm", of: "depth" },
    layers: [],
    grid: false,
  };
  if (!activity) return { ...plot, message: "Run MEDiCINe to see which depths and amplitudes it takes for real." };
  const image = {
    values: activity.probability,
    widthPx: activity.nAmp,
    heightPx: activity.nDepth,
    xRange: activity.ampRangeUv,
    yRange: activity.depthRangeUm,
  };
  const colours: ColourScale = { table: colourTable("plasma"), limits: [0, 1], scale: "linear" };
  const { xRange, yRange } = image;
  const cells = cellsOfImage(image);
  plot.layers.push({ kind: "image", image: colourImage(image, colours), xRange, yRange, cells });
  const at = activity.timeSec === null ? "in the corrected frame" : `at ${Math.round(activity.timeSec)} s`;
  return { ...plot, note: at, colourBar: { ...colours, label: "Probability that a spike is real" } };
}

/** How many spikes of what is on screen have which amplitude. */
export function amplitudePlot(
  { spikes: data, brushed, sorting }: PaintData,
  view: PictureView,
  { box, theme }: Frame,
): Plot {
  const plot: Plot = {
    box,
    title: "Amplitudes",
    x: { range: openRange(view.ampRangeUv), quantity: "Amplitude", unit: amplitudeUnitOf(sorting), of: "amp" },
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
  if (brushed) {
    const own = amplitudeHistogram(data, plot.x.range, view.timeRangeSec, view.depthRangeUm, brushed);
    const [, colour] = theme.curves;
    plot.layers.push({ kind: "bars", edges, heights: own.heights, colour });
    plot.words = [
      { text: `${grouped(nSpikes)} spikes`, colour: theme.bars },
      { text: `${grouped(own.nSpikes)} brushed`, colour },
    ];
  }
  const index = selectedRow(data, view);
  if (index !== null) {
    plot.layers.push({ kind: "vertical", x: data.spikes.ampUv[index], colour: theme.selected, solid: true });
  }
  return plot.words ? plot : { ...plot, note: `${grouped(nSpikes)} spikes` };
}

/** Spikes per amplitude bin among those within a time and a depth range, observed depths; of `rows` alone where they are given. */
export function amplitudeHistogram(
  { spikes }: SpikeData,
  ampRangeUv: Range,
  timeRangeSec: Range,
  [lowUm, highUm]: Range,
  rows: Int32Array | null = null,
): { edges: Float64Array; heights: Float64Array; nSpikes: number; highest: number } {
  const [low, high] = openRange(ampRangeUv);
  const heights = new Float64Array(nAmplitudeBins);
  const within = rowsWithin(spikes.timeSec, timeRangeSec);
  const [from, to] = rows
    ? [firstAtOrAfter(rows, within.from), firstAtOrAfter(rows, within.to)]
    : [within.from, within.to];
  const k = nAmplitudeBins / (high - low);
  let nSpikes = 0;
  for (let at = from; at < to; at++) {
    const i = rows ? rows[at] : at;
    const a = spikes.ampUv[i];
    if (!(a >= low && a <= high && spikes.depthUm[i] >= lowUm && spikes.depthUm[i] <= highUm)) continue;
    heights[Math.min(nAmplitudeBins - 1, Math.floor((a - low) * k))]++;
    nSpikes++;
  }
  const edges = Float64Array.from({ length: nAmplitudeBins + 1 }, (_, i) => low + ((high - low) * i) / nAmplitudeBins);
  return { edges, heights, nSpikes, highest: Math.max(...heights) };
}
