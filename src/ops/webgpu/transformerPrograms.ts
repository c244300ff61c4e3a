import dropoutPart from "../../../shaders/parts/dropout.wgsl?raw";
import normalPart from "../../../shaders/parts/normal.wgsl?raw";
import transformerAttentionSource from "../../../shaders/transformerAttention.wgsl?raw";
import transformerAttentionGradSource from "../../../shaders/transformerAttentionGrad.wgsl?raw";
import transformerMomentsSource from "../../../shaders/transformerMoments.wgsl?raw";
import transformerNormFoldSource from "../../../shaders/transformerNormFold.wgsl?raw";
import transformerNormGradSource from "../../../shaders/transformerNormGrad.wgsl?raw";
import transformerPoolSource from "../../../shaders/transformerPool.wgsl?raw";
import transformerProductSource from "../../../shaders/transformerProduct.wgsl?raw";
import transformerSpreadSource from "../../../shaders/transformerSpread.wgsl?raw";
import transformerWeightGradSource from "../../../shaders/transformerWeightGrad.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const block = [16, 16, 1] as const;
const wide = [256, 1, 1] as const;
/** (head, token) of one spike */
const heads = [80, 1, 1] as const;

export const transformerProductProgram = defineProgram({
  name: "transformerProduct",
  source: transformerProductSource + normalPart + dropoutPart,
  workgroup: block,
  params: [
    ["nRows", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["xAt", "u32"],
    ["xStride", "u32"],
    ["reading", "u32"],
    ["gammaAt", "u32"],
    ["weightsAt", "u32"],
    ["rowStride", "u32"],
    ["columnStride", "u32"],
    ["biasAt", "u32"],
    ["ending", "u32"],
    ["embedAt", "u32"],
    ["resultAt", "u32"],
    ["resultStride", "u32"],
    ["threshold", "u32"],
    ["keptScale", "f32"],
    ["seed", "u32"],
    ["firstRow", "u32"],
    ["readPlace", "u32"],
    ["endPlace", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["weights", "read"],
    ["moments", "read"],
    ["other", "read_write"],
    ["result", "read_write"],
  ],
});

export const transformerWeightGradProgram = defineProgram({
  name: "transformerWeightGrad",
  source: transformerWeightGradSource + normalPart + dropoutPart,
  workgroup: block,
  params: [
    ["nRows", "u32"],
    ["nIn", "u32"],
    ["nOut", "u32"],
    ["xStride", "u32"],
    ["reading", "u32"],
    ["gradAt", "u32"],
    ["gradStride", "u32"],
    ["isMasked", "u32"],
    ["weightsAt", "u32"],
    ["biasAt", "u32"],
    ["embedAt", "u32"],
    ["nEmbed", "u32"],
    ["nValues", "u32"],
    ["share", "u32"],
    ["threshold", "u32"],
    ["keptScale", "f32"],
    ["seed", "u32"],
    ["firstRow", "u32"],
    ["readPlace", "u32"],
    ["gradPlace", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["outGrad", "read"],
    ["moments", "read"],
    ["partials", "read_write"],
  ],
});

export const transformerMomentsProgram = defineProgram({
  name: "transformerMoments",
  source: transformerMomentsSource,
  workgroup: wide,
  params: [
    ["nRows", "u32"],
    ["epsilon", "f32"],
  ],
  buffers: [
    ["x", "read"],
    ["moments", "read_write"],
  ],
});

export const transformerNormGradProgram = defineProgram({
  name: "transformerNormGrad",
  source: transformerNormGradSource,
  workgroup: wide,
  params: [
    ["nRows", "u32"],
    ["gammaAt", "u32"],
  ],
  buffers: [
    ["outGrad", "read"],
    ["x", "read"],
    ["moments", "read"],
    ["weights", "read"],
    ["grad", "read_write"],
  ],
});

export const transformerAttentionProgram = defineProgram({
  name: "transformerAttention",
  source: transformerAttentionSource + dropoutPart,
  workgroup: heads,
  params: [
    ["threshold", "u32"],
    ["keptScale", "f32"],
    ["seed", "u32"],
    ["firstRow", "u32"],
    ["place", "u32"],
  ],
  buffers: [
    ["qkv", "read"],
    ["probabilities", "read_write"],
    ["context", "read_write"],
  ],
});

export const transformerAttentionGradProgram = defineProgram({
  name: "transformerAttentionGrad",
  source: transformerAttentionGradSource + dropoutPart,
  workgroup: heads,
  params: [
    ["threshold", "u32"],
    ["keptScale", "f32"],
    ["seed", "u32"],
    ["firstRow", "u32"],
    ["place", "u32"],
  ],
  buffers: [
    ["contextGrad", "read"],
    ["qkv", "read"],
    ["probabilities", "read"],
    ["qkvGrad", "read_write"],
  ],
});

export const transformerPoolProgram = defineProgram({
  name: "transformerPool",
  source: transformerPoolSource,
  workgroup: wide,
  params: [["nSpikes", "u32"]],
  buffers: [
    ["x", "read"],
    ["centroids", "read"],
    ["statistics", "read"],
    ["joined", "read_write"],
    ["scored", "read_write"],
  ],
});

export const transformerSpreadProgram = defineProgram({
  name: "transformerSpread",
  source: transformerSpreadSource,
  workgroup: wide,
  params: [["nValues", "u32"]],
  buffers: [
    ["joinedGrad", "read"],
    ["grad", "read_write"],
  ],
});

export const transformerNormFoldProgram = defineProgram({
  name: "transformerNormFold",
  source: transformerNormFoldSource,
  workgroup: [128, 1, 1],
  params: [
    ["layerStride", "u32"],
    ["inProjAt", "u32"],
    ["inProjBiasAt", "u32"],
    ["nInProj", "u32"],
    ["norm1At", "u32"],
    ["linear1At", "u32"],
    ["linear1BiasAt", "u32"],
    ["nLinear1", "u32"],
    ["norm2At", "u32"],
  ],
  buffers: [
    ["weights", "read"],
    ["weightGrad", "read_write"],
  ],
});
