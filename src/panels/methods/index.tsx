import type { KeyboardEvent } from "react";
import { gridInWords } from "../../app/correlation.ts";
import { formatNumber } from "../../app/format.ts";
import { type Method, methodTitle, showMethod } from "../../app/methodGrid.ts";
import { type MethodScore, useMethodScores } from "../../app/methodScores.ts";
import { useSession } from "../../app/sessionStore.ts";
import { MethodControls } from "../../ui/MethodControls.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useMethodGrid } from "../../ui/useMethodGrid.ts";
import "./methods.css";

/** ρ̄ of a cell as it is read; "n/a" until it is known. */
function rhoText(score: MethodScore | undefined): string {
  return score && Number.isFinite(score.rho) ? formatNumber(score.rho) : "n/a";
}

/** "+0.12": what the correction adds to ρ̄ of the same positions; empty where either is not known. */
function gainText(score: MethodScore | undefined, raw: MethodScore | undefined): string {
  const gain = (score?.rho ?? Number.NaN) - (raw?.rho ?? Number.NaN);
  if (score === raw || !Number.isFinite(gain)) return "";
  return `${gain >= 0 ? "+" : ""}${formatNumber(gain, 2)}`;
}

interface CellProps {
  method: Method;
  raw: Method;
  isShown: boolean;
  place: { row: number; column: number };
}

function Cell({ method, raw, isShown, place }: CellProps) {
  const scores = useMethodScores((state) => state.scores);
  const isComputing = useMethodScores((state) => state.job?.key === method.key);
  const score = scores[method.key];
  const rho = rhoText(score);
  const gain = gainText(score, scores[raw.key]);
  const says = `${methodTitle(method)}, ρ̄ ${rho === "n/a" ? "not computed" : rho}`;
  return (
    <button
      type="button"
      className="method"
      aria-pressed={isShown}
      aria-label={says}
      title={score?.problem ?? `Show ${says} in every panel`}
      onClick={() => showMethod(method)}
      data-place={`${place.row} ${place.column}`}
      data-testid={`method-${place.row}-${place.column}`}
    >
      <span className="method-rho">{isComputing ? "…" : `ρ̄ ${rho}`}</span>
      {gain && <span className="method-gain">{gain}</span>}
    </button>
  );
}

const STEPS: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows move among the cells, and not through the recording as everywhere else. */
function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const from = event.target instanceof HTMLElement ? event.target.dataset.place : undefined;
  if (!step || !from) return;
  event.preventDefault();
  event.nativeEvent.stopPropagation();
  const [row, column] = from.split(" ").map(Number);
  const next = `[data-place="${row + step[0]} ${column + step[1]}"]`;
  event.currentTarget.querySelector<HTMLElement>(next)?.focus();
}

function Table() {
  const { rows, columns, cells, shownKey } = useMethodGrid();
  return (
    <table className="methods" onKeyDown={moveFocus} data-testid="methods">
      <thead>
        <tr>
          <td />
          {columns.map(({ motionId, title }) => (
            <th key={motionId ?? "raw"} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ positions, title }, row) => (
          <tr key={positions ?? ""}>
            <th scope="row">{title}</th>
            {columns.map(({ motionId }, column) => {
              const method = cells[row * columns.length + column];
              return (
                <td key={motionId ?? "raw"}>
                  <Cell
                    method={method}
                    raw={cells[row * columns.length]}
                    isShown={method.key === shownKey}
                    place={{ row, column }}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the numbers rest on; they all rest on the same. */
function Grid() {
  const { cells } = useMethodGrid();
  const scores = useMethodScores((state) => state.scores);
  const grid = cells.map(({ key }) => scores[key]?.grid).find((one) => one);
  if (!grid) return <p className="panel-note">ρ̄ has not been computed yet.</p>;
  return (
    <p className="panel-note">{gridInWords(grid)} ρ̄ measures repeatability, not accuracy; + is what the motion adds.</p>
  );
}

function Methods() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const title = useSession((state) => state.spikes?.title ?? "");
  if (!hasSpikes)
    return <Empty>Spikes fill this panel: every set of positions with every motion, and a click shows another.</Empty>;
  return (
    <div className="panel-body methods-panel">
      <div className="panel-toolbar">
        <MethodControls withMatrices={false} panelId="methods" />
        <span className="grow" />
        <span>{title}</span>
      </div>
      <Table />
      <Grid />
    </div>
  );
}

export const methods: PanelDef = {
  id: "methods",
  title: "Methods",
  help: "A row for each set of positions, a column for each shown motion; raw is without any. A click, or Enter, shows that pair in every panel at once and leaves the ranges as they are, so that what changes is the method alone; arrow keys move between the cells. ρ̄ says how alike the time bins are, all on the same grid, and + what the motion adds to it: repeatability, not accuracy. The controls in Compare, Scores, tell whether to believe it.",
  place: { beside: "compare", where: "within" },
  component: Methods,
};
