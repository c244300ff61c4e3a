import { type Variability, valueVariability, variabilityDefaults } from "../core/alphaVariability.ts";
import { firstFigures, type PictureView } from "../protocol/pictures.ts";
import { alphaSpikes, nothingBut, whose } from "./alphaPictures.ts";
import { isMissing } from "./chosenPlaces.ts";
import { colourTable } from "./colourMaps.ts";
import { type Layer, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { quantilesOfPositive } from "./quantiles.ts";
import type { Theme } from "./theme.ts";

const title = "Mean log₁₀ α over time and depth";
/** of the width, for the curve beside the map */
const curveShare = 0.28;
/** how far a correction may take spikes beyond where they were recorded, µm */
const beyondUm = 100;

/**
 * Mean log10 α of cells of time × 20 µm of depth, and beside it how much the mean changes over time at each depth: one depth
 * axis for both, which the reference has on two.
 */
export function alphaVariabilityPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const found = alphaSpikes(data, view.projectCorrected ?? true);
  if (isMissing(found)) return nothingBut(frame, title, found.missing);
  const { spikes, places, logAlpha } = found;
  const binSec = (view.figures ?? firstFigures).alphaBinSec;
  const grid = {
    ...variabilityDefaults,
    binSec,
    timeRangeSec: [0, spikes.timeRangeSec[1]] as const,
    depthRangeUm: [spikes.depthRangeUm[0] - beyondUm, spikes.depthRangeUm[1] + beyondUm] as const,
  };
  const { timeSec } = spikes.spikes;
  const { part } = frame.store;
  const cells = part("cells").remember([timeSec, places.depthUm, logAlpha, binSec], () => ({
    ...valueVariability(timeSec, places.depthUm, logAlpha, grid),
    binSec,
  }));
  const nCells = cells.nCells.reduce((sum, n) => sum + n, 0);
  if (nCells === 0) {
    const few = `No cell of ${binSec} s × ${grid.binUm} µm holds ${grid.minSpikes} spikes with α`;
    return nothingBut(frame, title, `${few}: choose longer time bins.`);
  }
  const depth = {
    range: openRange(view.depthRangeUm),
    quantity: places.isCorrected ? "Corrected depth" : "Depth",
    unit: "µm",
    of: "depth" as const,
  };
  const { box } = frame;
  const wide = Math.round(box.width * (1 - curveShare));
  const map: Plot = {
    box: { ...box, width: wide },
    title,
    note: `${places.isCorrected ? "motion corrected" : "as recorded"}, cells of ${binSec} s × ${grid.binUm} µm with ${grid.minSpikes} spikes or more`,
    x: { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" },
    y: depth,
    layers: [],
    grid: false,
  };
  const colours: ColourScale = {
    table: colourTable(view.colourMap, frame.theme.rasterSpan),
    limits: part("limits").remember([cells], () => limitsOf(cells.mean)),
    scale: "linear",
  };
  const { nTimes, nDepths, startUm } = cells;
  const xRange = [0, nTimes * binSec] as const;
  const yRange = [startUm, startUm + nDepths * grid.binUm] as const;
  const image = { values: cells.mean, widthPx: nTimes, heightPx: nDepths, xRange, yRange };
  const pixels = part("map").remember([cells, colours.table], () => colourImage(image, colours, part("map").pixels));
  map.layers.push({ kind: "image", image: pixels, xRange, yRange, cells: cellsOfImage(image) });
  map.colourBar = { ...colours, label: `Mean log₁₀ α (µV·µm)${whose(data)}` };
  const beside = { ...box, left: box.left + wide, width: box.width - wide };
  const curve: Plot = {
    box: beside,
    title: "Std over time",
    leftPx: 46,
    x: { range: [0, 1.08 * highest(cells.std)], quantity: "Std of mean log₁₀ α", unit: "" },
    y: { ...depth, quantity: "" },
    layers: [stepsOf(cells, grid.binUm, frame.theme)],
    grid: true,
  };
  if (!cells.std.some(Number.isFinite))
    curve.message = `No depth has ${Math.ceil(cells.minCells)} such cells: choose other time bins.`;
  return { plots: [map, curve] };
}

function highest(std: Float64Array): number {
  const most = std.reduce((max, v) => (v > max ? v : max), 0);
  return most > 0 ? most : 1;
}

function limitsOf(mean: Float32Array) {
  const [low, high] = quantilesOfPositive(mean, [0.01, 0.99]);
  return openRange([low, high]);
}

/** Standard deviation along the depth, level over each bin; rows of too few cells leave a gap. */
function stepsOf({ std, startUm }: Variability, binUm: number, theme: Theme): Layer {
  const x: number[] = [];
  const y: number[] = [];
  std.forEach((value, d) => {
    x.push(value, value);
    y.push(startUm + d * binUm, startUm + (d + 1) * binUm);
  });
  const source = () => ({
    x: std.map((_, d) => startUm + (d + 0.5) * binUm),
    y: std,
    xLabel: "Depth (µm), middle of the bin",
    yLabel: "Std over time of mean log₁₀ α",
  });
  return { kind: "curve", x, y, colour: theme.spikes, widthPx: 1.6, source };
}
