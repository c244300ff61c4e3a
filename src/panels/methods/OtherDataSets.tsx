import { type DataSetEntry, nameOfDataSet, switchDataSet, useDataSets } from "../../app/dataSets.ts";
import { formatNumber } from "../../app/format.ts";
import { isActive } from "../../app/jobReducer.ts";
import { type MethodBlock, showBlockCell, useMethodBlocks } from "../../app/methodBlocks.ts";
import { useRun } from "../../app/runStore.ts";
import { MethodTable } from "./MethodTable.tsx";

/** A grid as it stood when its data set was put aside; a click puts that on screen. */
function BlockTable({ entry, block, isBusy }: { entry: DataSetEntry; block: MethodBlock; isBusy: boolean }) {
  const { rows, columns, rhos } = block;
  return (
    <MethodTable rows={rows} columns={columns}>
      {(row, column) => {
        const [{ positions, title }, { motionId, title: motion }] = [rows[row], columns[column]];
        const rho = rhos[row * columns.length + column];
        const shown = `ρ̄ ${rho === null ? "n/a" : formatNumber(rho)}`;
        return (
          <button
            type="button"
            className="method"
            disabled={isBusy}
            aria-label={`${nameOfDataSet(entry)}, ${title}, ${motion}: ${shown}`}
            title={isBusy ? "A run is under way" : `Put ${nameOfDataSet(entry)} on screen, shown so`}
            onClick={() => void showBlockCell(entry.id, positions, motionId)}
          >
            {shown}
          </button>
        );
      }}
    </MethodTable>
  );
}

/** A block for every data set of the session that is not on screen. */
export function OtherDataSets() {
  const { entries, activeId } = useDataSets();
  const blocks = useMethodBlocks((state) => state.blocks);
  const isBusy = useRun(({ job }) => isActive(job));
  return entries
    .filter(({ id, kind }) => id !== activeId && kind !== "motions")
    .map((entry) => {
      const block = blocks[entry.id];
      return (
        <section key={entry.id} aria-label={`Methods of ${nameOfDataSet(entry)}`} data-testid="methods-aside">
          <h3 className="methods-title">{nameOfDataSet(entry)}</h3>
          {block ? (
            <BlockTable entry={entry} block={block} isBusy={isBusy} />
          ) : (
            <button
              type="button"
              className="quiet outlined methods-aside"
              disabled={isBusy}
              onClick={() => void switchDataSet(entry.id)}
            >
              Put it on screen to see its methods
            </button>
          )}
        </section>
      );
    });
}
