import { CURVE_COLOURS, WARNING_COLOUR } from "../../protocol/curveColours.ts";
import type { TrainingChart } from "../../protocol/pictures.ts";
import type { Chart, ChartLook, Data } from "../../ui/PlotlyChart.tsx";

/** The curves of a training as a plotly figure: the charts of the live picture, to be hovered over and zoomed. */

export interface CurveChoice {
  isLog: boolean;
  /** curves that are put aside, by `keyOf` */
  hidden: ReadonlySet<string>;
}

type Curve = TrainingChart["curves"][number];

/** px around and between charts: for tick labels, for titles, and on screen for the buttons above them */
const MARGIN = { l: 48, r: 14, t: 50, b: 38 };
const FILE_TOP_PX = 28;
const GAP_PX = { x: 58, y: 54 };
/** px a chart has at least; in a file its title names the curves too */
const LEAST_PX = { width: 110, widthInFile: 230, height: 100 };
const ASPECT = 1.8;
/** Curves with fewer points show each of them. */
const FEW_POINTS = 40;
const BASELINE = { dark: "#98a4b3", light: "#545d6b" };

export const keyOf = (chart: TrainingChart, { label }: Curve): string => `${chart.title}: ${label}`;

/** Whether a chart can have a logarithmic axis. */
export function isPositive({ curves }: TrainingChart): boolean {
  return curves.every(({ y }) => y.every((v) => v > 0));
}

export function colourOf({ curves }: TrainingChart, index: number, theme: ChartLook["theme"]): string {
  const { style } = curves[index];
  if (style === "baseline") return BASELINE[theme];
  return style === "dots" ? WARNING_COLOUR[theme] : CURVE_COLOURS[theme][index % CURVE_COLOURS[theme].length];
}

interface Place {
  x: [left: number, right: number];
  y: [bottom: number, top: number];
  isLowest: boolean;
}

/**
 * Places of n charts in rows, as shares of the drawing, in as many columns as make them largest. Where there is no room for
 * all, the drawing is higher than what was asked for.
 */
function placesOf(n: number, { widthPx, heightPx, isFile }: ChartLook): { places: Place[]; heightPx: number } {
  const width = Math.max(1, widthPx - MARGIN.l - MARGIN.r);
  const marginY = (isFile ? FILE_TOP_PX : MARGIN.t) + MARGIN.b;
  const cell = (columns: number) => {
    const rows = Math.ceil(n / columns);
    const cellHeight = (heightPx - marginY - GAP_PX.y * (rows - 1)) / rows;
    return [(width - GAP_PX.x * (columns - 1)) / columns, cellHeight] as const;
  };
  const sizeOf = (columns: number) => Math.min(cell(columns)[0] / ASPECT, cell(columns)[1]);
  const least = isFile ? LEAST_PX.widthInFile : LEAST_PX.width;
  const columns = Array.from({ length: n }, (_, i) => i + 1)
    .filter((one) => one === 1 || cell(one)[0] >= least)
    .reduce((best, one) => (sizeOf(one) > sizeOf(best) ? one : best));
  const cellWidth = cell(columns)[0];
  const cellHeight = Math.max(LEAST_PX.height, cell(columns)[1]);
  const rows = Math.ceil(n / columns);
  const height = rows * cellHeight + (rows - 1) * GAP_PX.y;
  const places = Array.from({ length: n }, (_, i): Place => {
    const left = (i % columns) * (cellWidth + GAP_PX.x);
    const top = height - Math.floor(i / columns) * (cellHeight + GAP_PX.y);
    // rounding must not leave the drawing
    return {
      x: [left / width, Math.min(1, (left + cellWidth) / width)],
      y: [Math.max(0, (top - cellHeight) / height), Math.min(1, top / height)],
      isLowest: i + columns >= n,
    };
  });
  return { places, heightPx: height + marginY };
}

function tracesOf(chart: TrainingChart, suffix: string, { theme }: ChartLook, { hidden }: CurveChoice): Data[] {
  return chart.curves.map((curve, i): Data => {
    const { label, style, x, y } = curve;
    const color = colourOf(chart, i, theme);
    const unit = chart.unit ? ` ${chart.unit}` : "";
    return {
      type: "scatter",
      mode: style === "dots" ? "markers" : style === "line" && x.length < FEW_POINTS ? "lines+markers" : "lines",
      name: label,
      x: [...x],
      y: [...y],
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      visible: !hidden.has(keyOf(chart, curve)),
      line: { width: 1.5, color, dash: style === "baseline" ? "dash" : "solid" },
      marker: { size: 5, color },
      hovertemplate: `%{y:.4~g}${unit}`,
    };
  });
}

/** "RMSE (µm)", in a file with the names of its curves in their colours. */
function titleOf(chart: TrainingChart, look: ChartLook, { hidden }: CurveChoice): string {
  const title = `<b>${chart.title}</b>${chart.unit ? ` (${chart.unit})` : ""}`;
  if (!look.isFile) return title;
  const words = chart.curves.flatMap((curve, i) =>
    hidden.has(keyOf(chart, curve))
      ? []
      : [`<span style="color:${colourOf(chart, i, look.theme)}">${curve.label}</span>`],
  );
  return `${title}  ${words.join(" · ")}`;
}

export function curvesChart(charts: readonly TrainingChart[], choice: CurveChoice, look: ChartLook): Chart {
  const { places, heightPx } = placesOf(charts.length, look);
  // how plotly numbers axes: "", "2", "3"…
  const suffixes = charts.map((_, i) => (i === 0 ? "" : String(i + 1)));
  const axes = charts.flatMap((chart, i) => {
    const [suffix, place] = [suffixes[i], places[i]];
    const isLog = choice.isLog && isPositive(chart);
    const x = {
      domain: place.x,
      anchor: `y${suffix}`,
      nticks: 6,
      unifiedhovertitle: { text: "step %{x}" },
      ...(place.isLowest ? { title: { text: "Step", standoff: 6 } } : {}),
      // a zoom along the steps is one for all charts
      ...(i > 0 ? { matches: "x" } : {}),
    };
    const y = {
      domain: place.y,
      anchor: `x${suffix}`,
      type: isLog ? "log" : "linear",
      nticks: 6,
      exponentformat: "power",
      minorloglabels: "complete",
      uirevision: isLog ? "log" : "linear",
      ...(chart.fromZero ? { rangemode: "tozero" } : {}),
    };
    return [[`xaxis${suffix}`, x] as const, [`yaxis${suffix}`, y] as const];
  });
  const annotations = charts.map((chart, i) => ({
    text: titleOf(chart, look, choice),
    xref: "paper" as const,
    yref: "paper" as const,
    x: places[i].x[0],
    y: places[i].y[1],
    xanchor: "left" as const,
    yanchor: "bottom" as const,
    showarrow: false,
  }));
  return {
    data: charts.flatMap((chart, i) => tracesOf(chart, suffixes[i], look, choice)),
    layout: {
      ...Object.fromEntries(axes),
      annotations,
      showlegend: false,
      hovermode: "x unified",
      uirevision: charts.map(({ title }) => title).join(),
      height: heightPx,
      margin: look.isFile ? { ...MARGIN, t: FILE_TOP_PX } : MARGIN,
    },
  };
}
