import { correctLateral } from "../core/motion.ts";
import type { ProbeSites, Range } from "../core/types.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { areaOf, axisRatio, type Figure, type Layer, openRange, type Plot } from "./figure.ts";
import { lBoxes, secondLeftPx } from "./lLayout.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import { contactSideUm } from "./probeSites.ts";
import { grouped } from "./rasterPlot.ts";
import { addRings, addSpikes } from "./scatterPlot.ts";
import { centralRange, rowsWithin, type SpikeData } from "./spikeData.ts";
import { lookOf, type SpikeLook } from "./spikeLook.ts";
import { outwards } from "./valueRanges.ts";
import { fitted } from "./words.ts";

/**
 * Three views of where the spikes are, laid out as an L with shared axes: x over depth at the top left, x over z beside it, z
 * over depth below. evarol/spikeLocalizationNetwork draws its aggregate projections so.
 */

type Content = Pick<Figure, "plots" | "caption">;

/** Share of the width of both columns that the depth axis gets. */
const depthShare = 0.74;
const barPx = 72;
/** µm of z that are always shown; deeper ones where the spikes are */
const usualZUm = 65;
const stepUm = 5;

export interface Places {
  depthUm: Float64Array;
  xUm: Float64Array;
  zUm: Float64Array | null;
  /** rows of the time range */
  from: number;
  to: number;
}

/** A sentence where there is nothing to project. */
export function nothing(frame: Frame, message: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  return { plots: [{ box: frame.box, title: "Projections", x: axis, y: axis, layers: [], grid: false, message }] };
}

export function projectionPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const projected = projectionsOf(data, view, frame);
  if ("plots" in projected) return projected;
  const { views, look, reasons } = projected;
  const [nSpikes] = addSpikes(views, { look, brushed: data.brushed, reasons }, frame);
  return { plots: projected.finished(nSpikes) };
}

/** The three views without their spikes. */
export interface Projections {
  views: Plot[];
  /** what the colours of the spikes say, and what places depend on, for `addSpikes` */
  look: SpikeLook;
  reasons: readonly unknown[];
  /** the views with what stands on the spikes; `nSpikes`: those in the first */
  finished(nSpikes: number): Plot[];
}

/** The three views, their axes and what is picked in them; where there is nothing to project, a sentence instead. */
export function projectionsOf(data: PaintData, view: PictureView, frame: Frame): Projections | Content {
  const { spikes } = data;
  if (!spikes) return nothing(frame, "Open spikes, or find some in a recording, to see where they are.");
  if (!spikes.spikes.xUm) {
    const message = "These spikes have a depth alone: run a step that localizes them to see them across and away.";
    return nothing(frame, message);
  }
  const isCorrected = (view.projectCorrected ?? true) && data.corrected !== null;
  const places = placesOf(spikes, data, view, isCorrected, frame);
  const views = emptyPlots(places, data.probe, view, isCorrected, frame);
  const columns = [
    [places.depthUm, places.xUm],
    [places.zUm, places.xUm],
    [places.depthUm, places.zUm],
  ] as const;
  views[0].layers.push(...contacts(data.probe, frame));
  for (const [i, [x, y]] of columns.entries()) if (x && y) views[i].picks = { x, y, from: places.from, to: places.to };
  const look = lookOf(data, spikes, view, frame.theme);
  views[1].colourBar = { ...look.scale, label: look.label }; // takes room from the area
  const finished = (nSpikes: number) => {
    const row = selectedRow(spikes, view);
    if (row !== null) {
      // depths after motion are there for the rows in view alone
      if (isCorrected) data.corrected?.upTo(row, row + 1);
      addRings(views, (i) => [columns[i][0]?.[row] ?? Number.NaN, columns[i][1]?.[row] ?? Number.NaN], frame.theme);
    }
    views[0].note = `${grouped(nSpikes)} spikes${spikes.placedBy ? `, ${spikes.placedBy}` : ""}`;
    views[0].y = { ...views[0].y, quantity: scaled("x", views[0]) };
    views[0].title = fitted(views[0].title, areaOf(views[0]).width, frame.theme.titlePx);
    if (!places.zUm) views[2].message = "These positions have no distance from the probe.";
    return views;
  };
  return { views, look, reasons: [isCorrected ? data.corrected : null], finished };
}

