import { assert } from "./errors.ts";
import type { RasterGrid } from "./raster.ts";

/** Where each spike goes when it is seen at other positions. */
export interface Displacements {
  /** [N] target − source across the probe, µm; NaN where either has no place */
  dxUm: Float32Array;
  /** [N] the same along the probe, upwards */
  dyUm: Float32Array;
  /** [N] √(dx² + dy²), µm */
  lengthUm: Float32Array;
  /** spikes that both place */
  n: number;
}

/** x and depth of every spike, µm. */
export interface PlanePlaces {
  xUm: ArrayLike<number>;
  depthUm: ArrayLike<number>;
}

/** target − source of every spike in the plane of the probe. */
export function displacementsOf(source: PlanePlaces, target: PlanePlaces): Displacements {
  const nSpikes = source.depthUm.length;
  assert(target.depthUm.length === nSpikes, "source and target are of the same spikes");
  const dxUm = new Float32Array(nSpikes);
  const dyUm = new Float32Array(nSpikes);
  const lengthUm = new Float32Array(nSpikes);
  let n = 0;
  for (let i = 0; i < nSpikes; i++) {
    const dx = target.xUm[i] - source.xUm[i];
    const dy = target.depthUm[i] - source.depthUm[i];
    const length = Math.sqrt(dx * dx + dy * dy);
    const isThere = Number.isFinite(length);
    dxUm[i] = isThere ? dx : Number.NaN;
    dyUm[i] = isThere ? dy : Number.NaN;
    lengthUm[i] = isThere ? length : Number.NaN;
    if (isThere) n++;
  }
  return { dxUm, dyUm, lengthUm, n };
}

/**
 * The spike that is seen in each cell when spikes are drawn in order of `strength`, weak ones first: [ny, nx] row of the strongest,
 * of equally strong ones the first; −1 where there is none. Cells and rows of the grid as in `raster`; spikes whose strength is NaN
 * are not drawn. Also the number of spikes drawn.
 */
export function strongestPerCell(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  strength: ArrayLike<number>,
  { xLow, xHigh, yLow, yHigh, nx, ny }: RasterGrid,
  from = 0,
  to = x.length,
): { rows: Int32Array; nSpikes: number } {
  assert(xHigh > xLow && yHigh > yLow && nx > 0 && ny > 0, "a raster grid has extent");
  const rows = new Int32Array(nx * ny).fill(-1);
  const kx = nx / (xHigh - xLow);
  const ky = ny / (yHigh - yLow);
  let nSpikes = 0;
  for (let i = from; i < to; i++) {
    const [xi, yi, s] = [x[i], y[i], strength[i]];
    if (!(xi >= xLow && xi <= xHigh && yi >= yLow && yi <= yHigh) || Number.isNaN(s)) continue;
    const cx = Math.min(nx - 1, Math.floor((xi - xLow) * kx));
    const cy = Math.min(ny - 1, Math.floor((yi - yLow) * ky));
    const cell = cy * nx + cx;
    nSpikes++;
    if (rows[cell] < 0 || s > strength[rows[cell]]) rows[cell] = i;
  }
  return { rows, nSpikes };
}
