import { useEffect, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { currentMethod, isActive } from "../../app/jobReducer.ts";
import { getResults, type LossCurves } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { notifyError, useSession } from "../../app/sessionStore.ts";
import { chartChoices, chosenGroups, trainingCharts } from "../../app/trainingCharts.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";

/** Four redraws a second: faster than anybody reads a curve. */
const REDRAW_EVERY_MS = 250;

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

/** The method whose curves are shown: the one at work, else the one a person chose, else the newest. */
function useShownMethod(chosen: string | null): string | null {
  const atWork = useRun(({ job }) => (isActive(job) ? currentMethod(job) : null));
  const known = Object.keys(getResults().curves);
  return [atWork, chosen].find((id) => id !== null && known.includes(id)) ?? known.at(-1) ?? null;
}

function Training() {
  const version = useThrottledVersion("loss", REDRAW_EVERY_MS);
  const methods = useRun((state) => state.methods);
  const generation = useSession((state) => state.paintGeneration);
  const [chosenMethod, setMethod] = useState<string | null>(null);
  const [choice, setChoice] = useState("overview");
  const method = useShownMethod(chosenMethod);
  const { curves } = getResults();
  const known = Object.keys(curves);
  const shown = curves[method ?? ""] ?? NO_CURVES;
  const { groups, options } = chartChoices(shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: curves grow in place, and a new paint worker has none
  useEffect(() => {
    const charts = trainingCharts(chosenGroups(chartChoices(shown).groups, choice), shown);
    withPaint((paint) => paint.setTraining(charts)).catch(notifyError);
  }, [version, shown, choice, generation]);
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
          {groups.length > 1 && <Choices label="show" options={options} chosen={choice} onChoose={setChoice} />}
        </div>
      )}
      <CanvasHost
        kind="training"
        label={`Over training steps: ${groups.map(({ title, unit }) => (unit ? `${title} in ${unit}` : title)).join(", ")}.`}
      />
    </div>
  );
}

export const loss: PanelDef = {
  id: "loss",
  title: "Training",
  help: "What the training makes smaller, its terms, and what tells whether that is good. A loss should fall fast and then level off. ρ̄ says how alike the time bins of a block are after correction: repeatability, not accuracy. Training far above validation: the network learns this stretch by heart. Red marks are steps whose gradient was cut.",
  place: { beside: "activity", where: "within" },
  frontOnTraining: "any",
  component: Training,
};
