import dredgeCorrelationSource from "../../../shaders/dredgeCorrelation.wgsl?raw";
import dredgeMomentsSource from "../../../shaders/dredgeMoments.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL files themselves. */
const params = [
  ["nDepths", "u32"],
  ["nRows", "u32"],
  ["nColumns", "u32"],
  ["firstRow", "u32"],
  ["firstColumn", "u32"],
  ["start", "u32"],
  ["length", "u32"],
  ["low", "u32"],
  ["inside", "u32"],
  ["pad", "u32"],
  ["nLags", "u32"],
  ["nPadded", "u32"],
] as const;

export const dredgeMomentsProgram = defineProgram({
  name: "dredgeMoments",
  source: dredgeMomentsSource,
  workgroup: [64, 1, 1],
  params,
  buffers: [
    ["raster", "read"],
    ["weights", "read"],
    ["shifts", "read_write"],
    ["scales", "read_write"],
    ["offsets", "read_write"],
  ],
});

export const dredgeCorrelationProgram = defineProgram({
  name: "dredgeCorrelation",
  source: dredgeCorrelationSource,
  workgroup: [16, 16, 1],
  params,
  buffers: [
    ["raster", "read"],
    ["weights", "read"],
    ["shifts", "read"],
    ["scales", "read"],
    ["offsets", "read"],
    ["correlation", "read_write"],
    ["bestLag", "read_write"],
  ],
});
