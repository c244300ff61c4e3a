import { AppError } from "../core/errors.ts";
import type { BrushedSpikes, BrushHow } from "../protocol/brush.ts";
import { amplitudeUnitOf } from "../protocol/datasets.ts";
import type { PickedSpike, PictureView } from "../protocol/pictures.ts";
import { isInside } from "../protocol/plotArea.ts";
import type { PaintApi } from "../protocol/workers.ts";
import { combined, describeBrushed, rowByChance, rowsInside, validRows } from "./brush.ts";
import { spikesCsv } from "./brushCsv.ts";
import { type Plot, plotAreaOf } from "./figure.ts";
import { nearestSpike, pickedSpike } from "./pick.ts";
import type { PaintData } from "./pictureData.ts";
import type { DataPart } from "./pictureDef.ts";

type Answers = "pick" | "spikeAt" | "randomSpike" | "brush" | "setBrush" | "brushed" | "brushedCsv";

/** What a painter answers about single spikes, and about those that a person has brushed. */
export abstract class SpikeDesk implements Pick<PaintApi, Answers> {
  protected abstract readonly data: PaintData;
  protected abstract view: PictureView;
  /** which spike a place means */
  protected nearest: (...place: Parameters<typeof nearestSpike>) => number | null = nearestSpike;
  /** the plots on a canvas, once they are drawn */
  protected abstract paintedPlots(id: string): Promise<readonly Plot[]>;
  /** draw again what is drawn from these */
  protected abstract touchUsers(parts: readonly DataPart[]): void;

  async pick(id: string, xCss: number, yCss: number): Promise<PickedSpike | null> {
    const plot = (await this.paintedPlots(id)).find((one) => isInside(plotAreaOf(one), xCss, yCss));
    const { spikes, corrected } = this.data;
    if (!plot?.picks || !spikes) return null;
    const index = this.nearest(plot.picks, plotAreaOf(plot), xCss, yCss);
    return index === null ? null : pickedSpike(spikes.spikes, corrected, index);
  }

  async spikeAt(index: number): Promise<PickedSpike | null> {
    const { spikes, corrected } = this.data;
    return spikes ? pickedSpike(spikes.spikes, corrected, index) : null;
  }

  async randomSpike(chance: number): Promise<PickedSpike | null> {
    const { spikes, brushed } = this.data;
    const { timeRangeSec, depthRangeUm } = this.view;
    const row = spikes && rowByChance(spikes, brushed, timeRangeSec, depthRangeUm, chance);
    return row === null ? null : this.spikeAt(row);
  }

  async brush(id: string, outline: readonly number[], how: BrushHow): Promise<BrushedSpikes | null> {
    const plot = (await this.paintedPlots(id)).find((one) => isInside(plotAreaOf(one), outline[0], outline[1]));
    if (!plot?.picks) return this.brushed();
    return this.setBrush(combined(this.data.brushed, rowsInside(plot.picks, plotAreaOf(plot), outline), how));
  }

  async setBrush(rows: Int32Array | null): Promise<BrushedSpikes | null> {
    const valid = rows && validRows(rows, this.data.spikes?.spikes.nSpikes ?? 0);
    this.data.brushed = valid && valid.length > 0 ? valid : null;
    this.touchUsers(["brushed"]);
    return this.brushed();
  }

  async brushed(): Promise<BrushedSpikes | null> {
    const { spikes, brushed } = this.data;
    return spikes && brushed && describeBrushed(spikes, brushed);
  }

  async brushedCsv(): Promise<Blob> {
    const { spikes, brushed, sorting } = this.data;
    if (!spikes || !brushed) throw new AppError("usage", "No spikes are brushed: draw a line around some first.");
    return new Blob(spikesCsv(spikes.spikes, brushed, amplitudeUnitOf(sorting)), { type: "text/csv" });
  }
}
