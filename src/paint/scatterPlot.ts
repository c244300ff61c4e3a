import type { Range } from "../core/types.ts";
import { type ColourTable, colourTable, packed } from "./colourMaps.ts";
import { areaOf, type CellValues, type Layer, type PickColumns, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfRaster, colourRaster } from "./image.ts";
import { textWidthPx } from "./pen.ts";
import { type Frame, ringPx } from "./pictureData.ts";
import { type CellFrame, type SpikeCells, spikeCells } from "./scatterCells.ts";
import { firstAtOrAfter } from "./spikeData.ts";
import type { SpikeLook } from "./spikeLook.ts";
import type { Theme } from "./theme.ts";

/** Spikes in the plots of one picture, in colours of one scale. */
export interface DrawnSpikes {
  look: SpikeLook;
  /** ascending rows of the brushed spikes, which are drawn in colours over the others in grey; null when none are */
  brushed: Int32Array | null;
  /** what the columns depend on beside themselves: a column that is filled in place stays the same array */
  reasons: readonly unknown[];
}

/** Cells of one plot: all spikes, and the brushed ones. */
interface PlotCells {
  all: SpikeCells;
  lit: SpikeCells | null;
}

/**
 * Draw the spikes that `picks` of each plot names into it, and give its colour bar, where there is one, the limits in use. The
 * cells of a plot are counted again only when its spikes, its ranges or its size have changed. A plot must have its colour bar
 * already, because that takes room from its area. Gives the number of spikes inside each plot; 0 for one without `picks`.
 */
export function addSpikes(
  plots: readonly Plot[],
  drawn: DrawnSpikes,
  { pixelRatio, store, theme }: Pick<Frame, "pixelRatio" | "store" | "theme">,
): number[] {
  const { look } = drawn;
  const cells = plots.map((plot, i) => {
    const { picks } = plot;
    if (!picks) return null;
    const frame = cellFrame(plot, pixelRatio);
    const { x, y, from, to } = picks;
    const own = store.part(`cells ${i}`);
    const basis = [x, y, from, to, look.values, look.cell, ...drawn.reasons];
    const all = allCells(own, picks, drawn, frame, basis);
    const reasons = [...basis, drawn.brushed, JSON.stringify(frame)];
    const lit = own.part("lit").remember(reasons, () => brushedCells(picks, drawn, frame));
    return own.part("both").remember<PlotCells>([all, lit], () => ({ all, lit }));
  });
  const scale = look.colour === "count" ? { ...look.scale, limits: [0, fullestOf(cells)] as const } : look.scale;
  plots.forEach((plot, i) => {
    if (plot.colourBar) plot.colourBar = { ...scale, label: barLabel(look, areaOf(plot).height, theme) };
    const own = cells[i];
    if (!own) return;
    const part = store.part(`pixels ${i}`);
    const reasons = [own, scale.table, scale.limits[0], scale.limits[1], theme];
    const images = part.remember(reasons, () => imagesOf(own, look, scale, theme, part));
    images.forEach((image, k) => {
      // greys below brushed spikes say no more than where the others are, dots no more than the spikes themselves
      const shown = own.lit ?? own.all;
      const saysValues = k === images.length - 1 && !shown.areDots;
      const values = saysValues ? { cells: valuesOf(shown, look) } : {};
      const { x: xRange, y: yRange } = own.lit && k === images.length - 1 ? own.lit : own.all;
      const ranges = { xRange, yRange };
      plot.layers.push({ kind: "image", image, ...ranges, ...values });
    });
  });
  return cells.map((one) => one?.all.nSpikes ?? 0);
}

function valuesOf(cells: SpikeCells, { cell, scale: { ids } }: SpikeLook): () => CellValues {
  const [[xLow, xHigh], [yLow, yHigh]] = [cells.x, cells.y];
  const own = cellsOfRaster(cells, { xLow, xHigh, yLow, yHigh, nx: cells.nx, ny: cells.ny }, cell);
  if (!ids) return own;
  return () => {
    const found = own();
    return { ...found, values: found.values.map((slot) => (Number.isNaN(slot) ? slot : ids[slot])) };
  };
}

/** Room beyond both ends of a colour bar that its label may take, px. */
const beyondBarPx = 40;

