import { tensor1d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { raster as oracle } from "../../src/core/raster.ts";
import { raster } from "../../src/ops/raster.ts";
import { type OpCase, uniforms } from "./opCase.ts";

const sizes = [
  { n: 1, nx: 1, ny: 1, value: true },
  { n: 65, nx: 7, ny: 3, value: false },
  { n: 20000, nx: 300, ny: 200, value: true },
  { n: 5000, nx: 2, ny: 1, value: true }, // every spike fights for the same two cells
];

export const rasterCases: OpCase[] = sizes.map(({ n, nx, ny, value }) => {
  const random = new Random(n);
  // cell edges at multiples of 1/8 are exact in float32, so that no spike changes cell by rounding
  const eighths = (v: Float32Array) => v.map((x) => Math.round(x * 8) / 8 + 1 / 16);
  const x = eighths(uniforms(random, n, -10, nx + 10));
  const y = eighths(uniforms(random, n, -10, ny + 10));
  x[0] = nx; // exactly at the high end: the last cell
  y[0] = ny;
  if (n > 10) x[5] = Number.NaN;
  const v = uniforms(random, n, -300, -50);
  const grid = { xLow: 0, xHigh: nx, yLow: 0, yHigh: ny, nx, ny };
  return {
    name: `raster ${n} spikes into ${nx} × ${ny}${value ? " with values" : ""}`,
    tolerance: 2e-5,
    because: "counts are exact; float32 sums of thousands of values add in any order",
    async run() {
      const { count, sum } = raster(tensor1d(x), tensor1d(y), value ? tensor1d(v) : null, grid);
      return { count: await count.data(), sum: await sum.data() };
    },
    oracle() {
      const { count, sum } = oracle(x, y, value ? v : null, grid);
      return { count, sum };
    },
  };
});
