import { useState } from "react";
import { formatCount, formatDuration, formatNumber } from "../../app/format.ts";
import { isActive } from "../../app/jobReducer.ts";
import { startAgain } from "../../app/runActions.ts";
import { scoreAgainst } from "../../app/runCompare.ts";
import {
  type RunEntry,
  removeRun,
  renameRun,
  saveRecipe,
  saveRun,
  secondsOf,
  showRun,
  whyNotShow,
} from "../../app/runList.ts";
import { useRun } from "../../app/runStore.ts";
import type { Motion } from "../../core/types.ts";
import { RenameField } from "../../ui/RenameField.tsx";

interface RunRowProps {
  run: RunEntry;
  isShown: boolean;
  isChosen: boolean;
  truth: Motion | null;
  onChoose: () => void;
}

function Actions({ run, isShown, onRename }: { run: RunEntry; isShown: boolean; onRename: () => void }) {
  const job = useRun((state) => state.job);
  const methods = useRun((state) => state.methods);
  const reason = whyNotShow(run, job);
  const locked = isActive(job) || methods === null;
  return (
    <div className="runs-actions">
      <button
        type="button"
        className="quiet outlined"
        disabled={isShown || reason !== null}
        title={reason ?? (isShown ? "Its results are on screen" : "Put its results on screen")}
        onClick={() => showRun(run.id)}
        data-testid={`show-run-${run.title}`}
      >
        {isShown ? "shown" : "Show"}
      </button>
      <button
        type="button"
        className="quiet"
        disabled={locked}
        title="Fill the forms with its parameters and seed, and run"
        onClick={() => void startAgain(run.recipe)}
      >
        Run again
      </button>
      <button type="button" className="quiet" title="Its recipe (.json)" onClick={() => saveRecipe(run.id)}>
        Recipe
      </button>
      <button
        type="button"
        className="quiet"
        disabled={!run.found}
        title={run.found ? "Its run directory (.zip)" : "Its arrays were let go to stay within the memory"}
        onClick={() => void saveRun(run.id)}
      >
        Zip
      </button>
      <button type="button" className="quiet" onClick={onRename} aria-label={`Rename ${run.title}`} title="Rename">
        ✎
      </button>
      <button
        type="button"
        className="quiet"
        onClick={() => removeRun(run.id)}
        aria-label={`Remove ${run.title}`}
        title="Remove from the list; can be undone"
      >
        ✕
      </button>
    </div>
  );
}

/** One run: its numbers and what can be done with it. */
export function RunRow({ run, isShown, isChosen, truth, onChoose }: RunRowProps) {
  const methods = useRun((state) => state.methods);
  const [renaming, setRenaming] = useState(false);
  const titles = run.steps.map(({ method }) => methods?.find(({ id }) => id === method)?.title ?? method);
  const isComplete = run.steps.every(({ complete }) => complete);
  const about = `${titles.join(", then ")}${run.from === "file" ? "; read from its directory" : ""}`;
  const at = new Date(run.at);
  return (
    <tr className={isShown ? "runs-shown" : undefined} data-testid={`run-${run.title}`}>
      <td>
        <input type="checkbox" checked={isChosen} onChange={onChoose} aria-label={`Compare ${run.title}`} />
      </td>
      <th scope="row" className="runs-name">
        {renaming ? (
          <RenameField
            name={run.title}
            onRename={(title) => renameRun(run.id, title)}
            onEnd={() => setRenaming(false)}
          />
        ) : (
          <span className="runs-title" title={about}>
            {run.title}
          </span>
        )}
        <span className="muted runs-meta">
          {Number.isNaN(at.getTime())
            ? ""
            : `${at.toLocaleString([], { dateStyle: "short", timeStyle: "short" })}, took `}
          {formatDuration(secondsOf(run))}
          {!isComplete && ", stopped before its end"}
          {run.from === "file" && ", opened"}
        </span>
        <Actions run={run} isShown={isShown} onRename={() => setRenaming(true)} />
      </th>
      <td>{formatCount(run.nSpikes)}</td>
      <td>{formatNumber(run.rho)}</td>
      {truth && <td>{formatNumber(scoreAgainst(run.motion, truth)?.rmseUm ?? Number.NaN)}</td>}
      <td>{run.recipe.seed}</td>
    </tr>
  );
}
