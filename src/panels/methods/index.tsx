import { type KeyboardEvent, useState } from "react";
import { gridInWords } from "../../app/correlation.ts";
import { nameOfDataSet, useDataSets } from "../../app/dataSets.ts";
import { formatNumber } from "../../app/format.ts";
import { type Method, methodTitle, showMethod, stackedMethods, toggleStacked, useStack } from "../../app/methodGrid.ts";
import { type MethodScore, useMethodScores } from "../../app/methodScores.ts";
import { useSession } from "../../app/sessionStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { GridRoom } from "../../ui/GridRoom.tsx";
import { MethodControls } from "../../ui/MethodControls.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useMethodGrid } from "../../ui/useMethodGrid.ts";
import { MethodTable } from "./MethodTable.tsx";
import { OtherDataSets } from "./OtherDataSets.tsx";
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
  isStacked: boolean;
  place: { row: number; column: number };
}

function Cell({ method, raw, isShown, isStacked, place }: CellProps) {
  const scores = useMethodScores((state) => state.scores);
  const isComputing = useMethodScores((state) => state.job?.key === method.key);
  const score = scores[method.key];
  const rho = rhoText(score);
  const gain = gainText(score, scores[raw.key]);
  const says = `${methodTitle(method)}: ρ̄ ${isComputing ? "…" : rho}${gain ? ` ${gain}` : ""}`;
  const inStack = `${methodTitle(method)} in the stack`;
  return (
    <span className="method-cell">
      <button
        type="button"
        className="method"
        aria-pressed={isShown}
        title={score?.problem ?? `Show ${says} in every panel`}
        onClick={() => showMethod(method)}
        data-place={`${place.row} ${place.column}`}
        data-testid={`method-${place.row}-${place.column}`}
      >
        <span className="visually-hidden">{methodTitle(method)}, </span>
        <span className="method-rho">ρ̄ {isComputing ? "…" : rho}</span>{" "}
        {gain && <span className="method-gain">{gain}</span>}
      </button>
      <label className="method-stack" title={inStack}>
        <input
          type="checkbox"
          checked={isStacked}
          aria-label={inStack}
          onChange={() => toggleStacked(method)}
          data-testid={`stack-${place.row}-${place.column}`}
        />
        stack
      </label>
    </span>
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
  const grid = useMethodGrid();
  const { rows, columns, cells, shownKey } = grid;
  useStack();
  const stacked = stackedMethods(grid);
  return (
    <MethodTable rows={rows} columns={columns} onKeyDown={moveFocus} testId="methods">
      {(row, column) => {
        const method = cells[row * columns.length + column];
        return (
          <Cell
            method={method}
            raw={cells[row * columns.length]}
            isShown={method.key === shownKey}
            isStacked={stacked.has(method.key)}
            place={{ row, column }}
          />
        );
      }}
    </MethodTable>
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

/** Whose methods these are, where there are several data sets. */
function BlockTitle() {
  const { entries, activeId } = useDataSets();
  const active = entries.find(({ id }) => id === activeId);
  return entries.length > 1 && active ? <h3 className="methods-title">{nameOfDataSet(active)}, on screen</h3> : null;
}

/** Less than this per method says nothing; then the panel scrolls. */
const LEAST_STACKED_PX = 300;

function Stack() {
  const grid = useMethodGrid();
  useStack();
  const n = stackedMethods(grid).size;
  return (
    <GridRoom heightPx={n * LEAST_STACKED_PX}>
      <CanvasHost
        kind="projections-stack"
        label="The spikes from three sides, in µm, by several methods above each other, on the same ranges and in colours of one scale."
      />
    </GridRoom>
  );
}

const VIEWS = [
  { view: "numbers", title: "Numbers" },
  { view: "stack", title: "Stack" },
] as const;

function Methods() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const [view, setView] = useState<"numbers" | "stack">("numbers");
  if (!hasSpikes)
    return <Empty>Spikes fill this panel: every set of positions with every motion, and a click shows another.</Empty>;
  return (
    <div className="panel-body">
      <div className="panel-toolbar">
        <fieldset className="segments" aria-label="What to see of the methods">
          {VIEWS.map(({ view: one, title }) => (
            <button
              key={one}
              type="button"
              className="quiet outlined"
              aria-pressed={view === one}
              onClick={() => setView(one)}
              data-testid={`methods-${one}`}
            >
              {title}
            </button>
          ))}
        </fieldset>
        <MethodControls withMatrices={false} panelId="methods" />
      </div>
      {view === "stack" ? (
        <Stack />
      ) : (
        <div className="methods-panel">
          <BlockTitle />
          <Table />
          <Grid />
          <OtherDataSets />
        </div>
      )}
    </div>
  );
}

export const methods: PanelDef = {
  id: "methods",
  title: "Methods",
  help: "A row for each set of positions, a column for each shown motion; raw is without any. A click, or Enter, shows that pair in every panel at once and leaves the ranges as they are, so that what changes is the method alone; arrow keys move between the cells. ρ̄ says how alike the time bins are, all on the same grid, and + what the motion adds to it: repeatability, not accuracy. The controls in Compare, Scores, tell whether to believe it. Stack draws the ticked ones above each other, seen from three sides, on the same ranges and colours: what differs is the method.",
  place: { beside: "compare", where: "within" },
  component: Methods,
};
