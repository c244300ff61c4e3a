import { tensor2d } from "@tensorflow/tfjs-core";
import { nearestSlots } from "../../src/core/neighbours.ts";
import { Random } from "../../src/core/random.ts";
import { snippets as oracle } from "../../src/core/snippets.ts";
import { snippets } from "../../src/ops/snippets.ts";
import { normals, type OpCase } from "./opCase.ts";
import { staggeredProbe } from "./probes.ts";

// a single value; more slots than channels, so that some stay empty; spikes across workgroups
const sizes = [
  { nRows: 1, nChannels: 1, nSpikes: 1, nSlots: 1, before: 0, nSamples: 1 },
  { nRows: 40, nChannels: 6, nSpikes: 5, nSlots: 8, before: 30, nSamples: 90 },
  { nRows: 500, nChannels: 24, nSpikes: 70, nSlots: 10, before: 3, nSamples: 9 },
];

export const snippetsCases: OpCase[] = sizes.map(({ nRows, nChannels, nSpikes, nSlots, before, nSamples }) => {
  const random = new Random(nRows);
  const traces = normals(random, nRows * nChannels, 100);
  // the first spike lies before the tile, the last one behind it
  const row = Int32Array.from({ length: nSpikes }, (_, i) =>
    nSpikes === 1 ? 0 : Math.round((i / (nSpikes - 1)) * (nRows + 20)) - 10,
  );
  const channel = Int32Array.from({ length: nSpikes }, () => random.integer(nChannels));
  const slots = nearestSlots(staggeredProbe(nChannels), new Int32Array(nChannels), nSlots);
  return {
    name: `snippets ${nSpikes} × ${nSlots} × ${nSamples} from ${nRows} × ${nChannels}`,
    tolerance: 0,
    because: "values are copied",
    async run() {
      const tile = tensor2d(traces, [nRows, nChannels]);
      return { waveforms: await snippets(tile, row, channel, slots, before, nSamples).data() };
    },
    oracle: () => ({ waveforms: oracle(traces, nChannels, row, channel, slots, before, nSamples) }),
  };
});
