import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { ProbeSites } from "../../src/core/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { runDredge, spikesOf } from "./dredgeRuns.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

type Row = [timeSec: number, depthUm: number, ampUv: number];

/** Forty units over 300 µm for 30 s; the tissue moves up by 12 µm after 15 s. */
const random = new Random(11);
const units = Array.from({ length: 40 }, () => [300 * random.uniform(), 40 + 60 * random.uniform()]);
const rows: Row[] = Array.from({ length: 4000 }, (_, i) => {
  const timeSec = (30 * i) / 4000;
  const [depthUm, ampUv] = units[random.integer(units.length)];
  return [timeSec, depthUm + (timeSec < 15 ? 0 : 12) + 0.5 * random.normal(), -ampUv];
});
const params = { rigid: true, probe_low_um: 0, probe_high_um: 320, max_disp_um: 30 };

function jumpUm({ result }: Awaited<ReturnType<typeof runDredge>>): number {
  const { displacementUm, timeBinCentersSec } = result.motion!;
  const at = (sec: number) => displacementUm[timeBinCentersSec.findIndex((t) => t > sec)];
  return at(25) - at(5);
}

describe("odd spikes", () => {
  it("without a place or an amplitude take no part, and are counted", async () => {
    const odd = rows.flatMap((row, i): Row[] => [row, [row[0], i % 2 ? Number.NaN : 5000, i % 3 ? -50 : Number.NaN]]);
    const run = await runDredge(spikesOf(odd), params);
    expect(run.warnings).toEqual([
      "2,667 of 8,000 spikes have no depth or no amplitude (not a number); they take no part.",
    ]);
    const plain = await runDredge(spikesOf(rows), params);
    expect(run.result.motion).toEqual(plain.result.motion); // those at 5000 µm lie outside
    expect(Math.abs(jumpUm(run) - 12)).toBeLessThan(1);
    const none = runDredge(spikesOf([[1, Number.NaN, -50]]), params);
    await expect(none).rejects.toThrow("expected spikes with a time, a depth and an amplitude, found none among 1");
  });

  it.each([
    [1e-3, "found a median of 0.078; they are taken times 1e+3"],
    [1e-6, "taken times 1e+6"],
  ])("in another unit (× %d) are told by their size", async (factor, sentence) => {
    const run = await runDredge(spikesOf(rows.map(([t, y, a]) => [t, y, a * factor])), params);
    expect(run.warnings[0]).toContain(sentence);
    expect(run.result.summary.cold_time_bins).toBe(0);
    expect(Math.abs(jumpUm(run) - 12)).toBeLessThan(1);
  });

  it.each([
    [-70, []],
    [0, ["All amplitudes are 0; every spike counts alike."]],
  ])("of one amplitude (%d) still move", async (amp, expected) => {
    const run = await runDredge(spikesOf(rows.map(([t, y]) => [t, y, amp])), params);
    expect(run.warnings).toEqual(expected);
    expect(Math.abs(jumpUm(run) - 12)).toBeLessThan(1);
  });

  it("at one depth say nothing of motion", async () => {
    const sentence = "expected spikes at more than one depth, found all";
    await expect(runDredge(spikesOf(rows.map(([t, , a]) => [t, 100, a])), params)).rejects.toThrow(sentence);
    await expect(runDredge(spikesOf([[9, 100, -50]]), {})).rejects.toThrow("found all 1 at 100 µm");
  });

  it.each([true, false])("in one time bin, one depth bin or two seconds end in a motion (rigid: %s)", async (rigid) => {
    const low = rows.map(([t, y, a]): Row => [t, y / 1000, a]);
    const few: { what: string; spikes: Row[]; nTimes: number; furthestUm: number }[] = [
      { what: "one second", spikes: rows.filter(([t]) => t < 1), nTimes: 1, furthestUm: 0 },
      { what: "two seconds", spikes: rows.filter(([t]) => t < 2), nTimes: 2, furthestUm: 1 },
      { what: "two spikes", spikes: [rows[0], rows[3999]], nTimes: 30, furthestUm: 0 },
      { what: "one depth bin", spikes: low, nTimes: 30, furthestUm: 0 },
    ];
    for (const { what, spikes, nTimes, furthestUm } of few) {
      const given = { rigid, probe_high_um: what === "one depth bin" ? 0.9 : 320 };
      const { result, warnings } = await runDredge(spikesOf(spikes), given);
      expect(result.complete, what).toBe(true);
      expect(result.motion!.timeBinCentersSec.length, what).toBe(nTimes);
      expect(Math.max(...result.motion!.displacementUm.map(Math.abs)), what).toBeLessThanOrEqual(furthestUm);
      if (nTimes === 1) expect(warnings.join()).toContain("There is one time bin of 1 s");
    }
  });

  it("at one end of the probe alone do not seem to leap", async () => {
    const low = rows.map(([t, y, a]): Row => [t, 90 + y / 100, a]);
    const { result } = await runDredge(spikesOf(low), { probe_high_um: 320 });
    expect(Math.max(...result.motion!.displacementUm.map(Math.abs))).toBeLessThan(1);
  });

  it("that pause for a while leave cold bins, and the motion goes across", async () => {
    const paused = rows.filter(([t]) => t < 8 || t > 20);
    const run = await runDredge(spikesOf(paused), params);
    expect(run.warnings[0]).toMatch(/^\d+ of 30 time bins have too little activity/);
    expect(run.result.motion!.displacementUm.every(Number.isFinite)).toBe(true);
    expect(Math.abs(jumpUm(run) - 12)).toBeLessThan(1);
    const apart = await runDredge(spikesOf(paused), { ...params, time_horizon_s: 3 }); // the pause is longer
    expect(apart.result.motion!.displacementUm.every(Number.isFinite)).toBe(true);
    const all = await runDredge(spikesOf(paused), { ...params, do_window_weights: false });
    expect(all.result.summary.cold_time_bins).toBe(0);
  });

  it("that never look alike end in a motion of zero, and it says so", async () => {
    const run = await runDredge(spikesOf(rows.filter((_, i) => i % 400 === 0)), { ...params, mincorr: 0.999 });
    expect(run.warnings.join()).toContain("No two time bins correlate enough");
    expect(run.result.motion!.displacementUm.every((p) => p === 0)).toBe(true);
  });

  it("that move further than is looked for are reported", async () => {
    const run = await runDredge(spikesOf(rows), { ...params, max_disp_um: 8, histogram_depth_smooth_um: 5 });
    expect(run.warnings.join()).toContain("lie at the largest displacement (8 µm); raise max_disp_um");
  });
});

