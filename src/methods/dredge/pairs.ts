import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { DirectedPairs, PairTile } from "../../core/dredge/band.ts";
import { lagGeometry } from "../../core/dredge/crossCorrelation.ts";
import type { DredgeWindows } from "../../core/dredge/windows.ts";
import { dredgeCorrelation } from "../../ops/dredgeCorrelation.ts";
import { isSquare, type Tile } from "./tiles.ts";

/**
 * Products of one direction of a tile, as the plain sums would take them: some 40 ms on two threads (in the frequency domain,
 * ten times fewer), and few enough for a weak GPU to stay below its watchdog.
 */
const productsPerTile = 1.6e10;
const tileStep = 16;
/** Below the least, transforms of the tile's own rows and columns would take more than its pairs. */
const [leastTile, largestTile] = [64, 256];
/** Passes over the pairs, so that there is a motion to look at before all are compared. */
const leastPasses = 4;

/** Time bins of a tile so that a call is short, whatever the windows and lags; large enough that spectra are shared. */
export function tileSize(windows: DredgeWindows, maxDisplacementBins: number, reach: number): number {
  let most = 1;
  for (let b = 0; b < windows.nWindows; b++) {
    const { start, stop, nLeft, nRight } = lagGeometry(weightsOf(windows, b), maxDisplacementBins);
    most = Math.max(most, (stop - start) * (nLeft + nRight + 1));
  }
  const wanted = Math.min(Math.sqrt(productsPerTile / most), reach / leastPasses);
  const size = tileStep * Math.floor(wanted / tileStep);
  return Math.min(largestTile, Math.max(leastTile, size));
}

function weightsOf({ weights, nDepths }: DredgeWindows, b: number): Float64Array {
  return weights.subarray(b * nDepths, (b + 1) * nDepths);
}

/** The raster of a stretch of time on the compute backend, and its pairs tile by tile. */
export class PairSource {
  readonly #raster: Tensor2D;
  readonly #weights: Float64Array[];
  readonly #nLeft: number[];
  readonly #firstBin: number;
  readonly #binUm: number;
  readonly #maxDisplacementBins: number;

  /** raster: [n, D] of the time bins from `firstBin` on. */
  constructor(
    raster: Float32Array,
    firstBin: number,
    windows: DredgeWindows,
    { binUm, maxDisplacementBins }: { binUm: number; maxDisplacementBins: number },
  ) {
    this.#raster = tensor2d(raster, [raster.length / windows.nDepths, windows.nDepths]);
    this.#weights = [];
    this.#nLeft = [];
    for (let b = 0; b < windows.nWindows; b++) {
      this.#weights.push(weightsOf(windows, b));
      this.#nLeft.push(lagGeometry(weightsOf(windows, b), maxDisplacementBins).nLeft);
    }
    this.#firstBin = firstBin;
    this.#binUm = binUm;
    this.#maxDisplacementBins = maxDisplacementBins;
  }

  /** Starts a tile of one window; the caller waits. */
  async tile(window: number, tile: Tile): Promise<PairTile> {
    const forward = this.#directed(window, tile.rows, tile.columns);
    const backward = isSquare(tile) ? forward : this.#directed(window, tile.columns, tile.rows);
    return { ...tile, forward: await forward, backward: await backward };
  }

  async #directed(window: number, rows: Tile["rows"], columns: Tile["columns"]): Promise<DirectedPairs> {
    const shifted = ([from, to]: Tile["rows"]) => [from - this.#firstBin, to - this.#firstBin] as const;
    const { correlation, lag } = dredgeCorrelation(this.#raster, this.#weights[window], {
      rows: shifted(rows),
      columns: shifted(columns),
      maxDisplacementBins: this.#maxDisplacementBins,
    });
    try {
      const [values, lags] = await Promise.all([correlation.data(), lag.data()]);
      const displacementUm = Float32Array.from(lags, (l) => (this.#nLeft[window] - l) * this.#binUm);
      return { correlation: values, displacementUm };
    } finally {
      correlation.dispose();
      lag.dispose();
    }
  }

  dispose(): void {
    this.#raster.dispose();
  }
}
