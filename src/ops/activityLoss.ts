import { getKernel, type KernelBackend, type Tensor1D, type TensorInfo } from "@tensorflow/tfjs-core";
import {
  activityLayers,
  type Layer,
  activityLoss as lossOracle,
  nFeatures,
  activityProbability as probabilityOracle,
} from "../core/activityNetwork.ts";
import { defineOp } from "./defineOp.ts";
import { activityLossTiles, activityProbabilityTiles } from "./simd/activityTiles.ts";
import {
  activityFeaturesGradProgram,
  activityFeaturesProgram,
  contrastiveLossProgram,
  denseBackwardInputProgram,
  denseBackwardWeightsProgram,
  denseForwardProgram,
} from "./webgpu/networkPrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./webgpu/program.ts";
import { sumPartials } from "./webgpu/sumPartials.ts";

/** Features and activations of every layer, the last being the logits; freed by the caller. */
function forward(
  backend: WebgpuBackend,
  weights: TensorInfo,
  layers: Layer[],
  depth: TensorInfo,
  amp: TensorInfo,
): TensorInfo[] {
  const n = depth.shape[0];
  const features = backend.makeTensorInfo([n, nFeatures], "float32");
  dispatch(backend, activityFeaturesProgram, { nSpikes: n }, [depth, amp, features], [groupsFor(n, 64)]);
  const activations = [features];
  layers.forEach(({ nIn, nOut, weights: weightsAt, bias: biasAt }, l) => {
    const out = backend.makeTensorInfo([n, nOut], "float32");
    const rectify = l < layers.length - 1 ? 1 : 0;
    const params = { nRows: n, nIn, nOut, weightsAt, biasAt, rectify };
    dispatch(
      backend,
      denseForwardProgram,
      params,
      [activations[l], weights, out],
      [groupsFor(nOut, 64), groupsFor(n, 64)],
    );
    activations.push(out);
  });
  return activations;
}

/** Rows per share of the weight gradient: enough shares to fill a GPU, few enough that their copies stay small. */
const maxShares = 16;

function backward(
  backend: WebgpuBackend,
  weights: TensorInfo,
  layers: Layer[],
  activations: TensorInfo[],
  logitGrad: TensorInfo,
): { paramGrad: TensorInfo; featureGrad: TensorInfo } {
  const nRows = logitGrad.shape[0];
  const nValues = weights.shape[0];
  const share = 16 * Math.ceil(nRows / maxShares / 16);
  const nShares = Math.ceil(nRows / share);
  const partials = backend.makeTensorInfo([nShares, nValues], "float32");
  let outGrad = logitGrad;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { nIn, nOut, weights: weightsAt } = layers[l];
    const x = activations[l];
    const ofWeights = { nRows, nIn, nOut, weightsAt, nValues, share };
    dispatch(
      backend,
      denseBackwardWeightsProgram,
      ofWeights,
      [x, outGrad, partials],
      [groupsFor(nOut, 64), groupsFor(nIn + 1, 64), nShares],
    );
    const grad = backend.makeTensorInfo([nRows, nIn], "float32");
    const ofInput = { nRows, nIn, nOut, weightsAt, masked: l > 0 ? 1 : 0 };
    dispatch(
      backend,
      denseBackwardInputProgram,
      ofInput,
      [outGrad, weights, x, grad],
      [groupsFor(nIn, 64), groupsFor(nRows, 64)],
    );
    backend.disposeData(outGrad.dataId);
    outGrad = grad;
  }
  return { paramGrad: sumPartials(backend, partials), featureGrad: outGrad };
}

type Attrs = { hidden: number[]; nReal: number };

