import { FILM_SPEEDS, filmPlace, jumpTo, showFrame, stepFilm, togglePlaying, useFilm } from "../../app/film.ts";
import { formatCount } from "../../app/format.ts";
import { useOptimisation } from "../../app/optimisationLog.ts";
import { useView } from "../../app/viewStore.ts";
import { SecondsField } from "./SecondsField.tsx";

/** Play, step, scrub, jump, speed, loop. */
export function Player() {
  const { isPlaying, framesPerSec, isLooping } = useFilm();
  const film = useView((state) => state.film);
  useView((state) => state.bounds.time);
  const moments = useOptimisation((state) => state.moments);
  const { frame, nFrames } = filmPlace();
  const isRun = film.kind === "optimisation";
  const where = isRun ? (moments[frame]?.title ?? "") : `${film.timeSec.toFixed(1)} s`;
  const seconds = `${framesPerSec * film.binSec} s of recording per s`;
  return (
    <div className="film-player">
      <div className="panel-toolbar">
        <button
          type="button"
          className="quiet"
          onClick={() => stepFilm(-1)}
          title="One frame back (,)"
          aria-label="One frame back"
        >
          |◀
        </button>
        <button
          type="button"
          className="quiet outlined film-play"
          onClick={togglePlaying}
          disabled={nFrames < 2}
          title="Play and stop (space)"
          aria-label={isPlaying ? "Stop" : "Play"}
          data-testid="film-play"
        >
          {isPlaying ? "❚❚" : "▶"}
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => stepFilm(1)}
          title="One frame on (.)"
          aria-label="One frame on"
        >
          ▶|
        </button>
        <input
          type="range"
          className="grow"
          min={0}
          max={Math.max(0, nFrames - 1)}
          step={1}
          value={frame}
          onChange={(event) => showFrame(Number(event.target.value))}
          aria-label="Frame of the film"
          aria-valuetext={where}
          data-testid="film-scrub"
        />
        <span className="number" data-testid="film-frame">
          {formatCount(nFrames === 0 ? 0 : frame + 1)} of {formatCount(nFrames)}
        </span>
        {!isRun && <SecondsField label="at" value={film.timeSec} commit={jumpTo} testId="film-jump" />}
        <label title={isRun ? "" : seconds}>
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
      </div>
    </div>
  );
}
