import gridConvolutionSource from "../../../shaders/gridConvolution.wgsl?raw";
import monopolarSource from "../../../shaders/monopolar.wgsl?raw";
import { defineProgram } from "./programDef.ts";

/** Typed bindings. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
export const monopolarProgram = defineProgram({
  name: "monopolar",
  source: monopolarSource,
  workgroup: [64, 1, 1],
  params: [
    ["nSpikes", "u32"],
    ["nSlots", "u32"],
    ["maxDistanceUm", "f32"],
    ["penalty", "f32"],
  ],
  buffers: [
    ["feature", "read"],
    ["channel", "read"],
    ["slots", "read"],
    ["positionsUm", "read"],
    ["fit", "read_write"],
  ],
});

export const gridConvolutionProgram = defineProgram({
  name: "gridConvolution",
  source: gridConvolutionSource,
  workgroup: [64, 1, 1],
  params: [
    ["nSpikes", "u32"],
    ["nSlots", "u32"],
    ["nGroups", "u32"],
    ["share", "f32"],
  ],
  buffers: [
    ["projection", "read"],
    ["channel", "read"],
    ["templateStart", "read"],
    ["templateUm", "read"],
    ["weightStart", "read"],
    ["weightSlot", "read"],
    ["weight", "read"],
    ["location", "read_write"],
  ],
});
