import { proxy } from "comlink";
import { create } from "zustand";
import { AppError, asAppError } from "../core/errors.ts";
import { spokenName } from "../protocol/chunkFiles.ts";
import {
  type FilmCodecs,
  type FilmFormat,
  type FilmOutcome,
  type FilmProgress,
  type FilmRequest,
  nFilmFrames,
} from "../protocol/films.ts";
import { withPaint } from "./clients.ts";
import { filmRange } from "./film.ts";
import { formatBytes, formatCount, formatDuration, formatNumber } from "./format.ts";
import { nameOfLocalizer } from "./localizerNames.ts";
import { activeMotion } from "./motions.ts";
import { optimisationSnapshots, useOptimisation } from "./optimisationLog.ts";
import { usePositions } from "./positions.ts";
import { saveBlob } from "./saveFile.ts";
import { errorSentence, useSession } from "./sessionStore.ts";
import { useView } from "./viewStore.ts";

/** Saving the film: what is asked for, how far it has come, and how it went. */
export interface FilmExport {
  format: FilmFormat;
  heightPx: 720 | 1080;
  framesPerSec: number;
  megabitsPerSec: number;
  theme: "screen" | "dark" | "light";
  /** written to a chosen file as it is made, instead of to the downloads when it is whole */
  toFile: boolean;
  /** what videos would be encoded with here; null before the browser has said */
  codecs: FilmCodecs | null;
  /** size of a frame as a PNG, measured on one of them; NaN before that */
  frameBytes: number;
  progress: FilmProgress | null;
  isRunning: boolean;
  /** how the last one went, in words */
  outcome: string;
  error: string | null;
}

export const useFilmExport = create<FilmExport>(() => ({
  format: "mp4",
  heightPx: 720,
  framesPerSec: 25,
  megabitsPerSec: 6,
  theme: "screen",
  toFile: false,
  codecs: null,
  frameBytes: Number.NaN,
  progress: null,
  isRunning: false,
  outcome: "",
  error: null,
}));

export const FILM_HEIGHTS = [720, 1080] as const;
export const FILM_RATES = [5, 10, 15, 25, 30, 60] as const;
/** Dots and letters stay sharp from here on. */
export const FILM_MEGABITS = [2, 4, 6, 10, 16, 24] as const;

