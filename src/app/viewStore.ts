import { create } from "zustand";
import type { Range } from "../core/types.ts";
import type { FilmView } from "../protocol/films.ts";
import { firstOrbit, type Orbit } from "../protocol/orbit.ts";
import {
  type EditedView,
  type FigureChoices,
  firstFigures,
  type LinkedQuantity,
  type PickedSpike,
  type PictureView,
  type Quantity,
  type SpikeColour,
} from "../protocol/pictures.ts";
import type { WaveformLayout } from "../protocol/waveformLayout.ts";
import { clampRange, span, zoomRange } from "./viewMath.ts";

export type Ranges = Record<LinkedQuantity, Range>;

/** Ranges of quantities that are linked, of free ones, or both. */
export type SomeRanges = Partial<Record<Quantity, Range>>;

/** What is on screen. Small JSON; everything here is linked across panels. */
export interface ViewState {
  ranges: Ranges;
  /** ranges of other quantities that a person has zoomed */
  freeRanges: PictureView["freeRanges"];
  /** how far a person can zoom out: the extent of what is open */
  bounds: Ranges;
  rasterColour: SpikeColour;
  alphaScale: "fixed" | "percentiles";
  strongestOnTop: boolean;
  colourMap: string;
  theme: "dark" | "light";
  showMotion: boolean;
  cursorTimeSec: number | null;
  cursorDepthUm: number | null;
  selected: PickedSpike | null;
  /** number of the unit that is followed */
  unit: number | null;
  /** channel a person clicked on the probe */
  selectedChannel: number | null;
  traceStyle: "lines" | "heat";
  /** projections show the spikes with the motion taken out */
  projectCorrected: boolean;
  waveformLayout: WaveformLayout;
  orbit: Orbit;
  figures: FigureChoices;
  editing: EditedView | null;
  /** the frame of the film */
  film: FilmView;
}

export const COLOUR_MAPS = ["inferno", "viridis", "plasma", "cividis", "greys"] as const;

/** Narrowest range a zoom can reach: 10 ms, 2 µm, 1 µV. Below these there is nothing between two spikes. */
export const MIN_SPAN: Record<LinkedQuantity, number> = { time: 0.01, depth: 2, amp: 1 };

/** The same for the others, which have no bounds of their own but the width of any probe; µm, or decades of α. */
const MIN_FREE_SPAN = 0.05;
const FREE_BOUNDS: Range = [-100_000, 100_000];

const EMPTY: Ranges = { time: [0, 1], depth: [0, 1], amp: [0, 1] };

export const useView = create<ViewState>(() => ({
  ranges: EMPTY,
  freeRanges: {},
  bounds: EMPTY,
  rasterColour: "amplitude",
  alphaScale: "fixed",
  strongestOnTop: false,
  colourMap: "inferno",
  theme: "dark",
  showMotion: true,
  cursorTimeSec: null,
  cursorDepthUm: null,
  selected: null,
  unit: null,
  selectedChannel: null,
  traceStyle: "lines",
  projectCorrected: true,
  waveformLayout: "auto",
  orbit: firstOrbit,
  figures: firstFigures,
  editing: null,
  film: { kind: "recording", timeSec: 0, binSec: 1 },
}));

/** A new data set: new bounds, and everything of it on screen. `amp` may start narrower than its bounds. */
export function showBounds(bounds: Ranges, start: Partial<Ranges> = {}): void {
  const { film } = useView.getState();
  useView.setState({
    bounds,
    ranges: { ...bounds, ...start },
    freeRanges: {},
    cursorTimeSec: null,
    cursorDepthUm: null,
    unit: null,
    selectedChannel: null,
    film: { ...film, kind: "recording", timeSec: bounds.time[0] },
  });
}

