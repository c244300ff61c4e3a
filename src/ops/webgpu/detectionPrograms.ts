import exclusivePeaksSource from "../../../shaders/exclusivePeaks.wgsl?raw";
import peakCandidatesSource from "../../../shaders/peakCandidates.wgsl?raw";
import prototypeProjectionSource from "../../../shaders/prototypeProjection.wgsl?raw";
import snippetsSource from "../../../shaders/snippets.wgsl?raw";
import waveformFeaturesSource from "../../../shaders/waveformFeatures.wgsl?raw";
import { groupsFor } from "./program.ts";
import { defineProgram } from "./programDef.ts";

/** Typed bindings of detection and waveforms. Meaning, shapes and units of each buffer stand in the WGSL file itself. */
const line = [64, 1, 1] as const;

/** Workgroups and threads of a dispatch over n items whose threads stride: one axis may launch 65535 workgroups. */
export function striding(n: number): { groups: [number]; nThreads: number } {
  const groups = Math.min(65535, groupsFor(n, 64));
  return { groups: [groups], nThreads: 64 * groups };
}

export const peakCandidatesProgram = defineProgram({
  name: "peakCandidates",
  source: peakCandidatesSource,
  workgroup: line,
  params: [
    ["nRows", "u32"],
    ["nChannels", "u32"],
    ["signs", "u32"],
    ["capacity", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["traces", "read"],
    ["limits", "read"],
    ["score", "read_write"],
    ["candidates", "read_write"],
    ["counts", "read_write"],
  ],
});

export const exclusivePeaksProgram = defineProgram({
  name: "exclusivePeaks",
  source: exclusivePeaksSource,
  workgroup: line,
  params: [
    ["nRows", "u32"],
    ["nChannels", "u32"],
    ["nSlots", "u32"],
    ["excludeSamples", "u32"],
    ["fromRow", "u32"],
    ["toRow", "u32"],
    ["capacity", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["traces", "read"],
    ["score", "read"],
    ["neighbours", "read"],
    ["candidates", "read"],
    ["counts", "read_write"],
    ["kept", "read_write"],
    ["amplitude", "read_write"],
  ],
});

export const snippetsProgram = defineProgram({
  name: "snippets",
  source: snippetsSource,
  workgroup: line,
  params: [
    ["nRows", "i32"],
    ["nChannels", "i32"],
    ["nSlots", "u32"],
    ["samplesBefore", "i32"],
    ["nSamples", "u32"],
    ["nValues", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["traces", "read"],
    ["row", "read"],
    ["channel", "read"],
    ["slots", "read"],
    ["waveforms", "read_write"],
  ],
});

export const waveformFeaturesProgram = defineProgram({
  name: "waveformFeatures",
  source: waveformFeaturesSource,
  workgroup: line,
  params: [
    ["nTraces", "u32"],
    ["nSamples", "u32"],
    ["fromSample", "u32"],
    ["toSample", "u32"],
    ["peakSample", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["waveforms", "read"],
    ["ptp", "read_write"],
    ["energy", "read_write"],
    ["peakVoltage", "read_write"],
  ],
});

export const prototypeProjectionProgram = defineProgram({
  name: "prototypeProjection",
  source: prototypeProjectionSource,
  workgroup: line,
  params: [
    ["nTraces", "u32"],
    ["nSamples", "u32"],
    ["nPrototype", "u32"],
    ["fromSample", "u32"],
    ["nThreads", "u32"],
  ],
  buffers: [
    ["waveforms", "read"],
    ["prototype", "read"],
    ["projection", "read_write"],
  ],
});
