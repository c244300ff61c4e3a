import type { PictureView } from "../../protocol/pictures.ts";
import { areaOf, type Layer, type Plot } from "../figure.ts";
import type { Rect } from "../pen.ts";
import type { Frame, PaintData } from "../pictureData.ts";
import { type Columns, contacts, emptyPlots, type Places } from "../projections.ts";
import type { SpikeData } from "../spikeData.ts";
import { lookOf } from "../spikeLook.ts";
import type { Theme } from "../theme.ts";
import { dotImage } from "./dots.ts";
import { type Strip, stripPlots, stripsHeightPx } from "./strips.ts";

/** What films of a recording and of a run share: projections above, traces below. */

/** Height of the area of one trace, as a share of the picture and in px. */
const stripShare = 0.075;
const stripLimitsPx = [24, 64] as const;
/** Height that the projections have at least, traces or not. */
const leastAbovePx = 140;
const leastAboveShare = 0.5;
/** Height from which on they have two rows. */
const twoRowsPx = 280;
/** Contacts stand back behind the few spikes of a frame. */
const contactOpacity = 0.3;

export interface FilmOptions {
  /** a trace of which there are no data is left out; else a sentence says how to get it */
  leavesOutEmpty: boolean;
}

/** How spikes of a frame are drawn. */
export interface DotLook {
  /** CSS px */
  diameterPx: number;
  /** 0 to 1 */
  opacity: number;
}

/** The traces at the bottom, as many as leave room for the projections, and that room. */
export function withStrips(
  strips: readonly Strip[],
  view: PictureView,
  { box, theme }: Frame,
): { above: Rect; plots: Plot[] } {
  const areaPx = Math.round(Math.min(stripLimitsPx[1], Math.max(stripLimitsPx[0], stripShare * box.height)));
  const room = box.height - Math.max(leastAbovePx, leastAboveShare * box.height);
  let shown = strips;
  while (shown.length > 0 && stripsHeightPx(shown, areaPx) > room) shown = shown.slice(0, -1);
  const height = stripsHeightPx(shown, areaPx);
  const above = { ...box, height: Math.max(1, box.height - height) };
  const below = { left: box.left, width: box.width, top: above.top + above.height, height };
  const plots = stripPlots(shown, below, areaPx, theme);
  const { cursorTimeSec: pointed } = view;
  for (const { x, layers, message } of plots)
    if (pointed !== null && x.of === "time" && !message)
      layers.push({ kind: "vertical", x: pointed, colour: theme.faintText });
  return { above, plots };
}

/** The three projections; where there is no room for two rows, the two of the upper one. */
export function projectionAxes(
  places: Places,
  probe: PaintData["probe"],
  view: PictureView,
  isCorrected: boolean,
  frame: Frame,
): Plot[] {
  const isLow = frame.box.height < twoRowsPx;
  // the upper row is half of the layout
  const box = isLow ? { ...frame.box, height: 2 * frame.box.height } : frame.box;
  const plots = emptyPlots(places, probe, view, isCorrected, { ...frame, box });
  plots[0].layers.push(...contacts(probe, frame).map(standBack));
  if (!places.zUm && !isLow) plots[2].message = "These positions have no distance from the probe.";
  return isLow ? plots.slice(0, 2) : plots;
}

const standBack = (layer: Layer): Layer => (layer.kind === "rects" ? { ...layer, opacity: contactOpacity } : layer);

/** Single spikes as dots in all three projections, coloured by α or amplitude. Gives the number of spikes in the first. */
export function addDots(
  plots: Plot[],
  columns: Columns,
  { from, to }: Pick<Places, "from" | "to">,
  { data, spikes }: { data: PaintData; spikes: SpikeData },
  view: PictureView,
  { theme, pixelRatio, store }: Frame,
  look: DotLook,
): number {
  // a count says nothing of a spike: then α, where it is known; and a single spike is its own mean
  const wanted = view.rasterColour === "count" ? "alpha" : view.rasterColour;
  const { values, scale, label } = lookOf(
    data,
    spikes,
    { ...view, rasterColour: wanted, strongestOnTop: false },
    theme,
  );
  plots[1].colourBar = { ...scale, label: label.replace(/^Mean /, "") };
  const value = values ?? spikes.absAmpUv;
  const style = {
    colours: scale,
    missing: packed(theme.faintText),
    diameterPx: look.diameterPx * pixelRatio,
    opacity: look.opacity,
  };
  return plots.reduce((nFirst, plot, i) => {
    const [x, y] = columns[i];
    if (!x || !y) return nFirst;
    const { width, height } = areaOf(plot);
    const size = { widthPx: Math.round(width * pixelRatio), heightPx: Math.round(height * pixelRatio) };
    const { pixels } = store.part(`dots ${i}`);
    const drawn = dotImage({ x, y, value, from, to }, plot.x.range, plot.y.range, size, style, pixels);
    plot.layers.push({ kind: "image", image: drawn.image, xRange: plot.x.range, yRange: plot.y.range });
    return i === 0 ? drawn.nSpikes : nFirst;
  }, 0);
}

/** "#rrggbb" as a colour table has its colours. */
function packed(hex: Theme["faintText"]): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16);
}
