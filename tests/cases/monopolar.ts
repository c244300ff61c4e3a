import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { monopolarColumns, monopolar as oracle } from "../../src/core/monopolar.ts";
import { Random } from "../../src/core/random.ts";
import { monopolar } from "../../src/ops/monopolar.ts";
import { nearestSlots, pointSources, staggeredProbe } from "./localizeProbe.ts";
import type { OpCase } from "./opCase.ts";

const cases = [
  { n: 1, nSlots: 10, radiusUm: Infinity, logPenalty: true },
  { n: 65, nSlots: 10, radiusUm: Infinity, logPenalty: true },
  { n: 130, nSlots: 17, radiusUm: 75, logPenalty: true }, // slots left empty at the probe's ends
  { n: 64, nSlots: 10, radiusUm: Infinity, logPenalty: false },
];

/** A spike without a location is compared as −1, so that it must be missing on both sides. */
const orMissing = (v: number) => (Number.isNaN(v) ? -1 : v);

/** Column j of [N, 5]. */
const column = (fit: ArrayLike<number>, j: number) =>
  Array.from({ length: fit.length / monopolarColumns }, (_, i) => fit[i * monopolarColumns + j]).map(orMissing);

/** Columns apart, because a tolerance is relative to the largest value. */
const columns = (fit: ArrayLike<number>) => ({
  x: column(fit, 0),
  y: column(fit, 1),
  z: column(fit, 2),
  alpha: column(fit, 3),
  objective: column(fit, 4),
});

export const monopolarCases: OpCase[] = cases.map(({ n, nSlots, radiusUm, logPenalty }) => {
  const positionsUm = staggeredProbe(24, 3000); // far up, where positions take most of a float32
  const slots = nearestSlots(positionsUm, nSlots, radiusUm);
  const { channel, feature } = pointSources(new Random(n), n, positionsUm, slots, 0.03);
  if (n > 64) {
    feature.fill(0, 0, nSlots); // cannot be located
    feature[3 * nSlots + 2] = Number.NaN;
  }
  const options = { maxDistanceUm: 150, logPenalty };
  return {
    name: `monopolar ${n} spikes, ${nSlots} slots, ${logPenalty ? "log penalty" : "least squares"}`,
    tolerance: 1e-4,
    because: "a float32 gradient (1e-7 of the feature) over curvatures down to 1e-3 of it: 1e-4 of some 50 µm",
    async run() {
      const shape: [number, number] = [channel.length, nSlots];
      const fit = monopolar(
        tensor2d(feature, shape),
        tensor1d(channel, "int32"),
        tensor2d(slots.channels, [24, nSlots], "int32"),
        tensor2d(positionsUm, [24, 2]),
        options,
      );
      return columns(await fit.data());
    },
    oracle: () => columns(oracle(feature, channel, slots, positionsUm, options)),
  };
});
