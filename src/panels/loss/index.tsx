import { useMemo, useState } from "react";
import { currentMethod, isActive } from "../../app/jobReducer.ts";
import { groupsOf } from "../../app/metricGroups.ts";
import { getResults, type LossCurves } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { Empty } from "../../ui/PanelFrame.tsx";
import { PlotlyChart } from "../../ui/PlotlyChart.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";
import { chartsOf } from "./charts.ts";

/** Three redraws a second: faster than anybody reads a curve, slow enough to leave the processor to the training. */
const REDRAW_EVERY_MS = 330;

const NO_CURVES: LossCurves = { step: [], values: {} };

interface ChoicesProps {
  label: string;
  options: readonly { id: string; title: string }[];
  chosen: string;
  onChoose(id: string): void;
}

function Choices({ label, options, chosen, onChoose }: ChoicesProps) {
  return (
    <label>
      {label}{" "}
      <select value={chosen} onChange={(event) => onChoose(event.target.value)} data-testid={`training-${label}`}>
        {options.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Training() {
  const version = useThrottledVersion("loss", REDRAW_EVERY_MS);
  const methods = useRun((state) => state.methods);
  const atWork = useRun(({ job }) => (isActive(job) ? currentMethod(job) : null));
  const [chosenMethod, setMethod] = useState<string | null>(null);
  const [chart, setChart] = useState("all");
  const { curves } = getResults();
  const known = Object.keys(curves);
  const isKnown = (id: string | null) => id !== null && known.includes(id);
  const method = isKnown(atWork) ? atWork : isKnown(chosenMethod) ? chosenMethod : (known.at(-1) ?? null);
  const shown = curves[method ?? ""] ?? NO_CURVES;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the curves grow in place, the version says that they did
  const { groups, data, layout } = useMemo(() => {
    const all = groupsOf(shown);
    const wanted = all.filter(({ id }) => id === chart);
    return { groups: all, ...chartsOf(wanted.length > 0 ? wanted : all, shown) };
  }, [version, shown, chart]);
  if (groups.length === 0)
    return <Empty>Run the recipe, and what the training makes better is drawn here, step by step.</Empty>;
  const titleOf = (id: string) => methods?.find((one) => one.id === id)?.title ?? id;
  return (
    <div className="panel-body">
      {(known.length > 1 || groups.length > 1) && (
        <div className="panel-toolbar">
          {known.length > 1 && (
            <Choices
              label="of"
              options={known.map((id) => ({ id, title: titleOf(id) }))}
              chosen={method ?? ""}
              onChoose={setMethod}
            />
          )}
          {groups.length > 1 && (
            <Choices
              label="show"
              options={[{ id: "all", title: "all curves" }, ...groups]}
              chosen={chart}
              onChoose={setChart}
            />
          )}
        </div>
      )}
      <PlotlyChart
        data={data}
        layout={layout}
        label={`Over training steps: ${groups.map(({ title }) => title).join(", ")}.`}
        testId="loss-chart"
      />
    </div>
  );
}

export const loss: PanelDef = {
  id: "loss",
  title: "Training",
  help: "What the training makes smaller, its terms, and what tells whether that is good. A loss should fall fast and then level off. ρ̄ says how alike the time bins of a block are after correction: repeatability, not accuracy. Training far above validation: the network learns this stretch by heart. Red dots are steps whose gradient was cut.",
  place: { beside: "activity", where: "within" },
  frontOnTraining: "any",
  component: Training,
};
