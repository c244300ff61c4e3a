import commonReferenceSource from "../../../shaders/commonReference.wgsl?raw";
import commonReferenceMedianSource from "../../../shaders/commonReferenceMedian.wgsl?raw";
import spectralFilterSource from "../../../shaders/spectralFilter.wgsl?raw";
import spectralFilterBackSource from "../../../shaders/spectralFilterBack.wgsl?raw";
import spectralFilterRowsSource from "../../../shaders/spectralFilterRows.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const lanes = [8, 32, 1] as const;
const line = [64, 1, 1] as const;

export const spectralFilterProgram = defineProgram({
  name: "spectralFilter",
  source: spectralFilterSource,
  workgroup: lanes,
  params: [
    ["nPairs", "u32"],
    ["nChannels", "u32"],
    ["nLong", "u32"],
    ["nCols", "u32"],
    ["nRows", "u32"],
    ["nColumns", "u32"],
    ["isFloat", "u32"],
  ],
  buffers: [
    ["samples", "read"],
    ["columns", "read"],
    ["gains", "read"],
    ["window", "read"],
    ["twiddles", "read"],
    ["spectrum", "read_write"],
  ],
});

export const spectralFilterRowsProgram = defineProgram({
  name: "spectralFilterRows",
  source: spectralFilterRowsSource,
  workgroup: lanes,
  params: [
    ["nPairs", "u32"],
    ["nChannels", "u32"],
    ["nLong", "u32"],
    ["nCols", "u32"],
  ],
  buffers: [
    ["delays", "read"],
    ["response", "read"],
    ["twiddles", "read"],
    ["spectrum", "read_write"],
  ],
});

export const spectralFilterBackProgram = defineProgram({
  name: "spectralFilterBack",
  source: spectralFilterBackSource,
  workgroup: lanes,
  params: [
    ["nPairs", "u32"],
    ["nChannels", "u32"],
    ["nLong", "u32"],
    ["nCols", "u32"],
    ["firstRow", "u32"],
    ["endRow", "u32"],
  ],
  buffers: [
    ["spectrum", "read"],
    ["twiddles", "read"],
    ["result", "read_write"],
  ],
});

export const commonReferenceMedianProgram = defineProgram({
  name: "commonReferenceMedian",
  source: commonReferenceMedianSource,
  workgroup: line,
  params: [
    ["nRows", "u32"],
    ["nChannels", "u32"],
    ["nGroups", "u32"],
  ],
  buffers: [
    ["values", "read"],
    ["offsets", "read"],
    ["members", "read"],
    ["medians", "read_write"],
  ],
});

export const commonReferenceProgram = defineProgram({
  name: "commonReference",
  source: commonReferenceSource,
  workgroup: line,
  params: [
    ["nRows", "u32"],
    ["nChannels", "u32"],
    ["nGroups", "u32"],
  ],
  buffers: [
    ["values", "read"],
    ["groupOf", "read"],
    ["medians", "read"],
    ["result", "read_write"],
  ],
});
