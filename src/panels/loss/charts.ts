import { clippedSteps, type MetricGroup, pointsOf } from "../../app/metricGroups.ts";
import type { LossCurves } from "../../app/results.ts";
import type { Data, Layout } from "../../ui/PlotlyChart.tsx";
import { thin } from "../../ui/thin.ts";

/** Points per curve on screen; a chart is not wider than this in px. */
const MAX_POINTS = 1500;

const COLOURS = ["#6cb2f2", "#f2a154", "#9a70f5", "#6fcf97", "#e77fb3"];
const BASELINE = "#8d96a5";
const CLIPPED = "#e5534b";

/** Room between two charts, as a share of the whole. */
const GAP_X = 0.07;
const GAP_Y = 0.2;

interface Place {
  /** "" for the first chart, then "2", "3", …: how plotly numbers axes */
  key: string;
  x: [number, number];
  y: [number, number];
}

/** Places of n charts in rows of up to three, top row first, as shares of the drawing. */
export function placesOf(n: number): Place[] {
  const columns = n <= 3 ? n : Math.ceil(n / Math.ceil(n / 3));
  const rows = Math.ceil(n / columns);
  const width = (1 - GAP_X * (columns - 1)) / columns;
  const height = (1 - GAP_Y * (rows - 1)) / rows - (rows === 1 ? 0.06 : 0.03);
  return Array.from({ length: n }, (_, i) => {
    const left = (i % columns) * (width + GAP_X);
    const top = 1 - Math.floor(i / columns) * (height + GAP_Y) - 0.08;
    return { key: i === 0 ? "" : String(i + 1), x: [left, left + width], y: [Math.max(0, top - height), top] };
  });
}

function tracesOf(group: MetricGroup, curves: LossCurves, key: string): Data[] {
  const axes = { xaxis: `x${key}`, yaxis: `y${key}` };
  const isSparse = (n: number) => n < 40;
  const lines = group.curves.map(({ name, label, isBaseline }, i): Data => {
    const { x, y } = pointsOf(curves, name);
    const line = isBaseline
      ? { width: 1.4, color: BASELINE, dash: "dash" as const }
      : { width: i === 0 ? 1.8 : 1.3, color: COLOURS[i % COLOURS.length] };
    const mode = isSparse(x.length) && !isBaseline ? "lines+markers" : "lines";
    const drawn = { x: thin(x, MAX_POINTS), y: thin(y, MAX_POINTS) };
    return { type: "scatter", mode, name: label, ...drawn, ...axes, line, marker: { size: 4 } } as Data;
  });
  if (group.id !== "gradient") return lines;
  const { x, y } = clippedSteps(curves);
  if (x.length === 0) return lines;
  const marker = { size: 4, color: CLIPPED };
  return [
    ...lines,
    {
      type: "scatter",
      mode: "markers",
      name: "clipped",
      x: thin(x, MAX_POINTS),
      y: thin(y, MAX_POINTS),
      ...axes,
      marker,
    },
  ] as Data[];
}

/** "ρ̄ of a block: training validation", each word in the colour of its curve. */
function titleOf(group: MetricGroup, isClipped: boolean): string {
  const unit = group.unit ? ` (${group.unit})` : "";
  const words = group.curves.map(({ label, isBaseline }, i) => {
    const colour = isBaseline ? BASELINE : COLOURS[i % COLOURS.length];
    return `<span style="color:${colour}">${label}</span>`;
  });
  if (isClipped) words.push(`<span style="color:${CLIPPED}">● clipped</span>`);
  const legend = group.curves.length > 1 || isClipped ? `  ${words.join(" · ")}` : "";
  return `<b>${group.title}</b>${unit}${legend}`;
}

/** Small charts beside each other, one per group, over the steps of the training. */
export function chartsOf(
  groups: readonly MetricGroup[],
  curves: LossCurves,
): { data: Data[]; layout: Partial<Layout> } {
  const places = placesOf(groups.length);
  const layout: Record<string, unknown> = { showlegend: false, hovermode: "x unified", uirevision: "training" };
  layout.annotations = groups.map((group, i) => ({
    text: titleOf(group, group.id === "gradient" && clippedSteps(curves).x.length > 0),
    xref: "paper",
    yref: "paper",
    x: places[i].x[0],
    y: places[i].y[1],
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    font: { size: 11 },
  }));
  for (const [i, group] of groups.entries()) {
    const { key, x, y } = places[i];
    const isLowest = !places.some((other, j) => j > i && other.x[0] === x[0]);
    layout[`xaxis${key}`] = {
      domain: x,
      anchor: `y${key}`,
      nticks: 5,
      ...(isLowest ? { title: { text: "step", standoff: 4 } } : {}),
    };
    layout[`yaxis${key}`] = {
      domain: y,
      anchor: `x${key}`,
      nticks: 5,
      ...(group.fromZero ? { rangemode: "tozero" } : {}),
    };
  }
  const data = groups.flatMap((group, i) => tracesOf(group, curves, places[i].key));
  return { data, layout: layout as Partial<Layout> };
}
