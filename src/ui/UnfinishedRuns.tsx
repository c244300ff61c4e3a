import { describeUnfinished } from "../app/format.ts";
import { useRun } from "../app/runStore.ts";
import { discardUnfinished } from "../app/unfinished.ts";
import { spokenName } from "../protocol/chunkFiles.ts";

/** Runs of an earlier visit that wait for their recording. */
export function UnfinishedRuns() {
  const unfinished = useRun((state) => state.unfinished);
  return unfinished.map((run) => (
    <p key={run.key} className="unfinished" data-testid="unfinished">
      <span>
        An unfinished run over <code>{spokenName(run.path)}</code>, {describeUnfinished(run)}: drop that recording again
        to resume.
      </span>
      <button type="button" className="quiet outlined" onClick={() => void discardUnfinished(run.key)}>
        Discard
      </button>
    </p>
  ));
}
