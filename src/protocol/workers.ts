import type { SyntheticOptions } from "../core/syntheticRecording.ts";
import type { Motion, ProbeSites, RecordingSegment, SpikeTable } from "../core/types.ts";
import type { BrushedSpikes, BrushHow } from "./brush.ts";
import type { CorrectionEvent, CorrectionOutcome } from "./correction.ts";
import type { DroppedFile, FormatRow, OpenOutcome, Sorting, SpikeFacts } from "./datasets.ts";
import type { FilmCodecs, FilmOutcome, FilmProgress, FilmRequest } from "./films.ts";
import type { PageContents } from "./interactivePage.ts";
import type { KeptPack } from "./kept.ts";
import type {
  ActivityImage,
  ComputeRequest,
  ComputeStatus,
  JobEvent,
  MethodInfo,
  ParamValues,
  Recipe,
  RunResult,
  StepResult,
} from "./methods.ts";
import type { TrainedModel } from "./models.ts";
import type { DrawnMotion, NotedMotion } from "./motions.ts";
import type { NamedFigure, PaintParts, PickedSpike, PictureKind, PictureView, PlacedSpikes } from "./pictures.ts";
import type { PlainApi } from "./plainBinary.ts";
import type { PlotArea } from "./plotArea.ts";
import type {
  RunEstimate,
  SpikeAnchors,
  SpikeWaveform,
  TraceRequest,
  TraceWindow,
  UnfinishedRun,
} from "./recordings.ts";
import type {
  CorrelationMatrix,
  CorrelationRequest,
  MotionPair,
  Scoreboard,
  ScoreboardEvent,
  ScoreboardRequest,
} from "./scoreboard.ts";
import type { SpikeinterfaceFile, SpikeinterfaceForm, SpikeinterfaceGiven } from "./spikeinterface.ts";
import type { UnitApi } from "./units.ts";
import type { WaveformBlock } from "./waveformBlock.ts";

/**
 * What each worker can be asked. comlink carries the calls; callbacks are top-level arguments wrapped in `proxy`.
 * Nothing here holds a GPU buffer: those never leave the compute worker.
 */

export interface IoApi extends KeptApi, PlainApi {
  /**
   * List everything that was dropped, and read what can be opened at once, or the one set with this key. Throws AppError when
   * nothing can be opened; what was open stays open.
   */
  open(files: DroppedFile[], key: string | null): Promise<OpenOutcome>;
  /** Every format that can be opened, in words. */
  formats(): Promise<FormatRow[]>;
  /** The run directory as one zip. */
  exportZip(bundle: RunBundle): Promise<Blob>;
  /** What is open as SpikeInterface and probeinterface load it. Throws AppError where it lacks what the form needs. */
  exportSpikeinterface(as: SpikeinterfaceForm, given: SpikeinterfaceGiven): Promise<SpikeinterfaceFile>;
  /** Data and pictures as one page that opens without a network; `script` is the bundle of src/viewer. */
  exportPage(contents: PageContents, script: string): Promise<Blob>;
  /** Rows of a table as a .npy file of int32. */
  rowsFile(rows: Int32Array): Promise<Blob>;
  /** A simulated recording with its truth, as files that `open` takes. Throws AppError for options it cannot simulate. */
  simulate(
    options: Partial<SyntheticOptions>,
    onProgress: (doneSec: number, totalSec: number) => void,
  ): Promise<DroppedFile[]>;
}

/** Data sets that the page keeps for its next visit: a folder each, by key. All but the first reject with AppError. */
export interface KeptApi {
  /** false where the browser keeps nothing for the page */
  keeps(): Promise<boolean>;
  keptKeys(): Promise<string[]>;
  /** Add a pack, before the first text that names it. */
  keepPack(key: string, pack: KeptPack): Promise<void>;
  /** Replace the text of a data set; `unused` are packs that it no longer names. */
  keep(key: string, text: string, unused: readonly string[]): Promise<void>;
  /** The text kept last; null when there is none. */
  kept(key: string): Promise<string | null>;
  keptPacks(key: string, packs: readonly { name: string; bytes: number }[]): Promise<Uint8Array[]>;
  /** Give the room of a data set back; of all without a key. */
  forgetKept(key: string | null): Promise<void>;
  /** Give the room of everything back that jobs have kept, but for what another page has open. */
  forgetScratch(): Promise<void>;
}

/** Everything a run directory is written from. */
export interface RunBundle {
  result: RunResult;
  /** null for motions alone */
  spikes: SpikeTable | null;
  /** the reader's format id of the spikes, or of the motion where there are none */
  format: string;
  /** every motion of the session; absent where the steps' own are all there are */
  motions?: readonly NotedMotion[];
  /** contacts, where they are known: what channels and shanks of the spikes mean */
  probe?: ProbeSites;
  /** labels of units and what amplitudes are in, where the spikes came with them */
  sorting?: Sorting;
  /** the clock of the recording, where one is open: what a sorter's batches are counted on */
  recording?: { rateHz: number; segments: readonly RecordingSegment[] };
}

