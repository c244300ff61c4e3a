import type { Range } from "../core/types.ts";
import type { DataTable } from "../protocol/figureData.ts";
import { firstOrbit, type Orbit } from "../protocol/orbit.ts";
import type { PictureView } from "../protocol/pictures.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { spikeAnchor, spikeLogAlpha, spikePlaces } from "../protocol/spikePlaces.ts";
import { isToScale, toScaleUm } from "../protocol/waveformLayout.ts";
import { colourTable, cssColour } from "./colourMaps.ts";
import { areaOf, type Layer, type Plot } from "./figure.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { contactSideUm } from "./probeSites.ts";
import { grouped } from "./rasterPlot.ts";
import { inDepthOrder, type Placed, type Point3, type Projection, projectionOf, seenAt, seenLine } from "./space.ts";
import { type SpaceFrame, spaceAxes } from "./spaceAxes.ts";
import { alphaBar, keyLayers, keyOf, wrapped } from "./spaceKey.ts";
import { alphaLimits } from "./spikeLook.ts";
import { nameOfMark, type SpikeMark, spikeMarks } from "./spikeMarks.ts";
import type { Theme } from "./theme.ts";
import { nothingYet } from "./waveformPicture.ts";
import { wavePath, waveScale, waveTables } from "./waveLayout.ts";

/**
 * One spike in space, in local coordinates from its anchor: contacts and waveforms flat in the plane of the probe, each
 * localizer's place at its distance with a line down to the plane. The rotatable scene of evarol/spikeLocalizationNetwork.
 */

const markPx = 13;
const starPx = 17;
/** length of a dash of a line down to the plane and of the gap after it, px */
const dashPx = [5, 3] as const;
/** around the scene, for the numbers along its axes */
const labelsPx = { across: 50, up: 32 } as const;
/** a box this many times wider than high */
const wideFrom = 1.6;
/** a plot keeps this much below for an axis that this one does not have */
const noAxisPx = 34;
/** A place farther than this many times the square's half side is said to be beyond. */
const mostAway = 3;

export function spike3dPlot({ waveform }: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  const hidden = { range: [0, 1] as Range, quantity: "", unit: "", ticks: [] };
  const whole = { ...box, height: box.height + noAxisPx };
  const plot: Plot = { box: whole, title: "", x: hidden, y: hidden, layers: [], grid: false, leftPx: 10 };
  if (!waveform || waveform.channels.length === 0) return { ...plot, box, message: nothingYet(view) };
  const orbit = view.orbit ?? firstOrbit;
  const projection = projectionOf(orbit);
  const marks = localMarks(waveform, theme);
  const { reachUm, zRangeUm, isShown } = extent(waveform, marks);
  plot.title = `Spike ${grouped(waveform.number ?? waveform.index)}, from its anchor`;
  const alpha = alphaOf(waveform);
  plot.note = inWords(orbit);
  plot.tables = () => [placeTable(marks), ...waveTables(waveform)];
  const signs = keyOf(waveform, marks, isShown, theme);
  // beside the scene where the box is wide, below it where it is high
  if (box.width > wideFrom * box.height) plot.legend = signs;
  const key = wrapped(plot.legend ? [] : signs, areaOf(plot).width, theme);
  const umPerPx = showScene(plot, orbit, projection, { reachUm, zRangeUm, keyPx: key.heightPx });
  const frame: SpaceFrame = { projection, reachUm, zRangeUm, pxPerUm: 1 / umPerPx, theme };
  const axes = spaceAxes(frame);
  const shown = marks.filter(isShown);
  const flat = shown.filter(({ zUm }) => zUm === null).map((mark) => markAt(mark, mark.colour, projection, theme));
  const raised = shown.filter(({ zUm }) => zUm !== null);
  const network = raised.find(({ id }) => id.startsWith("sln-"));
  const besides = [
    ...axes.besides,
    ...raised.flatMap((mark) => raisedMark(mark, mark === network ? alpha?.colour : undefined, frame)),
  ];
  const inPlane = [...axes.inPlane, ...planeLayers(waveform, view, projection, theme), ...flat];
  plot.layers.push(...inDepthOrder(projection, inPlane, besides));
  plot.layers.push(...keyLayers(key, plot, theme));
  if (alpha) plot.layers.push(...alphaBar(alpha, plot, theme));
  return plot;
}