function barLabel({ label, shortLabel }: SpikeLook, heightPx: number, { textPx }: Theme): string {
  return textWidthPx(label, textPx) <= heightPx + beyondBarPx ? label : shortLabel;
}

/** Whole device px that an area covers, as the pen rounds them. */
export function cellFrame(plot: Plot, pixelRatio: number): CellFrame {
  const { left, top, width, height } = areaOf(plot);
  const across = (from: number, length: number) =>
    Math.max(1, Math.round((from + length) * pixelRatio) - Math.round(from * pixelRatio));
  return { x: plot.x.range, y: plot.y.range, nx: across(left, width), ny: across(top, height), pixelRatio };
}

/** Cells of all spikes: counted here, or by another machine. */
function allCells(
  store: Frame["store"],
  columns: PickColumns,
  { look, reasons }: DrawnSpikes,
  frame: CellFrame,
  basis: readonly unknown[],
): SpikeCells {
  const { values, cell: value } = look;
  const isFilledInPlace = reasons.some((reason) => reason !== null);
  if (store.late) return store.late.cells(store, { columns, values, value, frame, basis, isFilledInPlace });
  return store.remember([...basis, JSON.stringify(frame)], () => spikeCells(columns, values, frame, value));
}

function brushedCells(picks: PickColumns, { look, brushed }: DrawnSpikes, frame: CellFrame): SpikeCells | null {
  if (!brushed) return null;
  const rows = brushed.subarray(firstAtOrAfter(brushed, picks.from), firstAtOrAfter(brushed, picks.to));
  const x = Float64Array.from(rows, (row) => picks.x[row]);
  const y = Float64Array.from(rows, (row) => picks.y[row]);
  const { values } = look;
  const own = values && Float32Array.from(rows, (row) => values[row]);
  return spikeCells({ x, y, from: 0, to: rows.length }, own, frame, look.cell);
}

function fullestOf(cells: readonly (PlotCells | null)[]): number {
  let most = 1;
  for (const one of cells) {
    const { count } = one?.lit ?? one?.all ?? { count: [] };
    for (let i = 0; i < count.length; i++) if (count[i] > most) most = count[i];
  }
  return most;
}

function imagesOf({ all, lit }: PlotCells, look: SpikeLook, scale: ColourScale, theme: Theme, store: Frame["store"]) {
  const coloured = (cells: SpikeCells, of: ColourScale, as: SpikeLook["cell"], name: string) =>
    colourRaster(cells, cells.nx, cells.ny, as, of, store.part(name).pixels).pixels;
  if (!lit) return [coloured(all, scale, look.cell, "all")];
  const limits: Range = [0, fullestOf([{ all, lit: null }])];
  const grey: ColourScale = { table: dimTable(theme), limits, scale: "log" };
  return [coloured(all, grey, "count", "all"), coloured(lit, scale, look.cell, "lit")];
}

const dimTables = new Map<Theme, ColourTable>();

/** Greys of spikes that are not brushed: seen, and fainter than any colour. */
function dimTable(theme: Theme): ColourTable {
  const known = dimTables.get(theme);
  if (known) return known;
  const [faint, strong] = [packed(theme.grid), packed(theme.frame)];
  const channel = (colour: number, shift: number) => (colour >>> shift) & 255;
  const table = colourTable("greys").map((_, i) => {
    const mixed = [0, 8, 16].map((shift) =>
      Math.round(channel(faint, shift) + (i / 255) * (channel(strong, shift) - channel(faint, shift))),
    );
    return (0xff000000 | (mixed[2] << 16) | (mixed[1] << 8) | mixed[0]) >>> 0;
  });
  dimTables.set(theme, table);
  return table;
}

/** A ring around the selected spike in every plot that draws it. `at` gives its place in plot i; NaN where it has none. */
export function addRings(plots: readonly Plot[], at: (plot: number) => readonly [number, number], theme: Theme): void {
  plots.forEach((plot, i) => {
    const [x, y] = plot.picks ? at(i) : [Number.NaN, Number.NaN];
    const ring: Layer = {
      kind: "ring",
      x,
      y,
      diameterPx: ringPx,
      colour: theme.selected,
      outline: theme.selectedOutline,
    };
    if (Number.isFinite(x + y)) plot.layers.push(ring);
  });
}
