import type { Tensor2D } from "@tensorflow/tfjs-core";
import { windowSum as oracle } from "../core/windowSum.ts";
import { defineOp } from "./defineOp.ts";
import { windowSumProgram } from "./webgpu/histogramPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

/** Rows that one thread of the webgpu kernel slides over. */
const segment = 128;

const op = defineOp<{ window: number }>({
  name: "WindowSum",
  host: ({ rows }, { window }, shapes) => [{ shape: shapes.rows, values: oracle(rows, shapes.rows[0], window) }],
  webgpu(backend, { rows }, { window }) {
    const [nRows, width] = rows.shape;
    const sums = backend.makeTensorInfo([nRows, width], "float32");
    const params = { nRows, width, window: Math.min(window, nRows - 1), segment };
    dispatch(backend, windowSumProgram, params, [rows, sums], [groupsFor(width * Math.ceil(nRows / segment), 64)]);
    return [sums];
  },
});

/** Sum [T, V] of the rows at most `window` from each row, itself left out. At most 500 million cells. See core/windowSum. */
export function windowSum(rows: Tensor2D, window: number): Tensor2D {
  return op({ rows }, { window })[0] as Tensor2D;
}
