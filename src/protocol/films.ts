import type { Motion, Range } from "../core/types.ts";

/** Films: of the recording, a stretch of time per frame, or of a run, a moment of its optimisation per frame. */
export type FilmKind = "recording" | "optimisation";

/** Which frame is on screen. */
export interface FilmView {
  kind: FilmKind;
  /** of the recording: where its frame begins, s */
  timeSec: number;
  /** and how long a stretch a frame shows, s */
  binSec: number;
}

/** A moment of a run: small, kept for all moments that are shown. */
export interface OptimisationMoment {
  /** what the run was at, in words */
  title: string;
  /** steps of the training, or how many events came before where the method counts none */
  step: number;
  /** outer iteration from 1; null for a method that has none */
  iteration: number | null;
  /** ρ̄ of the validation, or the loss where the method has no ρ̄; NaN where neither is known yet */
  score: number;
  /** smallest and largest displacement of its motion, µm; null without a motion */
  displacementUm: Range | null;
}

/** Where spikes and tissue were at that moment. */
export interface OptimisationSnapshot {
  /** [n] rows of the table, ascending */
  rows: Int32Array;
  /** [n, 4] x, y, z in µm and α, uncorrected; null where the method moves no spikes: they lie where the table says */
  xyza: Float32Array | null;
  motion: Motion | null;
}

/** A run as a film: all its moments, and what is to be seen of one of them. */
export interface OptimisationFilm {
  scoreName: "ρ̄" | "Loss";
  moments: readonly OptimisationMoment[];
  /** which moment `snapshot` is */
  index: number;
  snapshot: OptimisationSnapshot;
}

export type FilmFormat = "mp4" | "webm" | "png";

/** A film to be drawn, encoded and saved. */
export interface FilmRequest {
  kind: FilmKind;
  format: FilmFormat;
  /** even numbers of px, as video codecs want them */
  widthPx: number;
  heightPx: number;
  framesPerSec: number;
  /** of videos, bit/s */
  bitsPerSec: number;
  theme: "dark" | "light";
  /** at the bottom of every frame: what it is of */
  caption: string;
  /** stretch of the recording that is filmed, s */
  rangeSec: Range;
  binSec: number;
  /** the whole recording: what the traces below show */
  sessionSec: Range;
  /** of a film of the optimisation: every moment it shows, in order */
  optimisation: { scoreName: OptimisationFilm["scoreName"]; moments: readonly OptimisationMoment[] } | null;
  snapshots: readonly OptimisationSnapshot[];
  /** where it is written as it is made; null for a blob */
  file: FileSystemFileHandle | null;
}

export interface FilmProgress {
  done: number;
  total: number;
  framesPerSec: number;
  secondsLeft: number;
}

export interface FilmOutcome {
  /** null where it was written to a file */
  blob: Blob | null;
  nFrames: number;
  bytes: number;
  /** s that the film lasts when played */
  durationSec: number;
  /** in words: "H.264 in MP4" */
  codec: string;
  /** s that drawing and encoding took */
  tookSec: number;
}

/** What a video of some size would be encoded with here, in words; null where this browser encodes none for the container. */
export type FilmCodecs = Record<Exclude<FilmFormat, "png">, string | null>;

/** Frames of a stretch of time; the last one may be cut short. At least one. */
export function nFilmFrames([from, to]: Range, binSec: number): number {
  return Math.max(1, Math.ceil((to - from) / binSec - 1e-9));
}

/** Beginning of a frame, s; frames beyond either end are the first and the last. */
export function filmFrameStart(range: Range, binSec: number, frame: number): number {
  return range[0] + Math.min(nFilmFrames(range, binSec) - 1, Math.max(0, frame)) * binSec;
}

/** The frame that shows a moment; the first or the last for moments outside. */
export function filmFrameAt(range: Range, binSec: number, timeSec: number): number {
  const frame = Math.floor((timeSec - range[0]) / binSec + 1e-9);
  return Math.min(nFilmFrames(range, binSec) - 1, Math.max(0, frame));
}
