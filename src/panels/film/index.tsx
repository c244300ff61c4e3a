import { useEffect, useRef, useState } from "react";
import { computeCorrelation, stopCorrelation, useCorrelation } from "../../app/correlation.ts";
import {
  FILM_BINS_SEC,
  pauseFilm,
  setFilmBin,
  setFilmKind,
  showFrame,
  showMoment,
  stepFilm,
  togglePlaying,
} from "../../app/film.ts";
import { isActive } from "../../app/jobReducer.ts";
import { useMotions } from "../../app/motions.ts";
import { useOptimisation } from "../../app/optimisationLog.ts";
import { useRun } from "../../app/runStore.ts";
import { useSession } from "../../app/sessionStore.ts";
import { useView } from "../../app/viewStore.ts";
import { CanvasHost } from "../../ui/CanvasHost.tsx";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";
import "./film.css";
import { Player } from "./Player.tsx";
import { Save } from "./Save.tsx";

const KEYS: Record<string, () => void> = {
  " ": togglePlaying,
  ",": () => stepFilm(-1),
  ".": () => stepFilm(1),
  Home: () => showFrame(0),
  End: () => showFrame(Number.MAX_SAFE_INTEGER),
};

/** Keys that an element of the panel uses itself: typing, choosing, pressing it. */
function usesItself({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input[type=text], select")) return true;
  return key === " " && target.closest("button, summary, input[type=checkbox]") !== null;
}

/** While something of the panel has the focus, the player's keys are its own and not the page's. */
function usePlayerKeys() {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    element.tabIndex = -1; // a click on the picture is enough
    const press = (event: KeyboardEvent) => {
      const action = KEYS[event.key];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || usesItself(event)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!(event.repeat && event.key === " ")) action();
    };
    element.addEventListener("keydown", press);
    return () => {
      element.removeEventListener("keydown", press);
      pauseFilm();
    };
  }, []);
  return panel;
}

/** The two lower traces come from the correlation of all time bins, which is computed when somebody asks. */
function CorrelationButton() {
  const { isRunning, fraction, source, error } = useCorrelation();
  const isBusy = useRun(({ job }) => isActive(job));
  if (isRunning)
    return (
      <>
        <button type="button" className="quiet outlined" onClick={() => void stopCorrelation()}>
          Stop
        </button>
        <span>correlating, {Math.floor(100 * fraction)} %</span>
      </>
    );
  if (error) return <span className="field-error">{error}</span>;
  if (source === "computed") return null;
  return (
    <button
      type="button"
      className="quiet outlined"
      disabled={isBusy}
      title={isBusy ? "A run is under way." : "Correlation and entropy of all time bins, for the two lower traces"}
      onClick={() => void computeCorrelation()}
      data-testid="film-correlate"
    >
      Compute the correlation
    </button>
  );
}

function Toolbar({ isSaving, toggleSaving }: { isSaving: boolean; toggleSaving: () => void }) {
  const { kind, binSec } = useView((state) => state.film);
  const hasMotion = useMotions(({ entries }) => entries.length > 0);
  const isCorrected = useView((state) => state.projectCorrected);
  return (
    <div className="panel-toolbar">
      <fieldset className="segments" aria-label="What the film runs over">
        {(["recording", "optimisation"] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="quiet outlined"
            aria-pressed={kind === one}
            onClick={() => setFilmKind(one)}
            data-testid={`film-of-${one}`}
          >
            {one === "recording" ? "recording" : "run"}
          </button>
        ))}
      </fieldset>
      {kind === "recording" && (
        <label title="Stretch of the recording that one frame shows">
          frame{" "}
          <select value={binSec} onChange={(event) => setFilmBin(Number(event.target.value))} data-testid="film-bin">
            {FILM_BINS_SEC.map((sec) => (
              <option key={sec} value={sec}>
                {sec} s
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <input
          type="checkbox"
          checked={isCorrected && hasMotion}
          disabled={!hasMotion}
          onChange={(event) => useView.setState({ projectCorrected: event.target.checked })}
        />{" "}
        motion corrected
      </label>
      {kind === "recording" && <CorrelationButton />}
      <span className="grow" />
      <button
        type="button"
        className="quiet outlined"
        aria-expanded={isSaving}
        onClick={toggleSaving}
        data-testid="film-save-open"
      >
        Save as a film
      </button>
    </div>
  );
}

/** Keeps the moment that the paint worker shows the one that is meant: a run goes on, or its worker started afresh. */
function useMomentSync(): void {
  const moments = useOptimisation((state) => state.moments);
  const generation = useSession((state) => state.paintGeneration);
  const isShown = useView((state) => state.film.kind === "optimisation");
  // biome-ignore lint/correctness/useExhaustiveDependencies: both are reasons to send it again
  useEffect(() => {
    if (isShown) showMoment();
  }, [moments, generation, isShown]);
}

function Film() {
  const hasSpikes = useSession((state) => state.spikes !== null);
  const kind = useView((state) => state.film.kind);
  const hasMoments = useOptimisation((state) => state.moments.length > 0);
  const [isSaving, setSaving] = useState(false);
  const panel = usePlayerKeys();
  useMomentSync();
  return (
    <div className="panel-body film" ref={panel}>
      {!hasSpikes && <Empty>Find spikes in a recording, or drop localized ones, and they play here as a film.</Empty>}
      {hasSpikes && (
        <>
          <Toolbar isSaving={isSaving} toggleSaving={() => setSaving(!isSaving)} />
          {isSaving && <Save />}
          {kind === "optimisation" && !hasMoments ? (
            <Empty>
              Run a step that trains a network or estimates motion: up to 60 moments of it are kept, in at most 36 MB,
              and play here.
            </Empty>
          ) : (
            <>
              <CanvasHost
                kind="film-frame"
                label="A frame of the film: spikes from three sides, in µm, above traces over the whole recording or run with the moment on them."
              />
              <Player />
            </>
          )}
        </>
      )}
    </div>
  );
}

export const film: PanelDef = {
  id: "film",
  title: "Film",
  help: "The recording as a film: each frame shows the spikes of one second (or the stretch you choose) from three sides, above three traces of the whole session with a line and a dot at the moment: motion as its mean over depths, how well the time bin correlates with all others, entropy. Clouds that stand still while the motion trace moves are well corrected; moments where the correlation falls are those at which spikes stand elsewhere or other neurons fire. Click a trace to jump there. “Run” plays the course of the last optimisation instead: where a sample of the spikes was, and the motion, at up to 60 moments.",
  place: { beside: "projections", where: "within" },
  component: Film,
};
