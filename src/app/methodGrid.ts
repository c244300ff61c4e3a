import { create } from "zustand";
import type { Motion } from "../core/types.ts";
import { nameOfLocalizer } from "./localizerNames.ts";
import { activateMotion, useMotions } from "./motions.ts";
import { choosePositions, knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults } from "./results.ts";
import { useView } from "./viewStore.ts";

/**
 * Positions × motions: every set of positions of the spikes on screen, as recorded and corrected by every shown motion. The
 * pictures show one of these at a time, and a click swaps it for another, in every picture at once.
 */
export interface GridRow {
  /** name of the set of positions; null for those that came with the spikes, where no localizer has left any */
  positions: string | null;
  title: string;
  /** identity of the numbers: another array is another set */
  values: object;
}

export interface GridColumn {
  /** null for no correction */
  motionId: string | null;
  title: string;
  motion: Motion | null;
}

/** One cell of the grid. */
export interface Method {
  row: GridRow;
  column: GridColumn;
  /** what it is made of, as a text to compare: numbers of the same key are still right */
  key: string;
}

export interface MethodGrid {
  rows: readonly GridRow[];
  columns: readonly GridColumn[];
  /** row by row */
  cells: readonly Method[];
}

const ids = new WeakMap<object, number>();
let lastId = 0;

function idOf(values: object): number {
  const known = ids.get(values) ?? ++lastId;
  ids.set(values, known);
  return known;
}

/** The grid as it is now; empty without spikes. */
export function methodGrid(): MethodGrid {
  const { spikes } = getResults();
  if (!spikes) return { rows: [], columns: [], cells: [] };
  const known = knownPositions();
  const found = Object.entries(known).map(([name, values]) => ({
    positions: name,
    title: nameOfLocalizer(name),
    values,
  }));
  const rows: GridRow[] =
    found.length > 0 ? found : [{ positions: null, title: "positions as opened", values: spikes.depthUm }];
  const { entries } = useMotions.getState();
  const shown = entries.filter((entry) => entry.shown);
  const columns: GridColumn[] = [
    { motionId: null, title: "raw", motion: null },
    ...shown.map(({ id, title, motion }) => ({ motionId: id, title, motion })),
  ];
  // ρ̄ rests on a grid that fits all sets, so another set makes other numbers
  const common = rows.map(({ values }) => idOf(values)).join(" ");
  const cells = rows.flatMap((row) =>
    columns.map((column) => {
      const of = column.motion ? idOf(column.motion) : "raw";
      return { row, column, key: `${idOf(row.values)} ${of} of ${common}` };
    }),
  );
  return { rows, columns, cells };
}

/** "monopolar, corrected by DREDge". */
export function methodTitle({ row, column }: Pick<Method, "row" | "column">): string {
  return column.motionId === null ? `${row.title}, not corrected` : `${row.title}, corrected by ${column.title}`;
}

/** Which cell the pictures show; null when they show none of the grid, as while a network is trained. */
export function shownMethod({ cells }: MethodGrid = methodGrid()): Method | null {
  const { chosen, live } = usePositions.getState();
  const known = knownPositions();
  const own = ownPositions(known, getResults().spikes);
  const positions = chosen !== null && chosen in known ? chosen : live ? undefined : own;
  const { projectCorrected } = useView.getState();
  const motionId = projectCorrected ? useMotions.getState().activeId : null;
  return cells.find(({ row, column }) => row.positions === positions && column.motionId === motionId) ?? null;
}

/** Show these positions with this motion in every picture. Ranges stay as they are. */
export function showMethod({ row, column }: Pick<Method, "row" | "column">): void {
  if (row.positions !== null) choosePositions(row.positions);
  if (column.motionId !== null) activateMotion(column.motionId);
  useView.setState({ projectCorrected: column.motionId !== null });
}

/** Which cells stand above each other in the stack, by what they are called; null for the usual ones. */
export const useStack = create<{ chosen: readonly string[] | null }>(() => ({ chosen: null }));

/** As many can be told apart at a glance. */
const USUAL_STACK = 3;

const nameOf = ({ row, column }: Method) => JSON.stringify([row.positions, column.motionId]);

/**
 * Keys of the cells that are stacked: the chosen ones that are there, else every set of positions corrected by the active motion,
 * filled up to three with others, the uncorrected first.
 */
export function stackedMethods({ cells }: MethodGrid = methodGrid()): ReadonlySet<string> {
  const { chosen } = useStack.getState();
  const there = cells.filter((cell) => chosen?.includes(nameOf(cell)));
  if (there.length > 0) return new Set(there.map(({ key }) => key));
  const { activeId } = useMotions.getState();
  const rank = ({ column }: Method) => (column.motionId === null ? 1 : column.motionId === activeId ? 0 : 2);
  const usual = [...cells].sort((a, b) => rank(a) - rank(b)).slice(0, USUAL_STACK);
  return new Set(usual.map(({ key }) => key));
}

/** Take a cell into the stack, or out of it. */
export function toggleStacked(method: Method): void {
  const grid = methodGrid();
  const stacked = stackedMethods(grid);
  const isIn = stacked.has(method.key);
  const next = grid.cells.filter(({ key }) => (key === method.key ? !isIn : stacked.has(key)));
  useStack.setState({ chosen: next.map(nameOf) });
}
