import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeFrames } from "../../src/core/dredge/dredge.ts";
import { type DredgeOptions, dredgeDefaults } from "../../src/core/dredge/options.ts";
import type { Range, SpikeTable } from "../../src/core/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";
import { fixtureNpy } from "../fixture.ts";

/** The correlation's SIMD kernels against SpikeInterface's own C and D, on the rasters of our own front end. */
const golden = "../shared/golden";

async function spikesOf(folder: string, files: string[], rateHz: number, span: Range): Promise<SpikeTable> {
  const [sample, depth, amp] = await Promise.all(
    files.map(async (file) => (await fixtureNpy(file, `${golden}/${folder}`)).values),
  );
  const rows = Array.from(sample, (_, i) => i).filter(
    (i) => sample[i] >= span[0] * rateHz && sample[i] < span[1] * rateHz,
  );
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (i) => sample[i] / rateHz - span[0]),
    depthUm: Float64Array.from(rows, (i) => depth[i]),
    ampUv: Float32Array.from(rows, (i) => amp[i]),
  };
}

const exampleFiles = ["peak_sample_index_32khz.npy", "peak_depth_um.npy", "peak_amplitude_uv.npy"];
const simulatedFiles = ["sample_index.npy", "depth_um.npy", "amplitude_uv.npy"];

interface GoldenSet {
  name: string;
  spikes: () => Promise<SpikeTable>;
  lastSec: number;
  rangeUm: Range;
  options: DredgeOptions;
  /** C, D */
  files: [folder: string, c: string, d: string];
  /** file of the rows of C and D, all without one */
  rows?: string;
}

const example = (toSec: number) => () => spikesOf("example_nhp", exampleFiles, 32000, [0, toSec]);
const exampleSet = (toSec: number) => ({
  spikes: example(toSec),
  lastSec: toSec - 1 / 32000,
  rangeUm: [-600, 740] as Range,
});
const rigid = { ...dredgeDefaults, rigid: true };
const [stages, c, d] = ["dredge_stages", "C_BxTxT.npy", "D_BxTxT_um.npy"];
const whole = (kind: string): Pick<GoldenSet, "files" | "rows"> => ({
  files: [`example_nhp/ref_dredge_ap_${kind}`, "C_rows.npy", "D_rows_um.npy"],
  rows: "sample_rows.npy",
});

const sets: GoldenSet[] = [
  {
    name: "200 s, non-rigid",
    ...exampleSet(200),
    options: dredgeDefaults,
    files: [`${stages}/example_first200s/nonrigid`, c, d],
  },
  { name: "200 s, rigid", ...exampleSet(200), options: rigid, files: [`${stages}/example_first200s/rigid`, c, d] },
  {
    name: "simulated, non-rigid",
    spikes: () => spikesOf("sim_peaks/nonrigid_zigzag_bumps", simulatedFiles, 30000, [60, 140]),
    lastSec: 80 - 1 / 30000,
    rangeUm: [0, 3820],
    options: dredgeDefaults,
    files: [`${stages}/sim_nonrigid_60to140s/nonrigid`, c, d],
  },
  { name: "1800 s, non-rigid", ...exampleSet(1800), options: dredgeDefaults, ...whole("nonrigid") },
  { name: "1800 s, rigid", ...exampleSet(1800), options: rigid, ...whole("rigid") },
];

describe.each(sets)(
  "$name",
  ({ name, spikes, lastSec, rangeUm, options, files: [folder, cFile, dFile], rows: rowFile }) => {
    beforeAll(async () => {
      await chooseCompute("cpu", () => undefined);
    });

    it("C and D", async () => {
      const { raster, windows, maxDisplacementBins, horizonBins } = dredgeFrames(
        await spikes(),
        rangeUm,
        lastSec,
        options,
      );
      const { nTimes, nDepths } = raster;
      const stored = async (file: string) => (await fixtureNpy(file, `${golden}/${folder}`)).values;
      const [expectedC, expectedD] = [await stored(cFile), await stored(dFile)];
      const rows = rowFile ? [...(await stored(rowFile))] : Array.from({ length: nTimes }, (_, t) => t);
      const frames = tensor2d(Float32Array.from(raster.values), [nTimes, nDepths]);
      const differences = { c: 0, d: 0, nOff: 0, n: 0 };
      for (let b = 0; b < windows.nWindows; b++) {
        const weights = windows.weights.subarray(b * nDepths, (b + 1) * nDepths);
        const { nLeft } = lagGeometry(weights, maxDisplacementBins);
        const weightsTensor = tensor1d(Float32Array.from(weights));
        const runs: [number, number][] = rowFile ? rows.map((row) => [row, row + 1]) : [[0, nTimes]];
        for (const [n, run] of runs.entries()) {
          const out = dredgeCorrelation(frames, weightsTensor, {
            rows: run,
            columns: [0, nTimes],
            maxDisplacementBins,
          });
          const [correlation, lag] = [await out.correlation.data(), await out.lag.data()];
          for (let at = 0; at < correlation.length; at++) {
            const pair = (b * rows.length + n) * nTimes + at;
            if (isBeyond(run[0] + Math.floor(at / nTimes), at % nTimes, nTimes, horizonBins)) continue;
            const off = Math.abs((nLeft - lag[at]) * options.binUm - expectedD[pair]);
            differences.c = Math.max(differences.c, Math.abs(correlation[at] - expectedC[pair]));
            differences.d = Math.max(differences.d, off);
            differences.nOff += off === 0 ? 0 : 1;
            differences.n++;
          }
        }
      }
      const { c, d, nOff, n } = differences;
      console.info(
        `${name}: C differs by at most ${c.toExponential(2)}, D in ${nOff} of ${n} pairs, by at most ${d} µm`,
      );
      expect(n).toBeGreaterThan(0.8 * expectedC.length);
      expect(c).toBeLessThanOrEqual(5e-6);
      expect(nOff).toBeLessThanOrEqual(1e-4 * n);
    }, 120_000);
  },
);

/** Blocks of 512 time bins whose nearest bins are further apart than the horizon are not in the reference. */
function isBeyond(i: number, j: number, nTimes: number, horizonBins: number): boolean {
  const [a, b] = [Math.floor(Math.min(i, j) / 512), Math.floor(Math.max(i, j) / 512)];
  return a < b && 512 * b - Math.min(nTimes, 512 * (a + 1)) + 1 > horizonBins;
}
