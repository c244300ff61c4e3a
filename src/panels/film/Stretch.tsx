import { filmRange, setFilmRange, useFilm } from "../../app/film.ts";
import { useView } from "../../app/viewStore.ts";
import type { Range } from "../../core/types.ts";
import { SecondsField } from "./SecondsField.tsx";

/** Which stretch is played and saved. */
export function Stretch() {
  const chosen = useFilm((state) => state.rangeSec);
  const whole = useView((state) => state.bounds.time);
  const shown = useView((state) => state.ranges.time);
  const [from, to] = filmRange(chosen, whole);
  const change = (next: Range) => {
    if (next[1] > next[0]) setFilmRange(next);
  };
  return (
    <span className="film-stretch">
      <SecondsField label="from" value={from} commit={(sec) => change([sec, to])} testId="film-from" />
      <SecondsField label="to" value={to} commit={(sec) => change([from, sec])} testId="film-to" />
      <button
        type="button"
        className="quiet"
        onClick={() => setFilmRange(shown)}
        title="Play and save the time on screen"
        data-testid="film-range-screen"
      >
        on screen
      </button>
      <button type="button" className="quiet" disabled={chosen === null} onClick={() => setFilmRange(null)}>
        all
      </button>
    </span>
  );
}
