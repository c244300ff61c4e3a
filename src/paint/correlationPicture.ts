import type { PictureView } from "../protocol/workers.ts";
import { colourTable } from "./colourMaps.ts";
import { areaOf, openRange, type Plot } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { fitted } from "./words.ts";

/** Values that tell the limits of the colours, evenly out of all. */
const mostSorted = 20_000;

/**
 * Correlation of every pair of time bins, time to the right and upwards. Colours go from the 1st percentile of the pairs of
 * different bins to their 99.9th: the diagonal, which is 1 by definition, would leave nothing to the rest.
 */
export function correlationPlot({ correlation }: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  const time = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s" };
  const plot: Plot = { box, title: "", x: time, y: time, layers: [], grid: false };
  if (!correlation) {
    return {
      ...plot,
      message: "Train a network, or compute the matrix of what is on screen, to see how alike the time bins are.",
    };
  }
  const { values, nBins, binSec, title } = correlation;
  const colours: ColourScale = {
    table: colourTable(view.colourMap, theme.rasterSpan),
    limits: limitsOf(values, nBins),
    scale: "linear",
  };
  const range = [0, nBins * binSec] as const;
  const pixels = colourImage({ values, widthPx: nBins, heightPx: nBins, xRange: range, yRange: range }, colours);
  plot.layers.push({ kind: "image", image: pixels, xRange: range, yRange: range });
  const shown: Plot = { ...plot, colourBar: { ...colours, label: "Correlation" } };
  return { ...shown, title: fitted(title, areaOf(shown).width, theme.titlePx) };
}

function limitsOf(values: Float32Array, nBins: number): readonly [number, number] {
  const step = Math.max(1, Math.floor(values.length / mostSorted));
  const some: number[] = [];
  for (let k = 0; k < values.length; k += step) {
    if (Math.floor(k / nBins) !== k % nBins && values[k] !== 0 && Number.isFinite(values[k])) some.push(values[k]);
  }
  if (some.length === 0) return [0, 1];
  some.sort((a, b) => a - b);
  return openRange([some[Math.floor(0.01 * (some.length - 1))], some[Math.ceil(0.999 * (some.length - 1))]]);
}
