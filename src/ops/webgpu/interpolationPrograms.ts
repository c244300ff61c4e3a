import traceInterpolationSource from "../../../shaders/traceInterpolation.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed binding. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
export const traceInterpolationProgram = defineProgram({
  name: "traceInterpolation",
  source: traceInterpolationSource,
  workgroup: [64, 1, 1],
  params: [
    ["nRows", "u32"],
    ["nChannels", "u32"],
    ["nTargets", "u32"],
    ["nPerTarget", "u32"],
    ["rowStep", "u32"],
  ],
  buffers: [
    ["traces", "read"],
    ["sources", "read"],
    ["weights", "read"],
    ["result", "read_write"],
  ],
});
