import type { Config, Data, Layout } from "plotly.js";

/** The few functions of plotly.js that a chart needs, loaded when the first chart appears. */
export interface PlotlyModule {
  react(element: HTMLElement, data: Data[], layout: Partial<Layout>, config: Partial<Config>): Promise<unknown>;
  toImage(
    figure: { data: Data[]; layout: Partial<Layout>; config: Partial<Config> },
    options: { format: "svg"; width: number; height: number; imageDataOnly: true },
  ): Promise<string>;
  purge(element: HTMLElement): void;
}

let loading: Promise<PlotlyModule> | null = null;

/** plotly.js with scatter traces only, which its core always carries. */
export function loadPlotly(): Promise<PlotlyModule> {
  // parts of plotly.js look for Node's name of the global object
  if (!("global" in globalThis)) Object.assign(globalThis, { global: globalThis });
  loading ??= import("./plotlyCore.ts").then((module) => module.plotly);
  return loading;
}