/** Change some of the ranges; those of linked quantities are kept inside their bounds. */
export function setRanges(next: SomeRanges): void {
  const { ranges, freeRanges, bounds } = useView.getState();
  const { time, depth, amp, ...free } = next;
  const merged = { ...ranges };
  for (const [q, wanted] of Object.entries({ time, depth, amp }) as [LinkedQuantity, Range | undefined][]) {
    // amplitudes in volts, say, span less than one
    const least = q === "amp" ? Math.min(MIN_SPAN.amp, span(bounds.amp) / 100) : MIN_SPAN[q];
    if (wanted) merged[q] = clampRange(wanted, bounds[q], least);
  }
  const kept = Object.entries(free).map(([q, range]) => [q, clampRange(range, FREE_BOUNDS, MIN_FREE_SPAN)]);
  useView.setState({ ranges: merged, freeRanges: { ...freeRanges, ...Object.fromEntries(kept) } });
}

/** Zoom the given quantities about the centre of the screen; factor below 1 zooms in. */
export function zoomCentre(quantities: readonly LinkedQuantity[], factor: number): void {
  const { ranges } = useView.getState();
  const next: Partial<Ranges> = {};
  for (const q of quantities) next[q] = zoomRange(ranges[q], (ranges[q][0] + ranges[q][1]) / 2, factor);
  setRanges(next);
}

/** Pan by a fraction of what is on screen. */
export function panBy(quantity: LinkedQuantity, fraction: number): void {
  const range = useView.getState().ranges[quantity];
  const delta = fraction * span(range);
  setRanges({ [quantity]: [range[0] + delta, range[1] + delta] });
}

export function resetView(): void {
  useView.setState((state) => ({ ranges: { ...state.bounds, amp: state.ranges.amp }, freeRanges: {} }));
}

/** More data than before on an axis: what can be zoomed out to grows, and what is on screen stays. */
export function growBounds(quantity: LinkedQuantity, range: Range): void {
  const { bounds } = useView.getState();
  const [low, high] = bounds[quantity];
  if (range[0] >= low && range[1] <= high) return;
  useView.setState({ bounds: { ...bounds, [quantity]: [Math.min(low, range[0]), Math.max(high, range[1])] } });
}

/** Change what single figures show. */
export function chooseFigures(next: Partial<FigureChoices>): void {
  useView.setState(({ figures }) => ({ figures: { ...figures, ...next } }));
}

/** Follow a unit; null for none. */
export function followUnit(unit: number | null): void {
  useView.setState(({ unit: before, freeRanges }) => {
    if (before === unit) return {};
    const { unitDepth: _, ...others } = freeRanges; // of the unit before
    return { unit, freeRanges: others };
  });
}

export function toggleTraceStyle(): void {
  useView.setState((state) => ({ traceStyle: state.traceStyle === "lines" ? "heat" : "lines" }));
}

export function toggleTheme(): void {
  useView.setState((state) => ({ theme: state.theme === "dark" ? "light" : "dark" }));
}

export function nextColourMap(): void {
  useView.setState((state) => {
    const i = (COLOUR_MAPS as readonly string[]).indexOf(state.colourMap);
    return { colourMap: COLOUR_MAPS[(i + 1) % COLOUR_MAPS.length] };
  });
}

/** The view as the paint worker takes it. */
export function pictureView(state: ViewState): PictureView {
  return {
    timeRangeSec: state.ranges.time,
    depthRangeUm: state.ranges.depth,
    ampRangeUv: state.ranges.amp,
    freeRanges: state.freeRanges,
    rasterColour: state.rasterColour,
    alphaScale: state.alphaScale,
    strongestOnTop: state.strongestOnTop,
    colourMap: state.colourMap,
    theme: state.theme,
    showMotion: state.showMotion,
    cursorTimeSec: state.cursorTimeSec,
    selectedSpike: state.selected?.index ?? null,
    unit: state.unit,
    selectedChannel: state.selectedChannel,
    traceStyle: state.traceStyle,
    projectCorrected: state.projectCorrected,
    waveformLayout: state.waveformLayout,
    orbit: state.orbit,
    figures: state.figures,
    editing: state.editing,
    film: state.film,
  };
}
