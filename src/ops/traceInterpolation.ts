import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { interpolateTraces as oracle, type SparseKernel } from "../core/traceInterpolation.ts";
import { defineOp } from "./defineOp.ts";
import { interpolationTiles } from "./simd/interpolationTiles.ts";
import { traceInterpolationProgram } from "./webgpu/interpolationPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

/** Rows of workgroups of one dispatch at most. */
const maxGridRows = 65535;

const op = defineOp<Record<string, never>>({
  name: "TraceInterpolation",
  host({ traces, sources, weights }, _attrs, shapes) {
    const [nTargets, nPerTarget] = shapes.sources;
    const kernel = { nTargets, nPerTarget, sources: sources as Int32Array, weights: weights as Float32Array };
    const [nRows, nChannels] = shapes.traces;
    return [{ shape: [nRows, nTargets], values: oracle(traces, nChannels, kernel) }];
  },
  simd(pool, { traces, sources, weights }, _attrs, shapes) {
    const table = [sources as Int32Array, weights as Float32Array] as const;
    const values = interpolationTiles(pool, traces as Float32Array, shapes.traces, ...table, shapes.sources);
    return [{ shape: [shapes.traces[0], shapes.sources[0]], values }];
  },
  webgpu(backend, { traces, sources, weights }) {
    const [nRows, nChannels] = traces.shape;
    const [nTargets, nPerTarget] = sources.shape;
    const out = backend.makeTensorInfo([nRows, nTargets], "float32");
    const rowStep = Math.min(nRows, maxGridRows);
    const sizes = { nRows, nChannels, nTargets, nPerTarget, rowStep };
    const grid = [groupsFor(nTargets, 64), rowStep] as const;
    dispatch(backend, traceInterpolationProgram, sizes, [traces, sources, weights, out], grid);
    return [out];
  },
});

/** traces: [T, C] → [T, nTargets], T at least 1: each target the weighted sum of its sources. See core/traceInterpolation. */
export function interpolateTraces(traces: Tensor2D, kernel: SparseKernel): Tensor2D {
  const shape: [number, number] = [kernel.nTargets, kernel.nPerTarget];
  const sources = tensor2d(kernel.sources, shape, "int32");
  const weights = tensor2d(kernel.weights, shape);
  const [out] = op({ traces, sources, weights }, {});
  sources.dispose();
  weights.dispose();
  return out as Tensor2D;
}
