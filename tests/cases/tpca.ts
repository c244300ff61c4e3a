import { tensor3d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { denoiseTpca, fitTpca, projectTpca } from "../../src/core/tpca.ts";
import { denoise, project } from "../../src/ops/tpca.ts";
import type { OpCase } from "./opCase.ts";

const sizes = [
  { n: 1, nSlots: 2, nSamples: 3, nComponents: 1 },
  { n: 30, nSlots: 10, nSamples: 33, nComponents: 5 },
];

export const tpcaCases: OpCase[] = sizes.map(({ n, nSlots, nSamples, nComponents }) => {
  const random = new Random(n);
  // sums of two smooth time courses over an offset, and noise
  const traces = Float32Array.from({ length: n * nSlots * nSamples }, (_, i) => {
    const [trace, t] = [Math.floor(i / nSamples), i % nSamples];
    return 20 * Math.sin(trace) * Math.sin(0.3 * t) + 9 * Math.cos(3 * trace) * Math.cos(0.2 * t) + 5 + random.normal();
  });
  const model = fitTpca(traces, nSamples, nComponents);
  const coefficients = projectTpca(traces, model);
  return {
    name: `tpca ${n} × ${nSlots} × ${nSamples} to ${nComponents} components`,
    tolerance: 1e-5,
    because: "float32 products and sums of up to 33 terms; the mean's share is taken off afterwards",
    async run() {
      const found = project(tensor3d(traces, [n, nSlots, nSamples]), model);
      return { coefficients: await found.data(), denoised: await denoise(found, model).data() };
    },
    oracle: () => ({ coefficients, denoised: denoiseTpca(coefficients, model) }),
  };
});