/** Not in every browser. */
interface PickingWindow {
  showSaveFilePicker?(options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle>;
}

export function canChooseFile(): boolean {
  return "showSaveFilePicker" in window;
}

/** The film that would be saved now, but for its file. */
export function filmRequest(): FilmRequest {
  const { film, bounds } = useView.getState();
  const { format, heightPx, framesPerSec, megabitsPerSec, theme } = useFilmExport.getState();
  const isRun = film.kind === "optimisation";
  const { scoreName, moments } = useOptimisation.getState();
  return {
    kind: film.kind,
    format,
    widthPx: (heightPx * 16) / 9,
    heightPx,
    framesPerSec,
    bitsPerSec: 1e6 * megabitsPerSec,
    theme: theme === "screen" ? useView.getState().theme : theme,
    caption: captionOf(),
    rangeSec: filmRange(),
    binSec: film.binSec,
    sessionSec: bounds.time,
    optimisation: isRun ? { scoreName, moments } : null,
    snapshots: isRun ? optimisationSnapshots() : [],
    file: null,
  };
}

/** "run_g0 · positions: CNN, fine-tuned · motion: DREDge (AP)": what the spikes of the film are. */
function captionOf(): string {
  const { spikes, recording } = useSession.getState();
  const { chosen } = usePositions.getState();
  const motion = useView.getState().projectCorrected ? activeMotion() : null;
  const parts = [recording?.info.files[0] ? spokenName(recording.info.files[0].path) : (spikes?.title ?? "")];
  if (chosen !== null) parts.push(`positions: ${nameOfLocalizer(chosen)}`);
  if (motion) parts.push(`motion: ${motion.title}`);
  return parts.join(" · ");
}

/** A frame that stands alone comes every 2 s and takes about this many bytes per pixel whatever the rate: of such films, measured. */
const keyFrameSec = 2;
const keyFrameBytesPerPixel = 0.12;

/** Frames, length and size of a film before it is made. A video is about as large as its rate says, and its key frames. */
export function filmEstimate(request: FilmRequest): { nFrames: number; durationSec: number; bytes: number } {
  const { kind, rangeSec, binSec, framesPerSec, bitsPerSec, format, widthPx, heightPx } = request;
  const nMoments = request.optimisation?.moments.length ?? 0;
  const nFrames = kind === "recording" ? nFilmFrames(rangeSec, binSec) : nMoments;
  const durationSec = nFrames / framesPerSec;
  if (format === "png") return { nFrames, durationSec, bytes: nFrames * useFilmExport.getState().frameBytes };
  const keyBytes = Math.ceil(durationSec / keyFrameSec) * widthPx * heightPx * keyFrameBytesPerPixel;
  return { nFrames, durationSec, bytes: (durationSec * bitsPerSec) / 8 + keyBytes };
}

/** Ask what the browser can encode at the size and rate that are chosen, or how large a PNG is. Never rejects. */
export async function readFilmSize(): Promise<void> {
  const request = filmRequest();
  try {
    if (request.format === "png") {
      useFilmExport.setState({ frameBytes: Number.NaN });
      useFilmExport.setState({ frameBytes: await withPaint((paint) => paint.filmFrameBytes(request)) });
    } else
      useFilmExport.setState({ codecs: await withPaint((paint) => paint.filmCodecs({ ...request, snapshots: [] })) });
  } catch (error) {
    useFilmExport.setState({ error: errorSentence(error) });
  }
}

const mimes: Record<FilmFormat, string> = { mp4: "video/mp4", webm: "video/webm", png: "application/zip" };

function nameOf({ kind, format, rangeSec, heightPx }: FilmRequest): string {
  const what = kind === "optimisation" ? "run" : `${Math.round(rangeSec[0])}-${Math.round(rangeSec[1])}s`;
  const data = (useSession.getState().spikes?.title ?? "spikes").replaceAll(/[^\w-]+/g, "-").slice(0, 40);
  return `${data}_${what}_${heightPx}p.${format === "png" ? "zip" : format}`;
}

/** A file to write to; "none" when the person has thought better of it. */
async function chooseFile(name: string, format: FilmFormat): Promise<FileSystemFileHandle | "none"> {
  const { showSaveFilePicker } = window as PickingWindow;
  if (!showSaveFilePicker)
    throw new AppError("usage", "This browser lets no page choose a file; save to the downloads.");
  const ending = name.slice(name.lastIndexOf("."));
  try {
    return await showSaveFilePicker.call(window, {
      suggestedName: name,
      types: [{ description: "Film", accept: { [mimes[format]]: [ending] } }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "none";
    throw new AppError(
      "bad-data",
      "The browser gave no file to write to; save to the downloads.",
      {},
      { cause: error },
    );
  }
}

function inWords({ nFrames, durationSec, bytes, codec, tookSec }: FilmOutcome, format: FilmFormat): string {
  const rate = formatNumber(nFrames / tookSec, 2);
  const lasts = format === "png" ? "" : ` ${formatDuration(durationSec)},`;
  const what = `${formatCount(nFrames)} frames,${lasts} ${formatBytes(bytes)}, ${codec}`;
  return `Saved: ${what}; made in ${formatDuration(tookSec)}, ${rate} frames/s.`;
}

/** Make the film and save it. Never rejects: a failure is the state's own sentence. */
export async function saveFilm(): Promise<void> {
  if (useFilmExport.getState().isRunning) return;
  const request = filmRequest();
  const name = nameOf(request);
  const onProgress = (progress: FilmProgress) => {
    if (useFilmExport.getState().isRunning) useFilmExport.setState({ progress });
  };
  useFilmExport.setState({ isRunning: true, progress: null, outcome: "", error: null });
  try {
    const file = useFilmExport.getState().toFile ? await chooseFile(name, request.format) : null;
    if (file === "none") return;
    const outcome = await withPaint((paint) => paint.makeFilm({ ...request, file }, proxy(onProgress)));
    if (outcome.blob) saveBlob(outcome.blob, name);
    useFilmExport.setState({ outcome: inWords(outcome, request.format) });
  } catch (error) {
    const isCancelled = asAppError(error)?.code === "cancelled";
    useFilmExport.setState(isCancelled ? { outcome: errorSentence(error) } : { error: errorSentence(error) });
  } finally {
    useFilmExport.setState({ isRunning: false, progress: null });
  }
}

/** Stop making the film; nothing of it is kept. Never rejects. */
export async function cancelFilm(): Promise<void> {
  try {
    await withPaint((paint) => paint.cancelFilm());
  } catch (error) {
    useFilmExport.setState({ error: errorSentence(error) });
  }
}
