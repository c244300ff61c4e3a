import { useState } from "react";
import { truthOf, useMotions } from "../../app/motions.ts";
import { undoRemoveRun, useRuns } from "../../app/runList.ts";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { RunComparison } from "./Comparison.tsx";
import { RunRow } from "./RunRow.tsx";
import "./runs.css";

function Undo() {
  const removed = useRuns((state) => state.removed);
  if (!removed) return null;
  return (
    <p className="runs-undo" role="status">
      “{removed.entry.title}” was removed.{" "}
      <button type="button" className="button" onClick={undoRemoveRun} data-testid="undo-remove-run">
        Undo
      </button>
    </p>
  );
}

function Runs() {
  const { runs, shownId } = useRuns();
  const truth = useMotions(truthOf);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  if (runs.length === 0)
    return (
      <div className="panel-body runs">
        <Undo />
        <Empty>Run the recipe, or drop a run directory saved earlier, and each run stands here with its numbers.</Empty>
      </div>
    );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const compared = runs.filter(({ id }) => chosen.has(id));
  return (
    <div className="panel-body runs">
      <Undo />
      <div className="runs-scroll">
        <table className="runs-table" data-testid="runs-table">
          <thead>
            <tr>
              <th scope="col">compare</th>
              <th scope="col" className="runs-name">
                Run
              </th>
              <th scope="col">spikes</th>
              <th scope="col" title="Mean correlation of corrected time bins: repeatability, not accuracy">
                ρ̄
              </th>
              {truth && (
                <th scope="col" title={`RMS difference of its motion from ${truth.title}`}>
                  RMS to truth (µm)
                </th>
              )}
              <th scope="col">seed</th>
            </tr>
          </thead>
          <tbody>
            {runs.toReversed().map((run) => (
              <RunRow
                key={run.id}
                run={run}
                isShown={run.id === shownId}
                isChosen={chosen.has(run.id)}
                truth={truth?.motion ?? null}
                onChoose={() => toggle(run.id)}
              />
            ))}
          </tbody>
        </table>
        {compared.length > 1 ? (
          <RunComparison runs={compared} truth={truth?.motion ?? null} />
        ) : (
          <p className="muted runs-hint">Tick two or more runs to see where their numbers and parameters differ.</p>
        )}
      </div>
    </div>
  );
}

export const runs: PanelDef = {
  id: "runs",
  title: "Runs",
  help: "Every run over the open data, newest first, also those of earlier visits and of run directories that were dropped. Show puts what a run found back on screen: its spikes, positions, curves and motion; motions made since stay in the list. ρ̄ says how repeatable the corrected time bins are, not how right; RMS to the truth does, where one is marked. A run is made again from its recipe with the same seed.",
  place: { beside: "loss", where: "within" },
  component: Runs,
};
