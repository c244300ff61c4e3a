import { type Tensor1D, type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { raster as oracle, type RasterGrid } from "../core/raster.ts";
import { defineOp } from "./defineOp.ts";
import { rasterProgram, rasterUnpackProgram } from "./webgpu/histogramPrograms.ts";
import { dispatch, groupsFor, zeroed } from "./webgpu/program.ts";

type Attrs = RasterGrid & { hasValue: boolean };

/** One dispatch may launch this many threads along its axis. */
const maxThreads = 65535 * 64;

const op = defineOp<Attrs>({
  name: "Raster",
  host({ x, y, value }, { hasValue, ...grid }) {
    const { count, sum } = oracle(x, y, hasValue ? value : null, grid);
    const shape = [grid.ny, grid.nx];
    return [
      { shape, values: count },
      { shape, values: sum },
    ];
  },
  webgpu(backend, { x, y, value }, { hasValue, nx, ny, ...ranges }) {
    const nSpikes = x.shape[0];
    const nCells = nx * ny;
    const cells = zeroed(backend, [2 * nCells], "int32");
    const groups = groupsFor(Math.min(nSpikes, maxThreads), 64);
    const params = { firstSpike: 0, nSpikes, nx, ny, ...ranges, hasValue: hasValue ? 1 : 0, nThreads: 64 * groups };
    dispatch(backend, rasterProgram, params, [x, y, value, cells], [groups]);
    const count = backend.makeTensorInfo([ny, nx], "float32");
    const sum = backend.makeTensorInfo([ny, nx], "float32");
    dispatch(backend, rasterUnpackProgram, { nCells }, [cells, count, sum], [groupsFor(nCells, 64)]);
    backend.disposeData(cells.dataId);
    return [count, sum];
  },
});

/** Spikes per cell and the sum of `value` over them, [ny, nx]. x, y, value: [N]; value null counts only. See core/raster. */
export function raster(
  x: Tensor1D,
  y: Tensor1D,
  value: Tensor1D | null,
  grid: RasterGrid,
): { count: Tensor2D; sum: Tensor2D } {
  const values = value ?? tensor1d([0]);
  const [count, sum] = op({ x, y, value: values }, { ...grid, hasValue: value !== null });
  if (!value) values.dispose();
  return { count: count as Tensor2D, sum: sum as Tensor2D };
}
