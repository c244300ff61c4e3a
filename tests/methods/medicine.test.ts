import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { checkParams, infoOf } from "../../src/methods/defineMethod.ts";
import { drawBatch, motionNoise, prepareData, quantile } from "../../src/methods/medicine/data.ts";
import { medicine } from "../../src/methods/medicine/medicine.ts";
import { methodById, presetRecipes } from "../../src/methods/registry.ts";
import { runRecipe } from "../../src/methods/runRecipe.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ComputeStatus, JobEvent } from "../../src/protocol/methods.ts";
import { motionContract } from "./contract.ts";

let status: ComputeStatus;
beforeAll(async () => {
  status = await chooseCompute("cpu", () => undefined);
});

function spikesOf(rows: [timeSec: number, depthUm: number, ampUv: number][]): SpikeTable {
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (r) => r[0]),
    depthUm: Float64Array.from(rows, (r) => r[1]),
    ampUv: Float32Array.from(rows, (r) => r[2]),
  };
}

describe("MEDiCINe keeps the contract of motion methods", () => {
  motionContract(medicine, {
    params: {
      training_steps: 800,
      motion_noise_steps: 400,
      batch_size: 1024,
      time_kernel_width: 20,
      learning_rate: 2e-3,
    },
    short: { training_steps: 30 },
    usesSeed: true,
    keepsMotion: true,
    limitUm: { rigid: 3, nonRigid: 4 },
  });
});

describe("MEDiCINe's data", () => {
  const spikes = spikesOf([
    [0.5, 100, -90],
    [1.5, 300, -50],
    [2.5, 200, -10],
    [3.5, 500, -70],
  ]);
  const settings = { binSec: 1, marginSec: 1e-3, amplitudeQuantile: 0 };

  it("scales by the extremes and starts its bins at the first spike less the margin", () => {
    const data = prepareData(spikes, settings);
    expect([...data.depth]).toEqual([0, 0.5, 0.25, 1]);
    expect([...data.amp]).toEqual([0, 0.5, 1, 0.25]);
    expect(data.startSec).toBeCloseTo(0.499, 12);
    expect([...data.timeBin]).toEqual([0, 1, 2, 3]);
    expect(data.nTimes).toBe(4);
  });

  it("drops by signed amplitude: above 0 the smallest, below 0 the largest", () => {
    expect(prepareData(spikes, { ...settings, amplitudeQuantile: 0.5 }).ampRangeUv).toEqual([-50, -10]);
    expect(prepareData(spikes, { ...settings, amplitudeQuantile: -0.5 }).ampRangeUv).toEqual([-90, -70]);
    expect(prepareData(spikes, { ...settings, amplitudeQuantile: -0.5 }).nTimes).toBe(4); // bins still span all spikes
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  });

  it("says what is wrong with data it cannot use", () => {
    const flat = spikesOf([
      [0, 7, -1],
      [1, 7, -2],
    ]);
    expect(() => prepareData(flat, settings)).toThrow("All 2 spikes lie at 7 µm");
    expect(() => prepareData(spikesOf([[0, 7, -1]]), settings)).toThrow("needs at least 2 spikes; of 1, 1 have");
    const equal = prepareData(
      spikesOf([
        [0, 7, -1],
        [1, 9, -1],
      ]),
      settings,
    );
    expect(equal.warnings[0]).toContain("All amplitudes are equal (-1)");
    expect([...equal.amp]).toEqual([0, 0]);
  });

  it("leaves out spikes that have no place, and says how many", () => {
    const withNaN = spikesOf([
      [0, 7, -1],
      [1, Number.NaN, -2],
      [2, 9, Number.NaN],
      [3, 9, -3],
    ]);
    const data = prepareData(withNaN, settings);
    expect([...data.depth]).toEqual([0, 1]);
    expect(data.warnings).toEqual(["2 of 4 spikes have no finite depth or amplitude; they are left out."]);
  });

  it("draws real spikes first, drawn ones over the widened range, and noise that falls to zero", () => {
    const data = prepareData(spikes, settings);
    const batch = drawBatch(data, new Random(1), 500, 0.3, 0);
    expect(batch.noise.every((v) => v === 0)).toBe(true);
    expect([...batch.depth.subarray(0, 500)].every((d) => data.depth.includes(d))).toBe(true);
    const drawn = batch.depth.subarray(500);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-0.3);
    expect(Math.min(...drawn)).toBeLessThan(-0.2);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1.3);
    expect(Math.max(...drawn)).toBeGreaterThan(1.2);
    expect([0, 1000, 2000, 5000].map((s) => motionNoise(s, 0.1, 2000))).toEqual([0.1, 0.05, 0, 0]);
  });
});