export interface ComputeApi {
  /** Choose the machine once. Later calls return the first answer. */
  init(request: ComputeRequest): Promise<ComputeStatus>;
  methods(): Promise<MethodInfo[]>;
  setSpikes(spikes: SpikeTable, facts: SpikeFacts): Promise<void>;
  /** The motion a method may start from; null when there is none. */
  setMotion(motion: Motion | null): Promise<void>;
  /** The trained network a method may start from, until one is trained; null when there is none. */
  setModel(model: TrainedModel | null): Promise<void>;
  /**
   * What steps of an earlier moment have found in what is open, with the seeds of their recipe: jobs start from it as if they
   * had run here.
   */
  restore(recipe: Recipe, steps: readonly StepResult[]): Promise<void>;
  /** Folders of the scratch that the page keeps the results of, beside those of what is open: their room is not given back. */
  keepFolders(keys: readonly string[]): Promise<void>;
  /** The waveforms that came with the spikes set last, out of files that may hold some; null forgets them. */
  setWaveforms(files: DroppedFile[] | null): Promise<void>;
  /**
   * The recording that jobs read, out of files that hold at least one; null forgets it. `path` is its first file. What is true of
   * it, where the files say so, goes with it.
   */
  setRecording(files: DroppedFile[] | null, path: string, title?: string): Promise<void>;
  /**
   * Run a recipe on the spikes or the recording set last. Its first step starts from what the steps before that one left in
   * earlier jobs. A cancelled job resolves with what was finished, `complete: false`. `resume` goes on where the steps of the
   * same recipe stood instead of starting over: a finished one gives its result again.
   */
  run(
    jobId: string,
    recipe: Recipe,
    inputs: DroppedFile[],
    resume: boolean,
    onEvent: (event: JobEvent) => void,
  ): Promise<RunResult>;
  /** What the first step of a recipe would need on what is open; null where it needs little, or cannot tell yet. */
  estimate(recipe: Recipe): Promise<RunEstimate | null>;
  /** Runs that were stopped and can go on once their recording or spikes are open again, newest first. */
  unfinishedRuns(): Promise<UnfinishedRun[]>;
  discardUnfinished(key: string): Promise<void>;
  /** Traces of the recording set last, also while a job runs on it. */
  traces(request: TraceRequest): Promise<TraceWindow>;
  /**
   * One spike of the last run over a recording, its waveform read back from the file, or one that came with its waveform;
   * null when there is no such row. `slotOrder` is the parameter of that name of the method that localizes such waveforms.
   */
  waveform(index: number, slotOrder: string): Promise<SpikeWaveform | null>;
  /** Where the spikes set last are counted from in local plots; as a run left them, once it has come to its end. */
  anchors(): Promise<SpikeAnchors>;
  /**
   * Those of several spikes, rows ascending. Null when `cancel(jobId)` stopped it, or when these spikes have none.
   */
  waveforms(
    jobId: string,
    rows: Int32Array,
    slotOrder: string,
    onProgress: (done: number, total: number) => void,
  ): Promise<WaveformBlock | null>;
  /**
   * Score motions on the spikes set last, and on what every localizer of the last run says of them. `cancel(jobId)` stops it:
   * it then resolves with the rows that were finished, `complete: false`.
   */
  scoreboard(jobId: string, request: ScoreboardRequest, onEvent: (event: ScoreboardEvent) => void): Promise<Scoreboard>;
  /** The correlations behind one ρ̄, for a picture; null when `cancel(jobId)` stopped it. */
  correlationMatrix(
    jobId: string,
    request: CorrelationRequest,
    onProgress: (done: number, total: number) => void,
  ): Promise<CorrelationMatrix | null>;
  /**
   * The recording set last without a motion, as SpikeGLX files in a folder that was chosen or else in the browser's own
   * storage. `params`: those of the command `correct`. A cancelled one resolves with what was finished. `cancel` takes its id.
   */
  correctRecording(
    jobId: string,
    params: ParamValues,
    motion: Motion,
    folder: FileSystemDirectoryHandle | null,
    onEvent: (event: CorrectionEvent) => void,
  ): Promise<CorrectionOutcome>;
  cancel(jobId: string): Promise<void>;
  pause(jobId: string): Promise<void>;
  resume(jobId: string): Promise<void>;
  /** The paint worker's end of the loan channel. */
  connectPaint(port: MessagePort): Promise<void>;
}

/**
 * Image loans between paint and compute (over a MessagePort of their own). Paint lends a buffer; compute fills it at
 * its next convenience and sends it back. No loan means nobody looks, so nothing is computed or read back. A buffer
 * is in one place at a time, so no queue can grow.
 */
