import type { ProbeSites, Range, SpikeTable } from "../core/types.ts";
import type { Provenance, Recipe } from "./methods.ts";
import type { DrawnMotion } from "./motions.ts";
import type { LinkedQuantity, SpikeColour } from "./pictures.ts";

/** A page that a run is exported as, with data and pictures in one file: what it holds. */

/** Waveforms of several spikes, as `SpikeWaveform` has that of one. */
export interface WaveformBlock {
  /** [n] rows of the table of spikes */
  rows: Int32Array;
  nSlots: number;
  nSamples: number;
  /** samples before the peak */
  samplesBefore: number;
  rateHz: number;
  /** [n, nSlots] channel of each slot, nearest first; −1 where a spike has fewer */
  channels: Int32Array;
  /** [C] x and depth of the contacts, µm */
  positionsUm: [xUm: number, yUm: number][];
  /** [n, nSlots, nSamples] in `unit`; NaN where there is no channel */
  raw: Float32Array;
  /** the same, as principal components give it; null when none were fitted */
  denoised: Float32Array | null;
  unit: string;
  /** what a person should know about these samples, in sentences; empty when there is nothing */
  note: string;
}

/** Positions of the page's spikes by one localizer, uncorrected. */
export interface PagePositions {
  id: string;
  /** in words */
  title: string;
  /** [n] µm; NaN where there is none */
  depthUm: Float64Array;
  /** null where these positions have a depth alone */
  xUm: Float64Array | null;
  zUm: Float64Array | null;
  /** [n] log10 α, at least 0; null where α is that of `alphaOf` */
  logAlpha: Float32Array | null;
  /** id of the positions whose α colours are of: its own or another's; null when none is known */
  alphaOf: string | null;
}

/** How alike the spikes of all seconds are at some positions after a motion, where it was computed. */
export interface PageScore {
  /** id of the positions; null for the only ones, of unknown localizer */
  positions: string | null;
  /** title of the motion; null for no correction */
  motion: string | null;
  rho: number;
  /** what ρ̄ rests on, in words */
  grid: string;
}

/** Where a page comes from. */
export interface PageAbout {
  driftscope: string;
  commit: string;
  madeAt: string;
  /** of the choice of spikes */
  seed: number;
  /** in the whole data set */
  nSpikes: number;
  /** what was open, in words */
  dataset: string;
  inputs: Provenance["inputs"];
  /** null for spikes that were opened and not found here */
  recipe: Recipe | null;
  compute: Provenance["compute"] | null;
}

export interface PageContents {
  about: PageAbout;
  /** the chosen spikes, without positions */
  spikes: Omit<SpikeTable, "depthUm" | "xUm" | "zUm" | "alpha">;
  /** [n] row of each in the whole data set */
  rows: Int32Array;
  /** [k] which of `spikes` can be clicked, ascending */
  chosen: Int32Array;
  /** at least one */
  positions: PagePositions[];
  /** id of those shown first */
  shownPositions: string;
  motions: DrawnMotion[];
  /** id of the one shown first; null for none */
  shownMotion: string | null;
  scores: PageScore[];
  probe: ProbeSites | null;
  /** of the chosen spikes, in their order; null where no waveforms are known */
  waveforms: WaveformBlock | null;
  /** why there are no waveforms, one sentence; empty when there are */
  whyNoWaveforms: string;
  look: {
    theme: "dark" | "light";
    colourMap: string;
    rasterColour: SpikeColour;
    /** all there is to see of the whole data set */
    bounds: Record<LinkedQuantity, Range>;
  };
}
