import type { ProbeSites, Range, SpikeTable } from "../core/types.ts";
import type { Sorting } from "./datasets.ts";
import type { Provenance, Recipe } from "./methods.ts";
import type { DrawnMotion } from "./motions.ts";
import type { LinkedQuantity, SpikeColour } from "./pictures.ts";
import type { WaveformBlock } from "./waveformBlock.ts";

/** A page that a run is exported as, with data and pictures in one file: what it holds. */

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
  /** of what was open, in short, and all that is known of it in words */
  name: string;
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
  /** what is known of units, and what amplitudes are in; null where nothing is */
  sorting: Sorting | null;
  /** [n, 2] x and depth of the middle of each spike's channels, µm; null where they are not known */
  anchors: Float32Array | null;
  /** of the chosen spikes, in their order; null where no waveforms are known */
  waveforms: WaveformBlock | null;
  /** why there are no waveforms, one sentence; empty when there are */
  whyNoWaveforms: string;
  look: {
    theme: "dark" | "light";
    colourMap: string;
    rasterColour: SpikeColour;
    alphaScale: "fixed" | "percentiles";
    /** all there is to see of the whole data set */
    bounds: Record<LinkedQuantity, Range>;
  };
}
