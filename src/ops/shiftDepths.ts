import { type Tensor, type Tensor1D, type Tensor2D, zerosLike } from "@tensorflow/tfjs-core";
import { shiftDepthsGrad as gradOracle, shiftDepths as oracle } from "../core/shiftDepths.ts";
import { defineOp } from "./defineOp.ts";
import { shiftDepthsGradProgram, shiftDepthsProgram } from "./webgpu/motionPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

const gradOp = defineOp<{ nLevels: number }>({
  name: "ShiftDepthsGrad",
  host({ outGrad, depth, order, binStart }, { nLevels }) {
    const values = gradOracle(outGrad, nLevels, depth, { order, binStart });
    return [{ shape: [nLevels, binStart.length - 1], values }];
  },
  webgpu(backend, { outGrad, depth, order, binStart }, { nLevels }) {
    const nTimes = binStart.shape[0] - 1;
    const grad = backend.makeTensorInfo([nLevels, nTimes], "float32");
    const tensors = [outGrad, depth, order, binStart, grad];
    dispatch(backend, shiftDepthsGradProgram, { nLevels, nTimes }, tensors, [groupsFor(nLevels * nTimes, 64)]);
    return [grad];
  },
});

const op = defineOp<Record<string, never>>({
  name: "ShiftDepths",
  host({ smoothed, timeBin, depth, noise }, _attrs, shapes) {
    const [nLevels, nTimes] = shapes.smoothed;
    return [{ shape: shapes.depth, values: oracle(smoothed, nLevels, nTimes, timeBin, depth, noise) }];
  },
  webgpu(backend, { smoothed, timeBin, depth, noise }) {
    const [nLevels, nTimes] = smoothed.shape;
    const nSpikes = depth.shape[0];
    const shifted = backend.makeTensorInfo([nSpikes], "float32");
    const tensors = [smoothed, timeBin, depth, noise, shifted];
    dispatch(backend, shiftDepthsProgram, { nSpikes, nLevels, nTimes }, tensors, [groupsFor(nSpikes, 64)]);
    return [shifted];
  },
  savedInputs: ["smoothed", "timeBin", "depth", "noise", "order", "binStart"],
  grad: (dy, saved) => {
    const [smoothed, timeBin, depth, , order, binStart] = saved;
    return {
      smoothed: () => gradOp({ outGrad: dy as Tensor, depth, order, binStart }, { nLevels: smoothed.shape[0] })[0],
      // only through the sum: which levels a spike lies between is not differentiated
      depth: () => dy as Tensor,
      noise: () => dy as Tensor,
      timeBin: () => zerosLike(timeBin),
      order: () => zerosLike(order),
      binStart: () => zerosLike(binStart),
    };
  },
});

/** Where each spike's time lies, and the same grouped by bin (core/shiftDepths.orderByBin) for the gradient. */
export interface SpikeBins {
  /** [N] int32 */
  timeBin: Tensor1D;
  /** [N] int32 */
  order: Tensor1D;
  /** [T + 1] int32 */
  binStart: Tensor1D;
}

/** depth [N] plus noise [N] plus the motion at (time bin, depth); smoothed [K, T]. See core/shiftDepths. */
export function shiftDepths(smoothed: Tensor2D, bins: SpikeBins, depth: Tensor1D, noise: Tensor1D): Tensor1D {
  return op({ smoothed, depth, noise, ...bins }, {})[0] as Tensor1D;
}

/** Gradient [K, T] with respect to the smoothed motion, given the one [N] with respect to the shifted depths. */
export function shiftDepthsGrad(outGrad: Tensor1D, nLevels: number, bins: SpikeBins, depth: Tensor1D): Tensor2D {
  return gradOp({ outGrad, depth, order: bins.order, binStart: bins.binStart }, { nLevels })[0] as Tensor2D;
}
