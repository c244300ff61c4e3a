import { abs, matMul, randomNormal, sum, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation, gpuCost } from "../../src/ops/dredgeCorrelation.ts";

/** What the GPU of this machine does with DREDge's correlation, held against what it does with a product of matrices. */
export interface GpuCorrelation {
  adapter: string;
  /** tfjs's own product of two square matrices */
  matMul: { size: number; gflops: number };
  /** tiles of nBins × nBins pairs under one window of the NHP recording: 1340 depths, 225 lags; counted as plain sums */
  correlation: { nBins: number; gflops: number; pairsPerSec: number };
}

const nDepths = 1340;
const maxDisplacementBins = 112;
/** A measurement shorter than this says more about starting than about the work. */
const leastSec = 0.4;

/** Seconds of the best of three, the work's result read back each time. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  await work(); // compiles
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const started = performance.now();
    await work();
    times.push((performance.now() - started) / 1000);
  }
  return Math.min(...times);
}

/** The first size that takes long enough, or the largest. */
async function firstLong(
  sizes: readonly number[],
  work: (size: number) => Promise<number>,
): Promise<{ size: number; seconds: number }> {
  let measured = { size: 0, seconds: 0 };
  for (const size of sizes) {
    measured = { size, seconds: await work(size) };
    if (measured.seconds >= leastSec) break;
  }
  return measured;
}

async function productSeconds(size: number): Promise<number> {
  const [a, b] = [randomNormal([size, size]), randomNormal([size, size])];
  const seconds = await secondsOf(async () => {
    const one = tidy(() => sum(matMul(a, b)));
    await one.data();
    one.dispose();
  });
  a.dispose();
  b.dispose();
  return seconds;
}

async function correlationSeconds(nBins: number, weights: Float64Array): Promise<number> {
  const raster = tidy(() => abs<Tensor2D>(randomNormal([nBins, nDepths])));
  const seconds = await secondsOf(async () => {
    const span = [0, nBins] as const;
    const { correlation, lag } = dredgeCorrelation(raster, weights, { rows: span, columns: span, maxDisplacementBins });
    await correlation.data();
    correlation.dispose();
    lag.dispose();
  });
  raster.dispose();
  return seconds;
}

export async function gpuCorrelation(): Promise<GpuCorrelation> {
  const { adapter } = await chooseCompute("webgpu", () => undefined);
  const weights = Float64Array.from({ length: nDepths }, (_, d) => Math.exp(-0.5 * ((d - 670) / 450) ** 2));
  const product = await firstLong([128, 256, 512, 1024, 2048, 4096, 8192], productSeconds);
  const tile = await firstLong([16, 32, 64, 128, 256, 512, 1024], (nBins) => correlationSeconds(nBins, weights));
  const { flop } = gpuCost(tile.size, tile.size, lagGeometry(weights, maxDisplacementBins));
  return {
    adapter,
    matMul: { size: product.size, gflops: (2 * product.size ** 3) / product.seconds / 1e9 },
    correlation: {
      nBins: tile.size,
      gflops: flop / tile.seconds / 1e9,
      pairsPerSec: tile.size ** 2 / tile.seconds,
    },
  };
}
