import type { RasterGrid, RasterSums } from "../core/raster.ts";

/** A column of spikes. A `version` that is another object says that the values, though in the same array, are others. */
export interface CountColumn {
  values: ArrayLike<number>;
  version: object;
}

export interface CountRequest {
  x: CountColumn;
  y: CountColumn;
  /** null counts only */
  value: CountColumn | null;
  grid: RasterGrid;
  /** rows [from, to) */
  from: number;
  to: number;
}

/** A machine that counts as core/raster does. */
export interface SpikeCounter {
  /** Rejects when it is gone. */
  cells(request: CountRequest): Promise<RasterSums>;
}
