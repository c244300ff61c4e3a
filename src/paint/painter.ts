import { AppError, assert } from "../core/errors.ts";
import { assertMotion } from "../core/motion.ts";
import type { Motion, SpikeTable } from "../core/types.ts";
import type { FigureData } from "../protocol/figureData.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { PaintParts, PictureKind, PictureView, PlacedSpikes } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import type { MotionPair } from "../protocol/scoreboard.ts";
import type { SpikeCounter } from "../protocol/spikeCounter.ts";
import type { PaintApi } from "../protocol/workers.ts";
import { type MakeCanvas, reusingCanvases } from "./canvasPen.ts";
import { motionPairs } from "./comparison.ts";
import { correctedDepths } from "./correctedDepths.ts";
import { type Plot, plotAreaOf } from "./figure.ts";
import { type FilmDesk, filmDesk } from "./film/filmDesk.ts";
import { appendedSpikes } from "./growingSpikes.ts";
import { LateCells } from "./lateCells.ts";
import { type LoanDesk, loanDesk } from "./loanDesk.ts";
import type { nearestSpike } from "./pick.ts";
import { noPaintData, type PaintData } from "./pictureData.ts";
import type { DataPart } from "./pictureDef.ts";
import { seenBy, usesAny } from "./pictures.ts";
import { placedSpikes } from "./placedSpikes.ts";
import { nearestContact } from "./probeSites.ts";
import { type RasterStore, rasterStore } from "./rasterPlot.ts";
import { shankLines } from "./shankLines.ts";
import { drawQuickFirst, type Slot, settle, sizeOf } from "./slot.ts";
import { prepareSpikes, type SpikeData } from "./spikeData.ts";
import { TakeAwayDesk } from "./takeAwayDesk.ts";
import { checkView, firstView } from "./view.ts";

/** What the painter needs of the thread it lives in; a test gives its own. */
export interface PaintHost {
  makeCanvas: MakeCanvas;
  /** Call back before the next frame, once. */
  nextFrame(draw: () => void): void;
  nowMs(): number;
  /** Numbers as files; the formats are not the painter's business. Absent where none are saved. */
  dataFile?(data: FigureData): { blob: Blob; extension: "csv" | "zip" };
  /** Which spike a place means; where absent, the nearest of all within a few px. */
  pick?(...place: Parameters<typeof nearestSpike>): number | null;
}

/**
 * Everything behind the paint worker: keeps data, view and canvases, and redraws what changed, at most once per frame.
 * Until the page sets a view it shows the first second and micrometre: set the view before attaching canvases.
 */
export class Painter extends TakeAwayDesk implements PaintApi {
  protected readonly data: PaintData = noPaintData();
  private readonly slots = new Map<string, Slot>();
  private readonly host: PaintHost;
  private readonly loans: LoanDesk;
  protected readonly films: FilmDesk;
  protected readonly dataFile: NonNullable<PaintHost["dataFile"]> | null;
  protected view: PictureView = firstView;
  private counter: SpikeCounter | null = null;
  private isScheduled = false;
  /** the spikes as they were set, before other positions were put in their place */
  private table: SpikeData | null = null;
  private placed: PlacedSpikes | null = null;

  constructor(host: PaintHost) {
    super();
    this.host = host;
    this.dataFile = host.dataFile ?? null;
    if (host.pick) this.nearest = host.pick;
    const now = () => ({ data: this.data, view: this.view });
    this.films = filmDesk(host.makeCanvas, () => host.nowMs(), now);
    const isWanted = () => [...this.slots.values()].some((slot) => slot.kind === "activity");
    this.loans = loanDesk(isWanted, (activity) => {
      this.data.activity = activity;
      this.touchUsers(["activity"]);
    });
  }

  async setSpikes(spikes: SpikeTable | null): Promise<void> {
    this.table = spikes ? prepareSpikes(spikes) : null;
    this.data.activity = null;
    this.data.waveform = null;
    this.view = { ...this.view, selectedSpike: null }; // a row of the spikes before
    if (this.data.brushed?.some((row) => row >= (spikes?.nSpikes ?? 0))) this.data.brushed = null;
    this.place();
    this.touch(() => true);
  }

  async setPositions(placed: PlacedSpikes | null): Promise<void> {
    this.placed = placed;
    this.place();
    this.touchUsers(["spikes"]);
  }

  async appendSpikes(more: SpikeTable): Promise<void> {
    const { data } = this;
    this.table = this.table ? appendedSpikes(this.table, more) : prepareSpikes(more);
    this.placed = null; // of fewer spikes
    data.spikes = this.table;
    data.ownPlaces = this.table;
    if (data.corrected) data.corrected = data.corrected.extendedTo(data.spikes.spikes);
    else this.correctBy(data.motion);
    this.touchUsers(["spikes"]);
  }

  async setParts(parts: Partial<PaintParts>): Promise<void> {
    Object.assign(this.data, parts);
    this.touchUsers(Object.keys(parts) as readonly DataPart[]);
  }

  async setMotion(motion: Motion | null): Promise<void> {
    if (motion) assertMotion(motion);
    this.correctBy(motion);
    this.touchUsers(["motion"]);
  }

