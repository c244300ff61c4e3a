import { div, reshape, sum, type Tensor1D, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { meanEntropy as oracle } from "../core/histogramLosses.ts";
import { type Arrays, defineOp, type HostOutput, type Shapes } from "./defineOp.ts";
import { entropyTiles } from "./simd/entropyTiles.ts";
import { meanEntropyProgram } from "./webgpu/histogramPrograms.ts";
import { dispatch } from "./webgpu/program.ts";

function onHost({ histogram, valid }: Arrays, _attrs: object, shapes: Shapes): HostOutput[] {
  const [nBins, nVoxels] = shapes.histogram;
  const { grad } = oracle(Float64Array.from(histogram), nBins, valid);
  const entropy = Float64Array.from({ length: nBins }, (_, t) => {
    const row = Float64Array.from(histogram.subarray(t * nVoxels, (t + 1) * nVoxels));
    return oracle(row, 1, [valid[t]]).value;
  });
  return [
    { shape: [nBins], values: entropy },
    { shape: [nBins, nVoxels], values: grad },
  ];
}

const op = defineOp<{ nValid: number }>({
  name: "MeanEntropy",
  host: onHost,
  simd(pool, { histogram, valid }, { nValid }, shapes) {
    const { entropy, grad } = entropyTiles(pool, histogram as Float32Array, valid as Float32Array, nValid);
    return [
      { shape: [valid.length], values: entropy },
      { shape: shapes.histogram, values: grad },
    ];
  },
  webgpu(backend, { histogram, valid }, { nValid }) {
    const [nBins, nVoxels] = histogram.shape;
    const entropy = backend.makeTensorInfo([nBins], "float32");
    const grad = backend.makeTensorInfo([nBins, nVoxels], "float32");
    dispatch(backend, meanEntropyProgram, { nVoxels, nValid }, [histogram, valid, entropy, grad], [nBins]);
    return [entropy, grad];
  },
});

/**
 * Spatial entropy H̄ [1] in nats and its gradient [T, V] with respect to the histogram, as core/histogramLosses.meanEntropy.
 * perBin: H [T], 0 where a bin is not valid. histogram: [T, V]; valid: [T, 1] of 0 and 1; nValid: how many are 1, at least 1.
 */
export function meanEntropy(
  histogram: Tensor2D,
  valid: Tensor2D,
  nValid: number,
): { value: Tensor1D; perBin: Tensor1D; grad: Tensor2D } {
  return tidy(() => {
    const [perBin, grad] = op({ histogram, valid }, { nValid });
    const value = reshape(div(sum(perBin), nValid), [1]) as Tensor1D;
    return { value, perBin: perBin as Tensor1D, grad: grad as Tensor2D };
  });
}
