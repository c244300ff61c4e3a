import type { Motion } from "../core/types.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { PaintParts, PictureView } from "../protocol/pictures.ts";
import { type CorrectedDepths, type CorrectedStore, correctedStore } from "./correctedDepths.ts";
import type { Rect } from "./pen.ts";
import type { RasterStore } from "./rasterPlot.ts";
import type { SpikeData } from "./spikeData.ts";
import type { Theme } from "./theme.ts";

/** Everything the live pictures are drawn from. Builders read it and change nothing in it. */
export interface PaintData extends PaintParts {
  spikes: SpikeData | null;
  /** the spikes at the places that the table holds, whatever places are shown */
  ownPlaces: SpikeData | null;
  motion: Motion | null;
  /** there when spikes and motion are */
  corrected: CorrectedDepths | null;
  /** every motion that is shown */
  motions: readonly DrawnMotion[];
  /** the spikes corrected by each of them, where somebody looks */
  correctedBy: CorrectedStore;
  /** ascending rows of the spikes that a person has marked; null when none are */
  brushed: Int32Array | null;
}

const aboutSpikes = { sorting: null, anchors: null, monopolar: null, alphaFrom: null, brushed: null };

/** Nothing is open. */
export function noPaintData(): PaintData {
  const ofSpikes = {
    spikes: null,
    ownPlaces: null,
    motion: null,
    corrected: null,
    motions: [],
    correctedBy: correctedStore(),
  };
  return {
    ...ofSpikes,
    activity: null,
    probe: null,
    traces: null,
    waveform: null,
    correlation: null,
    training: [],
    optimisation: null,
    ...aboutSpikes,
    otherPlaces: [],
    methods: null,
  };
}

/** What a builder draws into. */
export interface Frame {
  box: Rect;
  /** device pixels per CSS pixel: the resolution of rasters */
  pixelRatio: number;
  store: RasterStore;
  theme: Theme;
}

/** Row of the selected spike; null when none is, or when the row belongs to spikes that are gone. */
export function selectedRow(data: SpikeData | null, { selectedSpike }: PictureView): number | null {
  const isThere = typeof selectedSpike === "number" && data !== null && selectedSpike < data.spikes.nSpikes;
  return isThere ? selectedSpike : null;
}

/** Diameter of the ring around the selected spike: wide enough to see the spike inside. */
export const ringPx = 13;
