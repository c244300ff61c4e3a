import { Random } from "../../src/core/random.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { runCorrelationMatrix } from "../../src/methods/scoreboard/runScoreboard.ts";

const DURATION_SEC = 1958;
const N_UNITS = 400;
const TOP_UM = 3840;
const NOISE_UM = 5;

/** A session as long as the published one: units along a whole probe, each spike located with noise. */
function session(rateHz: number): SpikeTable {
  const random = new Random(1);
  const nSpikes = DURATION_SEC * rateHz;
  const units = Array.from({ length: N_UNITS }, () => [60 * random.uniform() - 10, TOP_UM * random.uniform()]);
  const [timeSec, xUm, depthUm] = [0, 1, 2].map(() => new Float64Array(nSpikes));
  for (let i = 0; i < nSpikes; i++) {
    const [x, y] = units[Math.floor(N_UNITS * random.uniform() ** 2)];
    timeSec[i] = (i + 0.5) / rateHz;
    xUm[i] = x + NOISE_UM * random.normal();
    depthUm[i] = y + NOISE_UM * random.normal();
  }
  return { nSpikes, timeSec, xUm, depthUm, ampUv: new Float32Array(nSpikes).fill(-80) };
}

export interface FullMetric {
  nSpikes: number;
  nBins: number;
  nVoxels: number;
  rho: number;
  entropyNats: number;
  seconds: number;
}

/** The whole matrix of correlations of a session on the canonical grid, 31 × 961 voxels of 4 µm. */
export async function fullMetric(rateHz: number): Promise<FullMetric> {
  const spikes = session(rateHz);
  const grid = { binSec: 1, xRangeUm: [-40, 80], yRangeUm: [0, TOP_UM] } as const;
  const started = performance.now();
  const found = await runCorrelationMatrix(
    { spikes, found: null, probe: undefined },
    { motion: null, grid },
    new AbortController().signal,
    () => undefined,
  );
  const { values, nBins, entropyNats, grid: used } = found!;
  const mean = (sum: number, n: number) => sum / n;
  return {
    nSpikes: spikes.nSpikes,
    nBins,
    nVoxels: used.nx * used.ny,
    rho: mean(values.reduce((a, b) => a + b, 0) - nBins, nBins * (nBins - 1)),
    entropyNats: mean(
      entropyNats.reduce((a, b) => a + b, 0),
      nBins,
    ),
    seconds: (performance.now() - started) / 1000,
  };
}
