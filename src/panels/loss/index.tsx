import { useMemo } from "react";
import { getResults } from "../../app/results.ts";
import { Empty } from "../../ui/PanelFrame.tsx";
import { type Data, type Layout, PlotlyChart } from "../../ui/PlotlyChart.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { thin } from "../../ui/thin.ts";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";

/** Five redraws a second: faster than anybody reads a curve, slow enough to leave the processor to the training. */
const REDRAW_EVERY_MS = 200;
/** Points per curve on screen; a chart is not wider than this in px. */
const MAX_POINTS = 1500;

const COLOURS = ["#6cb2f2", "#f2a154", "#9a70f5", "#6fcf97", "#e77fb3"];

/** What MEDiCINe's curves are called on screen, as in its figure; a curve of another name is shown under its own. */
const NAMES: Record<string, string> = { loss: "Total", loss_real: "Real spikes", loss_fake: "Random spikes" };

const LAYOUT: Partial<Layout> = {
  xaxis: { title: { text: "Training step" } },
  yaxis: { title: { text: "Loss (nats)" }, rangemode: "tozero" },
  showlegend: true,
  legend: { orientation: "h", y: 1.12, x: 0 },
  hovermode: "x unified",
  uirevision: "loss",
};

function Loss() {
  const version = useThrottledVersion("loss", REDRAW_EVERY_MS);
  const { loss } = getResults();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the curves grow in place, the version says that they did
  const data = useMemo(() => {
    const x = thin(loss.step, MAX_POINTS);
    return Object.entries(loss.values).map(
      ([name, values], i): Data => ({
        type: "scatter",
        mode: "lines",
        name: NAMES[name] ?? name.replaceAll("_", " "),
        x,
        y: thin(values, MAX_POINTS),
        line: { width: i === 0 ? 1.8 : 1.2, color: COLOURS[i % COLOURS.length] },
      }),
    );
  }, [version, loss]);
  if (loss.step.length === 0)
    return <Empty>Run the recipe, and the loss and its terms are drawn here, step by step.</Empty>;
  return (
    <PlotlyChart data={data} layout={LAYOUT} label="Loss and its terms over training steps." testId="loss-chart" />
  );
}

export const loss: PanelDef = {
  id: "loss",
  title: "Loss",
  help: "What the training makes smaller, and the terms it is the sum of. It should fall fast and then level off. Still falling at the end: more steps. Flat from the start: nothing was learned, see the advice under the step. Its absolute value means nothing across recordings.",
  place: { beside: "activity", where: "within" },
  component: Loss,
};
