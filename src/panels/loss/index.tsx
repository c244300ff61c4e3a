import { useEffect, useMemo, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { currentMethod, isActive } from "../../app/jobReducer.ts";
import { lossInWords, paramsShown } from "../../app/lossWeights.ts";
import type { Drafts } from "../../app/recipeForm.ts";
import { getResults, type LossCurves } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { notifyError, useSession } from "../../app/sessionStore.ts";
import {
  chartChoices,
  chosenGroups,
  curvesAsCsv,
  MAX_POINTS_EXPLORED,
  trainingCharts,
} from "../../app/trainingCharts.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";
import { Explore } from "./Explore.tsx";
import "./loss.css";

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

/** Whether the curves are being explored: never while a job is at work, whose page is to stay free. */
function useExploring(): { exploring: boolean; isBusy: boolean; setExploring(on: boolean): void } {
  const isBusy = useRun(({ job }) => isActive(job));
  const [wanted, setExploring] = useState(false);
  useEffect(() => {
    if (isBusy) setExploring(false);
  }, [isBusy]);
  return { exploring: wanted && !isBusy, isBusy, setExploring };
}

function ExploreButton({ exploring, isBusy, setExploring }: ReturnType<typeof useExploring>) {
  const about = isBusy
    ? "The curves are drawn live; explore them when the run has ended."
    : exploring
      ? "Back to the picture that follows a run"
      : "Read values, zoom, choose curves, save them";
  return (
    <button
      type="button"
      className="quiet outlined"
      disabled={isBusy}
      title={about}
      onClick={() => setExploring(!exploring)}
      data-testid={exploring ? "training-live" : "training-explore"}
    >
      {exploring ? "Live" : "Explore"}
    </button>
  );
}

/** The curves in plotly, as many of them as were chosen. */
function ExploredCurves({ curves, choice, version }: { curves: LossCurves; choice: string; version: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: curves grow in place
  const { groups, charts } = useMemo(() => {
    const chosen = chosenGroups(chartChoices(curves).groups, choice);
    return { groups: chosen, charts: trainingCharts(chosen, curves, MAX_POINTS_EXPLORED) };
  }, [curves, choice, version]);
  return <Explore charts={charts} csv={() => curvesAsCsv(groups, curves)} />;
}

const NO_DRAFTS: Drafts = {};

/** The loss of a method in words with its weights; null where it has none that are told. */
function useLossWords(id: string | null): string | null {
  const method = useRun((state) => state.methods?.find((one) => one.id === id));
  const drafts = useRun((state) => state.drafts[id ?? ""] ?? NO_DRAFTS);
  const isAtWork = useRun(({ job }) => isActive(job) && currentMethod(job) === id);
  const ended = getResults().outcomes[id ?? ""]?.params;
  return lossInWords(paramsShown(method, ended, drafts, isAtWork));
}

function Training() {
  const version = useThrottledVersion("loss", REDRAW_EVERY_MS);
  const methods = useRun((state) => state.methods);
  const generation = useSession((state) => state.paintGeneration);
  const [chosenMethod, setMethod] = useState<string | null>(null);
  const [choice, setChoice] = useState("overview");
  const method = useShownMethod(chosenMethod);
  const explore = useExploring();
  const { curves } = getResults();
  const known = Object.keys(curves);
  const shown = curves[method ?? ""] ?? NO_CURVES;
  const { groups, options } = chartChoices(shown);
  const words = useLossWords(method);
  // biome-ignore lint/correctness/useExhaustiveDependencies: curves grow in place, and a new paint worker has none
  useEffect(() => {
    const chosen = chosenGroups(chartChoices(shown).groups, choice);
    const named = chosen.map((group) =>
      words && group.id === "loss" ? { ...group, title: `Loss = ${words}` } : group,
    );
    const charts = trainingCharts(named, shown);
    withPaint((paint) => paint.setParts({ training: charts })).catch(notifyError);
  }, [version, shown, choice, generation, words]);
  if (groups.length === 0)
    return <Empty>Run the recipe, and what the training makes better is drawn here, step by step.</Empty>;
  const titleOf = (id: string) => methods?.find((one) => one.id === id)?.title ?? id;
  return (
    <div className="panel-body">
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
        {words && <span data-testid="loss-weights">loss = {words}</span>}
        <span className="grow" />
        <ExploreButton {...explore} />
      </div>
      {explore.exploring ? (
        <ExploredCurves curves={shown} choice={choice} version={version} />
      ) : (
        <CanvasHost
          kind="training"
          label={`Over training steps: ${groups.map(({ title, unit }) => (unit ? `${title} in ${unit}` : title)).join(", ")}.`}
        />
      )}
    </div>
  );
}

export const loss: PanelDef = {
  id: "loss",
  title: "Training",
  help: "What the training makes smaller, its terms, and what tells whether that is good. A loss should fall fast and then level off. ρ̄ says how alike the time bins of a block are after correction: repeatability, not accuracy. Training far above validation: the network learns this stretch by heart. Red marks are steps whose gradient was cut. When a run has ended, Explore gives the values under the pointer, zoom and files.",
  place: { beside: "activity", where: "within" },
  frontOnTraining: "any",
  component: Training,
};
