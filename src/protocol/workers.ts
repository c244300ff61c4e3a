import type { SyntheticOptions } from "../core/syntheticRecording.ts";
import type { Motion, ProbeSites, Range, RecordingSegment, SpikeTable } from "../core/types.ts";
import type { CorrectionEvent, CorrectionOutcome } from "./correction.ts";
import type { DroppedFile, OpenedDataset, SpikeFacts } from "./datasets.ts";
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
import type { PlotArea } from "./plotArea.ts";
import type { RunEstimate, SpikeWaveform, TraceRequest, TraceWindow, UnfinishedRun } from "./recordings.ts";
import type {
  CorrelationMatrix,
  CorrelationRequest,
  MotionPair,
  Scoreboard,
  ScoreboardEvent,
  ScoreboardRequest,
} from "./scoreboard.ts";

/**
 * What each worker can be asked. comlink carries the calls; callbacks are top-level arguments wrapped in `proxy`.
 * Nothing here holds a GPU buffer: those never leave the compute worker.
 */

export interface IoApi {
  /** Recognise and read everything that was dropped. Throws AppError; what was open stays open. */
  open(files: DroppedFile[]): Promise<OpenedDataset[]>;
  /** The run directory as one zip. */
  exportZip(bundle: RunBundle): Promise<Blob>;
  /** A simulated recording with its truth, as files that `open` takes. Throws AppError for options it cannot simulate. */
  simulate(
    options: Partial<SyntheticOptions>,
    onProgress: (doneSec: number, totalSec: number) => void,
  ): Promise<DroppedFile[]>;
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
  /** The waveforms that came with the spikes set last, out of files that may hold some; null forgets them. */
  setWaveforms(files: DroppedFile[] | null): Promise<void>;
  /**
   * The recording that jobs read, out of files that hold at least one; null forgets it. `path` is its first file. What is true of
   * it, where the files say so, goes with it.
   */
  setRecording(files: DroppedFile[] | null, path: string): Promise<void>;
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
  /** What a recipe would need on the recording set last. */
  estimate(recipe: Recipe): Promise<RunEstimate>;
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

/** Which picture a canvas shows. */
export type PictureKind =
  | "raster-raw"
  | "raster-corrected"
  | "motion"
  | "activity"
  | "amplitudes"
  | "probe"
  | "traces"
  | "waveform"
  | "projections"
  | "correlation"
  | "training"
  | "compare-fields"
  | "compare-differences"
  | "compare-traces"
  | "compare-rasters";

/** The active motion while it is edited by hand: its picture shows it alone, in its own units, as it can be drawn on. */
export interface EditedView {
  /** what it was made from, drawn behind it; null when that is gone */
  originalId: string | null;
  /** shank whose motion is edited; null for all */
  shank: number | null;
  /** stretches of time that are masked, s */
  maskedSec: readonly Range[];
}

/** What the colour of a cell of spikes says. */
export type SpikeColour = "count" | "amplitude" | "alpha";

/** Places of spikes that pictures show instead of those in the table. */
export interface PlacedSpikes {
  /** what put them there, in words */
  name: string;
  /** [n] rows of the table; the other spikes are left out. null for all */
  rows: Int32Array | null;
  /** [n, 4] x, y, z in µm and α, uncorrected; NaN where there is none */
  xyza: Float32Array;
}

/** Correlation of every pair of time bins, as it is drawn. */
export interface CorrelationPicture {
  /** [nBins, nBins] */
  values: Float32Array;
  nBins: number;
  binSec: number;
  /** [nBins] entropy of each bin's histogram, NaN for an empty one; null where it was not computed */
  entropyNats: Float64Array | null;
  /** what it is of, in words */
  title: string;
}

/** Curves of one quantity over the steps of a training. */
export interface TrainingChart {
  title: string;
  /** empty for a plain number */
  unit: string;
  /** 0 belongs on the axis */
  fromZero: boolean;
  /** dots are drawn without a line, in a colour that warns; a baseline is dashed and has no colour of its own */
  curves: readonly { label: string; style: "line" | "baseline" | "dots"; x: readonly number[]; y: readonly number[] }[];
}

/** What a person chose to look at; every field is linked across panels. */
export interface PictureView {
  timeRangeSec: Range;
  depthRangeUm: Range;
  ampRangeUv: Range;
  /** colour of raster cells: number of spikes, mean amplitude, or mean log10 α where the positions come with one */
  rasterColour: SpikeColour;
  colourMap: string;
  theme: "dark" | "light";
  /** draw motion curves over the rasters */
  showMotion: boolean;
  cursorTimeSec: number | null;
  /** row of the selected spike, from 0 in order of time; null or absent when none is */
  selectedSpike: number | null;
  /** channel a person clicked on the probe; null when none */
  selectedChannel: number | null;
  traceStyle: "lines" | "heat";
  /** projections show the spikes with the motion taken out */
  projectCorrected?: boolean;
  /** null or absent while no motion is edited */
  editing?: EditedView | null;
}

/** One spike that a person has pointed at, with what the screen says of it. */
export interface PickedSpike {
  /** row in the table of spikes, from 0 in order of time */
  index: number;
  timeSec: number;
  /** as observed */
  depthUm: number;
  /** null while no motion is there */
  correctedDepthUm: number | null;
  ampUv: number;
}

export interface PaintApi {
  setSpikes(spikes: SpikeTable | null): Promise<void>;
  /** Spikes of a run in progress, later than those before. */
  appendSpikes(spikes: SpikeTable): Promise<void>;
  /** Contacts of the recording on screen. */
  setProbe(probe: ProbeSites | null): Promise<void>;
  setTraces(traces: TraceWindow | null): Promise<void>;
  setWaveform(waveform: SpikeWaveform | null): Promise<void>;
  /** Places that replace those of the spikes set last, and of later ones that they fit; null for the table's own. */
  setPositions(placed: PlacedSpikes | null): Promise<void>;
  setCorrelation(correlation: CorrelationPicture | null): Promise<void>;
  setTraining(charts: readonly TrainingChart[]): Promise<void>;
  /** The one that corrects the spikes. */
  setMotion(motion: Motion | null): Promise<void>;
  /** All that are shown, for the pictures that draw several. */
  setMotions(motions: readonly DrawnMotion[]): Promise<void>;
  /** How far the motions set last are apart, every pair, in order; on the grid that the pictures of differences show. */
  motionPairs(): Promise<MotionPair[]>;
  setView(view: PictureView): Promise<void>;
  /** A finished run's activity, for whoever was not looking while it was learned. Live images come by loan. */
  setActivity(activity: ActivityImage | null): Promise<void>;
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
  /** Where the data lie on the canvas, for pointer positions (`plotToData`). Follows size, view and motion. */
  plotArea(id: string): Promise<PlotArea>;
  /** The spike seen nearest to a place on a raster, CSS px from its top left; null when none is near or it is no raster. */
  pick(id: string, xCss: number, yCss: number): Promise<PickedSpike | null>;
  /** The channel of the contact seen nearest to a place on the probe; null when none is near or it is no probe. */
  pickChannel(id: string, xCss: number, yCss: number): Promise<number | null>;
  /** The spike of a row; null when there is no such row. */
  spikeAt(index: number): Promise<PickedSpike | null>;
  /** The picture as seen, as an SVG document in the theme asked for. */
  exportFigure(id: string, format: "svg", theme: "dark" | "light"): Promise<string>;
  /** The figures of a step that gave a motion, over the spikes set last, as SVG documents for print: five of MEDiCINe. */
  figures(step: StepResult): Promise<NamedFigure[]>;
}

/** A figure as a file: `name` without extension. */
export interface NamedFigure {
  name: string;
  svg: string;
}
