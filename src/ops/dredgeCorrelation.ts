import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { correlatePairs as oracle } from "../core/dredge/crossCorrelation.ts";
import { AppError, assert } from "../core/errors.ts";
import { defineOp, type HostOutput } from "./defineOp.ts";
import { correlationTiles } from "./simd/correlationTiles.ts";

/** Rows i of [from, to) against columns j of [first, end) of the time bins. */
export interface CorrelationTile {
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
  maxDisplacementBins: number;
}

function outputs(correlation: Float32Array, lag: Int32Array, { rows, columns }: CorrelationTile): HostOutput[] {
  const shape = [rows[1] - rows[0], columns[1] - columns[0]];
  return [
    { shape, values: correlation },
    { shape, values: lag },
  ];
}

const op = defineOp<CorrelationTile>({
  name: "DredgeCorrelation",
  simd(pool, { raster, weights }, tile) {
    const { correlation, lag } = correlationTiles(pool, raster as Float32Array, Float64Array.from(weights), tile);
    return outputs(correlation, lag, tile);
  },
  host({ raster, weights }, tile) {
    const [from, to] = tile.rows;
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const { correlation, lag } = oracle(raster, Float64Array.from(weights), { ...tile, rows });
    return outputs(correlation, lag, tile);
  },
  webgpu() {
    throw new AppError("bad-parameter", "The correlation is not on the GPU yet.");
  },
});

export interface CorrelationOutputs {
  /** [R, C] largest normalised cross-correlation over lags */
  correlation: Tensor2D;
  /** [R, C] int32, the first lag that has it: D_ij = (nLeft − lag)·bin, nLeft of core/dredge/crossCorrelation's lagGeometry */
  lag: Tensor2D;
}

/**
 * How well time bin i (rows) of a raster [T, D] agrees with time bin j (columns), moved by the lag at which it does best,
 * under one window's weights [D] (which are not all 0). Of a raster that stays on the device, tile by tile of some hundred
 * rows and columns. See core/dredge/crossCorrelation.
 */
export function dredgeCorrelation(raster: Tensor2D, weights: Tensor1D, tile: CorrelationTile): CorrelationOutputs {
  const [nTimes, nDepths] = raster.shape;
  const isWithin = ([low, high]: readonly [number, number]) => low >= 0 && low < high && high <= nTimes;
  assert(weights.shape[0] === nDepths, "one weight per depth bin");
  assert(isWithin(tile.rows) && isWithin(tile.columns), "the tile lies in the raster");
  const [correlation, lag] = op({ raster, weights }, tile);
  return { correlation: correlation as Tensor2D, lag: lag as Tensor2D };
}
