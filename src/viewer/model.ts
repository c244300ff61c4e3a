import { clampRange, robustRange, unionRange } from "../app/viewMath.ts";
import type { Range } from "../core/types.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import { firstOrbit, type Orbit } from "../protocol/orbit.ts";
import type { LinkedQuantity, PictureView, Quantity, SpikeColour } from "../protocol/pictures.ts";
import type { WaveformLayout } from "../protocol/waveformLayout.ts";

/** What a person has chosen to see on an exported page. */
export interface ViewerState {
  ranges: Record<LinkedQuantity, Range>;
  freeRanges: PictureView["freeRanges"];
  theme: "dark" | "light";
  colourMap: string;
  rasterColour: SpikeColour;
  alphaScale: "fixed" | "percentiles";
  waveformLayout: WaveformLayout;
  /** from where the selected spike is seen in space */
  orbit: Orbit;
  /** row of the page's table; null when none is */
  selected: number | null;
  /** id of the positions on screen */
  positions: string;
  /** id of the motion that is taken out; null for none */
  motion: string | null;
}

/** One state, and whoever wants to know of its changes. */
export interface Model {
  get(): ViewerState;
  set(next: Partial<ViewerState>): void;
  subscribe(listener: (now: ViewerState, before: ViewerState) => void): void;
}

const narrowest: Record<LinkedQuantity, number> = { time: 0.01, depth: 2, amp: 1 };
const narrowestFree = 0.05;
const freeBounds: Range = [-100_000, 100_000];
/** room beside what all but a hundredth of the spikes at either end take */
const sharedMargin = 0.05;
/** µm of z that are always shown */
const usualZUm = 65;

/**
 * Ranges that do not change with the positions on screen, so that two localizers can be compared by switching between them:
 * 1st to 99th percentile of every set of positions, with a margin.
 */
function sharedRanges({ positions, anchors }: PageContents): PictureView["freeRanges"] {
  const rangeOf = (columns: (ArrayLike<number> | null)[]) => {
    const ranges = columns.map((values) => (values ? robustRange(values, 0.01, 0.99) : null));
    const all = ranges.reduce((sum, one) => unionRange(sum, one), null);
    if (!all || !(all[1] > all[0])) return null;
    const margin = sharedMargin * (all[1] - all[0]);
    return [all[0] - margin, all[1] + margin] as const;
  };
  const x = rangeOf(positions.map(({ xUm }) => xUm));
  const z = rangeOf(positions.map(({ zUm }) => zUm));
  const fromAnchor = (values: Float64Array | null, axis: 0 | 1) =>
    anchors ? (values?.map((value, i) => value - anchors[2 * i + axis]) ?? null) : null;
  const local = {
    localX: rangeOf(positions.map(({ xUm }) => fromAnchor(xUm, 0))),
    localY: rangeOf(positions.map(({ depthUm }) => fromAnchor(depthUm, 1))),
    localZ: z,
  };
  const all = { ...local, x, z: z && ([Math.min(0, z[0]), Math.max(usualZUm, z[1])] as const) };
  return Object.fromEntries(Object.entries(all).filter(([, range]) => range !== null));
}

/** The page as it opens. */
export function firstState(contents: PageContents): ViewerState {
  const { look, chosen, shownPositions, shownMotion } = contents;
  return {
    ranges: look.bounds,
    freeRanges: sharedRanges(contents),
    theme: look.theme,
    colourMap: look.colourMap,
    rasterColour: look.rasterColour,
    alphaScale: look.alphaScale,
    waveformLayout: "auto",
    orbit: firstOrbit,
    selected: chosen.length > 0 ? chosen[0] : null,
    positions: shownPositions,
    motion: shownMotion,
  };
}

export function createModel(first: ViewerState): Model {
  let state = first;
  const listeners = new Set<(now: ViewerState, before: ViewerState) => void>();
  return {
    get: () => state,
    set: (next) => {
      const before = state;
      state = { ...state, ...next };
      for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => {
      listeners.add(listener);
    },
  };
}

/** Change some of the ranges; those of linked quantities stay inside their bounds. */
export function setRanges(model: Model, { look }: PageContents, next: Partial<Record<Quantity, Range>>): void {
  const { ranges, freeRanges } = model.get();
  const linked = { ...ranges };
  const free = { ...freeRanges };
  for (const [quantity, range] of Object.entries(next) as [Quantity, Range][]) {
    if (quantity === "time" || quantity === "depth" || quantity === "amp")
      linked[quantity] = clampRange(range, look.bounds[quantity], narrowest[quantity]);
    else free[quantity] = clampRange(range, freeBounds, narrowestFree);
  }
  model.set({ ranges: linked, freeRanges: free });
}

/** Everything there is, as the page opened. */
export function resetRanges(model: Model, contents: PageContents): void {
  const { ranges, freeRanges } = firstState(contents);
  model.set({ ranges, freeRanges });
}

/** The next (+1) or previous (−1) spike in time of those that can be looked at; without one selected, the first or the last. */
export function stepSelection(model: Model, { chosen }: PageContents, by: 1 | -1): void {
  const { selected } = model.get();
  const at = selected === null ? (by > 0 ? -1 : chosen.length) : chosen.indexOf(selected);
  const next = chosen[at + by];
  if (next !== undefined) model.set({ selected: next });
}
