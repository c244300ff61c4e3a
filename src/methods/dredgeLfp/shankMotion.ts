import { lagGeometry } from "../../core/dredge/crossCorrelation.ts";
import { onlineDisplacement } from "../../core/dredge/online.ts";
import { refineShifts } from "../../core/dredge/refineShifts.ts";
import { type DredgeWindows, dredgeWindows } from "../../core/dredge/windows.ts";
import { assert } from "../../core/errors.ts";
import type { DepthRows } from "../../core/lfp/depthRows.ts";
import type { Motion } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { correlateTiles } from "../estimators/pairTiles.ts";
import { windowOptions } from "../estimators/windowParams.ts";

/** Of one chunk's time, what goes to comparing and to refining; the rest is solving. */
const correlationShare = 0.6;
const refineShare = 0.3;

interface Chunk {
  nTimes: number;
  /** [T, R] */
  field: Float32Array;
  /** [B, T] */
  solutionUm: Float64Array;
}

/** The motion along one shank, chunk by chunk: each is compared with itself and with the one before. */
export class ShankMotion {
  readonly rows: DepthRows;
  readonly windows: DredgeWindows;
  readonly #params: ParamValues;
  #before: Chunk | null = null;
  readonly #solved: Chunk[] = [];

  /** Throws AppError when a window covers no row. */
  constructor(rows: DepthRows, params: ParamValues) {
    this.rows = rows;
    this.#params = params;
    const { depthUm, pitchUm } = rows;
    const edges = Float64Array.from({ length: depthUm.length + 1 }, (_, r) => depthUm[0] + (r - 0.5) * pitchUm);
    this.windows = dredgeWindows(
      { depthEdgesUm: edges, depthRangeUm: [depthUm[0], depthUm[depthUm.length - 1]] },
      { variant: "spikeinterface", ...windowOptions(params) },
    );
  }

  /** field: [T, R] of the next chunk. Yields the share of the chunk that is done. */
  async *add(field: Float32Array): AsyncGenerator<number, void> {
    const nRows = this.rows.depthUm.length;
    const nTimes = field.length / nRows;
    const before = this.#before;
    const nBefore = before?.nTimes ?? 0;
    const { nWindows } = this.windows;
    const raster = new Float32Array((nBefore + nTimes) * nRows);
    if (before) raster.set(before.field);
    raster.set(field, nBefore * nRows);
    const within = pairs(nWindows, nTimes, nTimes);
    const across = pairs(nWindows, nTimes, nBefore);
    for (let b = 0; b < nWindows; b++) {
      const table = yield* this.#compare(raster, b, nBefore, nTimes);
      for (let i = 0; i < nTimes; i++) {
        for (let j = 0; j < nBefore + nTimes; j++) {
          const from = i * (nBefore + nTimes) + j;
          const target = j < nBefore ? across : within;
          const to = (b * nTimes + i) * (j < nBefore ? nBefore : nTimes) + (j < nBefore ? j : j - nBefore);
          target.displacementUm[to] = table.shift[from] * this.rows.pitchUm;
          target.weights[to] = this.#weight(table.correlation[from]);
        }
      }
    }
    const p = this.#params as Record<string, number>;
    const options = { lambdaTime: p.lambda_t, lambdaSpace: p.lambda_s, ridge: p.eps };
    const known = before ? { ...across, nTimes: nBefore, solutionUm: before.solutionUm } : null;
    const solving = onlineDisplacement({ ...within, nWindows, nTimes, before: known }, options);
    for (let next = solving.next(); ; next = solving.next()) {
      if (next.done) {
        this.#before = { nTimes, field, solutionUm: next.value };
        this.#solved.push({ nTimes, field: new Float32Array(0), solutionUm: next.value });
        return;
      }
      yield correlationShare + refineShare;
    }
  }

  async *#compare(raster: Float32Array, b: number, nBefore: number, nTimes: number) {
    const nRows = this.rows.depthUm.length;
    const { nWindows } = this.windows;
    const p = this.#params as Record<string, number>;
    const weights = this.windows.weights.slice(b * nRows, (b + 1) * nRows);
    const { start, stop } = lagGeometry(weights, 0);
    const request = {
      raster,
      weights,
      rows: [nBefore, nBefore + nTimes] as const,
      columns: [0, nBefore + nTimes] as const,
      maxDisplacementBins: Math.min(Math.floor(p.max_disp_um / this.rows.pitchUm), Math.floor((stop - start) / 2)),
      horizonBins: Number.POSITIVE_INFINITY,
      minCorrelation: p.mincorr,
    };
    const share = (part: number) => (b + part) / nWindows;
    const comparing = correlateTiles(request);
    try {
      for (;;) {
        const next = await comparing.next();
        if (next.done) {
          const { correlation, shift } = next.value;
          if (this.#params.subrow)
            for (const part of refineShifts(request, correlation, shift))
              yield share(correlationShare + refineShare * part);
          return next.value;
        }
        yield share(correlationShare * next.value);
      }
    } finally {
      await comparing.return(undefined as never); // closed in the middle: it frees its tensors
    }
  }

  #weight(correlation: number): number {
    if (!(correlation >= (this.#params.mincorr as number))) return 0;
    return this.#params.soft ? correlation * correlation : 1;
  }

  /** Of all chunks so far; their times are [T] s. */
  motion(timeSec: Float64Array): Motion {
    const { nWindows, centersUm } = this.windows;
    const displacementUm = new Float64Array(timeSec.length * nWindows);
    let at = 0;
    for (const { nTimes, solutionUm } of this.#solved) {
      for (let t = 0; t < nTimes; t++, at++)
        for (let b = 0; b < nWindows; b++) displacementUm[at * nWindows + b] = solutionUm[b * nTimes + t];
    }
    assert(at === timeSec.length, "every time bin is solved");
    return { displacementUm, timeBinCentersSec: timeSec, depthBinCentersUm: centersUm };
  }
}

function pairs(nWindows: number, nRows: number, nColumns: number) {
  const size = nWindows * nRows * nColumns;
  return { displacementUm: new Float32Array(size), weights: new Float32Array(size) };
}
