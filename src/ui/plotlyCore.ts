import core from "plotly.js/lib/core";
import type { PlotlyModule } from "./plotly.ts";

/** The core bundle of plotly.js: scatter traces and nothing else. Import it through loadPlotly only. */
export const plotly: PlotlyModule = core;
