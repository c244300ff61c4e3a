import { type Tensor, type Tensor1D, type Tensor2D, zerosLike } from "@tensorflow/tfjs-core";
import { smoothMotionGrad as smoothGradOracle, smoothMotion as smoothOracle } from "../core/smoothMotion.ts";
import { defineOp } from "./defineOp.ts";
import { smoothMotionGradProgram, smoothMotionProgram } from "./webgpu/motionPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

type Attrs = { bound: number };

const gradOp = defineOp<Attrs>({
  name: "SmoothMotionGrad",
  host({ table, taps, outGrad }, { bound }, shapes) {
    const [nLevels, nTimes] = shapes.table;
    return [{ shape: shapes.table, values: smoothGradOracle(table, outGrad, nLevels, nTimes, bound, taps) }];
  },
  webgpu(backend, { table, taps, outGrad }, { bound }) {
    const [nLevels, nTimes] = table.shape;
    const grad = backend.makeTensorInfo([nLevels, nTimes], "float32");
    const params = { nLevels, nTimes, nTaps: taps.shape[0], bound };
    dispatch(backend, smoothMotionGradProgram, params, [table, taps, outGrad, grad], [groupsFor(nLevels * nTimes, 64)]);
    return [grad];
  },
});

const op = defineOp<Attrs>({
  name: "SmoothMotion",
  host({ table, taps }, { bound }, shapes) {
    const [nLevels, nTimes] = shapes.table;
    return [{ shape: shapes.table, values: smoothOracle(table, nLevels, nTimes, bound, taps) }];
  },
  webgpu(backend, { table, taps }, { bound }) {
    const [nLevels, nTimes] = table.shape;
    const smoothed = backend.makeTensorInfo([nLevels, nTimes], "float32");
    const params = { nLevels, nTimes, nTaps: taps.shape[0], bound };
    dispatch(backend, smoothMotionProgram, params, [table, taps, smoothed], [nLevels]);
    return [smoothed];
  },
  savedInputs: ["table", "taps"],
  grad: (dy, saved, attrs) => {
    const [table, taps] = saved;
    return {
      table: () => gradOp({ table, taps, outGrad: dy as Tensor }, attrs as unknown as Attrs)[0],
      taps: () => zerosLike(taps),
    };
  },
});

/** Bounded, smoothed, centred motion [K, T] from the table [K, T]; see core/smoothMotion. taps [nTaps]. */
export function smoothMotion(table: Tensor2D, taps: Tensor1D, bound: number): Tensor2D {
  return op({ table, taps }, { bound })[0] as Tensor2D;
}

/** Gradient [K, T] with respect to the table, given the one with respect to the result. */
export function smoothMotionGrad(table: Tensor2D, taps: Tensor1D, outGrad: Tensor2D, bound: number): Tensor2D {
  return gradOp({ table, taps, outGrad }, { bound })[0] as Tensor2D;
}
