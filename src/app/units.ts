import { create } from "zustand";
import { median } from "../core/motion.ts";
import type { BrushHow } from "../protocol/brush.ts";
import { amplitudeUnitOf, type Sorting } from "../protocol/datasets.ts";
import type { PickedSpike } from "../protocol/pictures.ts";
import type { UnitDrifts, UnitRow } from "../protocol/units.ts";
import { setBrush, useBrush } from "./brush.ts";
import { withPaint } from "./clients.ts";
import { formatCount } from "./format.ts";
import { getResults, subscribeResults } from "./results.ts";
import { notifyError, sortingOf, useSession } from "./sessionStore.ts";
import { followUnit, useView } from "./viewStore.ts";

/**
 * Units of a sorting. One of them is followed (`unit` of the view); spikes of some stand out in every picture, which is the brush at
 * work: what is highlighted here is brushed, and a line drawn around spikes afterwards is a brush like any other.
 */

export type UnitOrder = "depth" | "spikes" | "number" | "drift";

export interface UnitsState {
  /** from the tip of the probe upwards; empty where the spikes are not sorted */
  rows: readonly UnitRow[];
  order: UnitOrder;
  /** µm that each unit still moves: after correction where there is a motion; empty while nobody has asked */
  leftUm: ReadonlyMap<number, number>;
  /** all units together in words; empty while nobody has asked */
  summary: string;
  /** label of the units that are listed; null for all */
  label: string | null;
  /** a click on a spike, too, makes its unit stand out while colours say units */
  follows: boolean;
  /** numbers of the units that are brushed as such, and the rows that this came to */
  highlighted: { units: readonly number[]; rows: Int32Array | null };
}

const NONE: UnitsState["highlighted"] = { units: [], rows: null };

export const useUnits = create<UnitsState>(() => ({
  rows: [],
  order: "depth",
  leftUm: new Map(),
  summary: "",
  label: null,
  follows: true,
  highlighted: NONE,
}));

/** What amplitudes on screen are in. */
export function amplitudeUnitNow(): string {
  return amplitudeUnitOf(useSession.getState().spikes);
}

/** The same for a component. */
export function useAmplitudeUnit(): string {
  return useSession((state) => amplitudeUnitOf(state.spikes));
}

/** Unit of a spike, with what was said of it: "127 good"; null for a spike of none. */
export function unitInWords(index: number): string | null {
  const unit = getResults().spikes?.unit?.[index];
  if (unit === undefined || unit < 0) return null;
  const label = useSession.getState().spikes?.units?.find(({ id }) => id === unit)?.label;
  return label ? `${unit} ${label}` : String(unit);
}

/** The units in a list: those of the label, in its order. */
export function listedUnits({
  rows,
  order,
  label,
  leftUm,
}: Pick<UnitsState, "rows" | "order" | "label" | "leftUm">): UnitRow[] {
  const own = rows.filter((row) => label === null || row.label === label);
  if (order === "spikes") return own.sort((a, b) => b.nSpikes - a.nSpikes || a.id - b.id);
  if (order === "drift") return own.sort((a, b) => (leftUm.get(b.id) ?? -1) - (leftUm.get(a.id) ?? -1) || a.id - b.id);
  return order === "number" ? own.sort((a, b) => a.id - b.id) : own.reverse(); // the highest stands on top, as on the probe
}

/** Labels that units have, in alphabetical order, with their number of units. */
export function labelsOf(rows: readonly UnitRow[]): { label: string; nUnits: number }[] {
  const counts = new Map<string, number>();
  for (const { label } of rows) if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, nUnits]) => ({ label, nUnits }));
}

let lastQuestion = 0;

/** Make the spikes of these units stand out; with none, of nothing. Never rejects. */
export async function highlightUnits(units: readonly number[], how: BrushHow = "replace"): Promise<void> {
  const before = isHighlighting() ? useUnits.getState().highlighted.units : [];
  const own = how === "replace" ? [] : before.filter((unit) => !units.includes(unit));
  const next = how === "remove" ? own : [...own, ...units];
  const mine = ++lastQuestion;
  try {
    if (next.length === 0) {
      useUnits.setState({ highlighted: NONE });
      await setBrush(null);
    } else {
      const brushed = await withPaint((paint) => paint.brushUnits(next, "replace"));
      if (mine !== lastQuestion) return;
      useUnits.setState({ highlighted: { units: next, rows: brushed?.rows ?? null } });
      useBrush.setState({ brushed });
    }
  } catch (error) {
    notifyError(error);
  }
}

/** What is brushed is what was highlighted here. */
export function isHighlighting(): boolean {
  const { rows } = useUnits.getState().highlighted;
  return rows !== null && useBrush.getState().brushed?.rows === rows;
}

