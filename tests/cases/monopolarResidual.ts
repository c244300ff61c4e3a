import { tensor2d } from "@tensorflow/tfjs-core";
import { monopolarResidual as oracle } from "../../src/core/monopolarResidual.ts";
import { Random } from "../../src/core/random.ts";
import { monopolarResidual } from "../../src/ops/monopolarResidual.ts";
import { type OpCase, uniforms } from "./opCase.ts";

// one spike; spikes across workgroups; few slots
const sizes = [
  { n: 1, nSlots: 10 },
  { n: 130, nSlots: 10 },
  { n: 65, nSlots: 3 },
];

const column = (values: ArrayLike<number>, j: number) =>
  Array.from({ length: values.length / 4 }, (_, n) => values[4 * n + j]);

/** Columns apart, because a tolerance is relative to the largest value. */
const columns = (values: ArrayLike<number>) => ({
  residual: column(values, 0),
  gradX: column(values, 1),
  gradY: column(values, 2),
  gradZ: column(values, 3),
});

export const monopolarResidualCases: OpCase[] = sizes.map(({ n, nSlots }) => {
  const random = new Random(n + nSlots);
  const offset = uniforms(random, 3 * n, -40, 40);
  const amplitude = uniforms(random, n * nSlots, 5, 200);
  const contactUm = uniforms(random, 2 * n * nSlots, -50, 50);
  if (n > 64) {
    amplitude.fill(0, 0, nSlots); // nothing to explain
    amplitude[nSlots] = Number.NaN;
    amplitude[2 * nSlots + 1] = -1; // a slot that is not in use
    offset[3 * 3 + 2] = 0.2; // nearer than the least distance
    offset.set(contactUm.subarray(2 * 4 * nSlots, 2 * 4 * nSlots + 2), 3 * 4); // right above a contact
  }
  return {
    name: `monopolarResidual ${n} spikes, ${nSlots} slots`,
    tolerance: 2e-5,
    because: "float32 sums over ten contacts of differences between numbers near 1",
    async run() {
      const found = monopolarResidual(
        tensor2d(offset, [n, 3]),
        tensor2d(amplitude, [n, nSlots]),
        tensor2d(contactUm, [n, 2 * nSlots]),
      );
      return columns(await found.data());
    },
    oracle: () => columns(oracle(offset, amplitude, contactUm, nSlots)),
  };
});
