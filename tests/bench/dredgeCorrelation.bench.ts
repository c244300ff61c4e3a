import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeDefaults } from "../../src/core/dredge/options.ts";
import { dredgeWindows } from "../../src/core/dredge/windows.ts";
import { Random } from "../../src/core/random.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";

export interface CorrelationBench {
  what: string;
  threads: number;
  nLags: number;
  pairsPerSec: number;
  /** processor time of a pair in the quickest tile, all threads together, µs: what else the machine does counts little */
  usPerPair: number;
  /** operations that the plain sums over these pairs would take, 2·L·n each, in 10⁹ a second */
  directGflops: number;
}

const tile = 256;

/** A drift map of bumps that move, from a fixed seed. */
function syntheticRaster(nTimes: number, nDepths: number): Float32Array {
  const random = new Random(5);
  const pattern = Float32Array.from({ length: nDepths + 100 }, () => 80 * random.uniform() ** 6);
  return Float32Array.from({ length: nTimes * nDepths }, (_, at) => {
    const t = Math.floor(at / nDepths);
    return pattern[(at % nDepths) + 50 + Math.round(40 * Math.sin(t / 40))] * random.uniform();
  });
}

/** Pairs a second of tiles of a recording with 1340 depth bins at DREDge's defaults, median over tiles. Prints nothing. */
export async function correlationBench(nTiles: number): Promise<CorrelationBench[]> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const [nTimes, nDepths] = [4 * tile, 1340];
  const raster = tensor2d(syntheticRaster(nTimes, nDepths), [nTimes, nDepths]);
  const depths = { depthEdgesUm: Float64Array.from({ length: nDepths + 1 }, (_, d) => d) };
  const rows: CorrelationBench[] = [];
  for (const rigid of [false, true]) {
    const windows = dredgeWindows({ ...depths, depthRangeUm: [0, nDepths] }, { ...dredgeDefaults, rigid });
    const middle = Math.floor(windows.nWindows / 2) * nDepths;
    const weights = windows.weights.subarray(middle, middle + nDepths);
    const maxDisplacementBins = rigid ? nDepths / 4 : Math.floor(dredgeDefaults.windowScaleUm / 4);
    const { start, stop, nLeft, nRight } = lagGeometry(weights, maxDisplacementBins);
    const nLags = nLeft + nRight + 1;
    const window = tensor1d(Float32Array.from(weights));
    const times: number[] = [];
    let cpuUs = Number.POSITIVE_INFINITY;
    for (let n = -2; n < nTiles; n++) {
      const [i, j] = [((n + 2) % 4) * tile, ((n + 3) % 4) * tile];
      const started = performance.now();
      const before = process.cpuUsage();
      const out = dredgeCorrelation(raster, window, {
        rows: [i, i + tile],
        columns: [j, j + tile],
        maxDisplacementBins,
      });
      await out.lag.data();
      const { user, system } = process.cpuUsage(before);
      if (n >= 0) {
        times.push(performance.now() - started);
        cpuUs = Math.min(cpuUs, user + system);
      }
      out.correlation.dispose();
      out.lag.dispose();
    }
    times.sort((a, b) => a - b);
    const pairsPerSec = (1000 * tile * tile) / times[Math.floor(times.length / 2)];
    const usPerPair = cpuUs / (tile * tile);
    const directGflops = (pairsPerSec * 2 * nLags * (stop - start)) / 1e9;
    rows.push({ what: rigid ? "rigid" : "non-rigid", threads, nLags, pairsPerSec, usPerPair, directGflops });
  }
  return rows;
}
