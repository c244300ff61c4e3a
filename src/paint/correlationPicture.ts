import { meanOffDiagonal } from "../core/scoreboard/correlationMatrix.ts";
import { CURVE_COLOURS } from "../protocol/curveColours.ts";
import { firstFigures, type PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import { areaOf, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { fitted, rounded } from "./words.ts";

/** Height of the trace below the matrix, and how tall a picture must be to have room for it. */
const traceHeightPx = 120;
const leastHeightPx = 330;
const captionPx = 24;
/** right of an area without a colour bar, as figure.ts has it */
const rightPx = 16;

/**
 * Correlation of every pair of time bins with its mean ρ̄ and, where it is known and there is room, the entropy of each bin with
 * its mean below it, one under the other: an alarm when it falls, since positions that collapse correlate well. Source of both as
 * figures: evarol/spikeLocalizationNetwork make_xy_pairwise_correlation.py, make_spatial_entropy.py.
 */
export function correlationPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const { correlation } = data;
  if (!correlation) return { plots: [matrixPlot(data, view, frame)] };
  const { gridWords: words } = correlation;
  const { theme } = frame;
  const caption = words && fitted(words, frame.box.width - 28, theme.textPx);
  const box = caption ? { ...frame.box, height: frame.box.height - captionPx } : frame.box;
  const entropy = Array.from(correlation.entropyNats ?? []);
  if (!entropy.some(Number.isFinite) || box.height < leastHeightPx)
    return { plots: [matrixPlot(data, view, { ...frame, box })], caption };
  const above = { ...box, height: box.height - traceHeightPx };
  const matrix = matrixPlot(data, view, { ...frame, box: above });
  return { plots: [matrix, tracePlot(entropy, correlation.binSec, matrix, frame)], caption };
}

/** H(t) under the matrix on its time axis. Bins without spikes have none: they leave a gap and are not in the mean. */
function tracePlot(entropy: readonly number[], binSec: number, matrix: Plot, { box, theme }: Frame): Plot {
  const area = areaOf(matrix);
  const finite = entropy.filter(Number.isFinite);
  const mean = finite.reduce((sum, h) => sum + h, 0) / finite.length;
  const nEmpty = entropy.length - finite.length;
  const colour = CURVE_COLOURS[theme.name][0];
  const x = entropy.map((_, i) => (i + 0.5) * binSec);
  const trace: Plot = {
    box: {
      left: box.left,
      top: matrix.box.top + matrix.box.height,
      width: area.left - box.left + area.width + rightPx,
      height: traceHeightPx,
    },
    title: "",
    x: matrix.x,
    y: { range: openRange([Math.min(...finite), Math.max(...finite)]), quantity: "H", unit: "nats" },
    layers: [
      { kind: "curve", x, y: entropy, colour, widthPx: 1.2, name: "Entropy" },
      { kind: "horizontal", y: mean, colour: theme.faintText },
    ],
    grid: true,
  };
  const empty = nEmpty > 0 ? `, ${nEmpty} empty ${nEmpty === 1 ? "bin" : "bins"} left out` : "";
  const title = `Entropy of each bin: mean ${rounded(mean, 3)} nats${empty} (an alarm when it falls)`;
  return { ...trace, title: fitted(title, areaOf(trace).width, theme.titlePx) };
}

/** Values that tell the limits of the colours, evenly out of all. */
const mostSorted = 20_000;

/**
 * Correlation of every pair of time bins, time to the right and upwards. Colours go from the 1st percentile of the pairs of
 * different bins to their 99.9th: the diagonal, which is 1 by definition, would leave nothing to the rest.
 */
function matrixPlot({ correlation }: PaintData, view: PictureView, { box, theme, store }: Frame): Plot {
  const time = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" as const };
  const plot: Plot = { box, title: "", x: time, y: time, layers: [], grid: false };
  if (!correlation) {
    return {
      ...plot,
      message: "Train a network, or compute the matrix of what is on screen, to see how alike the time bins are.",
    };
  }
  const { values, nBins, binSec, title } = correlation;
  const isShared = (view.figures ?? firstFigures).correlationMap === "shared";
  const colours: ColourScale = {
    // red is alike on either ground; the others are turned round with it
    table: isShared ? colourTable(view.colourMap, theme.rasterSpan) : colourTable("reds", [1, 0]),
    limits: limitsOf(values, nBins),
    scale: "linear",
  };
  const range = [0, nBins * binSec] as const;
  const matrix = { values, widthPx: nBins, heightPx: nBins, xRange: range, yRange: range };
  const [image, cells] = [colourImage(matrix, colours), cellsOfImage(matrix)];
  plot.layers.push({ kind: "image", image, xRange: range, yRange: range, cells });
  const shown: Plot = { ...plot, colourBar: { ...colours, label: "Correlation" } };
  const mean = store.part("mean").remember([values], () => meanOffDiagonal(values, nBins));
  // the number first: it is what stays where there is no room for all
  return { ...shown, title: fitted(`ρ̄ ${rounded(mean, 4)}, ${title}`, areaOf(shown).width, theme.titlePx) };
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
