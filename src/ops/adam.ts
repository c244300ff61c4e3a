import { add, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import { type AdamConfig, adam as adamOracle, sumSquares as sumSquaresOracle } from "../core/adam.ts";
import { defineOp } from "./defineOp.ts";
import { adamProgram, sumSquaresProgram } from "./webgpu/motionPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

const sumSquaresOp = defineOp<Record<string, never>>({
  name: "SumSquares",
  host: ({ values }) => [{ shape: [1], values: [sumSquaresOracle(values)] }],
  webgpu(backend, { values }) {
    const total = backend.makeTensorInfo([1], "float32");
    const nValues = values.shape.reduce((n, d) => n * d, 1);
    dispatch(backend, sumSquaresProgram, { nValues }, [values, total], [1]);
    return [total];
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
  webgpu(backend, { param, grad, moments, squaredNorm }, { step, learningRate, beta1, beta2, epsilon, clipNorm }) {
    const nParams = param.shape.reduce((n, d) => n * d, 1);
    const newParam = backend.makeTensorInfo(param.shape, "float32");
    const newMoments = backend.makeTensorInfo([2, nParams], "float32");
    const params = {
      nParams,
      learningRate,
      beta1,
      beta2,
      epsilon,
      clipNorm: Number.isFinite(clipNorm) ? clipNorm : 0,
      correct1: 1 - beta1 ** step,
      correct2: 1 - beta2 ** step,
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
 * One clipped Adam step over all slots; the gradient norm is taken over all of them together. Disposes the old tensors of
 * every slot and replaces them. `step` counts from 1. See core/adam.
 */
export function adamStep(slots: AdamSlot[], grads: Tensor[], step: number, config: AdamConfig): void {
  const next = tidy(() => {
    const norms = grads.map((g) => sumSquaresOp({ values: g }, {})[0] as Tensor1D);
    const squaredNorm = norms.reduce((sum, n) => add(sum, n));
    return slots.map((slot, i) =>
      adamOp({ param: slot.param, grad: grads[i], moments: slot.moments, squaredNorm }, { ...config, step }),
    );
  });
  slots.forEach((slot, i) => {
    slot.param.dispose();
    slot.moments.dispose();
    [slot.param, slot.moments] = next[i];
  });
}
