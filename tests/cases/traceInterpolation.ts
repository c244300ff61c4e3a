import { tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { interpolateTraces as oracle, sparseKernel } from "../../src/core/traceInterpolation.ts";
import {
  type InterpolationOptions,
  interpolationDefaults,
  TraceInterpolator,
} from "../../src/core/traceInterpolator.ts";
import { interpolateTraces } from "../../src/ops/traceInterpolation.ts";
import { twoShanks } from "./commonReference.ts";
import { normals, type OpCase } from "./opCase.ts";

const sets: { name: string; nRows: number; nChannels: number; options: Partial<InterpolationOptions> }[] = [
  { name: "one channel, one row", nRows: 1, nChannels: 1, options: { border: "force_extrapolate" } },
  { name: "kriging, all kept", nRows: 35, nChannels: 75, options: { border: "force_extrapolate" } },
  { name: "kriging, some removed", nRows: 33, nChannels: 70, options: { exponent: 2 } },
  { name: "three nearest, zeros outside", nRows: 16, nChannels: 66, options: { method: "idw", border: "force_zeros" } },
  { name: "nearest", nRows: 7, nChannels: 20, options: { method: "nearest", border: "force_extrapolate" } },
];

export const traceInterpolationCases: OpCase[] = sets.map(({ name, nRows, nChannels, options }) => {
  const motion = {
    displacementUm: Float64Array.of(-7.5, 12, 9, 31),
    timeBinCentersSec: Float64Array.of(0.5, 1.5),
    depthBinCentersUm: Float64Array.of(0, 400),
  };
  const channels = Int32Array.from({ length: nChannels }, (_, c) => c).filter((c) => c !== 5);
  const settings = { ...interpolationDefaults, ...options };
  const interpolator = new TraceInterpolator(twoShanks(nChannels), channels, motion, settings);
  const kernel = sparseKernel(interpolator.kernel(1), interpolator.targets.length);
  const traces = normals(new Random(nRows), nRows * channels.length, 50);
  return {
    name: `traceInterpolation of ${nChannels} channels: ${name}`,
    tolerance: 1e-6,
    because: "float32 sums over at most 80 products",
    run: async () => ({
      out: await interpolateTraces(tensor2d(traces, [nRows, channels.length]), kernel).data(),
    }),
    oracle: () => ({ out: oracle(traces, channels.length, kernel) }),
  };
});
