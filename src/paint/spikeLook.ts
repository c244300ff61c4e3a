import type { Range } from "../core/types.ts";
import { amplitudeUnitOf, type Sorting } from "../protocol/datasets.ts";
import type { PictureView, SpikeColour } from "../protocol/pictures.ts";
import { colourTable } from "./colourMaps.ts";
import type { CorrectedDepths } from "./correctedDepths.ts";
import { openRange } from "./figure.ts";
import type { ColourScale } from "./image.ts";
import type { PaintData } from "./pictureData.ts";
import type { CellValue } from "./scatterCells.ts";
import { centralRange, logAlphaOf, type SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";
import { unitColours, unitIndexOf, unitNames, unitTable } from "./unitColours.ts";

/** How the colours of spikes are read. */
export interface SpikeLook {
  /** what is shown, which is another one than asked for where the spikes lack that */
  colour: SpikeColour;
  /** [N] what a cell shows the mean, the largest or the commonest of; null where spikes are counted alone */
  values: Float32Array | null;
  cell: CellValue;
  /** the upper limit of counts is the fullest cell, which is not known yet */
  scale: ColourScale;
  label: string;
  /** the same for a short bar */
  shortLabel: string;
}

/** What colours can depend on. */
export interface LookSource {
  spikes: SpikeData;
  colour: SpikeColour;
  colourMap: string;
  /** ends of the scale of log10 α: the same for every recording, or the 1st and 99th percentile of these spikes */
  alphaScale?: PictureView["alphaScale"];
  /** cells show the largest value in place of the mean */
  strongestOnTop?: boolean;
  /** whose α it is, in words */
  alphaFrom?: string | null;
  /** [N, 4] x, y, z, α of every spike by the monopolar fit, what displacements count from */
  monopolar?: Float32Array | null;
  corrected?: CorrectedDepths | null;
  /** what amplitudes are in, and labels of units */
  sorting?: Sorting | null;
  /** the spikes where the table has them, by which units are in order */
  ownPlaces?: SpikeData | null;
}

/** log10 α that the ends of the map stand for, the same for every recording, as evarol/spikeLocalizationNetwork has it. */
export const alphaLimits: Range = [2.95, 3.88];

/** The look that a view asks for. Spikes must be there. */
export function lookOf(data: PaintData, spikes: SpikeData, view: PictureView, theme: Theme): SpikeLook {
  const { rasterColour: colour, colourMap, alphaScale, strongestOnTop } = view;
  const { alphaFrom, monopolar, corrected, sorting, ownPlaces } = data;
  const chosen = { colour, colourMap, alphaScale, strongestOnTop };
  return spikeLook({ spikes, ...chosen, alphaFrom, monopolar, corrected, sorting, ownPlaces }, theme);
}

/**
 * Colours of cells of spikes. Spikes without what is asked for are coloured by amplitude, and the label says so. Limits are those
 * of the data set, so that a colour means the same at every zoom. Throws AppError for an unknown map.
 */
export function spikeLook(source: LookSource, theme: Theme): SpikeLook {
  const table = colourTable(source.colourMap, theme.rasterSpan);
  if (source.colour === "count") {
    const scale: ColourScale = { table, limits: [0, 1], scale: "log" };
    return { colour: "count", values: null, cell: "count", scale, label: "Spikes per cell", shortLabel: "Spikes" };
  }
  const units = source.colour === "unit" ? unitLook(source, theme) : null;
  if (units) return units;
  const shown = shownBy(source);
  const isStrongest = source.strongestOnTop === true;
  return {
    colour: shown.colour,
    values: shown.values,
    cell: isStrongest ? "strongest" : "mean",
    scale: { table, limits: openRange(shown.limits), scale: "linear" },
    label: `${isStrongest ? "Largest" : "Mean"} ${shown.label}`,
    shortLabel: shown.short,
  };
}

interface Shown {
  colour: SpikeColour;
  values: Float32Array;
  limits: Range;
  /** after "Mean" */
  label: string;
  short: string;
}

function shownBy(source: LookSource): Shown {
  const { spikes: data } = source;
  const unit = amplitudeUnitOf(source.sorting);
  const amplitude: Shown = {
    colour: "amplitude",
    values: data.absAmpUv,
    limits: data.colourLimitsUv,
    label: `|amplitude| (${unit})`,
    short: `Amplitude (${unit})`,
  };
  switch (source.colour) {
    case "alpha":
      return alphaShown(source) ?? amplitude;
    case "z": {
      const { zUm } = data.spikes;
      const values = zUm && float32Of(zUm);
      const limits = values && centralRange(values, 0.01);
      return values && limits ? { colour: "z", values, limits, label: "z (µm)", short: "z (µm)" } : amplitude;
    }
    case "time": {
      const values = float32Of(data.spikes.timeSec);
      return { colour: "time", values, limits: data.timeRangeSec, label: "time (s)", short: "Time (s)" };
    }
    case "displacement":
      return displacementShown(source) ?? amplitude;
    default:
      return amplitude;
  }
}

/** Each unit in a colour of its own; null for spikes without units. */
function unitLook({ spikes, ownPlaces, sorting }: LookSource, theme: Theme): SpikeLook | null {
  const placed = ownPlaces?.spikes.unit === spikes.spikes.unit ? ownPlaces : spikes;
  const index = placed && unitIndexOf(placed.spikes);
  if (!index) return null;
  const { units } = sorting ?? {};
  const scale: ColourScale = {
    table: unitTable(unitColours(index, units), theme.name),
    limits: openRange([0, index.nUnits]),
    scale: "linear",
    names: unitNames(index, units),
    ids: index.id,
  };
  return { colour: "unit", values: index.slot, cell: "most", scale, label: "Unit of most spikes", shortLabel: "Unit" };
}

function alphaShown({ spikes, alphaScale, alphaFrom }: LookSource): Shown | null {
  const values = logAlphaOf(spikes.spikes);
  if (!values) return null;
  const own = alphaScale === "percentiles" ? centralRange(values, 0.01) : null;
  const label = `log₁₀ α (µV·µm)${alphaFrom ? `, ${alphaFrom}` : ""}`;
  return { colour: "alpha", values, limits: own ?? alphaLimits, label, short: "log₁₀ α (µV·µm)" };
}

/** How far spikes are from where the monopolar fit has them; where these are its places, how far the motion moves them. */
function displacementShown({ spikes, monopolar, corrected }: LookSource): Shown | null {
  const { nSpikes } = spikes.spikes;
  const from = monopolar && monopolar.length === 4 * nSpikes ? distancesFrom(spikes, monopolar) : null;
  if (from?.isElsewhere) return shownLength(from.lengthUm, "distance from the monopolar fit (µm)");
  return corrected ? shownLength(motionLengths(spikes, corrected), "motion of the spike, either way (µm)") : null;
}

function shownLength(values: Float32Array, label: string): Shown {
  return {
    colour: "displacement",
    values,
    limits: [0, centralRange(values, 0.01)?.[1] ?? 1],
    label,
    short: "Distance (µm)",
  };
}

const float32s = new WeakMap<Float64Array, Float32Array>();

/** A column in single precision, once per column: a third less to read at every redraw. */
export function float32Of(column: Float64Array): Float32Array {
  const known = float32s.get(column) ?? new Float32Array(column);
  float32s.set(column, known);
  return known;
}

interface Distances {
  monopolar: Float32Array;
  lengthUm: Float32Array;
  /** they are not all nothing */
  isElsewhere: boolean;
}

const distances = new WeakMap<Float64Array, Distances>();

/** [N] µm between the shown place of each spike and the monopolar one; axes that either lacks are left out. */
function distancesFrom({ spikes }: SpikeData, monopolar: Float32Array): Distances {
  const known = distances.get(spikes.depthUm);
  if (known?.monopolar === monopolar) return known;
  const { xUm, depthUm, zUm, nSpikes } = spikes;
  const lengthUm = new Float32Array(nSpikes);
  let isElsewhere = false;
  const squared = (a: number, b: number) => (Number.isFinite(a - b) ? (a - b) ** 2 : 0);
  for (let i = 0; i < nSpikes; i++) {
    const across = xUm ? squared(xUm[i], monopolar[4 * i]) : 0;
    const away = zUm ? squared(zUm[i], monopolar[4 * i + 2]) : 0;
    lengthUm[i] = Math.sqrt(across + (depthUm[i] - monopolar[4 * i + 1]) ** 2 + away);
    if (lengthUm[i] > 0.01) isElsewhere = true; // single precision moves a place by less
  }
  const found = { monopolar, lengthUm, isElsewhere };
  distances.set(depthUm, found);
  return found;
}

const motions = new WeakMap<CorrectedDepths, Float32Array>();

function motionLengths({ spikes }: SpikeData, corrected: CorrectedDepths): Float32Array {
  const known = motions.get(corrected);
  if (known?.length === spikes.nSpikes) return known;
  const depthUm = corrected.upTo(0, spikes.nSpikes);
  const lengthUm = new Float32Array(spikes.nSpikes);
  for (let i = 0; i < lengthUm.length; i++) lengthUm[i] = Math.abs(spikes.depthUm[i] - depthUm[i]);
  motions.set(corrected, lengthUm);
  return lengthUm;
}
