import { type RasterGrid, raster } from "../core/raster.ts";
import { areaOf, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfRaster, colourRaster } from "./image.ts";
import { type Frame, ringPx } from "./pictureData.ts";
import { dotPx, fullest } from "./rasterPlot.ts";

/** Columns of one plot, [N]; null where it shows none. */
export type PlotColumns = readonly [x: ArrayLike<number> | null, y: ArrayLike<number> | null];

/** What is drawn of rows [from, to) of the columns. */
export interface CellContent {
  from: number;
  to: number;
  /** cells show the mean of these; null for the number of spikes */
  values: Float32Array | null;
  /** for numbers of spikes the upper limit becomes the fullest cell of all plots */
  scale: ColourScale;
}

/** Cells of an area: the fewer spikes, the larger, so that they can be seen. */
export function gridOf(plot: Plot, nRows: number, pixelRatio: number): RasterGrid {
  const { width, height } = areaOf(plot);
  const dot = dotPx(nRows, width * height * pixelRatio ** 2);
  const [nx, ny] = [width, height].map((px) => Math.max(1, Math.round((px * pixelRatio) / dot)));
  const [[xLow, xHigh], [yLow, yHigh]] = [plot.x.range, plot.y.range];
  return { xLow, xHigh, yLow, yHigh, nx, ny };
}

/**
 * Spikes as cells in plots whose ranges and boxes are set, in colours of one scale. A plot whose ranges stay is not counted again.
 * Returns the colours as used and the spikes in each plot.
 */
export function addCells(
  plots: readonly Plot[],
  columns: readonly PlotColumns[],
  { from, to, values, scale }: CellContent,
  { pixelRatio, store }: Frame,
): { colours: ColourScale; nSpikes: number[] } {
  const cells = plots.map((plot, i) => {
    const [x, y] = columns[i];
    if (!x || !y) return null;
    const grid = gridOf(plot, to - from, pixelRatio);
    const reasons = [x, y, values, from, to, JSON.stringify(grid)];
    const sums = store.part(`cells ${i}`).remember(reasons, () => raster(x, y, values, grid, from, to));
    return { grid, sums };
  });
  const most = cells.reduce((max, cell) => (cell ? Math.max(max, fullest(cell.sums.count)) : max), 1);
  const colours: ColourScale = values ? scale : { ...scale, limits: [0, most] };
  const nSpikes = cells.map((cell, i) => {
    if (!cell) return 0;
    const { nx, ny } = cell.grid;
    const pixels = store.part(`cells ${i}`).pixels;
    const drawn = colourRaster(cell.sums, nx, ny, values ? "mean" : "count", colours, pixels);
    const [{ range: xRange }, { range: yRange }] = [plots[i].x, plots[i].y];
    const numbers = cellsOfRaster(cell.sums, cell.grid, values ? "mean" : "count");
    plots[i].layers.push({ kind: "image", image: drawn.pixels, xRange, yRange, cells: numbers });
    return drawn.nSpikes;
  });
  return { colours, nSpikes };
}

/** Let a click mean a spike in every plot that has columns. */
export function addPicks(plots: readonly Plot[], columns: readonly PlotColumns[], from: number, to: number): void {
  for (const [i, [x, y]] of columns.entries()) if (x && y) plots[i].picks = { x, y, from, to };
}

/** Ring one spike in every plot in which it has a place. */
export function addRings(
  plots: readonly Plot[],
  columns: readonly PlotColumns[],
  row: number | null,
  { theme }: Frame,
): void {
  if (row === null) return;
  const style = { diameterPx: ringPx, colour: theme.selected, outline: theme.selectedOutline };
  for (const [i, [xs, ys]] of columns.entries()) {
    const [x, y] = [xs?.[row] ?? Number.NaN, ys?.[row] ?? Number.NaN];
    if (Number.isFinite(x + y)) plots[i].layers.push({ kind: "ring", x, y, ...style });
  }
}
