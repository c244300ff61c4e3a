import { grads, mul, sum, type Tensor1D, tensor1d, tensor3d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { softHistogramGrad as gradOracle, softHistogram as oracle } from "../../src/core/softHistogram.ts";
import { softHistogram } from "../../src/ops/softHistogram.ts";
import { normals, type OpCase, uniforms } from "./opCase.ts";

// one spike; spikes beyond every edge; a grid smaller than the kernel; spikes across workgroups and bins
const sizes = [
  { n: 1, nBins: 1, nx: 31, ny: 20, pitch: 4, sigma: 4 },
  { n: 200, nBins: 3, nx: 31, ny: 40, pitch: 4, sigma: 4 },
  { n: 70, nBins: 2, nx: 2, ny: 3, pitch: 4, sigma: 9 },
  { n: 3000, nBins: 4, nx: 20, ny: 90, pitch: 8, sigma: 5 },
];

export const softHistogramCases: OpCase[] = sizes.map(({ n, nBins, nx, ny, pitch, sigma }) => {
  const random = new Random(n);
  const grid = { x0: -40, y0: 0, nx, ny, pitchUm: pitch, sigmaUm: sigma };
  const xUm = uniforms(random, n, -70, -40 + pitch * nx + 30);
  const yUm = uniforms(random, n, -30, pitch * ny + 30);
  if (n > 100) xUm[3] = Number.NaN;
  const bin = Int32Array.from({ length: n }, (_, i) => i % nBins);
  const outGrad = normals(random, nBins * nx * ny);
  return {
    name: `softHistogram ${n} spikes, ${nBins} × ${nx} × ${ny}, σ ${sigma}`,
    tolerance: 2e-5,
    because: "fixed point to 2^-20 of a spike per tap, float32 exponentials, 49 to 225 taps in the gradient",
    async run() {
      const g = tensor3d(outGrad, [nBins, nx, ny]);
      const b = tensor1d(bin, "int32");
      const histogram = (x: Tensor1D, y: Tensor1D) => softHistogram(x, y, b, nBins, n, grid);
      const inputs = [tensor1d(xUm), tensor1d(yUm)];
      const [gradX, gradY] = grads((x, y) => sum(mul(histogram(x as Tensor1D, y as Tensor1D), g)))(inputs);
      const value = histogram(inputs[0], inputs[1]);
      return { value: await value.data(), gradX: await gradX.data(), gradY: await gradY.data() };
    },
    oracle() {
      const { x, y } = gradOracle(xUm, yUm, bin, outGrad, grid);
      return { value: oracle(xUm, yUm, bin, nBins, grid), gradX: x, gradY: y };
    },
  };
});
