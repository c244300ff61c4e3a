import { nameOfDataSet, switchDataSet, useDataSets } from "../app/dataSets.ts";
import { formatCount } from "../app/format.ts";
import { useRun } from "../app/runStore.ts";
import { ForgetEverything } from "./DataSetMenu.tsx";

/** Data sets of earlier visits while none is on screen, and the way to forget all that is kept. */
export function KeptDataSets() {
  const entries = useDataSets((state) => state.entries);
  const hasRuns = useRun((state) => state.unfinished.length > 0);
  if (entries.length === 0 && !hasRuns) return null;
  return (
    <div className="row" data-testid="kept-data-sets">
      {entries.map((entry) => (
        <button key={entry.id} type="button" className="button" onClick={() => void switchDataSet(entry.id)}>
          Open {nameOfDataSet(entry)} again
          {entry.nSpikes === null ? "" : ` (${formatCount(entry.nSpikes)} spikes)`}
        </button>
      ))}
      <ForgetEverything />
    </div>
  );
}