function placeTable(marks: readonly SpikeMark[]): DataTable {
  const column = (label: string, of: (mark: SpikeMark) => number) => ({ label, values: Float64Array.from(marks, of) });
  return {
    kind: "table",
    name: "places",
    title: "Places from the anchor",
    nRows: marks.length,
    columns: [
      { label: "Name", values: marks.map(({ name }) => name) },
      column("l_x (µm)", ({ xUm }) => xUm),
      column("l_y (µm)", ({ yUm }) => yUm),
      column("l_z (µm)", ({ zUm }) => zUm ?? Number.NaN),
    ],
  };
}

/** Marks with x and y from the anchor. */
function localMarks(waveform: SpikeWaveform, theme: Theme): SpikeMark[] {
  const [x, y] = spikeAnchor(waveform);
  return spikeMarks(waveform, theme).map((mark) => ({ ...mark, xUm: mark.xUm - x, yUm: mark.yUm - y }));
}

/** The square around all contacts, the distances of all places near it, and which those are. */
function extent(waveform: SpikeWaveform, marks: readonly SpikeMark[]) {
  const [ax, ay] = spikeAnchor(waveform);
  const away = waveform.positionsUm.map(([x, y]) => Math.max(Math.abs(x - ax), Math.abs(y - ay)));
  const reachUm = Math.max(toScaleUm.reach, 10 * Math.ceil((Math.max(...away) + toScaleUm.width) / 10));
  const isShown = ({ xUm, yUm, zUm }: SpikeMark) =>
    Math.abs(xUm) <= reachUm && Math.abs(yUm) <= reachUm && Math.abs(zUm ?? 0) <= mostAway * reachUm;
  const z = marks.filter(isShown).map(({ zUm }) => zUm ?? 0);
  const zRangeUm: Range = [
    Math.min(0, 20 * Math.floor(Math.min(...z) / 20)),
    Math.max(toScaleUm.reach, 20 * Math.ceil(Math.max(...z) / 20)),
  ];
  return { reachUm, zRangeUm, isShown };
}

/** Ranges of the plot in which the scene fits however it is turned round, on equal axes, above the key; returns µm per px. */
function showScene(
  plot: Plot,
  { zoom }: Orbit,
  projection: Projection,
  { reachUm, zRangeUm: [zLow, zHigh], keyPx }: { reachUm: number; zRangeUm: Range; keyPx: number },
): number {
  const { width, height } = areaOf(plot);
  const acrossUm = 2 * Math.SQRT2 * reachUm;
  const upUm = acrossUm * Math.abs(projection.towards[2]) + (zHigh - zLow) * projection.up[2];
  const upPx = Math.min(labelsPx.up, 0.14 * height);
  const across = acrossUm / Math.max(1, width - 2 * labelsPx.across);
  const umPerPx = Math.max(across, upUm / Math.max(1, height - keyPx - 2 * upPx)) / zoom;
  const middle = seenAt(projection, [0, 0, (zLow + zHigh) / 2]);
  const low = middle.y - umPerPx * ((height - keyPx) / 2 + keyPx);
  // a wide scene leaves the corner at its left to the scale of α
  const left = middle.x - umPerPx * (width / 2 + (plot.legend ? 0.12 * width : 0));
  plot.x = { ...plot.x, range: [left, left + umPerPx * width] };
  plot.y = { ...plot.y, range: [low, low + umPerPx * height] };
  return umPerPx;
}

function inWords({ azimuthDeg, elevationDeg, zoom }: Orbit): string {
  const degrees = (value: number) => `${Math.round(value)}°`.replace("-", "−").replace("−0°", "0°");
  return `turned ${degrees(azimuthDeg)}, ${degrees(elevationDeg)} up, ×${zoom.toFixed(1)}`;
}

interface ShownAlpha {
  logAlpha: number;
  colour: string;
  /** who says it */
  by: string;
}