describe("where the contacts lie", () => {
  const probe = (depthsUm: number[]): ProbeSites => ({
    model: "",
    partNumber: "",
    nShanks: 1,
    positionsUm: depthsUm.map((y) => [0, y]),
    shank: depthsUm.map(() => 0),
    connected: depthsUm.map((y) => y < 1000),
  });
  const centre = async (given: Parameters<typeof runDredge>[1], sites?: ProbeSites) => {
    const run = await runDredge(spikesOf(rows), { rigid: true, ...given }, sites ? { probe: sites } : {});
    return { um: run.result.motion!.depthBinCentersUm[0], warnings: run.warnings };
  };

  it("is taken from the probe, then from the parameters, then from the spikes", async () => {
    expect(await centre({ probe_high_um: 500 }, probe([20, 320, 2000]))).toEqual({ um: 170, warnings: [] });
    expect(await centre({ probe_high_um: 500 }, probe([]))).toEqual({ um: 250, warnings: [] });
    const { um, warnings } = await centre({});
    expect(Math.abs(um - 155)).toBeLessThan(8);
    expect(warnings[0]).toContain("Where the contacts lie is not known; the depths of the spikes are taken");
    await expect(centre({ probe_low_um: 500, probe_high_um: 1 })).rejects.toThrow("must not lie above probe_high_um");
    await expect(centre({ probe_low_um: 5000, probe_high_um: 6000 })).rejects.toThrow("found none of 4000 there");
  });

  it("one window is used where the probe is too short for more, and it says so", async () => {
    const run = await runDredge(spikesOf(rows), { ...params, rigid: false });
    expect(run.warnings[0]).toContain("one window over its middle is used");
    expect(run.result.summary.n_windows).toBe(1);
  });

  it("and how long it is: the recording's length goes before the last spike", async () => {
    const run = await runDredge(spikesOf(rows), params, { durationSec: 39.5 });
    expect(run.result.motion!.timeBinCentersSec.length).toBe(40);
  });

  it("spikes far off the probe, or far in the future, do not fill the memory", async () => {
    const far = spikesOf([...rows, [30, 1e7, -50]]);
    const run = await runDredge(far, { rigid: true });
    expect(run.result.motion!.depthBinCentersUm[0]).toBeLessThan(250);
    await expect(runDredge(far, { rigid: true, front_end: "original" })).rejects.toThrow("take larger bins");
    const late = spikesOf([...rows, [1e8, 100, -50]]);
    await expect(runDredge(late, params)).rejects.toThrow("take larger bins");
    const long = spikesOf([...rows, [30000, 100, -50]]);
    await expect(runDredge(long, { ...params, time_horizon_s: 0 })).rejects.toThrow("set chunk_len_s");
  });
});