/** Follow a unit and make it stand out; once more, and nothing does. With `adds`, the others that stand out do still. */
export function chooseUnit(unit: number, adds = false): Promise<void> {
  const { units } = useUnits.getState().highlighted;
  const isOn = isHighlighting() && units.includes(unit);
  followUnit(unit);
  if (adds) return highlightUnits([unit], isOn ? "remove" : "add");
  return highlightUnits(isOn && units.length === 1 ? [] : [unit]);
}

/** Follow the next unit of the list, or the one before, and make it stand out. */
export function stepUnit(by: 1 | -1): void {
  const listed = listedUnits(useUnits.getState());
  const { unit } = useView.getState();
  const at = listed.findIndex(({ id }) => id === unit);
  const next = at < 0 ? listed.at(by > 0 ? 0 : -1) : listed[at + by];
  if (!next) return;
  followUnit(next.id);
  void highlightUnits([next.id]);
}

/** List units of a label alone, and make their spikes stand out; null lists all, and none does. */
export function chooseLabel(label: string | null): Promise<void> {
  useUnits.setState({ label });
  const units = useUnits.getState().rows.filter((row) => row.label === label);
  return highlightUnits(units.map(({ id }) => id));
}

/** A person has clicked a spike, or empty ground: where that was asked for, its unit stands out, or none does. */
export function highlightPicked(picked: PickedSpike | null): void {
  const { follows } = useUnits.getState();
  const { rasterColour } = useView.getState();
  const unit = picked ? getResults().spikes?.unit?.[picked.index] : undefined;
  const isOurs = useBrush.getState().brushed === null || isHighlighting();
  if (!follows || rasterColour !== "unit" || !isOurs) return;
  if (unit !== undefined && unit >= 0) void highlightUnits([unit]);
  else if (isHighlighting()) void highlightUnits([]);
}

/** "All 214 units with spikes enough: median drift 24.1 → 3.2 µm (scatter alone 2.9 µm); 201 move less after correction." */
export function summaryOf({ unit, rangeUm, corrected }: UnitDrifts): string {
  const um = (values: readonly number[]) => median(values).toFixed(1);
  const what = `All ${formatCount(unit.length)} units with spikes enough: median drift ${um(rangeUm)}`;
  if (unit.length === 0) return "No unit has spikes enough for a running median.";
  if (!corrected) return `${what} µm, as recorded.`;
  const nLess = corrected.rangeUm.filter((left, i) => left < rangeUm[i]).length;
  const scatter = `scatter alone ${um(corrected.scatterUm)} µm`;
  return `${what} → ${um(corrected.rangeUm)} µm (${scatter}); ${formatCount(nLess)} move less after correction.`;
}

/** Hold every unit against the motion on screen. Never rejects. */
export async function readUnitDrifts(): Promise<void> {
  try {
    const found = await withPaint((paint) => paint.unitDrifts());
    if (!found) return; // whoever changed spikes or motion asks again
    const left = found.corrected?.rangeUm ?? found.rangeUm;
    useUnits.setState({ leftUm: new Map(found.unit.map((unit, i) => [unit, left[i]])), summary: summaryOf(found) });
  } catch (error) {
    notifyError(error);
  }
}

async function readUnits(): Promise<void> {
  const { spikesGeneration, spikes } = getResults();
  if (!spikes?.unit) {
    useUnits.setState({ rows: [], label: null, highlighted: NONE, leftUm: new Map(), summary: "" });
    return;
  }
  try {
    const rows = await withPaint((paint) => paint.units());
    if (getResults().spikesGeneration !== spikesGeneration) return;
    const { label } = useUnits.getState();
    useUnits.setState({ rows, label: rows.some((row) => row.label === label) ? label : null });
  } catch (error) {
    notifyError(error);
  }
}

/** Keep the paint worker told of labels and the unit of amplitudes, and the list as the spikes are; returns what stops it. */
export function startUnitSync(): () => void {
  let generation = -1;
  let said: Sorting | null = null;
  let isPending = false;
  const look = () => {
    isPending = false;
    const now = sortingOf(useSession.getState());
    const isSame = now?.units === said?.units && now?.amplitudeUnit === said?.amplitudeUnit;
    if (isSame && generation === getResults().spikesGeneration) return;
    said = now;
    generation = getResults().spikesGeneration;
    withPaint((paint) => paint.setParts({ sorting: now })).catch(notifyError);
    void readUnits();
  };
  // after the task in which spikes change: the paint worker has them by then
  const lookSoon = () => {
    if (!isPending) setTimeout(look);
    isPending = true;
  };
  const stops = [useSession.subscribe(lookSoon), subscribeResults("spikes", lookSoon)];
  lookSoon();
  return () => {
    for (const stop of stops) stop();
  };
}
