import { tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { windowSum as oracle } from "../../src/core/windowSum.ts";
import { windowSum } from "../../src/ops/windowSum.ts";
import { normals, type OpCase } from "./opCase.ts";

// one row; windows of nothing, inside, one short of all and of all; rows across segments, columns across workgroups
const sizes = [
  { nRows: 1, width: 3, window: 2 },
  { nRows: 9, width: 5, window: 0 },
  { nRows: 9, width: 70, window: 7 },
  { nRows: 9, width: 70, window: 8 },
  { nRows: 300, width: 67, window: 40 },
  { nRows: 300, width: 67, window: 200 },
];

export const windowSumCases: OpCase[] = sizes.map(({ nRows, width, window }) => {
  const rows = normals(new Random(nRows + window), nRows * width);
  return {
    name: `windowSum ${nRows} × ${width}, window ${window}`,
    tolerance: 1e-5,
    because: "float32 sums of up to 400 rows, then up to 128 times one added and one taken away",
    run: async () => ({ value: await windowSum(tensor2d(rows, [nRows, width]), window).data() }),
    oracle: () => ({
      value: oracle(rows, nRows, window),
    }),
  };
});
