import { FILM_SPEEDS, filmPlace, jumpTo, showFrame, stepFilm, togglePlaying, useFilm } from "../../app/film.ts";
import { formatCount } from "../../app/format.ts";
import { useOptimisation } from "../../app/optimisationLog.ts";
import { useView } from "../../app/viewStore.ts";
import { SecondsField } from "./SecondsField.tsx";

function Buttons({ canPlay }: { canPlay: boolean }) {
  const isPlaying = useFilm((state) => state.isPlaying);
  const step = (by: 1 | -1, label: string, key: string, sign: string) => (
    <button type="button" className="quiet" onClick={() => stepFilm(by)} title={`${label} (${key})`} aria-label={label}>
      {sign}
    </button>
  );
  return (
    <>
      {step(-1, "One frame back", ",", "|◀")}
      <button
        type="button"
        className="quiet outlined film-play"
        onClick={togglePlaying}
        disabled={!canPlay}
        title="Play and stop (space)"
        aria-label={isPlaying ? "Stop" : "Play"}
        data-testid="film-play"
      >
        {isPlaying ? "❚❚" : "▶"}
      </button>
      {step(1, "One frame on", ".", "▶|")}
    </>
  );
}

function Speed({ binSec }: { binSec: number | null }) {
  const { framesPerSec, isLooping } = useFilm();
  return (
    <>
      <label title={binSec === null ? "" : `${Number((framesPerSec * binSec).toPrecision(3))} s of recording per s`}>
        speed{" "}
        <select
          value={framesPerSec}
          onChange={(event) => useFilm.setState({ framesPerSec: Number(event.target.value) })}
          data-testid="film-speed"
        >
          {FILM_SPEEDS.map((rate) => (
            <option key={rate} value={rate}>
              {rate} frames/s
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={isLooping}
          onChange={(event) => useFilm.setState({ isLooping: event.target.checked })}
        />{" "}
        loop
      </label>
    </>
  );
}

/** Play, step, scrub, jump, speed, loop. */
export function Player() {
  const film = useView((state) => state.film);
  useView((state) => state.bounds.time);
  useFilm((state) => state.moment);
  useFilm((state) => state.rangeSec);
  const moments = useOptimisation((state) => state.moments);
  const { frame, nFrames } = filmPlace();
  const isRun = film.kind === "optimisation";
  return (
    <div className="film-player">
      <div className="panel-toolbar">
        <Buttons canPlay={nFrames > 1} />
        <input
          type="range"
          className="grow"
          min={0}
          max={Math.max(0, nFrames - 1)}
          step={1}
          value={frame}
          onChange={(event) => showFrame(Number(event.target.value))}
          aria-label="Frame of the film"
          aria-valuetext={isRun ? (moments[frame]?.title ?? "") : `${film.timeSec.toFixed(1)} s`}
          data-testid="film-scrub"
        />
        <span className="number" data-testid="film-frame">
          {formatCount(nFrames === 0 ? 0 : frame + 1)} of {formatCount(nFrames)}
        </span>
        {!isRun && <SecondsField label="at" value={film.timeSec} commit={jumpTo} testId="film-jump" />}
        <Speed binSec={isRun ? null : film.binSec} />
      </div>
    </div>
  );
}
