import { add, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type AdamConfig, adam as adamOracle, sumSquares as sumSquaresOracle } from "../core/adam.ts";
import { defineOp } from "./defineOp.ts";
import { adamProgram, sumSquaresProgram } from "./webgpu/motionPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";
import { sumPartials } from "./webgpu/sumPartials.ts";

/** values per workgroup of sumSquares.wgsl: 16 per thread */
const share = 4096;

const sumSquaresOp = defineOp<Record<string, never>>({
  name: "SumSquares",
  host: ({ values }) => [{ shape: [1], values: [sumSquaresOracle(values)] }],
  webgpu(backend, { values }) {
    const nValues = values.shape.reduce((n, d) => n * d, 1);
    const groups = groupsFor(nValues, share);
    const partials = backend.makeTensorInfo(groups > 1 ? [groups, 1] : [1], "float32");
    dispatch(backend, sumSquaresProgram, { nValues, share }, [values, partials], [groups]);
    return [groups > 1 ? sumPartials(backend, partials) : partials];
  },
});

type AdamAttrs = AdamConfig & { step: number };

const adamOp = defineOp<AdamAttrs>({
  name: "Adam",
  host({ param, grad, moments, squaredNorm }, { step, ...config }, shapes) {
    const n = param.length;
    const next = adamOracle(param, grad, moments.subarray(0, n), moments.subarray(n), squaredNorm[0], step, config);
    const both = new Float32Array(2 * n);
    both.set(next.firstMoment);
    both.set(next.secondMoment, n);
    return [
      { shape: shapes.param, values: next.param },
      { shape: [2, n], values: both },
    ];
  },
  webgpu(backend, { param, grad, moments, squaredNorm }, { step, clipNorm, ...config }) {
    const nParams = param.shape.reduce((n, d) => n * d, 1);
    const newParam = backend.makeTensorInfo(param.shape, "float32");
    const newMoments = backend.makeTensorInfo([2, nParams], "float32");
    const params = {
      nParams,
      ...config,
      clipNorm: Number.isFinite(clipNorm) ? clipNorm : 0,
      correct1: 1 - config.beta1 ** step,
      correct2: 1 - config.beta2 ** step,
      new1: 1 - config.beta1,
      new2: 1 - config.beta2,
    };
    const tensors = [param, grad, squaredNorm, moments, newParam, newMoments];
    dispatch(backend, adamProgram, params, tensors, [groupsFor(nParams, 64)]);
    return [newParam, newMoments];
  },
});

/** One group of parameters with its Adam moments [2, P]. */
export interface AdamSlot<T extends Tensor = Tensor> {
  param: T;
  moments: Tensor;
}

/**
 * One clipped AdamW step over all slots; the gradient norm is taken over all of them together. Disposes the old tensors of
 * every slot and replaces them. Returns the squared norm [1] before the clip; the caller disposes it. `step` counts from 1.
 * See core/adam.
 */
export function adamStep(slots: AdamSlot[], grads: Tensor[], step: number, config: AdamConfig): Tensor1D {
  const { next, squaredNorm } = tidy(() => {
    const norms = grads.map((g) => sumSquaresOp({ values: g }, {})[0] as Tensor1D);
    const total = norms.reduce((sum, n) => add(sum, n));
    const after = slots.map(({ param, moments }, i) =>
      adamOp({ param, grad: grads[i], moments, squaredNorm: total }, { ...config, step }),
    );
    return { next: after, squaredNorm: total };
  });
  slots.forEach((slot, i) => {
    slot.param.dispose();
    slot.moments.dispose();
    [slot.param, slot.moments] = next[i];
  });
  return squaredNorm;
}
