import type { Motion, Range, SpikeTable } from "../core/types.ts";
import type { DroppedFile, OpenedDataset } from "./datasets.ts";
import type {
  ActivityImage,
  ComputeRequest,
  ComputeStatus,
  JobEvent,
  MethodInfo,
  Recipe,
  RunResult,
  StepResult,
} from "./methods.ts";
import type { PlotArea } from "./plotArea.ts";

/**
 * What each worker can be asked. comlink carries the calls; callbacks are top-level arguments wrapped in `proxy`.
 * Nothing here holds a GPU buffer: those never leave the compute worker.
 */

export interface IoApi {
  /** Recognise and read everything that was dropped. Throws AppError; what was open stays open. */
  open(files: DroppedFile[]): Promise<OpenedDataset[]>;
  /** The run directory as one zip. */
  exportZip(bundle: RunBundle): Promise<Blob>;
}

/** Everything a run directory is written from. */
export interface RunBundle {
  result: RunResult;
  spikes: SpikeTable;
  /** the reader's format id of the spikes */
  format: string;
}

export interface ComputeApi {
  /** Choose the machine once. Later calls return the first answer. */
  init(request: ComputeRequest): Promise<ComputeStatus>;
  methods(): Promise<MethodInfo[]>;
  setSpikes(spikes: SpikeTable): Promise<void>;
  /** Run a recipe on the spikes set last. A cancelled job resolves with what was finished, `complete: false`. */
  run(jobId: string, recipe: Recipe, inputs: DroppedFile[], onEvent: (event: JobEvent) => void): Promise<RunResult>;
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
export type PictureKind = "raster-raw" | "raster-corrected" | "motion" | "activity" | "amplitudes";

/** What a person chose to look at; every field is linked across panels. */
export interface PictureView {
  timeRangeSec: Range;
  depthRangeUm: Range;
  ampRangeUv: Range;
  /** colour of raster cells: number of spikes, or mean amplitude */
  rasterColour: "count" | "amplitude";
  colourMap: string;
  theme: "dark" | "light";
  /** draw motion curves over the rasters */
  showMotion: boolean;
  cursorTimeSec: number | null;
  /** row of the selected spike, from 0 in order of time; null or absent when none is */
  selectedSpike: number | null;
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
  setMotion(motion: Motion | null): Promise<void>;
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
  /** The spike of a row; null when there is no such row. */
  spikeAt(index: number): Promise<PickedSpike | null>;
  /** The picture as seen, as an SVG document in the theme asked for. */
  exportFigure(id: string, format: "svg", theme: "dark" | "light"): Promise<string>;
  /** The five figures of a MEDiCINe run over the spikes set last, as SVG documents for print. */
  figures(step: StepResult): Promise<NamedFigure[]>;
}

/** A figure as a file: `name` without extension. */
export interface NamedFigure {
  name: string;
  svg: string;
}
