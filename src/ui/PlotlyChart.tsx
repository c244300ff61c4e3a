import type { Config, Data, Layout } from "plotly.js";
import { useEffect, useRef, useState } from "react";
import { useView } from "../app/viewStore.ts";
import { loadPlotly, type PlotlyModule } from "./plotly.ts";

export type { Data, Layout };

interface PlotlyChartProps {
  data: Data[];
  layout: Partial<Layout>;
  label: string;
  testId?: string;
}

const CONFIG: Partial<Config> = {
  displaylogo: false,
  responsive: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d"],
};

/** Colours of a chart from the page's CSS variables, so that a theme is written down once. */
function themed(layout: Partial<Layout>, element: HTMLElement): Partial<Layout> {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    gridcolor: colour("--line"),
    zerolinecolor: colour("--line-strong"),
    linecolor: colour("--line-strong"),
  };
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return {
    ...layout,
    ...Object.fromEntries(axes.map(([name, own]) => [name, { ...axis, ...own }])),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: style.fontFamily, size: 12, color: colour("--text") },
    margin: { l: 52, r: 14, t: 12, b: 38 },
  };
}

/** A plotly chart that fills its parent. plotly.js is loaded by the first one; the sentence stands until then. */
export function PlotlyChart({ data, layout, label, testId }: PlotlyChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const theme = useView((state) => state.theme);
  const [plotly, setPlotly] = useState<PlotlyModule | null>(null);
  const [size, setSize] = useState<readonly [width: number, height: number]>([0, 0]);
  const [failure, setFailure] = useState<unknown>(null);
  // thrown while rendering so that the panel's own boundary shows it
  if (failure) throw failure;
  useEffect(() => {
    let gone = false;
    loadPlotly().then(
      (module) => {
        if (!gone) setPlotly(module);
      },
      (error: unknown) => {
        if (!gone) setFailure(error);
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => {
    const element = host.current;
    if (!plotly || !element) return;
    // a chart behind a tab has no size, and is drawn when it comes to the front
    const observer = new ResizeObserver(() => setSize([element.clientWidth, element.clientHeight]));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plotly.purge(element);
    };
  }, [plotly]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new CSS variables to read
  useEffect(() => {
    const element = host.current;
    const [width, height] = size;
    if (!plotly || !element || width === 0 || height === 0) return;
    plotly.react(element, data, { ...themed(layout, element), width, height }, CONFIG).catch(setFailure);
  }, [plotly, data, layout, theme, size]);
  return (
    <div className="chart" role="img" aria-label={label} data-testid={testId}>
      <div ref={host} className="chart-host" />
      {!plotly && <p className="empty">Loading the charts…</p>}
    </div>
  );
}
