import type { MethodCell, PictureView } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import type { Figure, Plot } from "./figure.ts";
import { openRange } from "./figure.ts";
import { type ColourScale, cellsOfImage, colourImage } from "./image.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { type Cell, gridOf } from "./smallMultiples.ts";
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
  const places = withBarBeside(
    gridOf(cells.length, nColumns, frame.box, colourBarRoomPx),
    cells.findIndex(({ matrix }, i) => matrix !== null && i % nColumns === nColumns - 1),
  );
  const table = view.figures?.gridMap === "reds" ? colourTable("reds", [1, 0]) : colourTable("magma");
  const colours: ColourScale = { table, limits: [0, 1], scale: "linear" };
  return { plots: cells.map((cell, i) => matrixPlot(cell, places[i], colours, view, frame)) };
}

/** The spare room moves from the corner to another plot of the last column, where the corner draws no colours. */
function withBarBeside(places: readonly Cell[], index: number): readonly Cell[] {
  if (index < 0) return places;
  return places.map((place, i) => {
    const widerPx = colourBarRoomPx * (Number(i === index) - Number(place.isCorner));
    return { ...place, isCorner: i === index, box: { ...place.box, width: place.box.width + widerPx } };
  });
}

function matrixPlot(cell: MethodCell, place: Cell, colours: ColourScale, view: PictureView, { theme }: Frame): Plot {
  const time = { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" as const };
  const plot: Plot = {
    box: place.box,
    leftPx: place.leftPx,
    title: fitted(methodHeading(cell), place.areaWidthPx, theme.titlePx),
    x: time,
    y: { ...time, quantity: place.isFirstColumn ? "Time" : "" },
    layers: [],
    grid: false,
    ...(place.isCorner ? { colourBar: { ...colours, label: "Correlation" } } : {}),
  };
  const { matrix } = cell;
  if (!matrix) return { ...plot, colourBar: undefined, message: `${cell.title}: ${cell.problem ?? notComputed}` };
  const { values, nRows, rowSec } = matrix;
  const range = [0, nRows * rowSec] as const;
  const image = { values, widthPx: nRows, heightPx: nRows, xRange: range, yRange: range };
  const pixels = colourImage(image, colours);
  plot.layers.push({ kind: "image", image: pixels, xRange: range, yRange: range, cells: cellsOfImage(image) });
  if (cell.isShown) plot.note = "on screen";
  return plot;
}

const notComputed = "missing. Press “Compute all”.";
