import type { PictureView } from "../../protocol/pictures.ts";
import type { Frame, PaintData } from "../pictureData.ts";
import type { Content } from "../pictureDef.ts";
import type { FilmOptions } from "./layout.ts";
import { optimisationFrame } from "./optimisationFrame.ts";
import { recordingFrame } from "./recordingFrame.ts";

/** The frame of the film that the view is at. On screen, sentences stand where traces are missing. */
export function filmPlots(
  data: PaintData,
  view: PictureView,
  frame: Frame,
  options: FilmOptions = { leavesOutEmpty: false },
): Content {
  const film = view.film ?? { kind: "recording", timeSec: view.timeRangeSec[0], binSec: 1 };
  if (film.kind === "optimisation") return optimisationFrame(data, view, frame);
  return recordingFrame(data, view, film, frame, options);
}
