import { tensor3d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import {
  waveformFeatures as oracle,
  prototypeProjection as projectionOracle,
} from "../../src/core/waveformFeatures.ts";
import { prototypeProjection, waveformFeatures } from "../../src/ops/waveformFeatures.ts";
import { normals, type OpCase } from "./opCase.ts";

const sizes = [
  { n: 1, nSlots: 1, nSamples: 1, from: 0, to: 1, before: 0 },
  { n: 3, nSlots: 10, nSamples: 90, from: 0, to: 90, before: 30 },
  { n: 50, nSlots: 7, nSamples: 40, from: 12, to: 25, before: 15 },
];

export const waveformFeaturesCases: OpCase[] = sizes.map(({ n, nSlots, nSamples, from, to, before }) => {
  const random = new Random(n);
  const waveforms = normals(random, n * nSlots * nSamples, 50);
  waveforms.fill(0, 0, n > 1 ? nSamples : 0); // a slot without a channel
  const prototype = normals(random, to - from);
  return {
    name: `waveformFeatures ${n} × ${nSlots} × ${nSamples}, samples ${from} to ${to}`,
    tolerance: 1e-5,
    because: "float32 sums of up to 90 terms, a product of two roundings each",
    async run() {
      const w = tensor3d(waveforms, [n, nSlots, nSamples]);
      const { ptp, energy, peakVoltage } = waveformFeatures(w, { from, to, samplesBefore: before });
      const projection = prototypeProjection(w, prototype, from);
      return {
        ptp: await ptp.data(),
        energy: await energy.data(),
        peakVoltage: await peakVoltage.data(),
        projection: await projection.data(),
      };
    },
    oracle: () => ({
      ...oracle(waveforms, nSamples, { from, to, samplesBefore: before }),
      projection: projectionOracle(waveforms, nSamples, prototype, from),
    }),
  };
});
