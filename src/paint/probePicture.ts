import { raster } from "../core/raster.ts";
import type { ProbeSites, Range } from "../core/types.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { type ColourTable, colourTable, cssColour } from "./colourMaps.ts";
import { areaOf, axisRatio, type CellValues, type DataRect, type Layer, openRange, type Plot } from "./figure.ts";
import { type ColourScale, cellsOfRaster, colourRaster, tableIndex } from "./image.ts";
import { type PixelImage, textWidthPx } from "./pen.ts";
import { type Frame, type PaintData, ringPx, selectedRow } from "./pictureData.ts";
import { contactSideUm } from "./probeSites.ts";
import { grouped } from "./rasterPlot.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";
import { fitted } from "./words.ts";

/** From the outermost contacts to the edges of the shank, and from the lowest contacts to its tip. */
const shankMarginUm = 6;
const tipUm = 175;
/** Side of the cells that localized spikes are counted in, device px. */
const cellPx = 4;

/** Where spikes are on the probe: cells of an image when they have been localized, else a number per contact. */
interface Density {
  nSpikes: number;
  colours: ColourScale;
  label: string;
  image: PixelImage | null;
  cells?: () => CellValues;
  perContact: Float64Array | null;
}

/**
 * The contacts of a probe, x across and depth upwards on scales of their own (their ratio stands on the axis), coloured
 * by the spikes of the time range shown. Data that are not there yet give a sentence.
 */
export function probePlot(data: PaintData, view: PictureView, frame: Frame): Plot {
  const { theme, box } = frame;
  const { probe, spikes } = data;
  const plot: Plot = {
    box,
    title: "",
    x: { range: [0, 1], quantity: "x", unit: "µm" },
    y: { range: openRange(view.depthRangeUm), quantity: "Depth", unit: "µm", of: "depth" },
    layers: [],
    grid: false,
  };
  if (!probe) return { ...plot, message: "Open a recording to see its probe, and where on it the spikes are." };
  if (probe.positionsUm.length === 0) {
    return { ...plot, message: "Open a recording that says where its contacts are; this one does not." };
  }
  plot.x = { ...plot.x, range: acrossUm(probe) };
  const table = colourTable(view.colourMap, theme.rasterSpan);
  const hasDensity = spikes !== null && Boolean(spikes.spikes.xUm ?? spikes.spikes.channel);
  // room for the bar first: the area depends on it
  if (hasDensity) plot.colourBar = { table, limits: [0, 1], scale: "log", label: "" };
  const area = areaOf(plot);
  plot.title = fitted(probe.model, box.left + box.width - area.left, theme.titlePx);
  plot.x.quantity = `x, scaled ×${axisRatio(plot)}`;
  const { time, ranges } = { time: view.timeRangeSec, ranges: [plot.x.range, plot.y.range] as const };
  const cells = [area.width, area.height].map((px) => Math.max(1, Math.round((px * frame.pixelRatio) / cellPx)));
  const density = hasDensity
    ? frame.store.remember([spikes, probe, table, JSON.stringify([time, ranges, cells])], () =>
        densityOf(spikes, probe, table, time, ranges, [cells[0], cells[1]]),
      )
    : null;
  if (density) {
    plot.colourBar = { ...density.colours, label: density.label };
    plot.note = `${grouped(density.nSpikes)} spikes`;
  }
  plot.layers.push(...shankOutlines(probe, theme));
  if (density?.image) {
    const { image, cells } = density;
    plot.layers.push({ kind: "image", image, xRange: plot.x.range, yRange: plot.y.range, cells });
  }
  plot.layers.push(...contactLayers(probe, density, theme));
  if (probe.nShanks > 1) plot.layers.push(...shankLabels(probe, plot.y.range[1], area.width, theme));
  plot.layers.push(...selectionRings(data, probe, view, theme));
  return plot;
}

/** All contacts with a margin that shows the shanks' edges and spikes beside them. */
function acrossUm({ positionsUm }: ProbeSites): Range {
  const x = positionsUm.map(([xUm]) => xUm);
  const [low, high] = [Math.min(...x), Math.max(...x)];
  const margin = Math.max(30, 0.08 * (high - low));
  return [low - margin, high + margin];
}

function densityOf(
  { spikes }: SpikeData,
  probe: ProbeSites,
  table: ColourTable,
  timeRangeSec: Range,
  [x, y]: readonly [Range, Range],
  [nx, ny]: readonly [number, number],
): Density {
  const { from, to } = rowsWithin(spikes.timeSec, timeRangeSec);
  const upTo = (most: number): ColourScale => ({ table, limits: [0, Math.max(1, most)], scale: "log" });
  if (spikes.xUm) {
    const grid = { xLow: x[0], xHigh: x[1], yLow: y[0], yHigh: y[1], nx, ny };
    const sums = raster(spikes.xUm, spikes.depthUm, null, grid, from, to);
    const colours = upTo(sums.count.reduce((most, n) => Math.max(most, n), 0));
    const { pixels, nSpikes } = colourRaster(sums, nx, ny, "count", colours);
    const cells = cellsOfRaster(sums, grid, "count");
    return { nSpikes, colours, label: "Spikes per cell", image: pixels, cells, perContact: null };
  }
  const perContact = new Float64Array(probe.positionsUm.length);
  let nSpikes = 0;
  for (let i = from; i < to; i++) {
    const channel = spikes.channel?.[i] ?? -1;
    if (channel < 0 || channel >= perContact.length) continue;
    perContact[channel]++;
    nSpikes++;
  }
  return { nSpikes, colours: upTo(Math.max(...perContact)), label: "Spikes per contact", image: null, perContact };
}