const lossOp = defineOp<Attrs>({
  name: "ActivityLoss",
  host({ weights, depth, amp }, { hidden, nReal }) {
    return lossOutputs(lossOracle(weights, hidden, depth, amp, nReal));
  },
  simd(pool, { weights, depth, amp }, { hidden, nReal }) {
    return lossOutputs(
      activityLossTiles(pool, hidden, weights as Float32Array, depth as Float32Array, amp as Float32Array, nReal),
    );
  },
  webgpu(backend, { weights, depth, amp }, { hidden, nReal }) {
    const n = depth.shape[0];
    const layers = activityLayers(hidden);
    const activations = forward(backend, weights, layers, depth, amp);
    const groups = groupsFor(n, 64);
    const logitGrad = backend.makeTensorInfo([n, 1], "float32");
    const lossPartials = backend.makeTensorInfo([groups, 2], "float32");
    const logits = activations[layers.length];
    dispatch(backend, contrastiveLossProgram, { nSpikes: n, nReal }, [logits, logitGrad, lossPartials], [groups]);
    const terms = sumPartials(backend, lossPartials);
    const { paramGrad, featureGrad } = backward(backend, weights, layers, activations, logitGrad);
    const depthGrad = backend.makeTensorInfo([n], "float32");
    dispatch(backend, activityFeaturesGradProgram, { nSpikes: n }, [featureGrad, depth, depthGrad], [groups]);
    for (const t of [...activations, featureGrad]) backend.disposeData(t.dataId);
    return [terms, paramGrad, depthGrad];
  },
});

function lossOutputs(loss: { real: number; fake: number; paramGrad: ArrayLike<number>; depthGrad: ArrayLike<number> }) {
  return [
    { shape: [2], values: [loss.real, loss.fake] },
    { shape: [loss.paramGrad.length], values: loss.paramGrad },
    { shape: [loss.depthGrad.length], values: loss.depthGrad },
  ];
}

const probabilityOp = defineOp<{ hidden: number[] }>({
  name: "ActivityProbability",
  host({ weights, depth, amp }, { hidden }, shapes) {
    return [{ shape: shapes.depth, values: probabilityOracle(weights, hidden, depth, amp) }];
  },
  simd(pool, { weights, depth, amp }, { hidden }, shapes) {
    const values = activityProbabilityTiles(
      pool,
      hidden,
      weights as Float32Array,
      depth as Float32Array,
      amp as Float32Array,
    );
    return [{ shape: shapes.depth, values }];
  },
  webgpu(backend, { weights, depth, amp }, { hidden }) {
    const activations = forward(backend, weights, activityLayers(hidden), depth, amp);
    const logits = activations.pop()!;
    for (const t of activations) backend.disposeData(t.dataId);
    logits.shape = [depth.shape[0]];
    const sigmoid = getKernel("Sigmoid", "webgpu");
    const probability = sigmoid.kernelFunc({
      inputs: { x: logits },
      backend: backend as unknown as KernelBackend,
      attrs: {},
    });
    backend.disposeData(logits.dataId);
    return [probability as TensorInfo];
  },
});

export interface ActivityLossTensors {
  /** [2] loss over real spikes and over drawn ones; their sum is the loss */
  terms: Tensor1D;
  /** [P] gradient of the loss with respect to the weights */
  weightGrad: Tensor1D;
  /** [N] gradient with respect to the depths */
  depthGrad: Tensor1D;
}

/**
 * MEDiCINe's contrastive loss with its gradients, in one pass: the backward pass wants the activations while they are at
 * hand, so this operation is its own gradient and stays off the tape. weights [P] flat, depth and amp [N] (the first nReal
 * rows real). See core/activityNetwork.
 */
export function activityLoss(
  weights: Tensor1D,
  hidden: readonly number[],
  depth: Tensor1D,
  amp: Tensor1D,
  nReal: number,
): ActivityLossTensors {
  const [terms, weightGrad, depthGrad] = lossOp({ weights, depth, amp }, { hidden: [...hidden], nReal });
  return { terms: terms as Tensor1D, weightGrad: weightGrad as Tensor1D, depthGrad: depthGrad as Tensor1D };
}

/** Probability [N] that a spike at (depth, amp) is real. */
export function activityProbability(
  weights: Tensor1D,
  hidden: readonly number[],
  depth: Tensor1D,
  amp: Tensor1D,
): Tensor1D {
  return probabilityOp({ weights, depth, amp }, { hidden: [...hidden] })[0] as Tensor1D;
}
