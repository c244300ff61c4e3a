import type { RasterGrid } from "../core/raster.ts";
import type { CountColumn, SpikeCounter } from "../protocol/spikeCounter.ts";
import type { PickColumns } from "./figure.ts";
import type { RasterStore } from "./rasterPlot.ts";
import {
  type CellFrame,
  type CellValue,
  countedCells,
  planCells,
  type SpikeCells,
  spikeCells,
} from "./scatterCells.ts";

/**
 * Cells of spikes that another machine counts, which answers later. Until it does, a plot shows the cells of before where they
 * lie, so that a picture follows the hand at once and becomes sharp a moment after.
 */

/** Fewer are counted here sooner than anybody else could be asked. */
const leastSpikes = 100_000;

/** What a plot is to show. */
export interface WantedCells {
  columns: PickColumns;
  values: Float32Array | null;
  value: CellValue;
  frame: CellFrame;
  /** what cells depend on beside the frame */
  basis: readonly unknown[];
  /** columns may be filled in place: the same arrays hold other values when the basis is another */
  isFilledInPlace: boolean;
}

interface Shown {
  basis: readonly unknown[];
  frame: string;
  cells: SpikeCells;
}

/** Of one plot. */
interface PlotState {
  shown: Shown | null;
  isAsked: boolean;
}

const isSame = (a: readonly unknown[], b: readonly unknown[]) => a.length === b.length && a.every((v, i) => v === b[i]);

/** The counter as one picture uses it. */
export class LateCells {
  #counter: SpikeCounter | null;
  readonly #redraw: () => void;
  #nAsked = 0;

  /** `redraw` is called when cells have come. */
  constructor(counter: SpikeCounter, redraw: () => void) {
    this.#counter = counter;
    this.#redraw = redraw;
  }

  /** The picture shows cells of before. */
  get isBehind(): boolean {
    return this.#nAsked > 0;
  }

  /** Cells of a plot, of its frame or of the one before. `store` is the plot's own. */
  cells(store: RasterStore, wanted: WantedCells): SpikeCells {
    const { columns, values, value, frame, basis } = wanted;
    const state = store.part("late").remember<PlotState>([], () => ({ shown: null, isAsked: false }));
    const text = JSON.stringify(frame);
    const { shown } = state;
    const isOfBasis = shown !== null && isSame(shown.basis, basis);
    if (shown && isOfBasis && shown.frame === text) return shown.cells;
    const grid = this.#counter && isOfBasis && isWorthIt(wanted) ? planCells(columns, frame).grid : null;
    if (!shown || !grid) {
      const cells = spikeCells(columns, values, frame, value);
      state.shown = { basis, frame: text, cells };
      return cells;
    }
    if (!state.isAsked) void this.#ask(state, store, wanted, grid, text);
    return shown.cells;
  }

  async #ask(state: PlotState, store: RasterStore, wanted: WantedCells, grid: RasterGrid, text: string): Promise<void> {
    const { columns, values, value, basis, isFilledInPlace } = wanted;
    const version = store.part("version").remember(basis, () => ({}));
    const column = (of: ArrayLike<number>): CountColumn => ({ values: of, version: isFilledInPlace ? version : of });
    const { x, y, from, to } = columns;
    const counted = value === "count" ? null : values && { values, version: values };
    state.isAsked = true;
    this.#nAsked++;
    try {
      const sums = await this.#counter!.cells({ x: column(x), y: column(y), value: counted, grid, from, to });
      // what was drawn here meanwhile of other spikes is newer
      const isWanted = state.shown !== null && isSame(state.shown.basis, basis);
      if (isWanted) state.shown = { basis, frame: text, cells: countedCells(sums, grid) };
    } catch {
      this.#counter = null; // it is gone: from now on they are counted here
    } finally {
      state.isAsked = false;
      this.#nAsked--;
      this.#redraw();
    }
  }
}

/** Rows in order of x are found without reading all, and the largest or the commonest of a cell is no sum. */
function isWorthIt({ columns: { from, to, isSorted }, value }: WantedCells): boolean {
  return to - from >= leastSpikes && !isSorted && value !== "strongest" && value !== "most";
}
