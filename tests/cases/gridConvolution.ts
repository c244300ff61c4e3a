import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { type GridOptions, gridDefaults, gridPlan, gridConvolution as oracle } from "../../src/core/gridConvolution.ts";
import { Random } from "../../src/core/random.ts";
import { gridConvolution, gridTensors } from "../../src/ops/gridConvolution.ts";
import { pointSources, staggeredProbe } from "./localizeProbe.ts";
import type { OpCase } from "./opCase.ts";

const nChannels = 12;
const cases: { n: number; options: Partial<GridOptions>; mode: GridOptions["mode"] }[] = [
  { n: 1, mode: "exponential_3d", options: {} }, // 1000 templates in the middle: 16 rounds of a workgroup
  { n: 9, mode: "gaussian_2d", options: {} },
  { n: 40, mode: "exponential_3d", options: { stepUm: 12, radiusUm: 30 } },
  { n: 7, mode: "gaussian_2d", options: { stepUm: 9, percentile: 100 } }, // keeps all that is not negative
];

/** A spike without a location is compared as −1, so that it must be missing on both sides. */
const orMissing = (v: number) => (Number.isNaN(v) ? -1 : v);

const column = (locations: ArrayLike<number>, j: number) =>
  Array.from({ length: locations.length / 4 }, (_, i) => locations[4 * i + j]).map(orMissing);
const columns = (l: ArrayLike<number>) => ({ x: column(l, 0), y: column(l, 1), z: column(l, 2), dot: column(l, 3) });

export const gridConvolutionCases: OpCase[] = cases.map(({ n, mode, options }) => {
  const positionsUm = staggeredProbe(nChannels, 3000);
  const plan = gridPlan(positionsUm, { ...gridDefaults(mode), ...options });
  const random = new Random(n);
  // noise breaks the ties between sites that mirror each other, which rounding would decide
  const { channel, feature } = pointSources(random, n, positionsUm, plan.slots, 0.2);
  for (let i = 0; i < feature.length; i++) feature[i] += 30 * random.normal(); // some dots below zero
  if (n > 8) feature.fill(-10, 0, plan.slots.nSlots); // fits no template
  return {
    name: `gridConvolution ${n} spikes, ${mode}, ${plan.maxTemplates} templates`,
    tolerance: 2e-6,
    because: "float32 dots and means of at most a thousand sites, relative to the contact",
    async run() {
      const tensors = gridTensors(plan);
      const projection = tensor2d(feature, [n, plan.slots.nSlots]);
      return columns(await gridConvolution(projection, tensor1d(channel, "int32"), tensors).data());
    },
    oracle: () => columns(oracle(feature, channel, plan)),
  };
});
