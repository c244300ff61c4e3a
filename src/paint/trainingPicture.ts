import type { Range } from "../core/types.ts";
import { CURVE_COLOURS, WARNING_COLOUR } from "../protocol/curveColours.ts";
import type { TrainingChart } from "../protocol/pictures.ts";
import { areaOf, type Figure, type Layer, type Plot } from "./figure.ts";
import { textWidthPx } from "./pen.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { type Cell, smallMultiples } from "./smallMultiples.ts";
import type { Theme } from "./theme.ts";
import { fitted } from "./words.ts";

/** Curves of a training in small plots beside each other, over its steps. */

/** Curves with fewer points show each of them. */
const fewPoints = 40;
const pointPx = 4;
const dashPx = [5, 4];
const leastSpan = 1e-6;

export function trainingPlots({ training }: PaintData, frame: Frame): Pick<Figure, "plots"> {
  if (training.length === 0) {
    const axis = { range: [0, 1] as const, quantity: "", unit: "" };
    const message = "Run a step that trains, and its curves are drawn here.";
    return { plots: [{ box: frame.box, title: "", x: axis, y: axis, layers: [], grid: false, message }] };
  }
  const cells = smallMultiples(training.length, frame.box, 1.8, 0);
  return { plots: training.map((chart, i) => chartPlot(chart, cells[i], frame.theme)) };
}

function chartPlot(chart: TrainingChart, cell: Cell, theme: Theme): Plot {
  const all = chart.curves.flatMap(({ style, x }) => (style === "baseline" ? [] : [x]));
  const last = Math.max(1, ...all.map((x) => x.at(-1) ?? 0));
  const colours = chart.curves.map(({ style }, i) => {
    if (style === "baseline") return theme.faintText;
    return style === "dots"
      ? WARNING_COLOUR[theme.name]
      : CURVE_COLOURS[theme.name][i % CURVE_COLOURS[theme.name].length];
  });
  // the title names a line that is alone
  const isAlone = chart.curves.filter(({ style }) => style === "line").length === 1;
  const named = chart.curves.map(({ label, style }, i) => ({
    text: isAlone && style === "line" ? "" : label,
    colour: colours[i],
  }));
  const words = named.filter(({ text }) => text !== "");
  const wordsPx = words.reduce((sum, { text }) => sum + textWidthPx(text, theme.textPx) + 7, 0);
  const plot: Plot = {
    box: cell.box,
    leftPx: cell.leftPx,
    title: "",
    words,
    x: { range: [0, last], quantity: "Step", unit: "" },
    y: { range: rangeOf(chart), quantity: chart.unit, unit: "" },
    layers: chart.curves.flatMap((curve, i) => layersOf(curve, colours[i])),
    grid: true,
  };
  const { width } = areaOf(plot);
  return { ...plot, title: fitted(chart.title, Math.max(40, width - wordsPx - 6), theme.titlePx) };
}

function layersOf({ style, x, y }: TrainingChart["curves"][number], colour: string): Layer[] {
  if (style === "dots") return [{ kind: "points", x, y, sizePx: pointPx, colour }];
  const curve: Layer = { kind: "curve", x, y, colour, widthPx: 1.5, ...(style === "baseline" ? { dashPx } : {}) };
  return style === "line" && x.length < fewPoints
    ? [curve, { kind: "points", x, y, sizePx: pointPx, colour }]
    : [curve];
}

/** All values with a margin, and 0 where it belongs. */
function rangeOf({ curves, fromZero }: TrainingChart): Range {
  let [low, high] = fromZero ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { y } of curves) {
    for (const v of y) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  if (!(high >= low)) return [0, 1];
  // what is as good as constant is no mountain range
  if (high - low < leastSpan) return fromZero ? [0, 1] : [low - 0.5, high + 0.5];
  const margin = 0.06 * (high - low);
  return [fromZero && low === 0 ? 0 : low - margin, high + margin];
}
