import type { Config, Data, Layout } from "plotly.js";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useView } from "../app/viewStore.ts";
import { loadPlotly, type PlotlyModule } from "./plotly.ts";

export type { Data, Layout };

/** What a chart is drawn for. */
export interface ChartLook {
  theme: "dark" | "light";
  widthPx: number;
  heightPx: number;
  /** it stands alone in a file, without the page around it */
  isFile: boolean;
}

export interface Chart {
  data: Data[];
  layout: Partial<Layout>;
}

export interface ChartHandle {
  /** the chart as it is zoomed now, light; "" while nothing is drawn */
  svg(): Promise<string>;
}

interface PlotlyChartProps {
  /** drawn again when this is another function; zooms stay while the layout's `uirevision` does */
  chartOf(look: ChartLook): Chart;
  label: string;
  testId: string;
  ref?: Ref<ChartHandle>;
}

const CONFIG: Partial<Config> = {
  displaylogo: false,
  displayModeBar: true,
  responsive: false,
  // no value leaves the page
  showSendToCloud: false,
  plotlyServerURL: "",
  // a tip would lie outside the page's landmarks
  showTips: false,
  // files are saved by buttons of the page, light as every other picture
  modeBarButtonsToRemove: ["lasso2d", "select2d", "toImage"],
};

/** Least size of a chart in a file. */
const FILE_PX = { width: 900, height: 480 };

const axisNames = (layout: object) => Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));

/** Values of the page's CSS variables in a theme, so that a colour is written down once. */
function variablesOf(theme: ChartLook["theme"], host: HTMLElement): { font: string; of(name: string): string } {
  const element = host.appendChild(document.createElement("span"));
  element.dataset.theme = theme;
  const style = getComputedStyle(element);
  const names = ["--line", "--line-strong", "--text", "--muted", "--surface", "--raised"];
  const values = new Map(names.map((name) => [name, style.getPropertyValue(name).trim()]));
  const font = style.fontFamily;
  element.remove();
  return { font, of: (name) => values.get(name) ?? "" };
}

function themed({ data, layout }: Chart, look: ChartLook, host: HTMLElement): Chart {
  const { font, of } = variablesOf(look.theme, host);
  const axis = { gridcolor: of("--line"), zerolinecolor: of("--line-strong"), linecolor: of("--line-strong") };
  const own = new Map(Object.entries(layout));
  const colours: Partial<Layout> = {
    paper_bgcolor: of("--surface"),
    plot_bgcolor: of("--surface"),
    font: { family: font, size: 11, color: of("--text") },
    hoverlabel: { bgcolor: of("--raised"), bordercolor: of("--line-strong"), font: { color: of("--text") } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: of("--muted"), activecolor: of("--text") },
  };
  const axes = Object.fromEntries(axisNames(layout).map((name) => [name, { ...axis, ...own.get(name) }]));
  // a chart may be higher than its place, which then scrolls
  const size = { width: look.widthPx, height: layout.height ?? look.heightPx };
  return { data, layout: { ...layout, ...axes, ...colours, ...size } };
}

/** A layout whose axes show what those of `drawn` show. */
function zoomedLike(layout: Partial<Layout>, drawn: object): Partial<Layout> {
  const now = new Map(Object.entries(drawn));
  const own = new Map(Object.entries(layout));
  const axes = axisNames(layout).map((name) => [name, { ...own.get(name), range: now.get(name)?.range }]);
  return { ...layout, ...Object.fromEntries(axes) };
}

/** Plotly once it is loaded. Throws while rendering what made it fail, so that the panel's own boundary shows it. */
function usePlotly(): { plotly: PlotlyModule | null; fail(error: unknown): void } {
  const [plotly, setPlotly] = useState<PlotlyModule | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
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
  return { plotly, fail: setFailure };
}

/** A plotly chart that fills its parent. plotly.js is loaded by the first one; the sentence stands until then. */
export function PlotlyChart({ chartOf, label, testId, ref }: PlotlyChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const theme = useView((state) => state.theme);
  const { plotly, fail } = usePlotly();
  const [[widthPx, heightPx], setSize] = useState<readonly [width: number, height: number]>([0, 0]);
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
  useEffect(() => {
    const element = host.current;
    if (!plotly || !element || widthPx === 0 || heightPx === 0) return;
    const look: ChartLook = { theme, widthPx, heightPx, isFile: false };
    const { data, layout } = themed(chartOf(look), look, element);
    plotly.react(element, data, layout, CONFIG).catch(fail);
  }, [plotly, fail, chartOf, theme, widthPx, heightPx]);
  useImperativeHandle(ref, () => ({
    svg: async () => {
      const element: (HTMLElement & { layout?: object }) | null = host.current;
      if (!plotly || !element?.layout) return "";
      const look: ChartLook = {
        theme: "light",
        widthPx: Math.max(widthPx, FILE_PX.width),
        heightPx: Math.max(heightPx, FILE_PX.height),
        isFile: true,
      };
      const { data, layout } = themed(chartOf(look), look, element);
      const figure = { data, layout: zoomedLike(layout, element.layout), config: CONFIG };
      const { width = look.widthPx, height = look.heightPx } = layout;
      return plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true });
    },
  }));
  return (
    <section className="chart" aria-label={label} data-testid={testId}>
      <div ref={host} className="chart-host" />
      {!plotly && <p className="empty">Loading the charts…</p>}
    </section>
  );
}
