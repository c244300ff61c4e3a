import fixedToFloatSource from "../../../shaders/fixedToFloat.wgsl?raw";
import meanEntropySource from "../../../shaders/meanEntropy.wgsl?raw";
import rasterSource from "../../../shaders/raster.wgsl?raw";
import rasterUnpackSource from "../../../shaders/rasterUnpack.wgsl?raw";
import softHistogramSource from "../../../shaders/softHistogram.wgsl?raw";
import softHistogramGradSource from "../../../shaders/softHistogramGrad.wgsl?raw";
import windowSumSource from "../../../shaders/windowSum.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const line = [64, 1, 1] as const;

export const rasterProgram = defineProgram({
  name: "raster",
  source: rasterSource,
  workgroup: line,
  params: [
    ["firstSpike", "u32"],
    ["nSpikes", "u32"],
    ["nx", "u32"],
    ["ny", "u32"],
    ["xLow", "f32"],
    ["xHigh", "f32"],
    ["yLow", "f32"],
    ["yHigh", "f32"],
    ["hasValue", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["x", "read"],
    ["y", "read"],
    ["value", "read"],
    ["cells", "read_write"],
  ],
});

export const rasterUnpackProgram = defineProgram({
  name: "rasterUnpack",
  source: rasterUnpackSource,
  workgroup: line,
  params: [["nCells", "u32"]],
  buffers: [
    ["cells", "read"],
    ["count", "read_write"],
    ["sum", "read_write"],
  ],
});

export const softHistogramProgram = defineProgram({
  name: "softHistogram",
  source: softHistogramSource,
  workgroup: line,
  params: [
    ["nSpikes", "u32"],
    ["nx", "u32"],
    ["ny", "u32"],
    ["radius", "i32"],
    ["x0", "f32"],
    ["y0", "f32"],
    ["pitchUm", "f32"],
    ["sigmaUm", "f32"],
    ["scale", "f32"],
  ],
  buffers: [
    ["xUm", "read"],
    ["yUm", "read"],
    ["bin", "read"],
    ["cells", "read_write"],
  ],
});

export const fixedToFloatProgram = defineProgram({
  name: "fixedToFloat",
  source: fixedToFloatSource,
  workgroup: line,
  params: [
    ["nCells", "u32"],
    ["nThreads", "u32"],
    ["scale", "f32"],
  ],
  buffers: [
    ["cells", "read"],
    ["value", "read_write"],
  ],
});

export const softHistogramGradProgram = defineProgram({
  name: "softHistogramGrad",
  source: softHistogramGradSource,
  workgroup: line,
  params: [
    ["nSpikes", "u32"],
    ["nx", "u32"],
    ["ny", "u32"],
    ["radius", "i32"],
    ["x0", "f32"],
    ["y0", "f32"],
    ["pitchUm", "f32"],
    ["sigmaUm", "f32"],
  ],
  buffers: [
    ["xUm", "read"],
    ["yUm", "read"],
    ["bin", "read"],
    ["outGrad", "read"],
    ["grad", "read_write"],
  ],
});

export const windowSumProgram = defineProgram({
  name: "windowSum",
  source: windowSumSource,
  workgroup: line,
  params: [
    ["nRows", "u32"],
    ["width", "u32"],
    ["window", "u32"],
    ["segment", "u32"],
  ],
  buffers: [
    ["rows", "read"],
    ["sums", "read_write"],
  ],
});

export const meanEntropyProgram = defineProgram({
  name: "meanEntropy",
  source: meanEntropySource,
  workgroup: [256, 1, 1],
  params: [
    ["nVoxels", "u32"],
    ["nValid", "f32"],
  ],
  buffers: [
    ["histogram", "read"],
    ["valid", "read"],
    ["entropy", "read_write"],
    ["grad", "read_write"],
  ],
});
