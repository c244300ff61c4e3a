import type { Motion, Range, SpikeTable } from "../core/types.ts";
import type { ActivityImage, StepResult } from "../protocol/methods.ts";
import type { NamedFigure } from "../protocol/pictures.ts";
import { amplitudeHistogram } from "./amplitudePictures.ts";
import { drawFigure, lineColour } from "./axes.ts";
import { colourTable } from "./colourMaps.ts";
import { correctedDepths } from "./correctedDepths.ts";
import { displacementAlong, levelsAcross, mostCurves, runningMean, visibleCurve } from "./curves.ts";
import { densityImage, rowsNearest } from "./density.ts";
import type { Figure, Plot } from "./figure.ts";
import { type ColourScale, colourImage } from "./image.ts";
import type { Rect } from "./pen.ts";
import { grouped, type RasterContent, rasterPlot, rasterStore } from "./rasterPlot.ts";
import { prepareSpikes, rangeOf, type SpikeData } from "./spikeData.ts";
import { spikeLook } from "./spikeLook.ts";
import { svgPen } from "./svgPen.ts";
import { themeOf } from "./theme.ts";

/** Spikes around a moment that show how amplitudes and depths are distributed then. */
const nDensitySpikes = 30_000;
/** Print: two pixels of raster for each unit of the drawing. */
const rasterPixelRatio = 2;
const colourMap = "inferno";
const theme = themeOf("light");

/** What amplitudes are in beside what every picture needs. */
interface PrintData extends SpikeData {
  ampUnit: string;
}

/**
 * The five figures that describe a MEDiCINe run, from all spikes, as SVG documents for print: raw raster and amplitudes,
 * training loss, distributions over depth and amplitude, predicted motion, and the raster before and after correction.
 * What a stopped run did not leave behind is said in a sentence inside its figure. Pure: no DOM, no clock.
 */
export function medicineFigures(step: StepResult, spikes: SpikeTable, ampUnit = "µV"): NamedFigure[] {
  const data = { ...prepareSpikes(spikes), ampUnit };
  const motion = step.motion ?? null;
  const named: [string, Figure][] = [
    ["raw_raster_and_amplitudes", rawRasterAndAmplitudes(data)],
    ["training_loss", trainingLoss(step, data)],
    ["depth_amplitude_distributions", depthAmplitudeDistributions(data, step.activity ?? [])],
    ["predicted_motion", predictedMotion(data, motion)],
    ["corrected_motion_raster", correctedMotionRaster(data, motion)],
  ];
  return named.map(([name, figure]) => ({ name, svg: figureSvg(figure) }));
}

/** What can be drawn of any estimate: the rasters and the motion, for only MEDiCINe learns a loss and an activity. */
export function stepFigures(step: StepResult, spikes: SpikeTable, ampUnit = "µV"): NamedFigure[] {
  if (step.method === "medicine") return medicineFigures(step, spikes, ampUnit);
  const data = { ...prepareSpikes(spikes), ampUnit };
  const motion = step.motion ?? null;
  return [
    { name: "raw_raster_and_amplitudes", svg: figureSvg(rawRasterAndAmplitudes(data)) },
    { name: "predicted_motion", svg: figureSvg(predictedMotion(data, motion)) },
    { name: "corrected_motion_raster", svg: figureSvg(correctedMotionRaster(data, motion)) },
  ];
}

/** A figure as an SVG document. */
export function figureSvg(figure: Figure): string {
  const pen = svgPen(figure.widthPx, figure.heightPx, figure.title);
  drawFigure(pen, figure);
  return pen.finish();
}

/** Boxes of equal width side by side, one px apart from another plot's labels. */
function columns(widthPx: number, top: number, height: number, n: number): Rect[] {
  return Array.from({ length: n }, (_, i) => ({ left: (i * widthPx) / n, top, width: widthPx / n, height }));
}

function spikesCaption({ spikes, ampUnit, colourLimitsUv: [low, high] }: PrintData): string {
  const limits = `colour limits ${low.toFixed(1)} to ${high.toFixed(1)} ${ampUnit} (1st to 99th percentile of |amplitude|)`;
  return `All ${grouped(spikes.nSpikes)} spikes; ${limits}; times in s from the first sample.`;
}

function rasterContent(spikes: PrintData): RasterContent {
  const { timeRangeSec, depthRangeUm } = spikes;
  const colour = "amplitude";
  const look = spikeLook({ spikes, colour, colourMap, sorting: { amplitudeUnit: spikes.ampUnit } }, theme);
  return { spikes, corrected: null, motion: null, timeRangeSec, depthRangeUm, colour, colourMap, look };
}