/** Both edges and the tip of each shank, from the contacts on it. */
function shankOutlines({ positionsUm, shank, nShanks }: ProbeSites, theme: Theme): Layer[] {
  const half = contactSideUm(positionsUm) / 2 + shankMarginUm;
  return Array.from({ length: nShanks }, (_, s) => positionsUm.filter((_, channel) => shank[channel] === s))
    .filter((sites) => sites.length > 0)
    .map((sites) => {
      const x = sites.map(([xUm]) => xUm);
      const y = sites.map(([, yUm]) => yUm);
      const [left, right] = [Math.min(...x) - half, Math.max(...x) + half];
      const [low, high] = [Math.min(...y) - half, Math.max(...y) + half];
      return {
        kind: "curve",
        x: [left, left, (left + right) / 2, right, right],
        y: [high, low, low - tipUm, low, high],
        colour: theme.faintText,
        widthPx: 1,
      };
    });
}

/** A square per contact: its colour says how many spikes; a cross says that it is not connected. */
function contactLayers({ positionsUm, connected }: ProbeSites, density: Density | null, theme: Theme): Layer[] {
  const half = contactSideUm(positionsUm) / 2;
  const crossX: number[] = [];
  const crossY: number[] = [];
  const rects = positionsUm.map(([xUm, yUm], channel): DataRect => {
    const place = { x: [xUm - half, xUm + half], y: [yUm - half, yUm + half] } as const;
    if (connected[channel] === false) {
      crossX.push(place.x[0], place.x[1], Number.NaN, place.x[0], place.x[1], Number.NaN);
      crossY.push(place.y[0], place.y[1], Number.NaN, place.y[1], place.y[0], Number.NaN);
      return { ...place, outline: theme.faintText };
    }
    if (density?.image) return { ...place, outline: theme.faintText };
    const n = density?.perContact?.[channel] ?? 0;
    const isSeen = density !== null && n > 0;
    const value = density === null ? undefined : n;
    return {
      ...place,
      value,
      fill: isSeen ? cssColour(density.colours.table, tableIndex(density.colours, n)) : theme.frame,
    };
  });
  const layers: Layer[] = [{ kind: "rects", rects, opacity: density?.image ? 0.5 : undefined }];
  if (crossX.length > 0) layers.push({ kind: "curve", x: crossX, y: crossY, colour: theme.faintText, widthPx: 1 });
  return layers;
}

function shankLabels(probe: ProbeSites, topUm: number, widthPx: number, theme: Theme): Layer[] {
  const { positionsUm, shank, nShanks } = probe;
  const hasRoom = widthPx / nShanks > textWidthPx("shank 0 ", theme.textPx);
  return Array.from({ length: nShanks }, (_, s) => {
    const x = positionsUm.filter((_, channel) => shank[channel] === s).map(([xUm]) => xUm);
    const middle = (Math.min(...x) + Math.max(...x)) / 2;
    const style = { colour: theme.text, sizePx: theme.textPx, align: "center", baseline: "top", bold: true } as const;
    return { text: hasRoom ? `shank ${s}` : `${s}`, x: middle, n: x.length, style };
  })
    .filter(({ n }) => n > 0)
    .map(({ text, x, style }) => ({ kind: "label", text, x, y: topUm, offsetPx: [0, 3] as const, ...style }));
}

/** A ring around the selected channel's contact, and one where the selected spike is said to be. */
function selectionRings({ spikes }: PaintData, probe: ProbeSites, view: PictureView, theme: Theme): Layer[] {
  const rings: Layer[] = [];
  const ring = (x: number, y: number, colour: string, diameterPx: number) =>
    rings.push({ kind: "ring", x, y, diameterPx, colour, outline: theme.selectedOutline });
  const channel = view.selectedChannel === null ? undefined : probe.positionsUm[view.selectedChannel];
  if (channel) ring(channel[0], channel[1], theme.cursor, ringPx + 4);
  const row = selectedRow(spikes, view);
  if (spikes && row !== null) {
    const table = spikes.spikes;
    const site = probe.positionsUm[table.channel?.[row] ?? -1];
    const xUm = table.xUm?.[row] ?? site?.[0];
    if (xUm !== undefined && Number.isFinite(xUm + table.depthUm[row]))
      ring(xUm, table.depthUm[row], theme.selected, ringPx);
  }
  return rings;
}
