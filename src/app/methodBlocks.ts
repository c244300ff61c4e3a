import { create } from "zustand";
import { switchDataSet, useDataSets } from "./dataSets.ts";
import { type GridColumn, type GridRow, methodGrid, showMethod } from "./methodGrid.ts";
import { useMethodScores } from "./methodScores.ts";

/**
 * The grids of methods of all data sets of the session: that of the one on screen lives in the stores, those of the others are
 * remembered as they stood when they were put aside, so that data sets can be compared and swapped by a click.
 */
export interface MethodBlock {
  rows: readonly Pick<GridRow, "positions" | "title">[];
  columns: readonly Pick<GridColumn, "motionId" | "title">[];
  /** row by row; null where ρ̄ is not known */
  rhos: readonly (number | null)[];
}

export const useMethodBlocks = create<{ blocks: Readonly<Record<string, MethodBlock>> }>(() => ({ blocks: {} }));

function rememberNow(): void {
  const { activeId } = useDataSets.getState();
  const { rows, columns, cells } = methodGrid();
  if (!activeId || cells.length === 0) return;
  const { scores } = useMethodScores.getState();
  const block: MethodBlock = {
    rows: rows.map(({ positions, title }) => ({ positions, title })),
    columns: columns.map(({ motionId, title }) => ({ motionId, title })),
    rhos: cells.map(({ key }) => scores[key]?.rho ?? Number.NaN).map((rho) => (Number.isFinite(rho) ? rho : null)),
  };
  const { blocks } = useMethodBlocks.getState();
  if (JSON.stringify(blocks[activeId]) === JSON.stringify(block)) return;
  useMethodBlocks.setState({ blocks: { ...blocks, [activeId]: block } });
}

let isWaiting = false;

/** Remember the grid on screen once what is changing has changed: a data set is put on screen piece by piece. */
export function rememberBlock(): void {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    rememberNow();
  }, 0);
}

/** Put another data set on screen, showing this cell of its grid. Never rejects. */
export async function showBlockCell(
  dataSetId: string,
  positions: string | null,
  motionId: string | null,
): Promise<void> {
  await switchDataSet(dataSetId);
  if (useDataSets.getState().activeId !== dataSetId) return; // it said why not
  const cell = methodGrid().cells.find(
    ({ row, column }) => row.positions === positions && column.motionId === motionId,
  );
  if (cell) showMethod(cell);
}