function rawRasterAndAmplitudes(data: PrintData): Figure {
  const { edges, heights, highest } = amplitudeHistogram(data, data.ampRangeUv, data.timeRangeSec, data.depthRangeUm);
  const amplitudes: Plot = {
    box: { left: 780, top: 0, width: 420, height: 520 },
    title: "Amplitudes",
    x: { range: data.ampRangeUv, quantity: "Amplitude", unit: data.ampUnit },
    y: { range: [0, Math.max(1, 1.06 * highest)], quantity: "Spikes", unit: "" },
    layers: [{ kind: "bars", edges, heights, colour: theme.bars }],
    grid: true,
  };
  const box = { left: 0, top: 0, width: 780, height: 520 };
  return {
    title: "Spikes as recorded, and their amplitudes",
    widthPx: 1200,
    heightPx: 552,
    theme,
    plots: [rasterPlot(rasterContent(data), box, rasterPixelRatio, rasterStore(), theme), amplitudes],
    caption: spikesCaption(data),
  };
}

/** Steps that the thick line averages over; the thin one shows every step. */
function smoothingSteps(nSteps: number): number {
  return Math.max(1, Math.round(nSteps / 100));
}

function trainingLoss(step: StepResult, { spikes }: SpikeData): Figure {
  const plot: Plot = {
    box: { left: 0, top: 0, width: 900, height: 440 },
    title: "Training loss",
    x: { range: [0, 1], quantity: "Training step", unit: "" },
    y: { range: [0, 1], quantity: "Loss", unit: "nats" },
    layers: [],
    legend: [],
    grid: true,
  };
  const names: [string, string][] = [
    ["loss", "Total"],
    ["loss_real", "Real spikes"],
    ["loss_fake", "Random spikes"],
  ];
  const curves = names.flatMap(([key, label], i) => {
    const series = step.metrics[key];
    return series && series.step.length > 0 ? [{ ...series, label, colour: theme.curves[i] }] : [];
  });
  const figure = { title: "Training loss", widthPx: 900, heightPx: 472, theme, plots: [plot] };
  if (curves.length === 0) return { ...figure, plots: [{ ...plot, message: "No training step was finished." }] };
  const width = smoothingSteps(curves[0].step.length);
  plot.x.range = rangeOf(curves[0].step);
  const all = curves.map(({ value }) => rangeOf(value));
  plot.y.range = [Math.min(0, ...all.map((r) => r[0])), 1.04 * Math.max(...all.map((r) => r[1]))];
  for (const { step: x, value, label, colour } of curves) {
    const each = visibleCurve(x, value, plot.x.range, 400);
    const mean = visibleCurve(x, runningMean(value, width), plot.x.range, 800);
    plot.layers.push({ kind: "curve", ...each, colour, widthPx: 0.6, opacity: 0.35 });
    plot.layers.push({ kind: "curve", ...mean, colour, widthPx: 1.8 });
    plot.legend?.push({ label, colour });
  }
  const last = runningMean(curves[0].value, width)[curves[0].value.length - 1];
  const caption =
    `${grouped(spikes.nSpikes)} spikes, ${grouped(curves[0].step.length)} recorded steps; thick lines: running mean of ` +
    `${width}; last total ${last.toFixed(3)} nats.`;
  return { ...figure, caption };
}

function depthAmplitudeDistributions(data: PrintData, activity: readonly ActivityImage[]): Figure {
  const figure = { title: "Distributions over depth and amplitude", widthPx: 1200, heightPx: 832, theme };
  const moments = activity.filter((image) => image.timeSec !== null);
  if (moments.length === 0) {
    const message = "No activity distribution was recorded: the run stopped before its end.";
    return { ...figure, plots: [{ ...axesOver(data, { left: 0, top: 0, width: 1200, height: 800 }), message }] };
  }
  const top = columns(1200, 0, 400, moments.length);
  const bottom = columns(1200, 400, 400, moments.length);
  const n = Math.min(nDensitySpikes, data.spikes.nSpikes);
  const densities = moments.map((image) => {
    const rows = rowsNearest(data.spikes.timeSec, image.timeSec ?? 0, n);
    return densityImage(data.spikes, rows, image, 1.2);
  });
  // one scale for all moments, or they could not be compared
  const densest = densities.reduce((max, { values }) => values.reduce((m, v) => Math.max(m, v), max), 0);
  const likely: ColourScale = { table: colourTable("plasma"), limits: [0, 1], scale: "linear" };
  const dense: ColourScale = { table: colourTable("plasma"), limits: [0, Math.max(densest, 1e-6)], scale: "log" };
  const plots = moments.flatMap((image, i) => {
    const at = `${Math.round(image.timeSec ?? 0)} s`;
    const model = { values: image.probability, widthPx: image.nAmp, heightPx: image.nDepth };
    const ranges = { xRange: image.ampRangeUv, yRange: image.depthRangeUm };
    const upper = axesOver(data, top[i], `Model at ${at}`, { ...likely, label: "Probability that a spike is real" });
    const lower = axesOver(data, bottom[i], `Spikes nearest to ${at}`, { ...dense, label: "Spikes per cell" });
    upper.layers.push({ kind: "image", image: colourImage({ ...model, ...ranges }, likely), ...ranges });
    lower.layers.push({ kind: "image", image: colourImage(densities[i], dense), ...ranges });
    return [upper, lower];
  });
  const { nDepth, nAmp } = moments[0];
  const caption =
    `Top: probability, colours 0 to 1. Bottom: the ${grouped(n)} spikes nearest in time, of ${grouped(data.spikes.nSpikes)}, on ` +
    `${nDepth} × ${nAmp} cells, smoothed; colours 0 to ${densest.toFixed(1)} spikes per cell. Observed depths.`;
  return { ...figure, plots, caption };
}

