import type { Recording, SampleReader, Samples } from "../../src/core/types.ts";
import type { PreprocessOptions } from "../../src/methods/preprocess/preprocessor.ts";

/**
 * Samples in memory as a recording: a staggered single-shank probe with one sync word per sample unless told otherwise.
 * Several segments lie one after the other in `samples`.
 */
export function memoryRecording(
  samples: Samples,
  nChannels: number,
  change: Partial<Recording> = {},
): SampleReader & { reads: [from: number, to: number][] } {
  const nSavedChannels = change.nSavedChannels ?? nChannels + 1;
  const channels = Array.from({ length: nChannels }, (_, c) => c);
  const recording: Recording = {
    stream: "ap",
    rateHz: 30000,
    nChannels,
    nSavedChannels,
    sync: nSavedChannels - nChannels,
    segments: [{ startSec: 0, nSamples: samples.length / nSavedChannels }],
    uvPerBit: new Float64Array(nChannels).fill(1),
    delaySamples: Float64Array.from(channels, (c) => Math.floor((c % 24) / 2) / 13),
    probe: {
      model: "synthetic",
      partNumber: "",
      nShanks: 1,
      positionsUm: channels.map((c) => [[43, 11, 59, 27][c % 4], 20 * Math.floor(c / 2)]),
      shank: channels.map(() => 0),
      connected: channels.map(() => true),
    },
    ...change,
  };
  const reads: [number, number][] = [];
  const readSamples = async (segment: number, from: number, to: number) => {
    reads.push([from, to]);
    const start = recording.segments.slice(0, segment).reduce((sum, { nSamples }) => sum + nSamples, 0);
    return samples.slice((start + from) * nSavedChannels, (start + to) * nSavedChannels);
  };
  return { recording, readSamples, reads };
}

/** The preprocessing that tests start from. */
export const plainPreprocessing: PreprocessOptions = {
  filter: "highpass",
  lowHz: 300,
  highHz: 6000,
  order: 5,
  phaseShift: true,
  reference: "none",
  excluded: [],
};
