import { type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { spectralFilter as oracle, raisedCosineWindow } from "../../src/core/spectralFilter.ts";
import { spectralFilter } from "../../src/ops/spectralFilter.ts";
import { normals, type OpCase, uniforms } from "./opCase.ts";

// one channel and several groups of eight pairs; even and odd powers of two; columns with and without gaps; both inputs
const sizes = [
  { nFft: 16, nRows: 16, nColumns: 1, nChannels: 1, gap: false, isFloat: false },
  { nFft: 32, nRows: 20, nColumns: 9, nChannels: 7, gap: true, isFloat: true },
  { nFft: 64, nRows: 64, nColumns: 11, nChannels: 10, gap: false, isFloat: true },
  { nFft: 256, nRows: 201, nColumns: 25, nChannels: 24, gap: false, isFloat: false },
  { nFft: 512, nRows: 511, nColumns: 41, nChannels: 35, gap: true, isFloat: false },
  { nFft: 2048, nRows: 1801, nColumns: 4, nChannels: 3, gap: false, isFloat: false },
  { nFft: 32768, nRows: 30001, nColumns: 3, nChannels: 2, gap: false, isFloat: false }, // the largest: all of workgroup memory
];

/** int16 samples two to a word, as a file has them. */
function packed(samples: Int16Array): Int32Array {
  const even = new Int16Array(samples.length + (samples.length % 2));
  even.set(samples);
  return new Int32Array(even.buffer);
}

export const spectralFilterCases: OpCase[] = sizes.map(({ nFft, nRows, nColumns, nChannels, gap, isFloat }) => {
  const random = new Random(nFft + nRows);
  const floats = normals(random, nRows * nColumns, 1000);
  const samples = isFloat ? floats : Int16Array.from(floats);
  const columns = Int32Array.from({ length: nChannels }, (_, c) => (gap && c >= 3 ? c + 2 : c));
  const gains = uniforms(random, nChannels, 0.5, 5);
  const delays = Float32Array.from({ length: nChannels }, (_, c) => (c % 13) / 13);
  const response = uniforms(random, nFft / 2 + 1, 0, 1);
  const window = raisedCosineWindow(nRows, 5, 3);
  const frame = { nRows, nColumns, nFft, from: Math.min(3, nRows - 1), to: nRows - 2 };
  return {
    name: `spectralFilter ${nChannels} channels, ${nRows} of ${nFft} rows, ${isFloat ? "floats" : "int16"}`,
    tolerance: 2e-6,
    because: "float32: the error of a transform grows with the square root of its stages",
    async run() {
      const given: Tensor = isFloat
        ? tensor2d(floats, [nRows, nColumns])
        : tensor1d(packed(samples as Int16Array), "int32");
      const inputs = {
        samples: given,
        columns: tensor1d(columns, "int32"),
        gains: tensor1d(gains),
        delays: tensor1d(delays),
        response: tensor1d(response),
        window: tensor1d(window),
      };
      return { filtered: await spectralFilter(inputs, frame).data() };
    },
    oracle: () => ({ filtered: oracle(samples, { columns, gains, delays }, response, window, frame) }),
  };
});
