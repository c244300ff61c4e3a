import type { Range } from "../core/types.ts";
import type { PictureView } from "../protocol/pictures.ts";
import { type Axis, openRange, type Plot } from "./figure.ts";
import { type LocalColumns, localColumns, shownAnchors } from "./localColumns.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { grouped } from "./rasterPlot.ts";
import { addRings, addSpikes } from "./scatterPlot.ts";
import { smallMultiples } from "./smallMultiples.ts";
import { centralRange, rowsWithin, type SpikeData } from "./spikeData.ts";
import { lookOf } from "./spikeLook.ts";
import { fitted } from "./words.ts";

/**
 * Every pair of the four things that a localizer says of a spike, counted from the middle of its channels: what a network has
 * learned, or not, is seen here before it is seen anywhere else. evarol/spikeLocalizationNetwork has these six panels.
 */

type LocalQuantity = keyof LocalColumns;

export const localQuantities = ["localX", "localY", "localZ", "logAlpha"] as const satisfies readonly LocalQuantity[];

const pairs: readonly (readonly [x: LocalQuantity, y: LocalQuantity])[] = [
  ["localX", "localY"],
  ["localX", "localZ"],
  ["localX", "logAlpha"],
  ["localY", "localZ"],
  ["localY", "logAlpha"],
  ["localZ", "logAlpha"],
];

const axes: Record<LocalQuantity, Pick<Axis, "quantity" | "unit"> & { short: string }> = {
  localX: { quantity: "Local x", unit: "µm", short: "x" },
  localY: { quantity: "Local y", unit: "µm", short: "y" },
  localZ: { quantity: "Local z", unit: "µm", short: "z" },
  logAlpha: { quantity: "log₁₀ α (α in µV·µm)", unit: "", short: "α" },
};

const colourBarRoomPx = 56;
/** width over height that reads best: three columns in a wide panel, two in a high one */
const aspect = 1.3;
/** beyond both ends of what is shown until a person zooms */
const beyondShare = 0.005;

export function localPairPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const { spikes } = data;
  if (!spikes) return nothing(frame, "Open localized spikes to see where each is as seen from its own channels.");
  const columns = columnsOf(data, spikes, frame);
  if (typeof columns === "string") return nothing(frame, columns);
  const rows = rowsWithin(spikes.spikes.timeSec, view.timeRangeSec);
  const drawn = pairs.flatMap(([x, y]) => {
    const [across, up] = [columns[x], columns[y]];
    return across && up ? [{ x, y, picks: { x: across, y: up, ...rows } }] : [];
  });
  const cells = smallMultiples(drawn.length, frame.box, aspect, colourBarRoomPx);
  const look = lookOf(data, spikes, view, frame.theme);
  const plots = drawn.map(({ x, y, picks }, i): Plot => {
    const { box, leftPx, isCorner, areaWidthPx } = cells[i];
    const title = fitted(`${axes[y].short} over ${axes[x].short}`, areaWidthPx, frame.theme.titlePx);
    const plot: Plot = {
      box: isCorner ? box : { ...box },
      leftPx,
      title,
      x: axisOf(x, columns, view),
      y: axisOf(y, columns, view),
      layers: [],
      grid: true,
      picks,
    };
    if (isCorner) plot.colourBar = { ...look.scale, label: look.label };
    return plot;
  });
  const [nSpikes] = addSpikes(plots, { look, brushed: data.brushed, reasons: [] }, frame);
  const by = spikes.placedBy ? `, ${spikes.placedBy}` : "";
  const withAlpha = drawn.findIndex(({ y }) => y === "logAlpha");
  if (withAlpha >= 0 && data.alphaFrom) plots[withAlpha].note = data.alphaFrom;
  plots[0].note = `${grouped(nSpikes)} spikes${by}${lacking(columns)}`;
  const row = selectedRow(spikes, view);
  const at = (plot: number) => [drawn[plot].picks.x[row ?? 0], drawn[plot].picks.y[row ?? 0]] as const;
  if (row !== null) addRings(plots, at, frame.theme);
  return { plots };
}

/** ", no z and no α": why there are fewer plots. */
function lacking(columns: LocalColumns): string {
  const words = localQuantities.flatMap((name) => (columns[name] ? [] : [`no ${axes[name].short}`]));
  return words.length > 0 ? `, ${words.join(" and ")}` : "";
}

/** The columns, computed when positions or anchors change, or the sentence that says what they lack. */
function columnsOf(data: PaintData, { spikes }: SpikeData, { store }: Frame): LocalColumns | string {
  if (!spikes.xUm)
    return "These spikes have a depth alone: run a step that localizes them to see them from their channels.";
  const { anchors, probe } = data;
  const known = store
    .part("anchors")
    .remember([spikes.channel, spikes.nSpikes, anchors, probe], () => shownAnchors({ anchors, probe }, spikes));
  if (!known)
    return "Local positions count from the middle of each spike's channels: they need the peak channel of each spike and the contacts of the probe, or anchors beside the spikes.";
  return store
    .part("columns")
    .remember([spikes.xUm, spikes.depthUm, spikes.zUm, spikes.alpha, known], () => localColumns(spikes, known));
}

function axisOf(quantity: LocalQuantity, columns: LocalColumns, view: PictureView): Axis {
  const { quantity: name, unit } = axes[quantity];
  const column = columns[quantity];
  const own: Range | null = column && centralRange(column, beyondShare);
  return { range: openRange(view.freeRanges[quantity] ?? own ?? [0, 1]), quantity: name, unit, of: quantity };
}

/** A sentence where there is nothing to show. */
function nothing(frame: Frame, message: string): Content {
  const axis = { range: [0, 1] as const, quantity: "", unit: "" };
  return { plots: [{ box: frame.box, title: "Local pairs", x: axis, y: axis, layers: [], grid: false, message }] };
}