/** α of the spike's source on the scale of all recordings; null where nobody says one. */
function alphaOf(waveform: SpikeWaveform): ShownAlpha | null {
  const said = spikeLogAlpha(spikePlaces(waveform));
  if (!said) return null;
  const share = (said.logAlpha - alphaLimits[0]) / (alphaLimits[1] - alphaLimits[0]);
  const colour = cssColour(colourTable("inferno"), Math.round(255 * Math.min(1, Math.max(0, share))));
  return { logAlpha: said.logAlpha, colour, by: nameOfMark(said.id) };
}

/** Contacts in their size, the peak channel's marked, and the waveforms on them. */
function planeLayers(waveform: SpikeWaveform, view: PictureView, projection: Projection, theme: Theme): Layer[] {
  const { positionsUm, raw, denoised, nSamples } = waveform;
  const [ax, ay] = spikeAnchor(waveform);
  const half = contactSideUm(positionsUm) / 2;
  const local = { ...waveform, positionsUm: positionsUm.map(([x, y]): [number, number] => [x - ax, y - ay]) };
  const scale = waveScale(local, isToScale(view.waveformLayout ?? "auto", positionsUm));
  const flat = new Float64Array(Math.max(5, nSamples));
  const layers: Layer[] = local.positionsUm.map(([x, y], k) => {
    const corners = [
      [x - half, x + half, x + half, x - half, x - half],
      [y - half, y - half, y + half, y + half, y - half],
      flat.subarray(0, 5),
    ] as const;
    const style = k === 0 ? { colour: theme.selected, widthPx: 1.5 } : { colour: theme.frame, widthPx: 1 };
    return { kind: "curve", ...seenLine(projection, corners), ...style };
  });
  const waves = (values: Float32Array, style: { colour: string; widthPx: number; halo?: string }) =>
    positionsUm.forEach((_, k) => {
      const { x, y } = wavePath(values, k, local, scale);
      layers.push({ kind: "curve", ...seenLine(projection, [x, y, flat]), ...style });
    });
  if (denoised) waves(denoised, { colour: theme.denoisedWave, widthPx: 2, halo: theme.halo });
  waves(raw, { colour: theme.rawWave, widthPx: 1 });
  return layers;
}

function markAt(mark: SpikeMark, colour: string, projection: Projection, theme: Theme): Layer {
  const { x, y } = seenAt(projection, [mark.xUm, mark.yUm, mark.zUm ?? 0]);
  const sizePx = mark.shape === "star" ? starPx : markPx;
  // a star in the colour of its α keeps its own colour as its edge
  const outline = colour === mark.colour ? theme.halo : mark.colour;
  return { kind: "mark", shape: mark.shape, x, y, sizePx, colour, outline };
}

/** A mark above or below the plane with its line down to it, dash by dash: each hides and is hidden by itself. */
function raisedMark(
  mark: SpikeMark,
  alphaColour: string | undefined,
  { projection, pxPerUm, theme }: SpaceFrame,
): Placed[] {
  const at: Point3 = [mark.xUm, mark.yUm, mark.zUm ?? 0];
  const [foot, head] = [seenAt(projection, [at[0], at[1], 0]), seenAt(projection, at)];
  const lengthPx = pxPerUm * Math.hypot(head.x - foot.x, head.y - foot.y);
  const nDashes = Math.min(80, Math.ceil(lengthPx / (dashPx[0] + dashPx[1])));
  const dashes = Array.from({ length: nDashes }, (_, i): Placed => {
    const [from, to] = [i / nDashes, (i + dashPx[0] / (dashPx[0] + dashPx[1])) / nDashes];
    const z = [from * at[2], to * at[2]];
    const line = seenLine(projection, [[at[0], at[0]], [at[1], at[1]], z]);
    const layers: Layer[] = [{ kind: "curve", ...line, colour: mark.colour, widthPx: 1.5 }];
    return { at: [at[0], at[1], (z[0] + z[1]) / 2], layers };
  });
  return [...dashes, { at, layers: [markAt(mark, alphaColour ?? mark.colour, projection, theme)] }];
}
