import { AppError } from "../../core/errors.ts";
import {
  type FilmCodecs,
  type FilmOutcome,
  type FilmProgress,
  type FilmRequest,
  filmFrameStart,
  nFilmFrames,
} from "../../protocol/films.ts";
import type { PictureView } from "../../protocol/pictures.ts";
import { drawFigure } from "../axes.ts";
import { canvasPen, type MakeCanvas, reusingCanvases } from "../canvasPen.ts";
import { correctedDepths } from "../correctedDepths.ts";
import type { Figure } from "../figure.ts";
import type { PaintData } from "../pictureData.ts";
import { rasterStore } from "../rasterPlot.ts";
import { themeOf } from "../theme.ts";
import { codecInWords, encodableCodec } from "./codecs.ts";
import { filmPlots } from "./filmPicture.ts";

/** The film is laid out as if it were this high, in px, whatever its size: 1080 lines show the same as 720, finer. */
const layoutHeightPx = 720;
/** More than a day of seconds is a mistake of the form. */
const mostFrames = 100_000;

/** The page hears of progress this often. */
const tellEveryMs = 100;

/** Makes one film at a time, in slices between which pictures are redrawn. */
export interface FilmDesk {
  codecs(request: FilmRequest): Promise<FilmCodecs>;
  /** Bytes of the frame in the middle as a PNG; NaN without spikes. */
  frameBytes(request: FilmRequest): Promise<number>;
  make(request: FilmRequest, onProgress: (progress: FilmProgress) => void): Promise<FilmOutcome>;
  cancel(): void;
}

/** What there is to film, as it is when a film begins. */
export interface Filmed {
  data: PaintData;
  view: PictureView;
}

/** `now` gives what is open; what changes while a film is made does not change the film. */
export function filmDesk(makeCanvas: MakeCanvas, nowMs: () => number, now: () => Filmed): FilmDesk {
  let current: { isCancelled: boolean } | null = null;
  return {
    codecs: async (request) => {
      const named = async (format: "mp4" | "webm") => {
        const codec = await encodableCodec(format, request);
        return codec && codecInWords(format, codec);
      };
      return { mp4: await named("mp4"), webm: await named("webm") };
    },
    frameBytes: async (request) => {
      const filmed = now();
      if (!filmed.data.spikes || nFramesOf(request) === 0) return Number.NaN;
      const canvas = makeCanvas(request.widthPx, request.heightPx);
      frameDrawer(request, filmed, canvas, makeCanvas)(Math.floor(nFramesOf(request) / 2));
      return (await canvas.convertToBlob({ type: "image/png" })).size;
    },
    make: async (request, onProgress) => {
      if (current) throw new AppError("usage", "A film is being made; wait for it or cancel it first.");
      const job = { isCancelled: false };
      current = job;
      try {
        return await makeFilm(request, frozen(now()), makeCanvas, nowMs, onProgress, () => job.isCancelled);
      } finally {
        current = null;
      }
    },
    cancel: () => {
      if (current) current.isCancelled = true;
    },
  };
}

/** A copy that later changes do not reach. Corrected depths are computed into an array that the next motion overwrites. */
function frozen({ data, view }: Filmed): Filmed {
  const { spikes, motion } = data;
  const corrected = spikes && motion ? correctedDepths(spikes.spikes, motion) : null;
  return { data: { ...data, corrected }, view: { ...view, cursorTimeSec: null } };
}

async function makeFilm(
  request: FilmRequest,
  filmed: Filmed,
  makeCanvas: MakeCanvas,
  nowMs: () => number,
  onProgress: (progress: FilmProgress) => void,
  isCancelled: () => boolean,
): Promise<FilmOutcome> {
  const total = nFramesOf(request);
  if (!filmed.data.spikes) throw new AppError("usage", "A film needs spikes: open some, or find them in a recording.");
  if (total > mostFrames)
    throw new AppError(
      "bad-parameter",
      `Expected at most ${mostFrames} frames, found ${total}; film a shorter stretch.`,
    );
  const canvas = makeCanvas(request.widthPx, request.heightPx);
  const { openSink } = await import("./sinks.ts");
  const sink = await openSink(request, canvas);
  const draw = frameDrawer(request, filmed, canvas, makeCanvas);
  const started = nowMs();
  let toldMs = started;
  try {
    for (let frame = 0; frame < total; frame++) {
      if (isCancelled()) throw new AppError("cancelled", "The film was cancelled, and nothing of it was kept.");
      draw(frame);
      await sink.add(frame);
      if (nowMs() - toldMs >= tellEveryMs) {
        toldMs = nowMs();
        const framesPerSec = (1000 * (frame + 1)) / (toldMs - started);
        onProgress({ done: frame + 1, total, framesPerSec, secondsLeft: (total - frame - 1) / framesPerSec });
      }
      await turn();
    }
    const { blob, bytes } = await sink.finish();
    const tookSec = (nowMs() - started) / 1000;
    return { blob, bytes, nFrames: total, durationSec: total / request.framesPerSec, codec: sink.codec, tookSec };
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

/** Let messages and redraws in. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

function nFramesOf({ kind, rangeSec, binSec, snapshots }: FilmRequest): number {
  return kind === "recording" ? nFilmFrames(rangeSec, binSec) : snapshots.length;
}

/** Draws a frame of the film on its canvas. */
function frameDrawer(
  request: FilmRequest,
  { data, view }: Filmed,
  canvas: OffscreenCanvas,
  makeCanvas: MakeCanvas,
): (frame: number) => void {
  const { kind, widthPx, heightPx, rangeSec, binSec, sessionSec, optimisation, snapshots, caption } = request;
  const context = canvas.getContext("2d");
  if (!context) throw new AppError("bad-data", "The browser gave no canvas to draw the film on; close other pages.");
  const pixelRatio = heightPx / layoutHeightPx;
  const pen = canvasPen(context, pixelRatio, reusingCanvases(makeCanvas));
  const store = rasterStore();
  const theme = themeOf(request.theme);
  const box = { left: 0, top: 0, width: widthPx / pixelRatio, height: layoutHeightPx };
  return (index) => {
    const timeSec = filmFrameStart(rangeSec, binSec, index);
    const shown = optimisation
      ? { ...data, optimisation: { ...optimisation, index, snapshot: snapshots[index] } }
      : data;
    const of = { ...view, theme: request.theme, timeRangeSec: sessionSec, film: { kind, timeSec, binSec } };
    const { plots } = filmPlots(shown, of, { box, pixelRatio, store, theme }, { leavesOutEmpty: true });
    const figure: Figure = { title: "Film", widthPx: box.width, heightPx: box.height, theme, plots, caption };
    drawFigure(pen, figure);
  };
}
