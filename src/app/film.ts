import { create } from "zustand";
import type { Range } from "../core/types.ts";
import { type FilmKind, filmFrameAt, filmFrameStart, nFilmFrames, type OptimisationFilm } from "../protocol/films.ts";
import { areaAt, type PlotArea, plotToData } from "../protocol/plotArea.ts";
import { withPaint } from "./clients.ts";
import { latestOnly } from "./latest.ts";
import { optimisationSnapshots, useOptimisation } from "./optimisationLog.ts";
import { pickAt } from "./selection.ts";
import { notifyError } from "./sessionStore.ts";
import { panRange, span } from "./viewMath.ts";
import { setRanges, useView } from "./viewStore.ts";

/**
 * The player of the film. Which frame of the recording is shown stands in the view, as all pictures follow it; how it plays
 * stands here. Nothing plays unless a person starts it.
 */
export interface FilmState {
  isPlaying: boolean;
  /** frames of the film per second of the person's time */
  framesPerSec: number;
  isLooping: boolean;
  /** stretch that is played and saved; null for the whole recording */
  rangeSec: Range | null;
  /** moment of the run that is shown; beyond the last one means the newest, which it then follows */
  moment: number;
}

export const useFilm = create<FilmState>(() => ({
  isPlaying: false,
  framesPerSec: 10,
  isLooping: false,
  rangeSec: null,
  moment: Number.MAX_SAFE_INTEGER,
}));

/** Lengths of a frame, s. */
export const FILM_BINS_SEC = [0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
export const FILM_SPEEDS = [1, 2, 5, 10, 25, 50] as const;

/** The stretch that is filmed: what was chosen, inside what is open. */
export function filmRange(chosen = useFilm.getState().rangeSec, whole = useView.getState().bounds.time): Range {
  if (!chosen) return whole;
  const range: Range = [Math.max(whole[0], chosen[0]), Math.min(whole[1], chosen[1])];
  return range[1] > range[0] ? range : whole;
}

/** How many frames there are, and which is shown, from 0. */
export function filmPlace(): { frame: number; nFrames: number } {
  const { film } = useView.getState();
  if (film.kind === "optimisation") {
    const nFrames = useOptimisation.getState().moments.length;
    return { frame: Math.max(0, Math.min(nFrames - 1, useFilm.getState().moment)), nFrames };
  }
  const range = filmRange();
  return { frame: filmFrameAt(range, film.binSec, film.timeSec), nFrames: nFilmFrames(range, film.binSec) };
}

const sendMoment = latestOnly<OptimisationFilm | null>(
  (optimisation) => withPaint((paint) => paint.setParts({ optimisation })),
  notifyError,
);

/** Show the moment of the run that is meant, as it is now. */
export function showMoment(): void {
  const { moments, scoreName } = useOptimisation.getState();
  const { frame: index } = filmPlace();
  const snapshot = optimisationSnapshots()[index];
  sendMoment(snapshot ? { scoreName, moments, index, snapshot } : null);
}

/** Show a frame; those beyond an end are the first and the last. The shared cursor goes along, and what is on screen with it. */
export function showFrame(frame: number): void {
  const { film } = useView.getState();
  if (film.kind === "optimisation") {
    const last = useOptimisation.getState().moments.length - 1;
    useFilm.setState({ moment: frame >= last ? Number.MAX_SAFE_INTEGER : Math.max(0, frame) });
    showMoment();
    return;
  }
  const timeSec = filmFrameStart(filmRange(), film.binSec, frame);
  const cursorTimeSec = timeSec + film.binSec / 2;
  useView.setState({ film: { ...film, timeSec }, cursorTimeSec });
  const { time } = useView.getState().ranges;
  if (cursorTimeSec < time[0] || cursorTimeSec > time[1])
    setRanges({ time: panRange(time, cursorTimeSec - 0.1 * span(time) - time[0]) });
}

export function stepFilm(by: number): void {
  pauseFilm();
  showFrame(filmPlace().frame + by);
}

/** Show the frame of a moment of the recording. */
export function jumpTo(timeSec: number): void {
  const { film } = useView.getState();
  if (Number.isFinite(timeSec)) showFrame(filmFrameAt(filmRange(), film.binSec, timeSec));
}

export function setFilmKind(kind: FilmKind): void {
  pauseFilm();
  useView.setState(({ film }) => ({ film: { ...film, kind } }));
  if (kind === "optimisation") showMoment();
}

export function setFilmBin(binSec: number): void {
  useView.setState(({ film }) => ({ film: { ...film, binSec } }));
  showFrame(filmPlace().frame);
}

/** Play and save this stretch alone; null for all. The frame on screen moves into it. */
export function setFilmRange(rangeSec: Range | null): void {
  useFilm.setState({ rangeSec });
  if (useView.getState().film.kind === "recording") showFrame(filmPlace().frame);
}

let request = 0;

export function pauseFilm(): void {
  if (!useFilm.getState().isPlaying) return;
  cancelAnimationFrame(request);
  useFilm.setState({ isPlaying: false });
}

/** Play from the frame on screen, at the end from the first one on. A page behind others does not play. */
export function playFilm(): void {
  const { frame, nFrames } = filmPlace();
  if (nFrames < 2 || useFilm.getState().isPlaying) return;
  if (frame >= nFrames - 1) showFrame(0);
  useFilm.setState({ isPlaying: true });
  let lastMs = performance.now();
  const tick = (nowMs: number) => {
    const stepMs = 1000 / useFilm.getState().framesPerSec;
    // after a pause of the page the film goes on where it was
    if (nowMs - lastMs > 1000 + stepMs) lastMs = nowMs - stepMs;
    const nDue = Math.floor((nowMs - lastMs) / stepMs);
    lastMs += nDue * stepMs;
    if (nDue > 0) advance(nDue);
    if (useFilm.getState().isPlaying) request = requestAnimationFrame(tick);
  };
  request = requestAnimationFrame(tick);
}

export function togglePlaying(): void {
  if (useFilm.getState().isPlaying) pauseFilm();
  else playFilm();
}

function advance(by: number): void {
  const { frame, nFrames } = filmPlace();
  if (frame + by < nFrames) showFrame(frame + by);
  else if (useFilm.getState().isLooping && nFrames > 0) showFrame((frame + by) % nFrames);
  else {
    showFrame(nFrames - 1);
    pauseFilm();
  }
}

/** A click on the film: on a trace it means that moment, elsewhere the spike that is seen there. */
export function pickOnFilm(pictureId: string, areas: readonly PlotArea[], at: { x: number; y: number }): void {
  const area = areaAt(areas, at.x, at.y);
  if (area?.x === "time") jumpTo(plotToData(area, at.x, at.y)?.x ?? Number.NaN);
  else if (area?.x === null && useView.getState().film.kind === "optimisation")
    stepTo(Math.round(plotToData(area, at.x, at.y)?.x ?? 1) - 1);
  else void pickAt(pictureId, at.x, at.y);
}

function stepTo(frame: number): void {
  pauseFilm();
  showFrame(frame);
}
