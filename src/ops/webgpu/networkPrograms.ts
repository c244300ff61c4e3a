import activityFeaturesSource from "../../../shaders/activityFeatures.wgsl?raw";
import activityFeaturesGradSource from "../../../shaders/activityFeaturesGrad.wgsl?raw";
import contrastiveLossSource from "../../../shaders/contrastiveLoss.wgsl?raw";
import denseBackwardInputSource from "../../../shaders/denseBackwardInput.wgsl?raw";
import denseBackwardWeightsSource from "../../../shaders/denseBackwardWeights.wgsl?raw";
import denseForwardSource from "../../../shaders/denseForward.wgsl?raw";
import networkLossSource from "../../../shaders/networkLoss.wgsl?raw";
import sumPartialsSource from "../../../shaders/sumPartials.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const line = [64, 1, 1] as const;
const block = [16, 16, 1] as const;

export const activityFeaturesProgram = defineProgram({
  name: "activityFeatures",
  source: activityFeaturesSource,
  workgroup: line,
  params: [["nSpikes", "u32"]],
  buffers: [
    ["depth", "read"],
    ["amp", "read"],
    ["features", "read_write"],
  ],
});

export const activityFeaturesGradProgram = defineProgram({
  name: "activityFeaturesGrad",
  source: activityFeaturesGradSource,
  workgroup: line,
  params: [["nSpikes", "u32"]],
  buffers: [
    ["featureGrad", "read"],
    ["depth", "read"],
    ["depthGrad", "read_write"],
  ],
});

export const denseForwardProgram = defineProgram({
  name: "denseForward",
  source: denseForwardSource,
  workgroup: block,
  params: [
    ["nRows", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["weightsAt", "u32"],
    ["biasAt", "u32"],
    ["rectify", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["weights", "read"],
    ["result", "read_write"],
  ],
});

export const denseBackwardInputProgram = defineProgram({
  name: "denseBackwardInput",
  source: denseBackwardInputSource,
  workgroup: block,
  params: [
    ["nRows", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["weightsAt", "u32"],
    ["masked", "u32"],
  ],
  buffers: [
    ["outGrad", "read"],
    ["weights", "read"],
    ["x", "read"],
    ["grad", "read_write"],
  ],
});

export const denseBackwardWeightsProgram = defineProgram({
  name: "denseBackwardWeights",
  source: denseBackwardWeightsSource,
  workgroup: block,
  params: [
    ["nRows", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["weightsAt", "u32"],
    ["nValues", "u32"],
    ["share", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["outGrad", "read"],
    ["partials", "read_write"],
  ],
});

export const contrastiveLossProgram = defineProgram({
  name: "contrastiveLoss",
  source: contrastiveLossSource,
  workgroup: line,
  params: [
    ["nSpikes", "u32"],
    ["nReal", "u32"],
  ],
  buffers: [
    ["logits", "read"],
    ["logitGrad", "read_write"],
    ["partials", "read_write"],
  ],
});

export const networkLossProgram = defineProgram({
  name: "networkLoss",
  source: networkLossSource,
  workgroup: [256, 1, 1],
  params: [
    ["nValues", "u32"],
    ["nOut", "u32"],
    ["isSquare", "u32"],
    ["beta", "f32"],
    ["weight", "f32"],
    ["scale0", "f32"],
    ["scale1", "f32"],
    ["scale2", "f32"],
    ["scale3", "f32"],
  ],
  buffers: [
    ["out", "read"],
    ["wanted", "read"],
    ["outGrad", "read_write"],
    ["partials", "read_write"],
  ],
});

export const sumPartialsProgram = defineProgram({
  name: "sumPartials",
  source: sumPartialsSource,
  workgroup: line,
  params: [
    ["nPartials", "u32"],
    ["nValues", "u32"],
    ["at", "u32"],
  ],
  buffers: [
    ["partials", "read"],
    ["total", "read_write"],
  ],
});