export function emptyPlots(
  places: Places,
  probe: ProbeSites | null,
  view: PictureView,
  isCorrected: boolean,
  frame: Frame,
): Plot[] {
  const at = lBoxes(frame.box, depthShare, 0.5, barPx);
  const depth = {
    range: openRange(view.depthRangeUm),
    quantity: isCorrected ? "Corrected depth" : "Depth",
    unit: "µm",
    of: "depth" as const,
  };
  const x = { range: view.freeRanges.x ?? lateralRange(places, probe), quantity: "x", unit: "µm", of: "x" as const };
  const z = { range: view.freeRanges.z ?? depthAwayRange(places), quantity: "z", unit: "µm", of: "z" as const };
  const empty = () => ({ title: "", layers: [], grid: false });
  const title = isCorrected ? "Spikes, motion corrected" : "Spikes, as recorded";
  return [
    { ...empty(), box: at.first, title, x: depth, y: x },
    { ...empty(), box: at.right, leftPx: secondLeftPx, x: z, y: { ...x, quantity: "" } },
    { ...empty(), box: at.below, x: depth, y: z },
  ];
}

/** "x, drawn ×6": both axes are in µm, on scales of their own. */
export function scaled(name: string, plot: Plot): string {
  const ratio = Number(axisRatio(plot));
  return ratio > 0 ? `${name} ×${(1 / ratio).toPrecision(2)}` : name;
}

export function placesOf(
  spikes: SpikeData,
  data: PaintData,
  view: PictureView,
  isCorrected: boolean,
  frame: Frame,
): Places {
  const { spikes: table } = spikes;
  const { from, to } = rowsWithin(table.timeSec, view.timeRangeSec);
  const { motion, corrected } = data;
  const xUm = table.xUm ?? new Float64Array(table.nSpikes);
  const lateral = frame.store
    .part("lateral")
    .remember([table, isCorrected ? motion : null], () =>
      isCorrected && motion ? correctLateral(motion, table.timeSec, xUm) : xUm,
    );
  const depthUm = isCorrected && corrected ? corrected.upTo(from, to) : table.depthUm;
  const zUm = table.zUm?.some(Number.isFinite) ? table.zUm : null;
  return { depthUm, xUm: lateral, zUm, from, to };
}

/** All contacts with a margin; without contacts, where all but a few spikes are. Multiples of 5 µm, which do not flicker. */
function lateralRange({ xUm, from, to }: Places, probe: ProbeSites | null): Range {
  const sites = (probe?.positionsUm ?? []).map(([x]) => x);
  if (sites.length > 0) return outwards([Math.min(...sites) - 40, Math.max(...sites) + 40], 0, stepUm);
  return outwards(centralRange(xUm, 0.01, from, to) ?? [-40, 80], 0, stepUm);
}

function depthAwayRange({ zUm, from, to }: Places): Range {
  const range = zUm && centralRange(zUm, 0.01, from, to);
  return outwards([Math.min(0, range?.[0] ?? 0), Math.max(usualZUm, range?.[1] ?? 0)], 0, stepUm);
}

export function contacts(probe: ProbeSites | null, { theme }: Frame): Layer[] {
  const sites = probe?.positionsUm ?? [];
  if (sites.length === 0) return [];
  const half = contactSideUm(sites) / 2;
  const rects = sites.map(([x, y]) => ({
    x: [y - half, y + half] as const,
    y: [x - half, x + half] as const,
    fill: theme.frame,
  }));
  return [{ kind: "rects", rects, opacity: 0.7 }];
}

export type Columns = readonly (readonly [Float64Array | null, Float64Array | null])[];
