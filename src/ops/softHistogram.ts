import {
  slice,
  squeeze,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import {
  softHistogramGrad as gradOracle,
  softHistogram as oracle,
  type SoftGrid,
  tapRadius,
} from "../core/softHistogram.ts";
import { defineOp } from "./defineOp.ts";
import { softHistogramGradTiles, softHistogramTiles } from "./simd/histogramTiles.ts";
import { fixedToFloatProgram, softHistogramGradProgram, softHistogramProgram } from "./webgpu/histogramPrograms.ts";
import { dispatch, groupsFor, zeroed } from "./webgpu/program.ts";

type Attrs = SoftGrid & { nBins: number; maxPerBin: number };

const maxThreads = 65535 * 64;

function gridParams({ nx, ny, x0, y0, pitchUm, sigmaUm, ...rest }: SoftGrid, nSpikes: number) {
  return {
    nSpikes,
    nx,
    ny,
    radius: tapRadius({ nx, ny, x0, y0, pitchUm, sigmaUm, ...rest }),
    x0,
    y0,
    pitchUm,
    sigmaUm,
  };
}

const gradOp = defineOp<SoftGrid>({
  name: "SoftHistogramGrad",
  host({ xUm, yUm, bin, outGrad }, grid, shapes) {
    const { x, y } = gradOracle(xUm, yUm, bin, outGrad, grid);
    const both = new Float32Array(2 * x.length);
    both.set(x);
    both.set(y, x.length);
    return [{ shape: [2, shapes.xUm[0]], values: both }];
  },
  simd(pool, { xUm, yUm, bin, outGrad }, grid, shapes) {
    const [x, y, g] = [xUm, yUm, outGrad] as Float32Array[];
    return [{ shape: [2, shapes.xUm[0]], values: softHistogramGradTiles(pool, x, y, bin as Int32Array, g, grid) }];
  },
  webgpu(backend, { xUm, yUm, bin, outGrad }, grid) {
    const n = xUm.shape[0];
    const grad = backend.makeTensorInfo([2, n], "float32");
    dispatch(
      backend,
      softHistogramGradProgram,
      gridParams(grid, n),
      [xUm, yUm, bin, outGrad, grad],
      [groupsFor(n, 64)],
    );
    return [grad];
  },
});

const op = defineOp<Attrs>({
  name: "SoftHistogram",
  host({ xUm, yUm, bin }, { nBins, nx, ny, ...rest }) {
    return [{ shape: [nBins, nx, ny], values: oracle(xUm, yUm, bin, nBins, { nx, ny, ...rest }) }];
  },
  simd(pool, { xUm, yUm, bin }, { nBins, ...grid }) {
    const [x, y] = [xUm, yUm] as Float32Array[];
    const values = softHistogramTiles(pool, x, y, bin as Int32Array, nBins, grid);
    return [{ shape: [nBins, grid.nx, grid.ny], values }];
  },
  webgpu(backend, { xUm, yUm, bin }, { nBins, maxPerBin, ...grid }) {
    const n = xUm.shape[0];
    const nCells = nBins * grid.nx * grid.ny;
    // the largest power of two with maxPerBin · scale < 2^32, at most 2^24 (a float's own resolution)
    const scale = 2 ** Math.min(24, Math.floor(Math.log2(2 ** 32 / (maxPerBin + 1))));
    const cells = zeroed(backend, [nCells], "int32");
    dispatch(
      backend,
      softHistogramProgram,
      { ...gridParams(grid, n), scale },
      [xUm, yUm, bin, cells],
      [groupsFor(n, 64)],
    );
    const value = backend.makeTensorInfo([nBins, grid.nx, grid.ny], "float32");
    const groups = groupsFor(Math.min(nCells, maxThreads), 64);
    dispatch(backend, fixedToFloatProgram, { nCells, nThreads: 64 * groups, scale }, [cells, value], [groups]);
    backend.disposeData(cells.dataId);
    return [value];
  },
  savedInputs: ["xUm", "yUm", "bin"],
  grad: (dy, saved, attrs) => {
    const [xUm, yUm, bin] = saved;
    const { nBins: _nBins, maxPerBin: _maxPerBin, ...grid } = attrs as unknown as Attrs;
    const axis = (row: number) => () =>
      tidy(
        () =>
          squeeze(slice(gradOp({ xUm, yUm, bin, outGrad: dy as Tensor }, grid)[0], [row, 0], [1, -1]), [0]) as Tensor1D,
      );
    return { xUm: axis(0), yUm: axis(1), bin: () => zerosLike(bin) };
  },
});

/**
 * Differentiable histogram [nBins, nx, ny]. xUm, yUm: [N]; bin: [N] int32; maxPerBin: the largest number of spikes in any
 * bin, which bounds the fixed-point sums of the webgpu kernel. See core/softHistogram.
 */
export function softHistogram(
  xUm: Tensor1D,
  yUm: Tensor1D,
  bin: Tensor1D,
  nBins: number,
  maxPerBin: number,
  grid: SoftGrid,
): Tensor3D {
  return op({ xUm, yUm, bin }, { ...grid, nBins, maxPerBin })[0] as Tensor3D;
}

/** Gradient [2, N] with respect to x and y, given the one [nBins, nx, ny] with respect to the histogram. */
export function softHistogramGrad(
  xUm: Tensor1D,
  yUm: Tensor1D,
  bin: Tensor1D,
  outGrad: Tensor3D,
  grid: SoftGrid,
): Tensor2D {
  return gradOp({ xUm, yUm, bin, outGrad }, grid)[0] as Tensor2D;
}