export type LoanMessage =
  | { kind: "lend"; image: "activity"; buffer: ArrayBuffer; nDepth: number; nAmp: number }
  | { kind: "filled"; image: "activity"; content: ActivityImage };

export interface PaintApi extends UnitApi {
  setSpikes(spikes: SpikeTable | null): Promise<void>;
  /** Spikes of a run in progress, later than those before. */
  appendSpikes(spikes: SpikeTable): Promise<void>;
  /** What else pictures are drawn from: each part that is named replaces the one before as a whole. */
  setParts(parts: Partial<PaintParts>): Promise<void>;
  /** Places that replace those of the spikes set last, and of later ones that they fit; null for the table's own. */
  setPositions(placed: PlacedSpikes | null): Promise<void>;
  /** The one that corrects the spikes. */
  setMotion(motion: Motion | null): Promise<void>;
  /** All that are shown, for the pictures that draw several. */
  setMotions(motions: readonly DrawnMotion[]): Promise<void>;
  /** How far the motions set last are apart, every pair, in order; on the grid that the pictures of differences show. */
  motionPairs(): Promise<MotionPair[]>;
  setView(view: PictureView): Promise<void>;
  attach(
    id: string,
    kind: PictureKind,
    canvas: OffscreenCanvas,
    cssWidth: number,
    cssHeight: number,
    pixelRatio: number,
  ): Promise<void>;
  resize(id: string, cssWidth: number, cssHeight: number, pixelRatio: number): Promise<void>;
  detach(id: string): Promise<void>;
  connectCompute(port: MessagePort): Promise<void>;
  /** milliseconds the last redraw of a picture took, for the benchmark and the status line; NaN before the first */
  lastRedrawMs(id: string): Promise<number>;
  /** Resolves when the picture on the canvas shows everything set so far; rejects with the reason it could not. */
  whenPainted(id: string): Promise<void>;
  /** Where the data of each plot lie on the canvas, for pointer positions (`plotToData`). Follows size, view and data. */
  plotAreas(id: string): Promise<PlotArea[]>;
  /** The spike seen nearest to a place on a picture, CSS px from its top left; null when none is near or it shows no spikes. */
  pick(id: string, xCss: number, yCss: number): Promise<PickedSpike | null>;
  /** The channel of the contact seen nearest to a place on the probe; null when none is near or it is no probe. */
  pickChannel(id: string, xCss: number, yCss: number): Promise<number | null>;
  /** The spike of a row; null when there is no such row. */
  spikeAt(index: number): Promise<PickedSpike | null>;
  /**
   * A spike for a number from 0 to 1: of the brushed ones, else of those in the time and depth on screen, else of all; null when
   * there are none.
   */
  randomSpike(chance: number): Promise<PickedSpike | null>;
  /**
   * Brush the spikes of a picture inside a closed line, x0, y0, x1, y1, … CSS px from its top left, in the plot that the line begins
   * in. Brushed spikes stand out in every picture of spikes. Gives what they are now; null when none is.
   */
  brush(id: string, outline: readonly number[], how: BrushHow): Promise<BrushedSpikes | null>;
  /** Brush these rows, or none; rows that do not exist are left out. */
  setBrush(rows: Int32Array | null): Promise<BrushedSpikes | null>;
  /** What is brushed, by the positions that are shown now. */
  brushed(): Promise<BrushedSpikes | null>;
  /** The brushed spikes as a table, at the positions that are shown. Throws AppError when none is. */
  brushedCsv(): Promise<Blob>;
  /** The picture as seen, as an SVG document in the theme asked for. */
  exportFigure(id: string, format: "svg", theme: "dark" | "light"): Promise<string>;
  /**
   * The numbers behind the picture as seen: one table as CSV, else a zip of tables and .npy arrays. Throws AppError for a picture
   * that shows none.
   */
  exportData(id: string): Promise<{ blob: Blob; extension: "csv" | "zip" }>;
  /** The figures of a step that gave a motion, over the spikes set last, as SVG documents for print: five of MEDiCINe. */
  figures(step: StepResult): Promise<NamedFigure[]>;
  /** What videos of the size and rate of a request would be encoded with here. */
  filmCodecs(request: FilmRequest): Promise<FilmCodecs>;
  /** Size of the frame in the middle of a film as a PNG, bytes; NaN where there is none. */
  filmFrameBytes(request: FilmRequest): Promise<number>;
  /** Draw and encode a film of what is open, one at a time. Throws AppError; `cancelled` when `cancelFilm` stopped it. */
  makeFilm(request: FilmRequest, onProgress: (progress: FilmProgress) => void): Promise<FilmOutcome>;
  cancelFilm(): Promise<void>;
}
