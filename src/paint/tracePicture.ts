import type { ProbeSites, Range } from "../core/types.ts";
import type { PictureView } from "../protocol/pictures.ts";
import type { TraceWindow } from "../protocol/recordings.ts";
import { colourTable } from "./colourMaps.ts";
import { areaOf, type Figure, type Layer, type Plot } from "./figure.ts";
import type { ColourScale } from "./image.ts";
import { type Frame, type PaintData, ringPx, selectedRow } from "./pictureData.ts";
import { scaleBar } from "./scaleBar.ts";
import { rowsWithin, type SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";
import type { Tick } from "./ticks.ts";
import { niceStep } from "./ticks.ts";
import { robustSdUv, rowsInDepth, type Traces } from "./traceColumns.ts";
import { heatLayer, lineLayers, lineScaleUv, rowCurve, type TraceFrame } from "./traceLayers.ts";
import { volts } from "./words.ts";

/** From the middle of the colours to their ends, in robust standard deviations. */
const sdOfColours = 8;
/** Rooms for labels: channel and depth at the left of the first plot, a gap between the two, the caption below. */
const labelsPx = 104;
const gapPx = 40;
const captionPx = 18;

/** Channels of a window that are shown, with where they are on the screen. */
interface Shown {
  traces: TraceWindow;
  rows: Int32Array;
  rowOfChannel: Map<number, number>;
  x: Range;
}

/**
 * A stretch of a recording as read and as preprocessed, side by side, the same channel in the same row, depth upwards.
 * The depth range of the view chooses the channels. Data that are not there yet give a sentence.
 */
export function tracePlots(data: PaintData, view: PictureView, frame: Frame): Pick<Figure, "plots" | "caption"> {
  const { traces, probe } = data;
  const empty = (message: string): Pick<Figure, "plots"> => {
    const axis = { range: [0, 1] as const, quantity: "", unit: "" };
    return { plots: [{ box: frame.box, title: "", x: axis, y: axis, layers: [], grid: false, message }] };
  };
  if (!traces || traces.nSamples === 0) return empty("Open a recording to see its traces, raw and processed.");
  const rows = rowsInDepth(traces.channels, probe?.positionsUm ?? [], view.depthRangeUm);
  if (rows.length === 0) return empty("Zoom out in depth to see traces: no channel lies in the range shown.");
  const rowOfChannel = new Map(Array.from(rows, (i, row) => [traces.channels[i], row]));
  const x: Range = [traces.startSec, traces.startSec + traces.nSamples / traces.rateHz];
  const shown: Shown = { traces, rows, rowOfChannel, x };
  const plots = twoPlots(shown, probe, view, frame);
  const [raw, processed] = plots;
  const area = areaOf(raw);
  const reasons = [traces, probe, JSON.stringify([view.theme, view.traceStyle, view.depthRangeUm, area])];
  const drawn = frame.store.remember([...reasons, frame.pixelRatio], () => [
    contentOf(shown, traces.raw, view, raw, frame),
    contentOf(shown, traces.processed, view, processed, frame),
  ]);
  plots.forEach((plot, i) => {
    Object.assign(plot, drawn[i].plot);
    plot.layers = [...drawn[i].below, ...marksOn(shown, data, view, plot, drawn[i], frame)];
  });
  const nLeftOut = rows.filter((i) => Number.isNaN(traces.processed[i])).length;
  const leftOut = nLeftOut > 0 ? ` Grey: left out, ${nLeftOut} of ${rows.length} channels.` : "";
  const spikes = data.spikes?.spikes.channel ? " Squares: spikes." : "";
  return { plots, caption: `Processed: ${traces.processing}.${leftOut}${spikes}` };
}

/** Both plots without their content: boxes that give areas of one size, axes, titles. */
function twoPlots({ traces, rows, x }: Shown, probe: ProbeSites | null, view: PictureView, frame: Frame): [Plot, Plot] {
  const isHeat = view.traceStyle === "heat";
  const rightPx = isHeat ? 72 : 16; // as areaOf takes it
  const { left, top, width } = frame.box;
  const height = frame.box.height - captionPx;
  const areaPx = Math.max(1, Math.floor((width - labelsPx - gapPx - 2 * rightPx) / 2));
  const firstPx = labelsPx + areaPx + rightPx;
  const scale: ColourScale = { table: colourTable("RdBu"), limits: [-1, 1], scale: "linear" };
  const shared = {
    x: { range: x, quantity: "Time", unit: "s" },
    layers: [],
    grid: false,
    ...(isHeat ? { colourBar: { ...scale, label: `${traces.unit ?? "µV"}, ±${sdOfColours} robust sd` } } : {}),
  };
  const raw: Plot = {
    ...shared,
    box: { left, top, width: firstPx, height },
    title: "Raw",
    note: `${rows.length} channels`,
    leftPx: labelsPx,
    y: { range: [0, rows.length], quantity: "Channel · depth", unit: probe ? "µm" : "", of: "depth" },
  };
  raw.y.ticks = channelTicks(traces.channels, rows, probe, areaOf(raw).height, frame.theme);
  const processed: Plot = {
    ...shared,
    box: { left: left + firstPx, top, width: gapPx + areaPx + rightPx, height },
    title: "Processed",
    leftPx: gapPx,
    y: { range: [0, rows.length], quantity: "", unit: "", of: "depth", ticks: [] },
  };
  return [raw, processed];
}

/** "120 · 1,200" at the middle of rows, as many as fit. */
function channelTicks(
  channels: Int32Array,
  rows: Int32Array,
  probe: ProbeSites | null,
  heightPx: number,
  theme: Theme,
): Tick[] {
  const step = Math.max(1, Math.ceil((1.6 * theme.textPx * rows.length) / heightPx));
  const ticks: Tick[] = [];
  for (let row = 0; row < rows.length; row += step) {
    const channel = channels[rows[row]];
    const site = probe?.positionsUm[channel];
    const shank = probe && probe.nShanks > 1 ? `s${probe.shank[channel]} ` : "";
    const depth = site ? ` · ${Math.round(site[1])}` : "";
    ticks.push({ value: row + 0.5, label: `${shank}${channel}${depth}` });
  }
  return ticks;
}

interface Content {
  /** traces and what lies under them; the same until the window, the channels or the size change */
  below: Layer[];
  /** what the content says of its plot */
  plot: Partial<Plot>;
  uvPerRow: number;
  values: Traces;
  traceFrame: TraceFrame;
}

function contentOf(shown: Shown, values: Float32Array, view: PictureView, plot: Plot, frame: Frame): Content {
  const { traces, rows, x } = shown;
  const { theme, pixelRatio } = frame;
  const area = areaOf(plot);
  const { nSamples, channels, unit } = traces;
  const stored: Traces = { values, nSamples, nChannels: channels.length, unit };
  const traceFrame: TraceFrame = {
    rows,
    xRange: x,
    widthPx: Math.max(1, Math.round(area.width * pixelRatio)),
    heightPx: Math.max(1, Math.round(area.height * pixelRatio)),
    nameOf: (row) => `channel ${channels[rows[row]]}`,
  };
  const sdUv = robustSdUv(stored, rows);
  const uvPerRow = lineScaleUv(traceFrame, sdUv);
  const content = { uvPerRow, values: stored, traceFrame };
  const below = leftOutBands(shown, values, area.height / rows.length, theme);
  if (view.traceStyle === "lines") {
    below.push(...lineLayers(stored, traceFrame, uvPerRow, sdUv, theme.trace));
    return { ...content, below, plot: {} };
  }
  const end = sdOfColours * sdUv;
  const colours: ColourScale = { table: colourTable("RdBu"), limits: [-end, end], scale: "linear" };
  below.push(heatLayer(stored, traceFrame, colours));
  return { ...content, below, plot: plot.colourBar ? { colourBar: { ...plot.colourBar, limits: [-end, end] } } : {} };
}

/** Grey rows for channels without values, with words where they fit. */
function leftOutBands({ rows, x }: Shown, values: Float32Array, rowPx: number, theme: Theme): Layer[] {
  const layers: Layer[] = [];
  rows.forEach((i, row) => {
    if (!Number.isNaN(values[i])) return;
    layers.push({ kind: "rects", rects: [{ x, y: [row, row + 1], fill: theme.frame }], opacity: 0.7 });
    if (rowPx < theme.textPx) return;
    const style = { colour: theme.text, sizePx: theme.textPx, align: "left", baseline: "middle" } as const;
    layers.push({ kind: "label", text: "left out", x: x[0], y: row + 0.5, offsetPx: [6, 0], ...style });
  });
  return layers;
}

/** What changes with selection, cursor and spikes: selected channel, spikes, scale bar, cursor. */
function marksOn(
  shown: Shown,
  data: PaintData,
  view: PictureView,
  plot: Plot,
  { uvPerRow, values, traceFrame }: Content,
  { theme }: Frame,
): Layer[] {
  const { rows, rowOfChannel, x } = shown;
  const layers: Layer[] = [];
  const area = areaOf(plot);
  const selected = view.selectedChannel === null ? undefined : rowOfChannel.get(view.selectedChannel);
  if (selected !== undefined) {
    const isLines = view.traceStyle === "lines";
    const colour = isLines ? { fill: theme.selected } : { outline: theme.selectedOnHeat };
    layers.push({ kind: "rects", rects: [{ x, y: [selected, selected + 1], ...colour }], opacity: isLines ? 0.22 : 1 });
    if (isLines) layers.push(rowCurve(values, traceFrame, selected, uvPerRow, theme.selected));
  }
  if (data.spikes) layers.push(...spikeMarks(shown, data.spikes, view, area.height / rows.length, theme));
  if (view.traceStyle === "lines") {
    const uvPerPx = (uvPerRow * rows.length) / area.height;
    const uv = niceStep(28 * uvPerPx);
    layers.push(...scaleBar({ heightPx: uv / uvPerPx, text: volts(uv, shown.traces.unit) }, plot, theme));
  }
  const t = view.cursorTimeSec;
  const colour = view.traceStyle === "lines" ? theme.cursor : theme.selectedOnHeat;
  if (t !== null) layers.push({ kind: "vertical", x: t, colour });
  return layers;
}

/** A square per spike of the window on its channel, and a ring around the selected one. */
function spikeMarks(
  { traces, rowOfChannel, x }: Shown,
  data: SpikeData,
  view: PictureView,
  rowPx: number,
  theme: Theme,
): Layer[] {
  const { timeSec, channel, segment } = data.spikes;
  if (!channel) return [];
  const { from, to } = rowsWithin(timeSec, x);
  const atSec: number[] = [];
  const atRow: number[] = [];
  const layers: Layer[] = [];
  const chosen = selectedRow(data, view);
  for (let i = from; i < to; i++) {
    const row = rowOfChannel.get(channel[i]);
    if (row === undefined || (segment && segment[i] !== traces.segment)) continue;
    atSec.push(timeSec[i]);
    atRow.push(row + 0.5);
    if (i !== chosen) continue;
    const { selected: colour, selectedOutline: outline } = theme;
    layers.push({ kind: "ring", x: timeSec[i], y: row + 0.5, diameterPx: ringPx + 3, colour, outline });
  }
  const sizePx = Math.min(9, Math.max(7, Math.round(rowPx)));
  return [{ kind: "points", x: atSec, y: atRow, sizePx, colour: theme.spikes }, ...layers];
}
