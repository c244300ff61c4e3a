import { CURVE_COLOURS } from "../protocol/curveColours.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import { areaOf, type Figure, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { fitted } from "./words.ts";

/** Height of the trace below the matrix, and how tall a picture must be to have room for it. */
const traceHeightPx = 120;
const leastHeightPx = 330;
/** right of an area without a colour bar, as figure.ts has it */
const rightPx = 16;

/**
 * Correlation of every pair of time bins and, where it is known and there is room, the entropy of each bin below it, one under
 * the other: an alarm when it falls, since positions that collapse correlate well. Source of both as figures:
 * evarol/spikeLocalizationNetwork make_xy_pairwise_correlation.py, make_spatial_entropy.py.
 */
export function correlationPlots(data: PaintData, view: PictureView, frame: Frame): Pick<Figure, "plots"> {
  const { box, theme } = frame;
  const { correlation } = data;
  const y = Array.from(correlation?.entropyNats ?? []);
  const finite = y.filter(Number.isFinite);
  if (!correlation || finite.length === 0 || box.height < leastHeightPx)
    return { plots: [matrixPlot(data, view, frame)] };
  const above = { ...box, height: box.height - traceHeightPx };
  const matrix = matrixPlot(data, view, { ...frame, box: above });
  const area = areaOf(matrix);
  const trace: Plot = {
    box: {
      left: box.left,
      top: box.top + above.height,
      width: area.left - box.left + area.width + rightPx,
      height: traceHeightPx,
    },
    title: "Entropy of each bin (an alarm when it falls)",
    x: matrix.x,
    y: { range: openRange([Math.min(...finite), Math.max(...finite)]), quantity: "H", unit: "nats" },
    layers: [
      {
        kind: "curve",
        x: y.map((_, i) => (i + 0.5) * correlation.binSec),
        y,
        colour: CURVE_COLOURS[theme.name][0],
        widthPx: 1.2,
      },
    ],
    grid: true,
  };
  return { plots: [matrix, { ...trace, title: fitted(trace.title, areaOf(trace).width, theme.titlePx) }] };
}

/** Values that tell the limits of the colours, evenly out of all. */
const mostSorted = 20_000;

/**
 * Correlation of every pair of time bins, time to the right and upwards. Colours go from the 1st percentile of the pairs of
 * different bins to their 99.9th: the diagonal, which is 1 by definition, would leave nothing to the rest.
 */
function matrixPlot({ correlation }: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  const time = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" as const };
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
  const matrix = { values, widthPx: nBins, heightPx: nBins, xRange: range, yRange: range };
  const [image, cells] = [colourImage(matrix, colours), cellsOfImage(matrix)];
  plot.layers.push({ kind: "image", image, xRange: range, yRange: range, cells });
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
