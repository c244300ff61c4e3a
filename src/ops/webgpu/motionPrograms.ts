import adamSource from "../../../shaders/adam.wgsl?raw";
import shiftDepthsSource from "../../../shaders/shiftDepths.wgsl?raw";
import shiftDepthsGradSource from "../../../shaders/shiftDepthsGrad.wgsl?raw";
import smoothMotionSource from "../../../shaders/smoothMotion.wgsl?raw";
import smoothMotionGradSource from "../../../shaders/smoothMotionGrad.wgsl?raw";
import sumSquaresSource from "../../../shaders/sumSquares.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const line = [64, 1, 1] as const;
const wide = [256, 1, 1] as const;

export const smoothMotionProgram = defineProgram({
  name: "smoothMotion",
  source: smoothMotionSource,
  workgroup: wide,
  params: [
    ["nLevels", "u32"],
    ["nTimes", "u32"],
    ["nTaps", "u32"],
    ["bound", "f32"],
  ],
  buffers: [
    ["table", "read"],
    ["taps", "read"],
    ["smoothed", "read_write"],
  ],
});

export const smoothMotionGradProgram = defineProgram({
  name: "smoothMotionGrad",
  source: smoothMotionGradSource,
  workgroup: line,
  params: [
    ["nLevels", "u32"],
    ["nTimes", "u32"],
    ["nTaps", "u32"],
    ["bound", "f32"],
  ],
  buffers: [
    ["table", "read"],
    ["taps", "read"],
    ["outGrad", "read"],
    ["grad", "read_write"],
  ],
});

export const shiftDepthsProgram = defineProgram({
  name: "shiftDepths",
  source: shiftDepthsSource,
  workgroup: line,
  params: [
    ["nSpikes", "u32"],
    ["nLevels", "u32"],
    ["nTimes", "u32"],
  ],
  buffers: [
    ["smoothed", "read"],
    ["timeBin", "read"],
    ["depth", "read"],
    ["noise", "read"],
    ["shifted", "read_write"],
  ],
});

export const shiftDepthsGradProgram = defineProgram({
  name: "shiftDepthsGrad",
  source: shiftDepthsGradSource,
  workgroup: line,
  params: [
    ["nLevels", "u32"],
    ["nTimes", "u32"],
  ],
  buffers: [
    ["outGrad", "read"],
    ["depth", "read"],
    ["order", "read"],
    ["binStart", "read"],
    ["grad", "read_write"],
  ],
});

export const sumSquaresProgram = defineProgram({
  name: "sumSquares",
  source: sumSquaresSource,
  workgroup: wide,
  params: [
    ["nValues", "u32"],
    ["share", "u32"],
  ],
  buffers: [
    ["values", "read"],
    ["partials", "read_write"],
  ],
});

export const adamProgram = defineProgram({
  name: "adam",
  source: adamSource,
  workgroup: line,
  params: [
    ["nParams", "u32"],
    ["learningRate", "f32"],
    ["beta1", "f32"],
    ["beta2", "f32"],
    ["epsilon", "f32"],
    ["clipNorm", "f32"],
    ["correct1", "f32"],
    ["correct2", "f32"],
    ["weightDecay", "f32"],
    ["new1", "f32"],
    ["new2", "f32"],
  ],
  buffers: [
    ["param", "read"],
    ["grad", "read"],
    ["squaredNorm", "read"],
    ["moments", "read"],
    ["newParam", "read_write"],
    ["newMoments", "read_write"],
  ],
});
