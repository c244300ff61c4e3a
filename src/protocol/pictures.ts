import type { ProbeSites, Range } from "../core/types.ts";
import type { Sorting } from "./datasets.ts";
import type { FilmView, OptimisationFilm } from "./films.ts";
import type { ActivityImage } from "./methods.ts";
import type { Orbit } from "./orbit.ts";
import type { SpikeWaveform, TraceWindow } from "./recordings.ts";
import type { WaveformLayout } from "./waveformLayout.ts";

/**
 * What runs along an axis of a picture. Axes of one quantity share their range across all pictures. Time in s, amp in µV,
 * logAlpha has no unit, the others in µm: x, depth and z of the probe, depth around one unit; local ones count from the spike's anchor.
 */
export type Quantity = LinkedQuantity | FreeQuantity;
/** on screen in every workbench, with a range that a person sees and links carry */
export type LinkedQuantity = "time" | "depth" | "amp";
/** shown as wide as the data are until a person zooms */
export type FreeQuantity = "x" | "z" | "localX" | "localY" | "localZ" | "logAlpha" | "unitDepth";

/** Data that pictures are drawn from, beside spikes and motions. */
export interface PaintParts {
  /** contacts of the recording on screen */
  probe: ProbeSites | null;
  /** what is known of the units of the spikes, and what their amplitudes are in; null where nothing is */
  sorting: Sorting | null;
  traces: TraceWindow | null;
  waveform: SpikeWaveform | null;
  /** a finished run's, for whoever was not looking while it was learned; live images come by loan */
  activity: ActivityImage | null;
  correlation: CorrelationPicture | null;
  training: readonly TrainingChart[];
  /** [N, 2] x, y of the middle of each spike's channels, µm, where the compute worker has told it */
  anchors: Float32Array | null;
  /** [N, 4] x, y, z, α of every spike by the monopolar fit, where somebody looks at distances from it */
  monopolar: Float32Array | null;
  /** whose α the spikes on screen have, in words; null where nobody knows */
  alphaFrom: string | null;
  /** sets of positions that pictures hold against each other, beside the ones shown and the table's own */
  otherPlaces: readonly OtherPlaces[];
  /** every set of positions with every motion; null while no picture shows them beside each other */
  methods: MethodCells | null;
  /** the course of a run, at the moment that its film shows */
  optimisation: OptimisationFilm | null;
}

/** One set of positions of all spikes. */
export interface OtherPlaces {
  /** the name under which the set stands in a result, by which a `PlaceChoice` means it */
  set: string;
  /** [N, 4] x, y, z in µm and α, uncorrected; NaN where there is none */
  xyza: Float32Array;
}

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
  | "spike-3d"
  | "amplitude-fit"
  | "unit-drift"
  | "projections"
  | "local-pairs"
  | "correlation"
  | "grid-correlation"
  | "grid-raster"
  | "projections-stack"
  | "training"
  | "alpha-axes"
  | "alpha-local"
  | "alpha-variability"
  | "displacement"
  | "displacement-lengths"
  | "agreement"
  | "film-frame"
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

/** What the colours of spikes can say. */
export const spikeColours = ["amplitude", "alpha", "z", "time", "displacement", "count", "unit"] as const;

/**
 * count: number of spikes per cell; unit: the one with most spikes in a cell; the others are the mean, or the largest, of the spikes in a cell: |amplitude|, log10 α, distance
 * from the probe, time, and how far the spike is from the place that the monopolar fit or the motion says.
 */
export type SpikeColour = (typeof spikeColours)[number];

export function isSpikeColour(value: unknown): value is SpikeColour {
  return (spikeColours as readonly unknown[]).includes(value);
}

/** Places of spikes that pictures show instead of those in the table. */
export interface PlacedSpikes {
  /** what put them there, in words */
  name: string;
  /** [n] rows of the table; the other spikes are left out. null for all */
  rows: Int32Array | null;
  /** [n, 4] x, y, z in µm and α, uncorrected; NaN where there is none */
  xyza: Float32Array;
}

/** Positions on screen, whatever set those are at the moment: of a network in training too. */
export const SHOWN_SET = "shown";
/** Positions that the table of spikes holds itself. */
export const TABLE_SET = "table";
/** The motion that corrects the rasters, whichever that is. */
export const ACTIVE_MOTION = "active";

