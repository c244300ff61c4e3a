import { AppError, assert } from "../core/errors.ts";
import { amplitudeUnitOf } from "../protocol/datasets.ts";
import type { FigureData } from "../protocol/figureData.ts";
import type { FilmCodecs, FilmOutcome, FilmProgress, FilmRequest } from "../protocol/films.ts";
import type { StepResult } from "../protocol/methods.ts";
import type { NamedFigure } from "../protocol/pictures.ts";
import type { PaintApi } from "../protocol/workers.ts";
import { figureData } from "./figureData.ts";
import { figureSvg, stepFigures } from "./figures.ts";
import type { FilmDesk } from "./film/filmDesk.ts";
import { buildPicture } from "./pictures.ts";
import type { Slot } from "./slot.ts";
import { UnitDesk } from "./unitDesk.ts";

type Answers = "exportFigure" | "exportData" | "figures" | "filmCodecs" | "filmFrameBytes" | "makeFilm" | "cancelFilm";

/** What can be taken away from a painter: pictures, the numbers behind them, figures of a run, films. */
export abstract class TakeAwayDesk extends UnitDesk implements Pick<PaintApi, Answers> {
  protected abstract readonly films: FilmDesk;
  /** numbers as files; null where none are saved */
  protected abstract readonly dataFile: ((data: FigureData) => { blob: Blob; extension: "csv" | "zip" }) | null;
  protected abstract slot(id: string): Slot;
  abstract whenPainted(id: string): Promise<void>;

  async exportFigure(id: string, _format: "svg", theme: "dark" | "light"): Promise<string> {
    const { kind, size } = this.slot(id);
    const forPrint = { ...size, pixelRatio: Math.max(2, size.pixelRatio) };
    return figureSvg(buildPicture(kind, this.data, { ...this.view, theme }, forPrint));
  }

  async exportData(id: string): Promise<{ blob: Blob; extension: "csv" | "zip" }> {
    await this.whenPainted(id);
    const { kind, size } = this.slot(id);
    // built anew: what is on the canvas may still be waiting for cells that another machine counts
    const data = figureData(
      buildPicture(kind, this.data, this.view, size),
      this.data.spikes,
      amplitudeUnitOf(this.data.sorting),
    );
    if (data.parts.length === 0)
      throw new AppError(
        "usage",
        "There are no numbers to save yet: the picture is empty, or nothing lies in its range.",
      );
    assert(this.dataFile, "whoever saves numbers says how");
    return this.dataFile(data);
  }

  async figures(step: StepResult): Promise<NamedFigure[]> {
    const { spikes, sorting } = this.data;
    if (!spikes) throw new AppError("bad-data", "Figures need the spikes of the run, and no spikes are open.");
    return stepFigures(step, spikes.spikes, amplitudeUnitOf(sorting));
  }

  async filmCodecs(request: FilmRequest): Promise<FilmCodecs> {
    return this.films.codecs(request);
  }

  async filmFrameBytes(request: FilmRequest): Promise<number> {
    return this.films.frameBytes(request);
  }

  async makeFilm(request: FilmRequest, onProgress: (progress: FilmProgress) => void): Promise<FilmOutcome> {
    return this.films.make(request, onProgress);
  }

  async cancelFilm(): Promise<void> {
    this.films.cancel();
  }
}
