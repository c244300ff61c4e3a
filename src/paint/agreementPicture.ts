import { type AxisAgreement, axisAgreement } from "../core/axisAgreement.ts";
import type { Range } from "../core/types.ts";
import { type FigureChoices, type FreeQuantity, firstFigures, type PictureView } from "../protocol/pictures.ts";
import { aboveCaption, anchorsMissing, anchorsOf, drawSpikes, nothingBut } from "./alphaPictures.ts";
import { type ChosenPlaces, chosenPlaces, isMissing } from "./chosenPlaces.ts";
import { areaOf, type Layer, openRange, type Plot } from "./figure.ts";
import { localColumns } from "./localColumns.ts";
import { textWidthPx } from "./pen.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import type { Content } from "./pictureDef.ts";
import { grouped } from "./rasterPlot.ts";
import { spikeLook } from "./spikeLook.ts";
import type { Theme } from "./theme.ts";
import { commonRange, outwards } from "./valueRanges.ts";
import { fitted, rounded } from "./words.ts";

const barPx = 72;
/** what " (µm)" takes from the room of an axis's name */
const unitPx = 20;

/** One axis on which two sets of positions are held against each other. Columns are [N], µm. */
interface Compared {
  name: string;
  of: FreeQuantity | "depth";
  own: ArrayLike<number> | null;
  reference: ArrayLike<number> | null;
  /** why there is nothing to see */
  message: string;
}

interface Stats {
  figures: AxisAgreement;
  /** that all but a few of the spikes lie in, µm */
  range: Range;
}

/**
 * One localizer against another, spike by spike: x, depth and z as chosen, corrected or not, above; l_x, l_y and z counted from the
 * anchors, which are as recorded, below. Every spike of the session is drawn and counted, whatever time is on screen. On the
 * dashed line both say the same. Source: evarol/spikeLocalizationNetwork make_mp_comparison_scatter.py.
 */
export function agreementPlots(data: PaintData, view: PictureView, frame: Frame): Content {
  const choice = (view.figures ?? firstFigures).agreement;
  const own = chosenPlaces(data, choice.own);
  const reference = chosenPlaces(data, choice.reference);
  if (isMissing(own) || isMissing(reference)) {
    return nothingBut(frame, "Agreement", isMissing(own) ? own.missing : isMissing(reference) ? reference.missing : "");
  }
  const axes = [...globalAxes(own, reference), ...localAxes(data, own, reference, frame)];
  const stats = axes.map((axis, i) =>
    frame.store.part(`figures ${i}`).remember([axis.own, axis.reference], () => statsOf(axis)),
  );
  if (!data.spikes) return nothingBut(frame, "Agreement", "");
  const look = spikeLook({ spikes: data.spikes, colour: "count", colourMap: view.colourMap }, frame.theme);
  const plots = axes.map((axis, i) => {
    // local ones are as recorded, whatever is chosen
    const names = i < 3 ? { own: own.short, reference: reference.short } : namesOf(choice);
    return emptyPlot(axis, i, stats[i], names, view, frame);
  });
  plots[2].colourBar = { ...look.scale, label: look.label };
  const columns = axes.map((axis) => [axis.reference, axis.own] as const);
  drawSpikes(plots, columns, [0, own.depthUm.length], look, data, selectedRow(data.spikes, view), frame);
  sayFigures(plots, stats, frame);
  const { motion: colour } = frame.theme;
  for (const { layers, x } of plots) {
    layers.push({ kind: "curve", x: x.range, y: x.range, colour, widthPx: 1.5, dashPx: [6, 4], name: "both agree" });
  }
  const caption = `Up: ${own.title}. Right: ${reference.title}. ${countsIn(stats)}`;
  return { plots, caption: fitted(caption, frame.box.width - 28, frame.theme.textPx) };
}

function globalAxes(own: ChosenPlaces, reference: ChosenPlaces): Compared[] {
  const noZ = "One of them has no distance from the probe.";
  return [
    { name: "x", of: "x", own: own.xUm, reference: reference.xUm, message: "" },
    { name: "depth", of: "depth", own: own.depthUm, reference: reference.depthUm, message: "" },
    { name: "z", of: "z", own: own.zUm, reference: reference.zUm, message: noZ },
  ];
}

function localAxes(data: PaintData, own: ChosenPlaces, reference: ChosenPlaces, frame: Frame): Compared[] {
  const anchors = anchorsOf(data, own.table, frame);
  const columns = ([own, reference] as const).map(
    ({ table }, i) =>
      anchors && frame.store.part(`local ${i}`).remember([table, anchors], () => localColumns(table, anchors)),
  );
  const noZ = "One of them has no distance from the probe.";
  return (
    [
      ["l_x", "localX"],
      ["l_y", "localY"],
      ["l_z", "localZ"],
    ] as const
  ).map(([name, of]): Compared => {
    const [ownUm, referenceUm] = columns.map((column) => column?.[of] ?? null);
    return { name, of, own: ownUm, reference: referenceUm, message: anchors ? noZ : anchorsMissing };
  });
}

