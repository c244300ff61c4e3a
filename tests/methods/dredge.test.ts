import { beforeAll, describe, expect, it } from "vitest";
import { dredge as oracle } from "../../src/core/dredge/dredge.ts";
import { type DredgeOptions, dredgeDefaults } from "../../src/core/dredge/options.ts";
import { slidingProductsBySpectrum } from "../../src/core/dredge/slidingProducts.ts";
import { median } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import { dredge } from "../../src/methods/dredge/dredge.ts";
import { isSquare, nPairs, planTiles } from "../../src/methods/dredge/tiles.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { motionContract } from "./contract.ts";
import { runDredge } from "./dredgeRuns.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("DREDge keeps the contract of motion methods", () => {
  motionContract(dredge, {
    params: { bin_s: 4, bin_um: 4, win_step_um: 300, win_scale_um: 300, max_disp_um: 80 },
    short: { rigid: true, bin_s: 8 },
    usesSeed: false,
    keepsMotion: false,
    limitUm: { rigid: 1, nonRigid: 3 },
  });
});

const motion = zigzagMotion(30, 60, 15, 900);
const { spikes, truth } = syntheticSpikes({
  ...syntheticDefaults,
  durationSec: 120,
  nUnits: 80,
  rateHz: 3,
  depthUm: 900,
  motion,
});
const params = { bin_um: 3, probe_high_um: 900, win_scale_um: 300, win_step_um: 250 };
const lastSec = spikes.timeSec[spikes.nSpikes - 1];

describe("DREDge as a method", () => {
  const variants: { what: string; given: ParamValues; options: Partial<DredgeOptions> }[] = [
    { what: "SpikeInterface's", given: {}, options: {} },
    { what: "the original", given: { front_end: "original" }, options: { variant: "original" } },
    { what: "a short horizon", given: { time_horizon_s: 25 }, options: { horizonSec: 25 } },
    {
      what: "rectangles, mean amplitudes",
      given: { win_shape: "rect", avg_in_bin: true, win_margin_um: -100 },
      options: { windowShape: "rect", averageInBin: true, windowMarginUm: -100 },
    },
  ];

  it.each(variants)("gives the motion of the plain loops: $what", async ({ given, options }) => {
    const { result } = await runDredge(spikes, { ...params, ...given });
    const own = { binUm: 3, windowScaleUm: 300, windowStepUm: 250 };
    const expected = oracle(
      spikes,
      [0, 900],
      lastSec,
      { ...dredgeDefaults, ...own, ...options },
      slidingProductsBySpectrum,
    );
    const worst = Math.max(
      ...result.motion!.displacementUm.map((p, at) => Math.abs(p - expected.motion.displacementUm[at])),
    );
    console.info(`largest difference ${worst.toExponential(1)} µm`);
    // windows are rounded to float32, which may turn one tie of two lags in a thousand: 3 µm of one pair in hundreds
    expect(worst).toBeLessThan(0.02);
    expect(result.motion!.depthBinCentersUm).toEqual(expected.motion.depthBinCentersUm);
    expect(result.motion!.timeBinCentersSec).toEqual(expected.motion.timeBinCentersSec);
  });

  it("in chunks comes to the motion of the whole, but for the level", async () => {
    const whole = (await runDredge(spikes, { ...params, time_horizon_s: 40 })).result;
    const { result, events } = await runDredge(spikes, { ...params, time_horizon_s: 40, chunk_len_s: 40 });
    const stages = events.filter((event) => event.kind === "stage").map((event) => event.name);
    expect(stages.filter((name) => name === "solve").length).toBe(3);
    const score = scoreMotion(result.motion!, whole.motion!);
    const against = [result, whole].map(
      ({ motion: found }) => scoreMotion(found!, truth, { depthMarginUm: 50 }).rmseUm,
    );
    console.info(
      `in chunks: ${score.rmseUm.toFixed(3)} µm RMS from the whole (at most ${score.maxAbsUm.toFixed(2)}); errors ${against.map((e) => e.toFixed(3))} µm`,
    );
    expect(score.rmseUm).toBeLessThan(0.3);
    expect(against[0]).toBeLessThan(1.1 * against[1]);
    expect(result.summary.pairs).toBeLessThan(1.1 * whole.summary.pairs);
  });

  it("shows motions while it compares, and leaves the last when it is stopped", async () => {
    const fine = { ...params, bin_um: 2, bin_s: 0.5 };
    const whole = await runDredge(spikes, fine);
    const live = whole.events.filter((event) => event.kind === "motion");
    expect(live.length).toBeGreaterThan(1);
    const stopped = await runDredge(spikes, fine, {}, (event) => event.kind === "motion");
    expect(stopped.result.complete).toBe(false);
    expect(stopped.result.summary.pairs).toBeLessThan(whole.result.summary.pairs);
    const score = scoreMotion(stopped.result.motion!, whole.result.motion!);
    expect(score.r).toBeGreaterThan(0.9);
    expect(median(stopped.result.motion!.displacementUm)).not.toBeNaN();
  });
});

describe("tiles of pairs", () => {
  it.each([
    [0, 100, 99, 16],
    [0, 100, 30, 16],
    [0, 100, 5, 16],
    [70, 100, 40, 16],
    [70, 100, 100, 7],
    [0, 1, 0, 32],
  ])("cover every pair of [%i, %i) within %i once, in tiles of %i", (start, end, reach, size) => {
    const seen = new Map<string, number>();
    const passes = planTiles(start, end, reach, size);
    for (const tile of passes.flat()) {
      expect(tile.rows[1] - tile.rows[0]).toBeLessThanOrEqual(size);
      expect(nPairs(tile)).toBe(
        (tile.rows[1] - tile.rows[0]) * (tile.columns[1] - tile.columns[0]) * (isSquare(tile) ? 1 : 2),
      );
      for (let i = tile.rows[0]; i < tile.rows[1]; i++)
        for (let j = Math.max(i, tile.columns[0]); j < tile.columns[1]; j++)
          if (j - i <= reach) seen.set(`${i} ${j}`, (seen.get(`${i} ${j}`) ?? 0) + 1);
    }
    let nExpected = 0;
    for (let j = start; j < end; j++) nExpected += j - Math.max(0, j - reach) + 1;
    expect(seen.size).toBe(nExpected);
    expect(Math.max(...seen.values())).toBe(1);
    expect(passes[0].every(({ rows, columns }) => rows[0] === columns[0])).toBe(true);
  });
});

describe("parameters", () => {
  it("have the defaults of SpikeInterface's dredge_ap; 0 stands for its None", () => {
    const defaults = Object.fromEntries(Object.entries(dredge.params).map(([name, p]) => [name, p.default]));
    expect(defaults).toMatchObject({
      rigid: false,
      win_shape: "gaussian",
      win_step_um: 400,
      win_scale_um: 450,
      win_margin_um: 0,
      bin_um: 1,
      bin_s: 1,
      max_disp_um: 0,
      time_horizon_s: 1000,
      mincorr: 0.1,
      do_window_weights: true,
      weights_threshold_low: 0.2,
      weights_threshold_high: 0.2,
      histogram_depth_smooth_um: 1,
      histogram_time_smooth_s: 1,
      avg_in_bin: false,
      lambda_t: 1,
      lambda_s: 1,
      eps: 1e-3,
    });
    for (const advice of dredge.troubleshooting)
      for (const name of advice.params) expect(dredge.params).toHaveProperty(name);
  });
});