describe("parameters", () => {
  it("are run_medicine's, with its defaults", () => {
    const defaults = Object.fromEntries(Object.entries(medicine.params).map(([name, p]) => [name, p.default]));
    expect(defaults).toEqual({
      motion_bound: 800,
      time_bin_size: 1,
      time_kernel_width: 30,
      activity_network_hidden_features: [256, 256],
      num_depth_bins: 2,
      amplitude_threshold_quantile: 0,
      batch_size: 4096,
      training_steps: 10000,
      initial_motion_noise: 0.1,
      motion_noise_steps: 2000,
      learning_rate: 0.0005,
      epsilon: 0.001,
    });
  });

  it("are refused with their name, range and value", () => {
    expect(() => checkParams(medicine, { batch_size: 1.5 })).toThrow(
      "batch_size must be a whole number from 2 to 65536 spikes; it is 1.5.",
    );
    expect(() => checkParams(medicine, { motion_bound: -1 })).toThrow(
      "motion_bound must be a number from 1 to 20000 µm; it is -1.",
    );
    expect(() => checkParams(medicine, { speed: 1 })).toThrow('MEDiCINe has no parameter "speed"');
    expect(() => checkParams(medicine, { activity_network_hidden_features: [0] })).toThrow(
      "a list of whole numbers from 1 to 2048",
    );
  });

  it("appear in presets only under names that exist", () => {
    for (const recipe of Object.values(presetRecipes())) {
      for (const step of recipe.steps) expect(() => checkParams(methodById(step.method), step.params)).not.toThrow();
    }
    for (const advice of medicine.troubleshooting)
      for (const name of advice.params) expect(medicine.params).toHaveProperty(name);
    expect(infoOf(medicine)).not.toHaveProperty("run");
  });
});

describe("running a recipe", () => {
  const spikes = spikesOf(Array.from({ length: 300 }, (_, i) => [i / 10, 100 + ((i * 37) % 400), -50 - (i % 30)]));
  const inputs = { spikes, recording: null, waveforms: null };
  const quick = { training_steps: 12, motion_noise_steps: 6, batch_size: 64, activity_network_hidden_features: [16] };
  const recipe = { driftscope: 1 as const, title: "t", seed: 5, steps: [{ method: "medicine", params: quick }] };
  const host = (controller: AbortController, events: JobEvent[]) => ({
    signal: controller.signal,
    gate: () => Promise.resolve(),
    onEvent: (event: JobEvent) => void events.push(event),
    wantsImage: () => false,
    deliverImage: () => undefined,
    status,
    resume: false,
    inputs: [],
    runtime: "test",
    peakMemoryBytes: () => null,
  });

  it("returns the result with its provenance", async () => {
    const events: JobEvent[] = [];
    const result = await runRecipe(recipe, inputs, host(new AbortController(), events));
    expect(result.provenance).toMatchObject({ complete: true, seed: 5, compute: { mode: "cpu" } });
    expect(result.steps[0].metrics.loss.value).toHaveLength(12);
    expect(result.steps[0].activity).toHaveLength(3);
    expect(Object.keys(result.steps[0].stageSeconds)).toEqual(["prepare", "train", "distributions"]);
    expect(events.at(-1)).toEqual({ kind: "state", state: "done" });
  });

  it("keeps what was finished when it is cancelled", async () => {
    const events: JobEvent[] = [];
    const controller = new AbortController();
    const stopping = host(controller, events);
    const long = { ...recipe, steps: [{ method: "medicine", params: { ...quick, training_steps: 100000 } }] };
    const run = runRecipe(long, inputs, {
      ...stopping,
      onEvent: (e) => {
        events.push(e);
        if (e.kind === "motion") controller.abort();
      },
    });
    const result = await run;
    expect(result.provenance.complete).toBe(false);
    expect(result.steps[0].motion).toBeDefined();
    expect(result.steps[0].metrics.loss.value.length).toBeGreaterThan(0);
    expect(events.at(-1)).toEqual({ kind: "state", state: "cancelled" });
  });

  it("refuses an empty recipe and an unknown method in words", async () => {
    const events: JobEvent[] = [];
    await expect(runRecipe({ ...recipe, steps: [] }, inputs, host(new AbortController(), events))).rejects.toThrow(
      "The recipe has no steps",
    );
    await expect(
      runRecipe({ ...recipe, steps: [{ method: "magic", params: {} }] }, inputs, host(new AbortController(), events)),
    ).rejects.toThrow('There is no method "magic"');
  });
});
