import { useEffect, useState } from "react";
import { gridInWords } from "../../app/correlation.ts";
import { formatDuration } from "../../app/format.ts";
import { isActive } from "../../app/jobReducer.ts";
import { useMotions } from "../../app/motions.ts";
import { useResultVersion } from "../../app/results.ts";
import { useRun } from "../../app/runStore.ts";
import { saveBlob } from "../../app/saveFile.ts";
import {
  isOutdated,
  positionNames,
  scorable,
  scoresAsCsv,
  startScores,
  stopScores,
  useScores,
} from "../../app/scores.ts";
import { ScorePlot } from "./ScorePlot.tsx";
import { ScoreTable } from "./ScoreTable.tsx";

function Positions() {
  useResultVersion("run");
  const chosen = useScores((state) => state.positions);
  const isRunning = useScores((state) => state.state === "running");
  const names = positionNames();
  if (names.length < 2) return null;
  return (
    <label>
      positions{" "}
      <select
        value={chosen ?? ""}
        disabled={isRunning}
        onChange={(event) => useScores.setState({ positions: event.target.value || null })}
        data-testid="score-positions"
      >
        <option value="">of every localizer</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Controls() {
  const { state, done, total, secondsLeft, rows } = useScores();
  const isBusy = useRun((run) => isActive(run.job));
  const nMotions = useMotions((motions) => scorable(motions).length);
  const reason = isBusy
    ? "A run is under way; score when it has ended."
    : nMotions === 0
      ? "Tick a motion other than the truth in the list."
      : null;
  if (state === "running") {
    const left = secondsLeft > 0 ? `, ${formatDuration(secondsLeft)} left` : "";
    return (
      <div className="row scores-controls">
        <button type="button" className="button" onClick={() => void stopScores()} data-testid="score-stop">
          Stop
        </button>
        <progress value={total > 0 ? done / total : undefined} max={1} aria-label="Scoring" />
        <span className="muted">
          scoring{total > 0 ? ` ${Math.floor((100 * done) / total)} %` : "…"}
          {left}
        </span>
      </div>
    );
  }
  return (
    <div className="row scores-controls">
      <button
        type="button"
        className="button primary"
        disabled={reason !== null}
        onClick={() => void startScores()}
        data-testid="score"
      >
        {rows.length > 0 ? "Score again" : "Score"}
      </button>
      <Positions />
      {reason && <span className="muted">{reason}</span>}
      {rows.length > 0 && (
        <button
          type="button"
          className="button"
          onClick={() => save("all", "driftscope-scores.csv")}
          data-testid="score-csv"
        >
          CSV
        </button>
      )}
      {rows.length > 0 && (
        <button
          type="button"
          className="button"
          title="ρ̄ and H̄ under the columns of the SLN authors' scoreboard, with their own numbers below, as published"
          onClick={() => save("published", "scoreboard_published_columns.csv")}
          data-testid="score-csv-published"
        >
          CSV, published columns
        </button>
      )}
    </div>
  );
}

function save(columns: "all" | "published", name: string): void {
  saveBlob(new Blob([scoresAsCsv(columns)], { type: "text/csv" }), name);
}

function Verdicts() {
  const verdicts = useScores((state) => state.verdicts);
  const hasSeveral = new Set(verdicts.map(({ positions }) => positions)).size > 1;
  return (
    <ul className="verdicts" data-testid="verdicts">
      {verdicts.map(({ positions, motion, kind, sentence, cautions }) => (
        <li key={`${positions} ${motion}`} className={`verdict verdict-${kind}`}>
          <p>
            <strong>{hasSeveral ? `${motion}, ${positions}` : motion}</strong>: {sentence}
          </p>
          {cautions.map((text) => (
            <p key={text} className="muted">
              {text}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** The scoreboard as points, when asked for; never while the page is to stay free for a job. */
function Plot() {
  const rows = useScores((state) => state.rows);
  const isBusy = useRun(({ job }) => isActive(job));
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (isBusy) setWanted(false);
  }, [isBusy]);
  return (
    <>
      <div className="row">
        <button
          type="button"
          className="button"
          disabled={isBusy}
          title={isBusy ? "A run is under way; plot when it has ended." : "ρ̄ after correction over ρ̄ without it"}
          onClick={() => setWanted(!wanted)}
          data-testid="score-plot"
        >
          {wanted ? "Hide the plot" : "Plot"}
        </button>
      </div>
      {wanted && !isBusy && <ScorePlot rows={rows} />}
    </>
  );
}

/** The scoreboard of the shown motions, with what tells whether a score means anything. */
export function Scores() {
  const scores = useScores();
  const outdated = useMotions((motions) => isOutdated(scores, motions));
  const { state, rows, error, board } = scores;
  return (
    <div className="scores" data-testid="scores" data-state={state}>
      <Controls />
      {outdated && <p className="muted">The motions shown have changed since: score again for those of now.</p>}
      {state === "stopped" && <p className="muted">Stopped before the end; the rows that are there are whole.</p>}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {rows.length === 0 && state !== "running" && (
        <p className="muted scores-about">
          Scoring corrects the spikes by each shown motion and measures how alike the time bins become (ρ̄) and how level
          the raster runs, beside controls: no correction, the sign turned, spikes put on their contacts, positions
          shrunk. ρ̄ measures repeatability, not accuracy; where a motion is marked as the truth, errors against it stand
          first.
        </p>
      )}
      <Verdicts />
      {rows.length > 0 && state !== "running" && <Plot />}
      {rows.length > 0 && <ScoreTable rows={rows} />}
      {rows.length > 0 && (
        <p className="muted">{gridInWords(rows[0].grid)} Numbers of different grids cannot be compared.</p>
      )}
      {board?.warnings.map((text) => (
        <p key={text} className="step-warning">
          {text}
        </p>
      ))}
    </div>
  );
}