/** Places of spikes that pictures can hold against others. */
export interface PlaceChoice {
  /** SHOWN_SET, TABLE_SET, or the name of a set of positions */
  set: string;
  /** what it is in words, for titles */
  name: string;
  /** null as recorded, ACTIVE_MOTION, or the id of a motion that is shown */
  motion: string | null;
}

/** Cyclic colours of directions: by hue, or by blue, white, yellow and dark, which every kind of colour vision tells apart. */
export type WheelName = "hue" | "safe";

/** What single figures of spikes show, chosen in their panels. */
export interface FigureChoices {
  /** seconds per bin of the variability of α */
  alphaBinSec: number;
  displacement: { source: PlaceChoice; target: PlaceChoice; wheel: WheelName; isChosen: boolean };
  /** `isChosen`: by a person, so that nothing else chooses again while it can be met */
  agreement: { own: PlaceChoice; reference: PlaceChoice; isChosen: boolean };
  /** the correlation matrix in white to red, or in the map of the other pictures */
  correlationMap: "reds" | "shared";
  /** matrices that stand beside each other */
  gridMap: "magma" | "reds";
}

/** Until a person or a panel chooses. */
export const firstFigures: FigureChoices = {
  alphaBinSec: 1,
  displacement: {
    source: { set: TABLE_SET, name: "as opened", motion: null },
    target: { set: SHOWN_SET, name: "on screen", motion: ACTIVE_MOTION },
    wheel: "hue",
    isChosen: false,
  },
  agreement: {
    own: { set: SHOWN_SET, name: "on screen", motion: ACTIVE_MOTION },
    reference: { set: TABLE_SET, name: "as opened", motion: ACTIVE_MOTION },
    isChosen: false,
  },
  correlationMap: "reds",
  gridMap: "magma",
};

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
  /** the grid that ρ̄ rests on, in words */
  gridWords?: string;
}

/** Correlations of one cell of a grid of them. */
export interface MethodMatrix {
  /** [nRows, nRows] */
  values: Float32Array;
  nRows: number;
  rowSec: number;
}

/** A set of positions with a motion, beside others. */
export interface MethodCell {
  /** TABLE_SET, or the name of a set of positions */
  set: string;
  /** the set in words */
  name: string;
  /** null for no correction */
  motionId: string | null;
  /** both in words, e.g. "monopolar · DREDge", "monopolar · raw" */
  title: string;
  /** NaN where it is not known */
  rho: number;
  /** null where it was not computed */
  matrix: MethodMatrix | null;
  /** why it could not be computed, one sentence; null where it could, or was not tried */
  problem: string | null;
  /** it is what the other pictures show */
  isShown: boolean;
  /** it is one of those that are stacked to be compared */
  isStacked: boolean;
}

/** A row for each set of positions, a column for each motion; row by row. */
export interface MethodCells {
  nColumns: number;
  cells: readonly MethodCell[];
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
  /** ranges of the other quantities that a person has zoomed; a picture shows all of one that is absent */
  freeRanges: Partial<Record<FreeQuantity, Range>>;
  /** what the colours of spikes say, in every picture */
  rasterColour: SpikeColour;
  /** ends of the scale of log10 α: 2.95 to 3.88, the same for every recording, unless percentiles are asked for (1st, 99th) */
  alphaScale?: "fixed" | "percentiles";
  /** cells show the largest value of their spikes in place of the mean */
  strongestOnTop?: boolean;
  colourMap: string;
  theme: "dark" | "light";
  /** draw motion curves over the rasters */
  showMotion: boolean;
  cursorTimeSec: number | null;
  /** row of the selected spike, from 0 in order of time; null or absent when none is */
  selectedSpike: number | null;
  /** number of the unit that is followed; null or absent when none is */
  unit?: number | null;
  /** channel a person clicked on the probe; null when none */
  selectedChannel: number | null;
  traceStyle: "lines" | "heat";
  /** projections show the spikes with the motion taken out */
  projectCorrected?: boolean;
  /** waveforms of a spike at the true distances of their contacts, or with room for each; absent: as the contacts allow */
  waveformLayout?: WaveformLayout;
  /** from where the local frame is seen; absent: as at the start */
  orbit?: Orbit;
  /** absent: `firstFigures` */
  figures?: FigureChoices;
  /** which frame the film shows; absent before one was looked at */
  film?: FilmView;
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

/** A figure as a file: `name` without extension. */
export interface NamedFigure {
  name: string;
  svg: string;
}