  async setMotions(motions: readonly DrawnMotion[]): Promise<void> {
    for (const { motion } of motions) assertMotion(motion);
    this.data.motions = motions;
    this.data.correctedBy.keepOnly(new Set(motions.map(({ id }) => id)));
    this.touchUsers(["motions"]);
  }

  async motionPairs(): Promise<MotionPair[]> {
    return motionPairs(shankLines(this.data.motions));
  }

  async setView(view: PictureView): Promise<void> {
    checkView(view);
    const before = this.view;
    this.view = view;
    this.touch((kind) => seenBy(kind, before) !== seenBy(kind, view));
  }

  async attach(
    id: string,
    kind: PictureKind,
    canvas: OffscreenCanvas,
    cssWidth: number,
    cssHeight: number,
    pixelRatio: number,
  ): Promise<void> {
    const size = sizeOf(cssWidth, cssHeight, pixelRatio);
    const store = this.storeOf(id);
    const makeCanvas = reusingCanvases(this.host.makeCanvas);
    const drawn = { figure: null, failure: null, lastMs: Number.NaN };
    this.slots.set(id, { kind, canvas, size, store, makeCanvas, isStale: true, ...drawn, waiting: [] });
    this.touch(() => false);
  }

  async resize(id: string, cssWidth: number, cssHeight: number, pixelRatio: number): Promise<void> {
    const slot = this.slot(id);
    slot.size = sizeOf(cssWidth, cssHeight, pixelRatio);
    slot.isStale = true;
    this.touch(() => false);
  }

  async detach(id: string): Promise<void> {
    const slot = this.slots.get(id);
    this.slots.delete(id);
    if (slot) settle(slot.waiting, new AppError("cancelled", "The picture was closed before it was drawn."));
  }

  async connectCompute(port: MessagePort): Promise<void> {
    this.loans.connect(port);
    this.loans.offer();
  }

  async lastRedrawMs(id: string): Promise<number> {
    return this.slot(id).lastMs;
  }

  async whenPainted(id: string): Promise<void> {
    const slot = this.slot(id);
    if (slot.isStale || slot.store.late?.isBehind)
      await new Promise<void>((resolve, reject) => slot.waiting.push({ resolve, reject }));
    if (slot.failure !== null) throw slot.failure;
  }

  async plotAreas(id: string): Promise<PlotArea[]> {
    return (await this.paintedPlots(id)).map(plotAreaOf);
  }

  async pickChannel(id: string, xCss: number, yCss: number): Promise<number | null> {
    if (this.slot(id).kind !== "probe") return null;
    const [area] = await this.plotAreas(id);
    const { probe } = this.data;
    return probe ? nearestContact(probe, area, xCss, yCss) : null;
  }

  protected async paintedPlots(id: string): Promise<readonly Plot[]> {
    const slot = this.slot(id);
    await this.whenPainted(id);
    assert(slot.figure, "a painted picture has a figure");
    return slot.figure.plots;
  }

  protected slot(id: string): Slot {
    const slot = this.slots.get(id);
    assert(slot, `picture ${id} is attached`);
    return slot;
  }

  protected touchUsers(parts: readonly DataPart[]): void {
    this.touch((kind) => usesAny(kind, this.view, parts));
  }

  /** From now on let another machine count the spikes of pictures that show all of them. */
  countWith(counter: SpikeCounter): void {
    this.counter = counter;
    for (const [id, slot] of this.slots) slot.store = this.storeOf(id);
  }

  private storeOf(id: string): RasterStore {
    if (!this.counter) return rasterStore();
    const redrawn = () => {
      const slot = this.slots.get(id);
      if (slot) slot.isStale = true;
      this.touch(() => false);
    };
    return rasterStore(new LateCells(this.counter, redrawn));
  }

  /** Mark what a change concerns and draw it, together with everything else marked, before the next frame. */
  private touch(concerns: (kind: PictureKind) => boolean): void {
    for (const slot of this.slots.values()) if (concerns(slot.kind)) slot.isStale = true;
    this.schedule();
  }

  private schedule(): void {
    if (!this.isScheduled) this.host.nextFrame(() => this.drawStale());
    this.isScheduled = true;
  }

  /** What was not drawn in this frame is drawn in the next; messages that came meanwhile are heard in between. */
  private drawStale(): void {
    this.isScheduled = false;
    if (drawQuickFirst(this.slots.values(), this.data, this.view, () => this.host.nowMs())) this.schedule();
    this.loans.offer();
  }

  /** Put the chosen positions in the place of the table's own, where they fit it. */
  private place(): void {
    const { table, placed, data } = this;
    data.spikes = (table && placed && placedSpikes(table, placed)) ?? table;
    data.ownPlaces = table;
    this.correctBy(data.motion);
  }

  private correctBy(motion: Motion | null): void {
    const { data } = this;
    data.motion = motion;
    const spikes = data.spikes?.spikes;
    const old = data.corrected?.target;
    const isReusable = old !== undefined && old.length === spikes?.nSpikes;
    data.corrected = motion && spikes ? correctedDepths(spikes, motion, isReusable ? old : undefined) : null;
  }
}