function axesOver(data: PrintData, box: Rect, title = "", colourBar?: Plot["colourBar"]): Plot {
  return {
    box,
    title,
    x: { range: data.ampRangeUv, quantity: "Amplitude", unit: data.ampUnit },
    y: { range: data.depthRangeUm, quantity: "Depth", unit: "µm" },
    layers: [],
    colourBar,
    grid: false,
  };
}

function predictedMotion(data: PrintData, motion: Motion | null): Figure {
  const plot: Plot = {
    box: { left: 0, top: 0, width: 900, height: 520 },
    title: "Predicted motion",
    note: "up = tissue moved toward the top of the probe",
    x: { range: data.timeRangeSec, quantity: "Time", unit: "s" },
    y: { range: data.depthRangeUm, quantity: "Depth + displacement", unit: "µm" },
    layers: [],
    grid: true,
  };
  const figure = {
    title: "Predicted motion: up = tissue moved toward the top of the probe",
    widthPx: 900,
    heightPx: 552,
    theme,
  };
  if (!motion) return { ...figure, plots: [{ ...plot, message: noMotion }] };
  const levels = levelsAcross(data.depthRangeUm, mostCurves);
  const table = colourTable("viridis", theme.lineSpan);
  const lines = [...levels].map((depthUm) => displacementAlong(motion, depthUm).map((shift) => depthUm + shift));
  const reach = lines.map((y) => rangeOf(y));
  const margin = 0.02 * (data.depthRangeUm[1] - data.depthRangeUm[0]);
  plot.y.range = [Math.min(...reach.map((r) => r[0])) - margin, Math.max(...reach.map((r) => r[1])) + margin];
  lines.forEach((y, i) => {
    const seen = visibleCurve(motion.timeBinCentersSec, y, plot.x.range, 800);
    plot.layers.push({ kind: "curve", ...seen, colour: lineColour(table, i, lines.length), widthPx: 1.4 });
  });
  const [low, high] = rangeOf(motion.displacementUm);
  const caption =
    `${mostCurves} depths across the range of ${grouped(data.spikes.nSpikes)} spikes; displacement ${low.toFixed(1)} to ` +
    `${high.toFixed(1)} µm; corrected depth = observed depth − displacement.`;
  return { ...figure, plots: [plot], caption: caption.replaceAll(" -", " −") };
}

const noMotion = "No motion was recorded: the run stopped before its first one.";

function correctedMotionRaster(data: PrintData, motion: Motion | null): Figure {
  const boxes = columns(1680, 0, 520, 3);
  const figure = { title: "Spikes before and after motion correction", widthPx: 1680, heightPx: 552, theme };
  const raw = rasterContent(data);
  const draw = (content: RasterContent, box: Rect, title: string): Plot => ({
    ...rasterPlot(content, box, rasterPixelRatio, rasterStore(), theme),
    title,
  });
  const before = draw(raw, boxes[0], "As recorded");
  if (!motion) {
    const box = { ...boxes[1], width: boxes[1].width * 2 };
    return { ...figure, plots: [before, { ...axesOver(data, box), message: noMotion }], caption: spikesCaption(data) };
  }
  const corrected = correctedDepths(data.spikes, motion);
  const depthRangeUm: Range = data.depthRangeUm;
  return {
    ...figure,
    plots: [
      before,
      draw({ ...raw, motion }, boxes[1], "With motion"),
      draw({ ...raw, corrected, depthRangeUm }, boxes[2], "Motion corrected"),
    ],
    caption: spikesCaption(data),
  };
}
