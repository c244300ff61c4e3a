import type { PeakRules } from "../../src/core/exclusivePeaks.ts";
import { slotsWithin } from "../../src/core/neighbours.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

/** The three settings of the reference detections. */
export const detectionSettings = [
  { name: "default", factor: 5, excludeSamples: 30, radiusUm: 50, sign: "neg" },
  { name: "preset_dredge", factor: 8, excludeSamples: 24, radiusUm: 80, sign: "neg" },
  { name: "both", factor: 5, excludeSamples: 30, radiusUm: 50, sign: "both" },
] as const;

export type DetectionSetting = (typeof detectionSettings)[number];

/** Rules of a setting over all rows of a tile. noise: [C]; positionsUm: [C, 2]. */
export function detectionRules(
  { factor, radiusUm, excludeSamples, sign }: DetectionSetting,
  noise: ArrayLike<number>,
  positionsUm: Float32Array,
  nRows: number,
): PeakRules {
  return {
    thresholds: Float32Array.from(noise, (v) => factor * v),
    neighbours: slotsWithin(positionsUm, new Int32Array(noise.length), radiusUm),
    sign,
    excludeSamples,
    fromRow: 0,
    toRow: nRows,
  };
}

/** A cut-out of the reference recording with the peaks of one setting, as rows of (sample, channel, amplitude). */
export async function detectionCutOut(setting: DetectionSetting) {
  const traces = await fixtureFloats("detection/traces_int16.npy");
  const noise = (await fixtureNpy("detection/noise_lsb.npy")).values;
  const [nRows, nChannels] = [traces.length / noise.length, noise.length];
  const rules = detectionRules(setting, noise, await fixtureFloats("detection/geom_um.npy"), nRows);
  const expected = [...(await fixtureNpy(`detection/${setting.name}.npy`)).values];
  // at the ends of the cut-out the peaks depend on samples it does not hold
  return { traces, nRows, nChannels, rules: { ...rules, fromRow: 31, toRow: nRows - 31 }, expected };
}
