import { useEffect } from "react";
import { useFilm } from "../../app/film.ts";
import {
  canChooseFile,
  cancelFilm,
  FILM_HEIGHTS,
  FILM_MEGABITS,
  FILM_RATES,
  type FilmExport,
  filmEstimate,
  filmRequest,
  readFilmSize,
  saveFilm,
  useFilmExport,
} from "../../app/filmExport.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "../../app/format.ts";
import { useOptimisation } from "../../app/optimisationLog.ts";
import { useView } from "../../app/viewStore.ts";
import type { FilmFormat } from "../../protocol/films.ts";
import { Stretch } from "./Stretch.tsx";

const FORMATS: readonly { value: FilmFormat; label: string }[] = [
  { value: "mp4", label: "MP4" },
  { value: "webm", label: "WebM" },
  { value: "png", label: "PNG frames (.zip)" },
];

interface ChoiceProps<T extends string | number> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  testId: string;
  disabled?: boolean;
}

function Choice<T extends string | number>({ label, value, options, onChange, testId, disabled }: ChoiceProps<T>) {
  return (
    <label>
      {label}{" "}
      <select
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find((option) => String(option.value) === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        data-testid={testId}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

const THEMES = { screen: "as on screen", dark: "dark", light: "light" };

const set = (next: Partial<FilmExport>) => useFilmExport.setState(next);
const numbers = (values: readonly number[], unit: string) =>
  values.map((value) => ({ value, label: `${value} ${unit}` }));

/** Of videos alone: PNG frames have neither. */
function VideoChoices() {
  const { framesPerSec, megabitsPerSec, isRunning } = useFilmExport();
  return (
    <>
      <Choice
        label="plays at"
        value={framesPerSec}
        options={numbers(FILM_RATES, "frames/s")}
        onChange={(value) => set({ framesPerSec: value })}
        testId="film-fps"
        disabled={isRunning}
      />
      <Choice
        label="rate"
        value={megabitsPerSec}
        options={numbers(FILM_MEGABITS, "Mbit/s")}
        onChange={(value) => set({ megabitsPerSec: value })}
        testId="film-rate"
        disabled={isRunning}
      />
    </>
  );
}

function Choices() {
  const { format, heightPx, theme, toFile, isRunning: disabled } = useFilmExport();
  const sizes = FILM_HEIGHTS.map((value) => ({ value, label: `${(value * 16) / 9} × ${value}` }));
  const themes = (["screen", "dark", "light"] as const).map((value) => ({ value, label: THEMES[value] }));
  const takeFormat = (value: FilmFormat) => set({ format: value });
  const takeSize = (value: FilmExport["heightPx"]) => set({ heightPx: value });
  const takeTheme = (value: FilmExport["theme"]) => set({ theme: value });
  return (
    <>
      <Choice
        label="as"
        value={format}
        options={FORMATS}
        onChange={takeFormat}
        testId="film-format"
        disabled={disabled}
      />
      <Choice label="px" value={heightPx} options={sizes} onChange={takeSize} testId="film-size" disabled={disabled} />
      {format !== "png" && <VideoChoices />}
      <Choice
        label="ground"
        value={theme}
        options={themes}
        onChange={takeTheme}
        testId="film-theme"
        disabled={disabled}
      />
      {canChooseFile() && (
        <label title="Written as it is made: for long films, which need no memory then">
          <input
            type="checkbox"
            checked={toFile}
            disabled={disabled}
            onChange={(event) => set({ toFile: event.target.checked })}
            data-testid="film-to-file"
          />{" "}
          choose the file
        </label>
      )}
    </>
  );
}

/** What will be made, before it is. */
function Estimate() {
  const { format, codecs } = useFilmExport();
  useView((state) => state.film);
  useView((state) => state.bounds.time);
  useFilm((state) => state.rangeSec);
  useOptimisation((state) => state.moments);
  const { nFrames, durationSec, bytes } = filmEstimate(filmRequest());
  const frames = `${formatCount(nFrames)} frames`;
  if (format === "png")
    return (
      <span data-testid="film-estimate">
        {frames}, {Number.isFinite(bytes) ? `about ${formatBytes(bytes)}` : "size to be measured"}
      </span>
    );
  const codec = codecs === null ? "" : (codecs[format] ?? "this browser cannot encode that; take another format");
  return (
    <span data-testid="film-estimate">
      {frames}, {formatDuration(durationSec)}, about {formatBytes(bytes)}
      {codec && `, ${codec}`}
    </span>
  );
}

function Running() {
  const progress = useFilmExport((state) => state.progress);
  const fraction = progress ? progress.done / progress.total : 0;
  return (
    <>
      <button type="button" className="quiet outlined" onClick={() => void cancelFilm()} data-testid="film-cancel">
        Cancel
      </button>
      <progress value={fraction} max={1} aria-label="Making the film" />
      <span className="number" data-testid="film-progress">
        {progress
          ? `${formatCount(progress.done)} of ${formatCount(progress.total)} frames, ${formatNumber(progress.framesPerSec, 2)} frames/s, ${formatDuration(progress.secondsLeft)} left`
          : "getting ready"}
      </span>
    </>
  );
}

/** The film as a file. */
export function Save() {
  const { isRunning, outcome, error, format, heightPx, megabitsPerSec, framesPerSec } = useFilmExport();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the browser can encode depends on them
  useEffect(() => {
    void readFilmSize();
  }, [format, heightPx, megabitsPerSec, framesPerSec]);
  const isRun = useView((state) => state.film.kind === "optimisation");
  const nFrames = filmEstimate(filmRequest()).nFrames;
  return (
    <div className="film-save">
      <div className="panel-toolbar">
        {!isRun && <Stretch />}
        <Choices />
      </div>
      <div className="panel-toolbar">
        {isRunning ? (
          <Running />
        ) : (
          <>
            <button
              type="button"
              className="button"
              disabled={nFrames === 0}
              onClick={() => void saveFilm()}
              data-testid="film-save"
            >
              Save
            </button>
            <Estimate />
          </>
        )}
      </div>
      <p className={error ? "panel-note field-error" : "panel-note"} role="status" data-testid="film-outcome">
        {error ?? outcome}
      </p>
    </div>
  );
}
