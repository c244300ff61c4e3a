import type { DataTable } from "../protocol/figureData.ts";
import type { PictureView } from "../protocol/pictures.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { type LocalizerFit, type SpikeFits, spikeFits } from "../protocol/spikeFit.ts";
import { areaOf, type Layer, type Plot } from "./figure.ts";
import { slug } from "./figureData.ts";
import { type Rect, textWidthPx } from "./pen.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { type SpikeMark, spikeMarks } from "./spikeMarks.ts";
import type { Theme } from "./theme.ts";
import { nothingYet } from "./waveformPicture.ts";

/**
 * Whether a point source explains a spike: measured amplitudes over the distance from where a localizer puts it with the curve
 * α / distance, and contact by contact with what is left. One column per localizer.
 */

const dotPx = 6;
/** below the plots, for the sentence that says what the signs are, px */
const captionPx = 20;
/** a box lower than this shows the curves alone, an area lower than that no words over them, px */
const bothFromPx = 280;
const wordsFromPx = 80;

export function amplitudeFitPlots({ waveform }: PaintData, view: PictureView, { box, theme }: Frame): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  const nothing = (message: string): Content => ({
    plots: [{ box, title: "Amplitude fit", x: axis, y: axis, layers: [], grid: false, message }],
  });
  if (!waveform || waveform.channels.length === 0) return nothing(nothingYet(view));
  const fits = spikeFits(waveform);
  if (fits.fits.length === 0) return nothing("No localizer gives this spike a distance from the probe.");
  const width = box.width / fits.fits.length;
  const marks = spikeMarks(waveform, theme);
  const plots = fits.fits.flatMap((one, i) => {
    const mark = marks.find(({ id }) => id === one.localizer);
    const column = { left: box.left + i * width, top: box.top, width, height: box.height - captionPx };
    return columnOf({ one, fits, waveform, mark, theme }, column);
  });
  const others = fits.denoised ? `, □ ${other(fits)}` : "";
  return { plots, caption: `○ ${fits.on} (what was fitted)${others}, line: α / distance, stems: residual` };
}

interface Column {
  one: LocalizerFit;
  fits: SpikeFits;
  waveform: SpikeWaveform;
  mark: SpikeMark | undefined;
  theme: Theme;
}

/** Over distance above, contact by contact below. */
function columnOf(column: Column, box: Rect): Plot[] {
  const { one, fits, waveform, mark, theme } = column;
  const hasChannels = box.height >= bothFromPx;
  const high = hasChannels ? Math.floor(box.height / 2) : box.height;
  const { fit } = one;
  // what was measured is seen whole; a model far above it leaves the plot
  const measured = [...fits.raw, ...(fits.denoised ?? [])].filter(Number.isFinite);
  const y = { range: [0, 1.25 * Math.max(...measured)] as const, quantity: fits.feature, unit: fits.unit };
  const colour = mark?.colour ?? theme.text;
  const farthest = Math.max(...fit.distanceUm);
  const order = [...waveform.channels.keys()].sort((a, b) => waveform.channels[a] - waveform.channels[b]);
  const above: Plot = {
    layers: [],
    grid: true,
    box: { ...box, height: high },
    title: mark?.name ?? one.localizer,
    tables: () => [fitTable(column)],
    x: { range: [0, 1.05 * farthest], quantity: "Distance from the place", unit: "µm" },
    y,
  };
  const ticks = order.map((slot, i) => ({ value: i, label: String(waveform.channels[slot]) }));
  const sparse = Math.ceil((28 * ticks.length) / Math.max(1, box.width - 80));
  const below: Plot = {
    layers: [],
    grid: false,
    box: { ...box, top: box.top + high, height: box.height - high },
    title: "",
    tables: () => [],
    x: {
      range: [-0.7, order.length - 0.3],
      quantity: "Channel",
      unit: "",
      ticks: ticks.filter((_, i) => i % sparse === 0),
    },
    y,
  };
  above.layers.push(...overDistance(column, colour, above));
  below.layers.push(...byChannel(column, order, colour));
  return hasChannels ? [above, below] : [above];
}

const other = ({ on }: SpikeFits) => (on === "raw" ? "denoised" : "raw");
const colourOf = (on: "raw" | "denoised", theme: Theme) => (on === "raw" ? theme.rawWave : theme.denoisedWave);

/** Amplitudes at places along x; the fitted ones round, the others square. */
function amplitudes({ fits, theme }: Column, x: ArrayLike<number>, slots: readonly number[]): Layer[] {
  const fitted = fits.on === "denoised" && fits.denoised ? fits.denoised : fits.raw;
  const others = fits.on === "denoised" ? fits.raw : fits.denoised;
  const at = (values: Float64Array) => slots.map((slot) => values[slot]);
  const colour = colourOf(other(fits), theme);
  const squares: Layer[] = others ? [{ kind: "points", x, y: at(others), sizePx: 5, colour }] : [];
  const circles = at(fitted).flatMap((y, i): Layer[] => {
    const style = { sizePx: dotPx, colour: colourOf(fits.on, theme), outline: theme.halo };
    return Number.isFinite(y) ? [{ kind: "mark", shape: "circle", x: x[i], y, ...style }] : [];
  });
  return [...squares, ...circles];
}

/** From the model to what was measured. */
function stems({ one, theme }: Column, x: ArrayLike<number>, slots: readonly number[]): Layer[] {
  const { model, residual } = one.fit;
  return slots.flatMap((slot, i): Layer[] => {
    if (!Number.isFinite(residual[slot])) return [];
    const y = [model[slot], model[slot] + residual[slot]];
    return [{ kind: "curve", x: [x[i], x[i]], y, colour: theme.faintText, widthPx: 1.5 }];
  });
}

