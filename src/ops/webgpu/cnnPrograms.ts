import cnnActivationSource from "../../../shaders/cnnActivation.wgsl?raw";
import cnnActivationGradSource from "../../../shaders/cnnActivationGrad.wgsl?raw";
import cnnMomentsSource from "../../../shaders/cnnMoments.wgsl?raw";
import cnnNormalisationSource from "../../../shaders/cnnNormalisation.wgsl?raw";
import cnnNormalisationGradSource from "../../../shaders/cnnNormalisationGrad.wgsl?raw";
import cnnProductSource from "../../../shaders/cnnProduct.wgsl?raw";
import cnnScaleGradSource from "../../../shaders/cnnScaleGrad.wgsl?raw";
import cnnWeightGradSource from "../../../shaders/cnnWeightGrad.wgsl?raw";
import dropoutPart from "../../../shaders/parts/dropout.wgsl?raw";
import normalPart from "../../../shaders/parts/normal.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const line = [64, 1, 1] as const;
const wide = [256, 1, 1] as const;
const block = [16, 16, 1] as const;

export const cnnProductProgram = defineProgram({
  name: "cnnProduct",
  source: cnnProductSource + normalPart + dropoutPart,
  workgroup: block,
  params: [
    ["nSpikes", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["taps", "u32"],
    ["steps", "u32"],
    ["weightsAt", "u32"],
    ["rowStride", "u32"],
    ["channelStride", "u32"],
    ["tapStride", "i32"],
    ["biasAt", "u32"],
    ["ending", "u32"],
    ["threshold", "u32"],
    ["keptScale", "f32"],
    ["seed", "u32"],
    ["place", "u32"],
    ["firstRow", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["weights", "read"],
    ["before", "read_write"],
    ["result", "read_write"],
  ],
});

export const cnnWeightGradProgram = defineProgram({
  name: "cnnWeightGrad",
  source: cnnWeightGradSource,
  workgroup: block,
  params: [
    ["nSpikes", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["taps", "u32"],
    ["steps", "u32"],
    ["share", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["outGrad", "read"],
    ["partials", "read_write"],
  ],
});

export const cnnMomentsProgram = defineProgram({
  name: "cnnMoments",
  source: cnnMomentsSource,
  workgroup: wide,
  params: [
    ["nSpikes", "u32"],
    ["nChannels", "u32"],
    ["steps", "u32"],
    ["share", "u32"],
  ],
  buffers: [
    ["z", "read"],
    ["partials", "read_write"],
  ],
});

export const cnnNormalisationProgram = defineProgram({
  name: "cnnNormalisation",
  source: cnnNormalisationSource,
  workgroup: line,
  params: [
    ["nSpikes", "u32"],
    ["nChannels", "u32"],
    ["steps", "u32"],
    ["share", "u32"],
    ["nShares", "u32"],
    ["ofBatch", "u32"],
    ["meanAt", "u32"],
    ["varianceAt", "u32"],
    ["gammaAt", "u32"],
    ["betaAt", "u32"],
    ["epsilon", "f32"],
    ["momentum", "f32"],
  ],
  buffers: [
    ["partials", "read"],
    ["statistics", "read"],
    ["weights", "read"],
    ["after", "read_write"],
    ["norm", "read_write"],
  ],
});

export const cnnActivationProgram = defineProgram({
  name: "cnnActivation",
  source: cnnActivationSource + normalPart,
  workgroup: wide,
  params: [
    ["nValues", "u32"],
    ["nThreads", "u32"],
    ["nChannels", "u32"],
    ["steps", "u32"],
    ["pooled", "u32"],
  ],
  buffers: [
    ["z", "read"],
    ["norm", "read"],
    ["result", "read_write"],
  ],
});

export const cnnActivationGradProgram = defineProgram({
  name: "cnnActivationGrad",
  source: cnnActivationGradSource + normalPart,
  workgroup: wide,
  params: [
    ["nSpikes", "u32"],
    ["nChannels", "u32"],
    ["steps", "u32"],
    ["pooled", "u32"],
    ["share", "u32"],
  ],
  buffers: [
    ["outGrad", "read"],
    ["z", "read"],
    ["norm", "read"],
    ["scaledGrad", "read_write"],
    ["partials", "read_write"],
  ],
});

export const cnnScaleGradProgram = defineProgram({
  name: "cnnScaleGrad",
  source: cnnScaleGradSource,
  workgroup: line,
  params: [
    ["nChannels", "u32"],
    ["nShares", "u32"],
    ["gammaAt", "u32"],
    ["betaAt", "u32"],
    ["count", "f32"],
  ],
  buffers: [
    ["partials", "read"],
    ["weightGrad", "read_write"],
    ["means", "read_write"],
  ],
});

export const cnnNormalisationGradProgram = defineProgram({
  name: "cnnNormalisationGrad",
  source: cnnNormalisationGradSource,
  workgroup: wide,
  params: [
    ["nValues", "u32"],
    ["nThreads", "u32"],
    ["nChannels", "u32"],
    ["steps", "u32"],
  ],
  buffers: [
    ["z", "read"],
    ["norm", "read"],
    ["means", "read"],
    ["grad", "read_write"],
  ],
});
