import { tensor2d } from "@tensorflow/tfjs-core";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeFrames } from "../../src/core/dredge/dredge.ts";
import { dredgeDefaults } from "../../src/core/dredge/options.ts";
import { median } from "../../src/core/motion.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { checkParams } from "../../src/methods/defineMethod.ts";
import { dredge } from "../../src/methods/dredge/dredge.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";
import { fixtureNpy } from "../fixture.ts";

/** What dredge_torch.py prints. */
export interface TorchDredge {
  torch: string;
  threads: number;
  seconds: number[];
  cpuSeconds: number[];
  rows: number[];
  /** [3, rows, T] */
  displacementUm: number[];
  /** [T, 3] */
  motionUm: number[];
}

export interface DredgeBench {
  threads: number;
  seconds: number;
  cpuSeconds: number;
  nPairs: number;
  solveIterations: number;
  /** of the entries of D that the other program gives, the share that differs */
  differing(torch: TorchDredge): Promise<number>;
  /** largest difference of the two motions after the median of each window is removed, µm */
  apartUm(torch: TorchDredge): number;
}

const probeRangeUm = [-600, 740] as const;
const durationSec = 1800;
const rateHz = 32000;

async function spikesOf(folder: string): Promise<SpikeTable> {
  const names = ["peak_sample_index_32khz", "peak_depth_um", "peak_amplitude_uv"];
  const [sample, depth, amp] = await Promise.all(
    names.map(async (name) => (await fixtureNpy(`${name}.npy`, folder)).values),
  );
  return {
    nSpikes: sample.length,
    timeSec: Float64Array.from(sample, (s) => s / rateHz),
    depthUm: Float64Array.from(depth),
    ampUv: Float32Array.from(amp),
  };
}

/** The whole method on half an hour of a real recording (373,386 spikes, 1340 depth bins, 3 windows), from spikes to motion. */
export async function dredgeBench(folder: string): Promise<DredgeBench> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const spikes = await spikesOf(folder);
  const [probe_low_um, probe_high_um] = probeRangeUm;
  const params = checkParams(dredge, { probe_low_um, probe_high_um });
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const inputs = { spikes, recording: null, waveforms: null, durationSec: durationSec - 1 / rateHz };
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const run = dredge.run(inputs, params, context);
  let next = await run.next();
  while (!next.done) next = await run.next();
  const { user, system } = process.cpuUsage(cpu);
  const { motion, summary } = next.value;
  return {
    threads,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    nPairs: summary.pairs,
    solveIterations: summary.solve_iterations,
    differing: (torch) => differing(spikes, torch),
    apartUm: ({ motionUm }) => apartUm(motion!, motionUm),
  };
}

async function differing(spikes: SpikeTable, { rows, displacementUm }: TorchDredge): Promise<number> {
  const { raster, windows, maxDisplacementBins } = dredgeFrames(
    spikes,
    probeRangeUm,
    durationSec - 1 / rateHz,
    dredgeDefaults,
  );
  const { nTimes, nDepths } = raster;
  const pixels = tensor2d(Float32Array.from(raster.values), [nTimes, nDepths]);
  let n = 0;
  for (let b = 0; b < windows.nWindows; b++) {
    const weights = windows.weights.subarray(b * nDepths, (b + 1) * nDepths);
    const { nLeft } = lagGeometry(weights, maxDisplacementBins);
    for (const [r, row] of rows.entries()) {
      const columns = [0, nTimes] as const;
      const out = dredgeCorrelation(pixels, weights, {
        ...{ rows: [row, row + 1], columns, maxDisplacementBins },
      });
      const lags = await out.lag.data();
      for (let j = 0; j < nTimes; j++) {
        const other = displacementUm[(b * rows.length + r) * nTimes + j];
        if (Math.abs(row - j) <= dredgeDefaults.horizonSec && other !== nLeft - lags[j]) n++;
      }
    }
  }
  return n / displacementUm.length;
}

function apartUm({ displacementUm, depthBinCentersUm }: Motion, other: number[]): number {
  const nWindows = depthBinCentersUm.length;
  let worst = 0;
  for (let b = 0; b < nWindows; b++) {
    const [ours, theirs] = [displacementUm, Float64Array.from(other)].map((all) =>
      all.filter((_, at) => at % nWindows === b),
    );
    const level = median(ours) - median(theirs);
    ours.forEach((p, t) => {
      worst = Math.max(worst, Math.abs(p - level - theirs[t]));
    });
  }
  return worst;
}