function overDistance(column: Column, colour: string, plot: Plot): Layer[] {
  const { x, y } = plot;
  const { one, theme } = column;
  const { fit } = one;
  const nearest = Math.max(fit.alpha / y.range[1], 1e-3);
  const at = Float64Array.from({ length: 160 }, (_, i) => nearest + (i / 159) * (x.range[1] - nearest));
  const curve: Layer = { kind: "curve", x: at, y: at.map((d) => fit.alpha / d), colour, widthPx: 2 };
  const slots = [...fit.distanceUm.keys()];
  const distances = fit.distanceUm;
  const shown = [curve, ...stems(column, distances, slots), ...amplitudes(column, distances, slots)];
  const words = fitInWords(column);
  if (areaOf(plot).height >= wordsFromPx) {
    const measured = column.fits.on === "denoised" ? column.fits.denoised : column.fits.raw;
    return [...shown, ...wordsBeside(words, { x: distances, y: measured ?? [] }, plot, theme)];
  }
  plot.note = words[2];
  return shown;
}

/** Lines in the upper right or the lower left corner, wherever fewer of the points are, on a ground that keeps them legible. */
function wordsBeside(
  lines: readonly string[],
  points: { x: ArrayLike<number>; y: ArrayLike<number> },
  plot: Plot,
  theme: Theme,
): Layer[] {
  const { width, height } = areaOf(plot);
  const [[xLow, xHigh], [yLow, yHigh]] = [plot.x.range, plot.y.range];
  const x = (px: number) => xLow + (px / width) * (xHigh - xLow);
  const y = (px: number) => yLow + (px / height) * (yHigh - yLow);
  const stepPx = 1.35 * theme.textPx;
  const wide = 8 + Math.max(...lines.map((line) => textWidthPx(line, theme.textPx)));
  const high = 6 + stepPx * lines.length;
  const corners = [
    { left: Math.max(2, width - wide - 2), low: height - high - 2 },
    { left: 2, low: 2 },
  ].map(({ left, low }) => {
    const rect = { x: [x(left), x(left + wide)] as const, y: [y(low), y(low + high)] as const };
    const isIn = (_: number, i: number) =>
      points.x[i] > rect.x[0] && points.x[i] < rect.x[1] && points.y[i] > rect.y[0] && points.y[i] < rect.y[1];
    return { left, low, rect, nHidden: Array.from(points.x).filter(isIn).length };
  });
  const { left, low, rect } = corners.reduce((a, b) => (b.nHidden < a.nHidden ? b : a));
  const style = { sizePx: theme.textPx, align: "left", baseline: "middle", colour: theme.text } as const;
  return [
    { kind: "rects", rects: [{ ...rect, fill: theme.plot }], opacity: 0.75 },
    ...lines.map((text, i): Layer => {
      const up = y(low + 2 + stepPx * (lines.length - i - 0.5));
      return { kind: "label", text, x: x(left + 4), y: up, offsetPx: [0, 0], ...style };
    }),
  ];
}

/** Contact by contact what was measured, where it is and what the source would have left there. */
function fitTable({ one, fits, waveform, mark }: Column): DataTable {
  const { fit, placeUm } = one;
  const by = `${fits.feature} (${fits.unit})`;
  const name = mark?.name ?? one.localizer;
  const from = `from ${placeUm.map((um) => um.toFixed(2)).join(", ")} µm, α ${fit.alpha.toFixed(1)}`;
  return {
    kind: "table",
    name: `${slug(name)}-fit`,
    title: `${name}, ${from}`,
    nRows: waveform.channels.length,
    columns: [
      { label: "Channel", values: Float64Array.from(waveform.channels) },
      { label: "Distance from the place (µm)", values: fit.distanceUm },
      { label: `raw: ${by}`, values: fits.raw },
      ...(fits.denoised ? [{ label: `denoised: ${by}`, values: fits.denoised }] : []),
      { label: `α / distance: ${by}`, values: fit.model },
      { label: `residual of ${fits.on}: ${by}`, values: fit.residual },
    ],
  };
}

/** "α 1,234 µV·µm (its own)", "rms 4.2 µV (5 % of the largest)", "98.1 % explained". */
function fitInWords({ one, fits }: Column): string[] {
  const { fit, isOwnAlpha } = one;
  const fitted = fits.on === "denoised" && fits.denoised ? fits.denoised : fits.raw;
  const largest = Math.max(...fitted.filter(Number.isFinite));
  const alpha = Math.round(fit.alpha).toLocaleString("en-US");
  const units = fits.unit === "µV" ? [" µV·µm", " µV"] : [" × µm", ""];
  return [
    `α ${alpha}${units[0]} (${isOwnAlpha ? "its own" : "best here"})`,
    `rms ${fit.rms.toPrecision(3)}${units[1]} (${((100 * fit.rms) / largest).toFixed(1)} %)`,
    `${(100 * fit.explained).toFixed(1).replace("-", "−")} % explained`,
  ];
}

function byChannel(column: Column, order: readonly number[], colour: string): Layer[] {
  const at = order.map((_, i) => i);
  const models = order.map((slot, i): Layer => {
    const y = column.one.fit.model[slot];
    return { kind: "curve", x: [i - 0.32, i + 0.32], y: [y, y], colour, widthPx: 2.5 };
  });
  return [...stems(column, at, order), ...models, ...amplitudes(column, at, order)];
}