function statsOf({ own, reference }: Compared): Stats | null {
  if (!own || !reference) return null;
  const central = commonRange(own, reference, 0.003);
  return { figures: axisAgreement(own, reference), range: central ? outwards(central, 2, 5) : [0, 1] };
}

/** "x: RMS 3.2 µm, bias −0.4 µm, ρ 0.93" as the title of every plot, or in the corner of each where one is too narrow. */
function sayFigures(plots: readonly Plot[], stats: readonly (Stats | null)[], { theme }: Frame): void {
  const figures = stats.map((one) => {
    if (!one) return [];
    const { rmsUm, biasUm, rho } = one.figures;
    return [`RMS ${rounded(rmsUm, 2)} µm`, `bias ${rounded(biasUm, 2)} µm`, `ρ ${rounded(rho, 3)}`];
  });
  const titles = plots.map(({ title }, i) => [title, figures[i].join(", ")].filter(Boolean).join(": "));
  const fit = plots.every((plot, i) => textWidthPx(titles[i], theme.titlePx) <= areaOf(plot).width);
  for (const [i, plot] of plots.entries()) {
    if (fit) plot.title = titles[i];
    else plot.layers.push(...inCorner(plot, figures[i], theme));
  }
}

/** Lines of text in the corner that is empty where both agree. */
function inCorner(plot: Plot, lines: readonly string[], theme: Theme): Layer[] {
  if (lines.length === 0) return [];
  const style = { colour: theme.text, sizePx: theme.textPx, align: "left", baseline: "top" } as const;
  const [[x, right], [bottom, y]] = [plot.x.range, plot.y.range];
  const { width, height } = areaOf(plot);
  const widthPx = 8 + Math.max(...lines.map((text) => 0.9 * textWidthPx(text, theme.textPx)));
  const box = {
    x: [x, x + ((right - x) * widthPx) / width] as const,
    y: [y - ((y - bottom) * (6 + 13 * lines.length)) / height, y] as const,
    fill: theme.plot,
  };
  const words = lines.map((text, k): Layer => ({ kind: "label", text, x, y, offsetPx: [4, 4 + 13 * k], ...style }));
  return [{ kind: "rects", rects: [box], opacity: 0.75 }, ...words];
}

function namesOf({ own, reference }: FigureChoices["agreement"]): { own: string; reference: string } {
  return { own: own.name, reference: reference.name };
}

function emptyPlot(
  axis: Compared,
  i: number,
  stats: Stats | null,
  names: { own: string; reference: string },
  view: PictureView,
  { box, theme }: Frame,
): Plot {
  const cell = cellOf(i, aboveCaption(box));
  const range =
    axis.of === "depth" ? openRange(view.depthRangeUm) : (view.freeRanges[axis.of] ?? stats?.range ?? [0, 1]);
  const labelled = (who: string, roomPx: number) => fitted(`${axis.name}, ${who}`, roomPx - unitPx, theme.textPx);
  const plot: Plot = {
    box: cell.box,
    title: axis.name,
    x: { range, quantity: labelled(names.reference, cell.widthPx), unit: "µm", of: axis.of },
    y: { range, quantity: labelled(names.own, cell.heightPx), unit: "µm", of: axis.of },
    layers: [],
    grid: false,
  };
  return stats ? plot : { ...plot, message: axis.message };
}

/** Widest area of one plot over its height: the line of agreement keeps a wide one from being misread. */
const widest = 1.7;
/** height from which plots are square, px */
const squareFromPx = 160;

/** Cells of two rows of three, square where there is room for it. */
function cellOf(i: number, box: Frame["box"]): Pick<Plot, "box"> & { widthPx: number; heightPx: number } {
  const room = (box.width - 3 * 62 - 2 * 16 - barPx) / 3;
  const height = Math.max(1, Math.floor(box.height / 2 - 68));
  const width = Math.max(1, Math.floor(Math.min(room, height < squareFromPx ? widest * height : height)));
  const high = Math.min(height, width);
  const [column, row] = [i % 3, Math.floor(i / 3)];
  return {
    widthPx: width,
    heightPx: high,
    box: {
      left: box.left + column * (62 + width + 16),
      top: box.top + row * (high + 68),
      width: 62 + width + (i === 2 ? barPx : 16),
      height: high + 68,
    },
  };
}

/** "12,345 spikes; 12 that one of them does not place are left out." */
function countsIn(stats: readonly (Stats | null)[]): string {
  const first = stats[0]?.figures;
  if (!first) return "";
  const left = first.nLeftOut === 0 ? "" : `; ${grouped(first.nLeftOut)} that one of them does not place are left out`;
  return `${grouped(first.n)} spikes${left}.`;
}
