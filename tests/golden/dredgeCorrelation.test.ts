import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeFrames } from "../../src/core/dredge/dredge.ts";
import { type DredgeOptions, dredgeDefaults } from "../../src/core/dredge/options.ts";
import type { Range, SpikeTable } from "../../src/core/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";
import { fixtureNpy } from "../fixture.ts";
import { example, exampleRange, golden, simulated } from "./dredgeSpikes.ts";

/** The correlation's SIMD kernels against SpikeInterface's own C and D, on the rasters of our own front end. */
interface GoldenSet {
  name: string;
  spikes: () => Promise<SpikeTable>;
  lastSec: number;
  rangeUm: Range;
  options: DredgeOptions;
  /** C, D; not all have C */
  files: [folder: string, c: string | null, d: string];
  /** file of the rows of C and D, all without one */
  rows?: string;
}

const exampleSet = (toSec: number) => ({
  spikes: () => example(toSec),
  lastSec: toSec - 1 / 32000,
  rangeUm: exampleRange,
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
    spikes: simulated,
    lastSec: 80 - 1 / 30000,
    rangeUm: [0, 3820],
    options: dredgeDefaults,
    files: [`${stages}/sim_nonrigid_60to140s/nonrigid`, c, d],
  },
  {
    name: "200 s, the original's front end",
    ...exampleSet(200),
    options: { ...dredgeDefaults, variant: "original" },
    files: [`${stages}/example_first200s_logvariant`, null, d],
  },
  { name: "1800 s, non-rigid", ...exampleSet(1800), options: dredgeDefaults, ...whole("nonrigid") },
  { name: "1800 s, rigid", ...exampleSet(1800), options: rigid, ...whole("rigid") },
];

/** What the operation gave against what is stored, over all windows. */
class Differences {
  c = 0;
  dUm = 0;
  nOff = 0;
  n = 0;

  add(c: number, expectedC: number, dUm: number, expectedDUm: number): void {
    const offUm = Math.abs(dUm - expectedDUm);
    this.c = Math.max(this.c, Math.abs(c - expectedC));
    this.dUm = Math.max(this.dUm, offUm);
    this.nOff += offUm === 0 ? 0 : 1;
    this.n++;
  }
}

/** Blocks of 512 time bins whose nearest bins are further apart than the horizon are not in the reference. */
function isBeyond(i: number, j: number, nTimes: number, horizonBins: number): boolean {
  const [a, b] = [Math.floor(Math.min(i, j) / 512), Math.floor(Math.max(i, j) / 512)];
  return a < b && 512 * b - Math.min(nTimes, 512 * (a + 1)) + 1 > horizonBins;
}

async function compare(set: GoldenSet): Promise<Differences> {
  const { spikes, rangeUm, lastSec, options, rows: rowFile } = set;
  const [folder, cFile, dFile] = set.files;
  const frames = dredgeFrames(await spikes(), rangeUm, lastSec, options);
  const { nTimes, nDepths, values } = frames.raster;
  const stored = async (file: string) => (await fixtureNpy(file, `${golden}/${folder}`)).values;
  const expectedD = await stored(dFile);
  const expectedC = cFile ? await stored(cFile) : null;
  const rows = rowFile ? [...(await stored(rowFile))] : Array.from({ length: nTimes }, (_, t) => t);
  const runs: [number, number][] = rowFile ? rows.map((row) => [row, row + 1]) : [[0, nTimes]];
  const raster = tensor2d(Float32Array.from(values), [nTimes, nDepths]);
  const differences = new Differences();
  let pair = 0;
  for (let b = 0; b < frames.windows.nWindows; b++) {
    const weights = frames.windows.weights.subarray(b * nDepths, (b + 1) * nDepths);
    const { nLeft } = lagGeometry(weights, frames.maxDisplacementBins);
    for (const run of runs) {
      const tile = { rows: run, columns: [0, nTimes] as const, maxDisplacementBins: frames.maxDisplacementBins };
      const out = dredgeCorrelation(raster, weights, tile);
      const [correlation, lag] = [await out.correlation.data(), await out.lag.data()];
      for (let at = 0; at < correlation.length; at++, pair++) {
        if (isBeyond(run[0] + Math.floor(at / nTimes), at % nTimes, nTimes, frames.horizonBins)) continue;
        const dUm = (nLeft - lag[at]) * options.binUm;
        differences.add(correlation[at], expectedC?.[pair] ?? correlation[at], dUm, expectedD[pair]);
      }
    }
  }
  expect(pair).toBe(expectedD.length);
  return differences;
}

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it.each(sets)(
  "C and D, $name",
  async (set) => {
    const { c, dUm, nOff, n } = await compare(set);
    console.info(`${set.name}: C differs by at most ${c.toExponential(2)}, D in ${nOff} of ${n}, by at most ${dUm} µm`);
    expect(c).toBeLessThanOrEqual(5e-6);
    expect(nOff).toBeLessThanOrEqual(1e-4 * n); // ties in float32
    expect(dUm).toBeLessThanOrEqual(1);
  },
  120_000,
);
