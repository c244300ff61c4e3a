import { type Tensor2D, type TensorInfo, tensor1d } from "@tensorflow/tfjs-core";
import { type LagGeometry, lagGeometry, correlatePairs as oracle } from "../core/dredge/crossCorrelation.ts";
import { assert } from "../core/errors.ts";
import { defineOp, type HostOutput } from "./defineOp.ts";
import { correlationTiles } from "./simd/correlationTiles.ts";
import { dredgeCorrelationProgram, dredgeMomentsProgram } from "./webgpu/dredgePrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./webgpu/program.ts";

/** Rows i of [from, to) against columns j of [first, end) of the time bins. */
export interface CorrelationTile {
  rows: readonly [from: number, to: number];
  columns: readonly [first: number, end: number];
  maxDisplacementBins: number;
}

interface Attrs extends CorrelationTile {
  geometry: LagGeometry;
}

/** Of dredgeCorrelation.wgsl: pairs of a workgroup on either axis, lags at a time. */
const pairsPerGroup = 32;
const lagsAtATime = 16;

function outputs(correlation: Float32Array, lag: Int32Array, { rows, columns }: CorrelationTile): HostOutput[] {
  const shape = [rows[1] - rows[0], columns[1] - columns[0]];
  return [
    { shape, values: correlation },
    { shape, values: lag },
  ];
}

function onGpu(backend: WebgpuBackend, { raster, weights }: Record<string, TensorInfo>, attrs: Attrs): TensorInfo[] {
  const { start, stop, low, high, pad, nLeft, nRight } = attrs.geometry;
  const [nRows, nColumns] = [attrs.rows[1] - attrs.rows[0], attrs.columns[1] - attrs.columns[0]];
  const nLags = nLeft + nRight + 1;
  const nPadded = lagsAtATime * Math.ceil(nLags / lagsAtATime);
  const params = {
    ...{ nDepths: raster.shape[1], nRows, nColumns, firstRow: attrs.rows[0], firstColumn: attrs.columns[0] },
    ...{ start, length: stop - start, low, inside: high - low, pad, nLags, nPadded },
  };
  const nItems = nRows + nColumns;
  const shifts = backend.makeTensorInfo([nItems], "float32");
  const scales = backend.makeTensorInfo([nItems, nPadded], "float32");
  const offsets = backend.makeTensorInfo([nItems, nPadded], "float32");
  dispatch(backend, dredgeMomentsProgram, params, [raster, weights, shifts, scales, offsets], [nItems]);
  const correlation = backend.makeTensorInfo([nRows, nColumns], "float32");
  const lag = backend.makeTensorInfo([nRows, nColumns], "int32");
  const groups = [groupsFor(nColumns, pairsPerGroup), groupsFor(nRows, pairsPerGroup)] as const;
  const tensors = [raster, weights, shifts, scales, offsets, correlation, lag];
  dispatch(backend, dredgeCorrelationProgram, params, tensors, groups);
  for (const { dataId } of [shifts, scales, offsets]) backend.disposeData(dataId);
  return [correlation, lag];
}

const op = defineOp<Attrs>({
  name: "DredgeCorrelation",
  host({ raster, weights }, tile) {
    const [from, to] = tile.rows;
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const { correlation, lag } = oracle(raster, Float64Array.from(weights), { ...tile, rows });
    return outputs(correlation, lag, tile);
  },
  simd(pool, { raster, weights }, tile) {
    const { correlation, lag } = correlationTiles(pool, raster as Float32Array, weights as Float32Array, tile);
    return outputs(correlation, lag, tile);
  },
  webgpu: onGpu,
});

/** What a tile takes on the GPU, for estimates and for the test that counts dispatches. */
export interface GpuCost {
  dispatches: number;
  /** additions and multiplications, those of the tile's ragged edges included */
  flop: number;
  /** read by workgroups from the raster and the weights, through the caches */
  bytes: number;
}

/**
 * Of nRows × nColumns pairs: two dispatches whatever the size, 2·L·n operations a pair, and of every 16 lags one pass of
 * 32 + 32 rows of the raster through workgroup memory, for each 32 × 32 pairs; that is 73 operations a byte.
 */
export function gpuCost(nRows: number, nColumns: number, { start, stop, nLeft, nRight }: LagGeometry): GpuCost {
  const nGroups = groupsFor(nRows, pairsPerGroup) * groupsFor(nColumns, pairsPerGroup);
  const passes = nGroups * Math.ceil((nLeft + nRight + 1) / lagsAtATime) * Math.ceil((stop - start) / 32);
  return {
    dispatches: 2,
    flop: passes * 2 * pairsPerGroup ** 2 * lagsAtATime * 32,
    bytes: passes * 4 * pairsPerGroup * (2 * 32 + 48),
  };
}

export interface CorrelationOutputs {
  /** [R, C] largest normalised cross-correlation over lags */
  correlation: Tensor2D;
  /** [R, C] int32, the first lag that has it: D_ij = (nLeft − lag)·bin, nLeft of core/dredge/crossCorrelation's lagGeometry */
  lag: Tensor2D;
}

/**
 * How well time bin i (rows) of a raster [T, D] agrees with time bin j (columns), moved by the lag at which it does best,
 * under one window's weights [D], numbers of the host and not all 0. Of a raster that stays on the device, tile by
 * tile of some hundred rows and columns. See core/dredge/crossCorrelation.
 */
export function dredgeCorrelation(raster: Tensor2D, weights: Float64Array, tile: CorrelationTile): CorrelationOutputs {
  const [nTimes, nDepths] = raster.shape;
  const isWithin = ([low, high]: readonly [number, number]) => low >= 0 && low < high && high <= nTimes;
  assert(weights.length === nDepths, "one weight per depth bin");
  assert(isWithin(tile.rows) && isWithin(tile.columns), "the tile lies in the raster");
  // as the kernels see them: what is 0 in float32 is no part of the support
  const window = tensor1d(Float32Array.from(weights));
  const geometry = lagGeometry(Float64Array.from(Float32Array.from(weights)), tile.maxDisplacementBins);
  const [correlation, lag] = op({ raster, weights: window }, { ...tile, geometry });
  window.dispose();
  return { correlation: correlation as Tensor2D, lag: lag as Tensor2D };
}
