import { type CheckRow, checksOf } from "../../app/checks.ts";
import { IDLE_STEP } from "../../app/jobReducer.ts";
import { trainsNetwork } from "../../app/recipeSteps.ts";
import { getResults, useResultVersion } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { Gate } from "../../ui/Gate.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useThrottledVersion } from "../../ui/useThrottledVersion.ts";
import "./checks.css";
import { Published } from "./Published.tsx";

const REDRAW_EVERY_MS = 500;

function decimals(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "–";
}

function Rows({ title, rows }: { title: string; rows: readonly CheckRow[] }) {
  if (rows.length === 0) return null;
  return (
    <table className="checks-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">start</th>
          <th scope="col">now</th>
          <th scope="col" className="checks-about">
            how to read it
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, title: name, unit, start, now, digits, about }) => (
          <tr key={id}>
            <th scope="row">
              {name} {unit && <span className="muted">({unit})</span>}
            </th>
            <td>{decimals(start, digits)}</td>
            <td data-testid={`check-${id}`}>{decimals(now, digits)}</td>
            <td className="checks-about muted">{about}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Checks() {
  useThrottledVersion("loss", REDRAW_EVERY_MS);
  useResultVersion("run");
  const methods = useRun((state) => state.methods);
  const steps = useRun((state) => state.job.steps);
  const joint = methods?.find((method) => trainsNetwork(method) && method.gives.includes("motion"));
  const curves = getResults().curves[joint?.id ?? ""];
  const step = steps[joint?.id ?? ""] ?? IDLE_STEP;
  const verdict = getResults().outcomes[joint?.id ?? ""]?.gate ?? step.gate;
  const checks = checksOf(curves ?? { step: [], values: {} });
  const isEmpty = checks.free.length + checks.true.length === 0 && !verdict;
  if (isEmpty)
    return (
      <div className="checks" data-testid="checks">
        <Empty>
          The joint optimisation fills this panel: what tells whether the fine-tuned network is better, or has learned
          to please its own loss.
        </Empty>
        <Published />
      </div>
    );
  return (
    <div className="checks" data-testid="checks">
      {verdict && <Gate verdict={verdict} isFinal={step.state === "done" || step.state === "cancelled"} />}
      <Rows title="Against the truth of the simulation" rows={checks.true} />
      <Rows title="Without a truth" rows={checks.free} />
      <p className="muted">
        ρ̄ here is a mean over blocks of the training grid; the whole session’s, with its grid, stands in the panel
        Correlation. Numbers of different grids cannot be compared.
      </p>
      <Published />
    </div>
  );
}

export const checks: PanelDef = {
  id: "checks",
  title: "Checks",
  help: "What a fine-tuned network is held to before it takes the place of the one it started from. A network that squeezes positions together raises ρ̄ without being any better: its spreads fall, and the correction stops mattering. H̄ is an alarm and no score. Where the truth is known, errors against it stand first.",
  place: { beside: "loss", where: "within" },
  component: Checks,
};
