import { tensor2d } from "@tensorflow/tfjs-core";
import { exclusivePeaks as oracle, type PeakRules } from "../../src/core/exclusivePeaks.ts";
import { slotsWithin } from "../../src/core/neighbours.ts";
import { Random } from "../../src/core/random.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { attachSimdPool } from "../../src/ops/defineOp.ts";
import { exclusivePeaks } from "../../src/ops/exclusivePeaks.ts";
import { SimdPool } from "../../src/ops/simd/pool.ts";

export interface DetectBenchRow {
  nChannels: number;
  nPeaks: number;
  /** seconds of recording per second of detection, from a tensor of one second: plain loops, SIMD on one and on all threads */
  plain: number;
  oneThread: number;
  allThreads: number;
  threads: number;
}

const rateHz = 30000;
const nRepeats = 7;

/** One second of noise of 1.5 counts with 250 spikes per 64 channels, each heard on a dozen of them, as whole numbers. */
function recording(nChannels: number): Float32Array {
  const random = new Random(nChannels);
  const traces = Float32Array.from({ length: rateHz * nChannels }, () => 1.5 * random.normal());
  for (let spike = 0; spike < (nChannels / 64) * 250; spike++) {
    const peak = 40 + random.integer(rateHz - 100);
    const centre = random.integer(nChannels);
    const height = 10 + 30 * random.uniform();
    for (let c = Math.max(0, centre - 6); c < Math.min(nChannels, centre + 7); c++) {
      for (let t = -12; t <= 12; t++) {
        traces[(peak + t) * nChannels + c] -= height * Math.exp(-((t / 5) ** 2) - ((c - centre) / 4) ** 2);
      }
    }
  }
  return traces.map(Math.round);
}

function rulesFor(nChannels: number): PeakRules {
  const positionsUm = Float32Array.from({ length: 2 * nChannels }, (_, i) =>
    i & 1 ? 20 * (i >> 2) : 32 * ((i >> 1) & 1) + ((i >> 2) % 2 === 0 ? 16 : 0),
  );
  return {
    thresholds: new Float32Array(nChannels).fill(7.5),
    neighbours: slotsWithin(positionsUm, new Int32Array(nChannels), 50),
    sign: "neg",
    excludeSamples: 30,
    fromRow: 0,
    toRow: rateHz,
  };
}

async function medianSec(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = -1; i < nRepeats; i++) {
    const started = performance.now();
    await run();
    if (i >= 0) times.push((performance.now() - started) / 1000); // the first run compiles
  }
  return times.sort((a, b) => a - b)[(nRepeats - 1) / 2];
}

/** Times real time of locally exclusive detection at 64 and 384 channels in CPU mode. Prints nothing. */
export async function detectBench(): Promise<DetectBenchRow[]> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const rows: DetectBenchRow[] = [];
  for (const nChannels of [64, 384]) {
    const traces = recording(nChannels);
    const rules = rulesFor(nChannels);
    const tile = tensor2d(traces, [rateHz, nChannels]);
    const peaks = await exclusivePeaks(tile, rules);
    const plain = await medianSec(async () => oracle(traces, rules));
    const allThreads = await medianSec(() => exclusivePeaks(tile, rules));
    attachSimdPool(await SimdPool.create(1));
    const oneThread = await medianSec(() => exclusivePeaks(tile, rules));
    await chooseCompute("cpu", () => undefined);
    tile.dispose();
    rows.push({
      nChannels,
      nPeaks: peaks.row.length,
      plain: 1 / plain,
      oneThread: 1 / oneThread,
      allThreads: 1 / allThreads,
      threads,
    });
  }
  return rows;
}
