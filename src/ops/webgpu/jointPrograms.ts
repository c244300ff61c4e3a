import monopolarResidualSource from "../../../shaders/monopolarResidual.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
export const monopolarResidualProgram = defineProgram({
  name: "monopolarResidual",
  source: monopolarResidualSource,
  workgroup: [64, 1, 1],
  params: [
    ["nSpikes", "u32"],
    ["nSlots", "u32"],
    ["leastZUm", "f32"],
  ],
  buffers: [
    ["offset", "read"],
    ["amplitude", "read"],
    ["contactUm", "read"],
    ["residual", "read_write"],
  ],
});
