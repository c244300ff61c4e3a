import { isActive } from "../app/jobReducer.ts";
import { computeMethodScores, missingScores, stopMethodScores, useMethodScores } from "../app/methodScores.ts";
import { useRun } from "../app/runStore.ts";
import { useMethodGrid } from "./useMethodGrid.ts";

/** Computes what the grid of methods lacks, with how far it is; of ρ̄ alone, or with the matrices behind it. */
export function MethodControls({ withMatrices, panelId }: { withMatrices: boolean; panelId: string }) {
  const { cells } = useMethodGrid();
  const job = useMethodScores((state) => state.job);
  const isBusy = useRun((run) => isActive(run.job));
  if (job) {
    const fraction = (job.nDone + job.fraction) / job.nAll;
    return (
      <>
        <button type="button" className="quiet outlined" onClick={() => void stopMethodScores()}>
          Stop
        </button>
        <progress value={fraction} max={1} aria-label="Computing ρ̄ of every method" />
        <span>
          {Math.floor(100 * fraction)} %, {job.nDone + 1} of {job.nAll}
        </span>
      </>
    );
  }
  const nMissing = missingScores(withMatrices, cells).length;
  const reason = isBusy ? "A run is under way; compute when it has ended." : nMissing === 0 ? "All are there." : "";
  return (
    <button
      type="button"
      className="quiet outlined"
      disabled={reason !== ""}
      title={reason}
      onClick={() => void computeMethodScores(withMatrices)}
      data-testid={`compute-all-${panelId}`}
    >
      {nMissing === 0 ? "All computed" : `Compute all (${nMissing} missing)`}
    </button>
  );
}
