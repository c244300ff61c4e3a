import type { MethodCell, PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import { type Axis, type Figure, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { type GridCell, sharedGrid } from "./smallMultiples.ts";
import type { Theme } from "./theme.ts";
import { fitted, rounded } from "./words.ts";

/**
 * Every set of positions with every motion: a row for each set, a column for each motion, the first without. Source of the
 * figures: evarol/spikeLocalizationNetwork render_ncc_matrices.py, render_depth_raster_grid.py.
 */

type Content = Pick<Figure, "plots" | "caption">;

/** beside the right margin every plot has */
export const colourBarRoomPx = 56;

export function noMethods(frame: Frame, title: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  const message = "Open spikes, or find some in a recording: every set of positions is shown here with every motion.";
  return { plots: [{ box: frame.box, title, x: axis, y: axis, layers: [], grid: false, message }] };
}

/** "ρ̄ 0.632 · monopolar · DREDge", or without ρ̄ where it is not known. The number first: what does not fit is cut at the end. */
export function methodHeading({ title, rho }: MethodCell): string {
  return Number.isFinite(rho) ? `ρ̄ ${rounded(rho, 3)} · ${title}` : title;
}

/** Correlations of every pair of time bins for each method, in colours from 0 to 1. What was not computed says what to do. */
export function correlationGrid({ methods }: PaintData, view: PictureView, frame: Frame): Content {
  if (!methods || methods.cells.length === 0) return noMethods(frame, "Correlations");
  const { cells, nColumns } = methods;
  const barAt = cells.findIndex(({ matrix }, i) => matrix !== null && i % nColumns === nColumns - 1);
  const places = sharedGrid(cells.length, nColumns, frame.box, colourBarRoomPx, barAt);
  const table = view.figures?.gridMap === "reds" ? colourTable("reds", [1, 0]) : colourTable("magma");
  const colours: ColourScale = { table, limits: [0, 1], scale: "linear" };
  return { plots: cells.map((cell, i) => matrixPlot(cell, places[i], colours, i === barAt, view, frame)) };
}

/** A plot without its content: time to the right, and the axes named at the outer plots alone. */
export function methodPlot(cell: MethodCell, place: GridCell, view: PictureView, y: Axis, theme: Theme): Plot {
  const { box, leftPx, bottomPx, isFirstColumn, isLastRow, areaWidthPx } = place;
  const time: Axis = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" };
  return {
    box,
    leftPx,
    bottomPx,
    title: fitted(methodHeading(cell), areaWidthPx, theme.titlePx),
    fullTitle: cell.title,
    ...(cell.isShown ? { note: "on screen" } : {}),
    x: isLastRow ? time : { ...time, quantity: "", ticks: [] },
    y: isFirstColumn ? y : { ...y, quantity: "", ticks: [] },
    layers: [],
    grid: false,
  };
}

function matrixPlot(
  cell: MethodCell,
  place: GridCell,
  colours: ColourScale,
  hasBar: boolean,
  view: PictureView,
  { theme }: Frame,
): Plot {
  const time: Axis = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" };
  const plot = methodPlot(cell, place, view, time, theme);
  const { matrix } = cell;
  if (!matrix) return { ...plot, message: `${cell.title}: ${cell.problem ?? notComputed}` };
  const { values, nRows, rowSec } = matrix;
  const range = [0, nRows * rowSec] as const;
  const image = { values, widthPx: nRows, heightPx: nRows, xRange: range, yRange: range };
  const pixels = colourImage(image, colours);
  plot.layers.push({ kind: "image", image: pixels, xRange: range, yRange: range, cells: cellsOfImage(image) });
  return hasBar ? { ...plot, colourBar: { ...colours, label: "Correlation" } } : plot;
}

const notComputed = "missing. Press “Compute all”.";
