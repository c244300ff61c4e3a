import { memo, useEffect, useRef } from "react";
import { useBrush } from "../../app/brush.ts";
import { formatCount } from "../../app/format.ts";
import { decimals } from "../../app/spikeFacts.ts";
import {
  chooseLabel,
  chooseUnit,
  isHighlighting,
  labelsOf,
  listedUnits,
  type UnitOrder,
  useUnits,
} from "../../app/units.ts";
import { useView } from "../../app/viewStore.ts";
import type { UnitRow } from "../../protocol/units.ts";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import { useUnitDrifts } from "../../ui/useUnitDrifts.ts";
import "./units.css";

const ORDERS: readonly { order: UnitOrder; title: string }[] = [
  { order: "depth", title: "by depth" },
  { order: "spikes", title: "by spikes" },
  { order: "number", title: "by number" },
  { order: "drift", title: "by drift left" },
];

const ALL = "";

function Tools() {
  const { rows, order, label, follows } = useUnits();
  const labels = labelsOf(rows);
  return (
    <div className="panel-toolbar">
      <select
        value={order}
        onChange={(event) => useUnits.setState({ order: event.target.value as UnitOrder })}
        aria-label="Order of the units"
        data-testid="unit-order"
      >
        {ORDERS.map(({ order: one, title }) => (
          <option key={one} value={one}>
            {title}
          </option>
        ))}
      </select>
      {labels.length > 0 && (
        <select
          value={label ?? ALL}
          onChange={(event) => void chooseLabel(event.target.value === ALL ? null : event.target.value)}
          title="Units of one label alone: they are listed, and their spikes stand out in every picture"
          aria-label="Label of the units"
          data-testid="unit-label"
        >
          <option value={ALL}>all {formatCount(rows.length)}</option>
          {labels.map(({ label: one, nUnits }) => (
            <option key={one} value={one}>
              only {one} ({formatCount(nUnits)})
            </option>
          ))}
        </select>
      )}
      <label title="While colours say units, a click on a spike of any picture makes its unit stand out">
        <input
          type="checkbox"
          checked={follows}
          onChange={(event) => useUnits.setState({ follows: event.target.checked })}
        />{" "}
        click highlights
      </label>
    </div>
  );
}

interface RowProps {
  row: UnitRow;
  theme: "dark" | "light";
  isFollowed: boolean;
  isLit: boolean;
  /** stands in the place of its depth; absent where that stands there */
  leftUm?: number;
}

const Row = memo(function Row({ row, theme, isFollowed, isLit, leftUm }: RowProps) {
  const { id, label, nSpikes, depthUm, colour } = row;
  const own = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isFollowed) own.current?.scrollIntoView({ block: "nearest" });
  }, [isFollowed]);
  return (
    <li>
      <button
        ref={own}
        type="button"
        className={isFollowed ? "unit-row followed" : "unit-row"}
        aria-pressed={isLit}
        aria-current={isFollowed || undefined}
        title="Follow this unit, and let its spikes stand out; shift adds it to those that do"
        onClick={(event) => void chooseUnit(id, event.shiftKey)}
        data-testid={`unit-${id}`}
      >
        <span className="unit-colour" style={{ background: colour[theme] }} />
        <span className="unit-id">{id}</span>
        <span className="unit-said">{label}</span>
        <span>{leftUm === undefined ? decimals(depthUm, 0) : decimals(leftUm, 1)}</span>
        <span>{formatCount(nSpikes)}</span>
      </button>
    </li>
  );
});

/** Every unit with its colour: the legend of the pictures, and what is chosen from. */
function Units() {
  const state = useUnits();
  const theme = useView((view) => view.theme);
  const followed = useView((view) => view.unit);
  useBrush((brush) => brush.brushed);
  const isByDrift = state.order === "drift";
  useUnitDrifts(isByDrift);
  if (state.rows.length === 0)
    return <Empty>Open sorted spikes (Kilosort, phy and others), and their units are listed here.</Empty>;
  const lit = isHighlighting() ? new Set(state.highlighted.units) : new Set<number>();
  return (
    <div className="panel-body unit-list">
      <Tools />
      <p className="unit-head muted" aria-hidden="true">
        <span /> <span>unit</span> <span /> <span>{isByDrift ? "left" : "µm"}</span> <span>spikes</span>
      </p>
      <ul data-testid="unit-list">
        {listedUnits(state).map((row) => (
          <Row
            key={row.id}
            row={row}
            theme={theme}
            isFollowed={row.id === followed}
            isLit={lit.has(row.id)}
            {...(isByDrift ? { leftUm: state.leftUm.get(row.id) ?? Number.NaN } : {})}
          />
        ))}
      </ul>
    </div>
  );
}

export const unitsPanel: PanelDef = {
  id: "units",
  title: "Units",
  help: "The units of a sorting: the colour that each has in every picture, its number and label, the median depth of its spikes and how many there are. Click one, and its spikes stand out in every picture while the others are grey (shift adds it, a second click ends it, Esc too); the list of labels does the same for all good units, say. g and shift + g go to the next and the previous one. A number keeps its colour, neighbours on the probe get different ones, noise and spikes of no unit are grey; where a cell of a picture holds spikes of several units it has the colour of the one with the most. By drift left: units that move most after correction come first, each with the µm that it still moves (5th to 95th percentile of its running median; – for fewer than 100 spikes). Unit drift follows the chosen unit over time.",
  place: { beside: "probe", where: "within" },
  ofUnits: true,
  component: Units,
};
