import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { openSources } from "../../src/io/open.ts";
import { runScoreboard } from "../../src/methods/scoreboard/runScoreboard.ts";
import type { NamedMotion, Scoreboard } from "../../src/protocol/scoreboard.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";

const golden = "../shared/golden";
const column = async (path: string) => Float64Array.from((await fixtureNpy(path, golden)).values);

async function peaks(folder: string, names: { sample: string; depth: string; rateHz: number }): Promise<SpikeTable> {
  const sample = await column(`${folder}/${names.sample}.npy`);
  const depthUm = await column(`${folder}/${names.depth}.npy`);
  const timeSec = sample.map((s) => s / names.rateHz);
  return { nSpikes: sample.length, timeSec, depthUm, ampUv: new Float32Array(sample.length) };
}

/** A stored DREDge motion: centres of its bins. */
async function dredge(folder: string): Promise<Motion> {
  return {
    displacementUm: await column(`${folder}/displacement_TxB.npy`),
    timeBinCentersSec: await column(`${folder}/temporal_bins_s.npy`),
    depthBinCentersUm: await column(`${folder}/spatial_bins_um.npy`),
  };
}

/** A stored MEDiCINe motion: left edges of bins of 1 s. */
async function medicine(folder: string): Promise<Motion> {
  return {
    displacementUm: await column(`${folder}/motion.npy`),
    timeBinCentersSec: (await column(`${folder}/time_bins.npy`)).map((t) => t + 0.5),
    depthBinCentersUm: await column(`${folder}/depth_bins.npy`),
  };
}

function score(spikes: SpikeTable, motions: NamedMotion[], truth: NamedMotion | null): Promise<Scoreboard> {
  const given = { spikes, found: null, probe: undefined };
  return runScoreboard(given, { motions, truth }, new AbortController().signal, () => undefined);
}

describe("scoreboards of simulated peaks with a known motion", () => {
  it.each(["rigid_zigzag", "nonrigid_zigzag_bumps"])("%s", async (set) => {
    const folder = `sim_peaks/${set}`;
    const spikes = await peaks(folder, { sample: "sample_index", depth: "depth_um", rateHz: 30000 });
    // the folder holds MEDiCINe's motions as well
    const opened = await openSources(await nodeSources([`${golden}/${folder}`]));
    const known = opened.flatMap((one) =>
      one.kind === "motion" && one.info.format === "simulated-motion" ? [one.motion] : [],
    );
    expect(known.map(({ timeBinCentersSec }) => timeBinCentersSec.length)).toEqual([6001]);
    const truth = { name: "truth", motion: known[0] };
    const board = await score(
      spikes,
      [
        { name: "dredge", motion: await dredge(`${folder}/ref_dredge_ap`) },
        { name: "medicine", motion: await medicine(`${folder}/ref_medicine_2000steps`) },
      ],
      truth,
    );
    expect(board.verdicts.map(({ kind }) => kind)).toEqual(["helps", "helps"]);
    const of = (kind: string, motion: string | null) => {
      const row = board.rows.find((one) => one.kind === kind && one.motion === motion);
      if (!row) throw new Error(`no row ${kind} ${motion}`);
      return row;
    };
    for (const [motion, reference] of [
      ["dredge", "ref_dredge_ap"],
      ["medicine", "ref_medicine_2000steps"],
    ]) {
      const row = of("corrected", motion);
      // errors as the reference states them; depths differ (resting there, observed here) by a fraction of the growth
      const stated = await fixtureJson<Record<string, unknown>>(`${folder}/${reference}/accuracy.json`, golden);
      const rmse = Number(/"rmse[^"]*":\s*([\d.]+)/i.exec(JSON.stringify(stated))?.[1]);
      expect(Math.abs(row.truth!.rmseUm - rmse), `${motion} ${row.truth!.rmseUm} ${rmse}`).toBeLessThan(0.12);
      // the raster tells the error without the truth, but for the noise of positions
      expect(row.flatnessUm).toBeLessThan(row.truth!.rmseUm + 0.35);
      expect(row.flatnessUm).toBeGreaterThan(0.8 * row.truth!.rmseUm);
      expect(row.rho).toBeLessThan(of("true-motion", "truth").rho + 0.005);
    }
    expect(of("corrected", "dredge").rho).toBeGreaterThan(of("corrected", "medicine").rho);
    expect(of("sign-turned", "dredge").deltaRho).toBeLessThan(0);
  });
});

it("finds that DREDge and MEDiCINe help on the real recording, and that they disagree by tens of µm", async () => {
  const names = { sample: "peak_sample_index_32khz", depth: "peak_depth_um", rateHz: 32000 };
  const spikes = await peaks("example_nhp", names);
  const board = await score(
    spikes,
    [
      { name: "dredge", motion: await dredge("example_nhp/ref_dredge_ap_nonrigid") },
      { name: "medicine", motion: await medicine("example_nhp/ref_medicine_seed0") },
      { name: "medicine, another seed", motion: await medicine("example_nhp/ref_medicine_seed1") },
    ],
    null,
  );
  expect(board.verdicts.map(({ kind }) => kind)).toEqual(["helps", "helps", "helps"]);
  const [dredgeRow, medicineRow] = board.rows.filter(({ kind }) => kind === "corrected");
  expect(medicineRow.rho).toBeGreaterThan(dredgeRow.rho + 0.2);
  expect(medicineRow.flatnessUm).toBeLessThan(4);
  const [apart, , seeds] = board.comparisons;
  expect(apart.r).toBeGreaterThan(0.9);
  expect(apart.maxAbsUm).toBeGreaterThan(30);
  expect(seeds).toMatchObject({ a: "medicine", b: "medicine, another seed" });
  expect(seeds.rmsUm).toBeLessThan(1.5);
});
