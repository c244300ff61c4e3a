import { median } from "../core/motion.ts";
import type { Range } from "../core/types.ts";
import { leastUnitSpikes, type RunningMedian } from "../core/unitDrift.ts";
import type { PictureView } from "../protocol/pictures.ts";
import type { CurveSource, Layer, Plot } from "./figure.ts";
import { openRange } from "./figure.ts";
import { addCursor } from "./marksOnTime.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { grouped } from "./rasterPlot.ts";
import { addRings, addSpikes } from "./scatterPlot.ts";
import { centralRange, rowsWithin, type SpikeData } from "./spikeData.ts";
import { lookOf } from "./spikeLook.ts";
import { unitIndexOf, unitNames } from "./unitColours.ts";
import { type UnitSpikes, unitSpikes } from "./unitSpikes.ts";

/**
 * One unit over time, as recorded and, below, corrected by the motion on screen: its spikes, their running median, and what the
 * motion says of the place where the unit lies.
 */

const captionPx = 20;
/** room below a plot, and how much of it the name of its axis takes */
const bottomPx = 42;
const timeNamePx = 18;
/** Depths that are shown at least, µm to either side: less is finer than any localizer. */
const leastHalfUm = 12;

export function unitDriftPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const { spikes } = data;
  const index = spikes && unitIndexOf((data.ownPlaces ?? spikes).spikes);
  if (!spikes || !index || index.nUnits === 0)
    return nothing(frame, "Open sorted spikes (Kilosort, phy and others) to follow one unit over time.");
  if (typeof view.unit !== "number") return nothing(frame, "Click a spike of a unit, or a unit in the list.");
  const { store } = frame;
  const reasons = [spikes.spikes, data.motion, view.unit];
  const own = store.part("unit").remember(reasons, () => unitSpikes(data, view.unit ?? -1));
  if (!own) return nothing(frame, `There is no unit ${view.unit} among these spikes.`);
  const name = unitNames(index, data.sorting?.units)[index.id.indexOf(own.unit)];
  const plots = emptyPlots(own, `Unit ${name}`, view, frame);
  const look = lookOf(data, spikes, view, frame.theme);
  const columns = store.part("columns").remember([own], () => columnsOf(own, spikes));
  const rows = rowsWithin(spikes.spikes.timeSec, view.timeRangeSec);
  plots.forEach((plot, i) => {
    if (look.colour !== "unit") plot.colourBar = { ...look.scale, label: look.label };
    plot.picks = { x: spikes.spikes.timeSec, y: columns[i], ...rows, isSorted: true };
  });
  addSpikes(plots, { look, brushed: data.brushed, reasons: [own] }, frame);
  addCurves(plots, own, frame);
  const row = selectedRow(spikes, view);
  if (row !== null) addRings(plots, (i) => [spikes.spikes.timeSec[row], columns[i][row]], frame.theme);
  for (const plot of plots) addCursor(plot, view, frame.theme);
  return { plots, caption: captionOf(own) };
}

function nothing({ box }: Frame, message: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  return { plots: [{ box, title: "Unit drift", x: axis, y: axis, layers: [], grid: false, message }] };
}

function captionOf({ drift, rows }: UnitSpikes): string {
  if (!drift) return `${grouped(rows.length)} spikes: a running median needs ${leastUnitSpikes}.`;
  const nBins = drift.observed.timeSec.length;
  const perBin = grouped(Math.floor(rows.length / nBins));
  return `${grouped(rows.length)} spikes; running median of ${nBins} bins of ${perBin} spikes each.`;
}

/** As recorded; below it, where there is a motion, corrected. Both on one range of depth. */
function emptyPlots(own: UnitSpikes, title: string, view: PictureView, { box }: Frame): Plot[] {
  const titles = own.correctedUm ? [title, "Corrected by the motion on screen"] : [title];
  const range = view.freeRanges.unitDepth ?? depthRange(own);
  const heightPx = Math.floor((box.height - captionPx + (titles.length - 1) * timeNamePx) / titles.length);
  return titles.map((one, i) => {
    // the axis of time is named once, below both
    const isLast = i === titles.length - 1;
    const named = isLast ? {} : { bottomPx: bottomPx - timeNamePx };
    const height = heightPx - (isLast ? 0 : timeNamePx);
    return {
      box: { ...box, top: box.top + i * (heightPx - timeNamePx), height },
      ...named,
      title: one,
      x: { range: openRange(view.timeRangeSec), quantity: isLast ? "Time" : "", unit: "s", of: "time" },
      y: { range, quantity: i === 0 ? "Depth" : "Corrected depth", unit: "µm", of: "unitDepth" },
      layers: [],
      grid: true,
    };
  });
}

/** All but a few stray spikes, before and after correction. */
function depthRange({ depthUm, correctedUm }: UnitSpikes): Range {
  const ranges = [depthUm, correctedUm].flatMap((values) => (values && centralRange(values, 0.005)) ?? []);
  const [low, high] = [Math.min(...ranges), Math.max(...ranges)];
  const middle = (low + high) / 2;
  const half = Math.max(leastHalfUm, 0.6 * (high - low));
  return Number.isFinite(middle) ? [middle - half, middle + half] : [0, 1];
}

/** Depths of the unit's spikes in columns of all rows, NaN elsewhere: what is drawn and what a click can mean. */
function columnsOf({ rows, depthUm, correctedUm }: UnitSpikes, { spikes }: SpikeData): Float64Array[] {
  return [depthUm, correctedUm].flatMap((values) => {
    if (!values) return [];
    const column = new Float64Array(spikes.nSpikes).fill(Number.NaN);
    for (let k = 0; k < rows.length; k++) column[rows[k]] = values[k];
    return [column];
  });
}

function addCurves(plots: readonly Plot[], { drift }: UnitSpikes, { theme }: Frame): void {
  if (!drift) return;
  const { observed, corrected, motionUm } = drift;
  const line = (name: string, source: CurveSource, colour: string): Layer => ({
    ...{ kind: "curve", name, x: source.x, y: source.y, colour, widthPx: 2, halo: theme.halo },
  });
  const [ofMedian] = theme.curves;
  const medianOf = ({ timeSec, depthUm }: RunningMedian) =>
    line("Running median", { x: timeSec, y: depthUm }, ofMedian);
  if (motionUm) {
    const middle = median(observed.depthUm);
    const y = motionUm.map((shift) => middle + shift);
    plots[0].layers.push(line("Motion at the unit", { x: observed.timeSec, y }, theme.motion));
  }
  plots[0].layers.push(medianOf(observed));
  if (corrected && plots[1]) plots[1].layers.push(medianOf(corrected));
  plots[0].words = [
    { text: "running median", colour: ofMedian },
    ...(motionUm ? [{ text: "motion at the unit", colour: theme.motion }] : []),
  ];
}
