import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { meanCorrelation } from "../../src/core/histogramLosses.ts";
import { correctDepths } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import { Random } from "../../src/core/random.ts";
import { softHistogram } from "../../src/core/softHistogram.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { checkParams, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { blurGrid, fillInvalid, maxCells, prepareData, resampleMotion } from "../../src/methods/gradientMotion/data.ts";
import { gradientMotion } from "../../src/methods/gradientMotion/gradientMotion.ts";
import { GradientMotionModel } from "../../src/methods/gradientMotion/model.ts";
import { sigmaAt } from "../../src/methods/gradientMotion/schedule.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { motionContract } from "./contract.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("gradient motion keeps the contract of motion methods", () => {
  motionContract(gradientMotion, {
    params: { iterations: 80 },
    short: { iterations: 12 },
    usesSeed: false,
    keepsMotion: true,
    limitUm: { rigid: 1, nonRigid: 1.2 },
  });
});

type Row = readonly [timeSec: number, depthUm: number, ampUv?: number, xUm?: number];

function spikesOf(rows: readonly Row[]): SpikeTable {
  const spikes: SpikeTable = {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (r) => r[0]),
    depthUm: Float64Array.from(rows, (r) => r[1]),
    ampUv: Float32Array.from(rows, (r) => r[2] ?? -60),
  };
  return rows[0]?.[3] === undefined ? spikes : { ...spikes, xUm: Float64Array.from(rows, (r) => r[3]!) };
}

/** Five units that move together, some spikes in each of the bins. */
function fewSpikes(nTimes: number, perBin: number, lateral: boolean): SpikeTable {
  const random = new Random(7);
  return spikesOf(
    Array.from({ length: nTimes * perBin }, (_, i): Row => {
      const timeSec = (i + 0.5) / perBin;
      const unit = random.integer(5);
      const depthUm = 100 + 70 * unit + 12 * Math.sin(timeSec) + 3 * random.normal();
      return lateral ? [timeSec, depthUm, -60, 10 * unit + 2 * random.normal()] : [timeSec, depthUm];
    }),
  );
}

async function finish(spikes: SpikeTable, params: ParamValues, motion?: Motion) {
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const inputs = { spikes, recording: null, waveforms: null, motion };
  const run = gradientMotion.run(inputs, checkParams(gradientMotion, params), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult };
    events.push(next.value);
  }
}

const warningsOf = (events: Yielded[]) => events.flatMap((e) => (e.kind === "warning" ? [e.message] : []));

describe("the gradient", () => {
  // ρ̄ of the oracle, by its own histogram and correlation, at a motion
  function rhoAt(motion: Motion, spikes: SpikeTable, sigmaUm: number, window: number, startUm: Float64Array): number {
    const data = prepareData(spikes, { binSec: 1, minSpikes: 1, useLateral: true });
    const { grid, xScale } = blurGrid(data, sigmaUm, 4, Math.max(...startUm.map(Math.abs)));
    const stepwise = Float64Array.from(data.timeBin, (t) => t + 0.5); // constant within a bin
    const y = correctDepths(motion, stepwise, spikes.depthUm).map((v) => v - data.depthRangeUm[0]);
    const x = data.xUm ? data.xUm.map((v) => v * xScale) : new Float32Array(y.length);
    return meanCorrelation(softHistogram(x, y, data.timeBin, data.nTimes, grid), data.nTimes, data.valid, window).value;
  }

  it.each([
    { lateral: false, smoothingBins: 0, window: Number.POSITIVE_INFINITY },
    { lateral: true, smoothingBins: 0, window: 3 },
    { lateral: false, smoothingBins: 2, window: 4 },
  ])(
    "agrees with finite differences: $lateral, $smoothingBins, $window",
    async ({ lateral, smoothingBins, window }) => {
      const nTimes = 9;
      const nLevels = 2;
      const sigmaUm = 12;
      const spikes = fewSpikes(nTimes, 15, lateral);
      const data = prepareData(spikes, { binSec: 1, minSpikes: 1, useLateral: true });
      const spanUm = data.depthRangeUm[1] - data.depthRangeUm[0];
      const random = new Random(3);
      const startUm = Float64Array.from({ length: nTimes * nLevels }, () => 5 * random.normal());
      const config = { nLevels, pitchUm: 4, window, smoothingBins };
      const rhoOf = async (displacement: Float64Array) => {
        const model = new GradientMotionModel(data, displacement, config);
        const motion = await model.motion();
        model.dispose();
        return rhoAt(motion, spikes, sigmaUm, window, startUm);
      };
      const model = new GradientMotionModel(data, startUm, config);
      const { rho, tableGrad } = model.gradient(sigmaUm);
      const [[value], grad] = await Promise.all([rho.data(), tableGrad.data()]);
      rho.dispose();
      tableGrad.dispose();
      model.dispose();
      expect(value).toBeCloseTo(await rhoOf(startUm), 4);
      const largest = Math.max(...grad.map(Math.abs)) / spanUm;
      const stepUm = 0.05;
      for (const [t, k] of [
        [0, 0],
        [4, 1],
        [8, 0],
      ]) {
        const shifted = (by: number) => startUm.map((v, at) => (at === t * nLevels + k ? v + by : v));
        const difference = ((await rhoOf(shifted(stepUm))) - (await rhoOf(shifted(-stepUm)))) / (2 * stepUm);
        // the table holds −displacement in units of the depth range; taps that come and go at 3σ are not in the gradient
        expect(Math.abs(-grad[k * nTimes + t] / spanUm - difference)).toBeLessThan(0.02 * largest);
      }
    },
  );
});

describe("its parts", () => {
  it("let the blur fall linearly and stay", () => {
    const schedule = { iterations: 100, sigmaStartUm: 40, sigmaEndUm: 4, annealFraction: 0.5 };
    expect(sigmaAt(schedule, 0)).toBe(40);
    expect(sigmaAt(schedule, 25)).toBeCloseTo(22, 12);
    expect([50, 99].map((step) => sigmaAt(schedule, step))).toEqual([4, 4]);
    expect(sigmaAt({ ...schedule, annealFraction: 0 }, 0)).toBe(4);
  });

  it("fill bins without spikes from their neighbours, flat at the ends", () => {
    const values = Float64Array.from([9, 9, 1, 10, 9, 9, 9, 9, 4, 40, 9, 9]); // [6, 2]
    fillInvalid(values, [0, 1, 0, 0, 1, 0], 2);
    expect([...values]).toEqual([1, 10, 1, 10, 2, 20, 3, 30, 4, 40, 4, 40]);
  });

  it("widen lateral cells, then leave them out, where the histogram would not fit", () => {
    const data = { ...prepareData(fewSpikes(9, 15, true), { binSec: 1, minSpikes: 1, useLateral: true }) };
    const { grid: free } = blurGrid(data, 4, 4, 0);
    expect(free.nx).toBeGreaterThan(10);
    const room = (nx: number) => ({ ...data, nTimes: Math.floor(maxCells / (free.ny * nx)) });
    const tight = blurGrid(room(9), 4, 4, 0);
    expect(tight.grid.nx).toBe(9);
    expect(tight.xScale * data.xSpanUm).toBe(8); // two of the nine cells are inside, the others hold what leaks
    expect(blurGrid(room(3), 4, 4, 0)).toMatchObject({ grid: { nx: 1 }, xScale: 0 });
    expect(() => blurGrid(room(0.5), 4, 4, 0)).toThrow("choose a longer bin_s or a larger bin_um");
  });

  it("take a given motion over at their own bins, a rigid one at its mean", () => {
    const data = prepareData(fewSpikes(4, 15, false), { binSec: 1, minSpikes: 1, useLateral: false });
    const [low, high] = data.depthRangeUm;
    const motion: Motion = {
      displacementUm: Float64Array.from([0, 10, 40, 50]),
      timeBinCentersSec: Float64Array.from([0.5, 3.5]),
      depthBinCentersUm: Float64Array.from([low, high]),
    };
    const found = [...resampleMotion(motion, data, 2)];
    const expected = [0, 10, 40 / 3, 10 + 40 / 3, 80 / 3, 10 + 80 / 3, 40, 50];
    for (let i = 0; i < 8; i++) expect(found[i]).toBeCloseTo(expected[i], 9);
    expect(resampleMotion(motion, data, 1)[0]).toBeCloseTo(5, 9);
  });
});

describe("refining", () => {
  it("improves a motion that is 3 µm off and holds one that is right", async () => {
    const motion = zigzagMotion(40, 30, 10, 1000);
    const { spikes, truth } = syntheticSpikes({
      ...syntheticDefaults,
      durationSec: 60,
      nUnits: 80,
      rateHz: 2,
      depthUm: 1000,
      motion,
    });
    const off = { ...truth, displacementUm: truth.displacementUm.map((v, i) => v + (Math.floor(i / 5) % 2 ? 3 : -3)) };
    const refine = gradientMotion.presets.find((p) => p.id === "refine")!.params;
    for (const [start, limitUm] of [
      [truth, 1.4],
      [off, 1.4],
    ] as const) {
      const { result } = await finish(spikes, refine, start);
      expect(scoreMotion(result.motion!, truth, { depthMarginUm: 50 }).meanAbsUm).toBeLessThan(limitUm);
    }
    await expect(finish(spikes, refine)).rejects.toThrow("asked to refine a motion, but there is none");
  });
});

describe("odd input ends in a motion or in one sentence", () => {
  const good = fewSpikes(6, 15, false);
  const few = { iterations: 8, min_spikes: 1 };

  it.each([
    ["no spikes", spikesOf([]), "needs spikes with a depth; there are none"],
    ["depths that are not numbers", spikesOf([[0, Number.NaN]]), "needs spikes with a depth; there are none"],
    ["one spike", spikesOf([[0, 7]]), "All 1 spikes lie at 7 µm"],
    ["one depth", spikesOf([0, 1, 2].map((t): Row => [t, 7])), "All 3 spikes lie at 7 µm"],
    [
      "one time bin",
      spikesOf([
        [0.1, 7],
        [0.2, 90],
      ]),
      "expected at least 2 of 1 s with 1 spikes each, found 1",
    ],
    [
      "times years apart",
      spikesOf([
        [0, 7],
        [1e9, 90],
      ]),
      "choose longer ones",
    ],
  ])("%s", async (_what, spikes, sentence) => {
    const before = memory().numTensors;
    await expect(finish(spikes, few)).rejects.toThrow(sentence);
    expect(memory().numTensors).toBe(before);
  });

  it.each([
    ["two time bins", fewSpikes(2, 15, false)],
    ["a depth range below one cell", spikesOf(Array.from({ length: 60 }, (_, i): Row => [i / 10, 7 + (i % 3) / 10]))],
    ["amplitudes of 0", { ...good, ampUv: new Float32Array(good.nSpikes) }],
    ["one lateral position", { ...good, xUm: new Float64Array(good.nSpikes).fill(30) }],
    ["lateral positions that are not numbers", { ...good, xUm: new Float64Array(good.nSpikes).fill(Number.NaN) }],
  ])("%s", async (_what, spikes) => {
    const { result } = await finish(spikes, few);
    expect(result.motion!.displacementUm.every(Number.isFinite)).toBe(true);
  });

  it("leaves out spikes without a depth and bins without spikes, and says how many", async () => {
    const { result: expected } = await finish(good, few);
    const holed = spikesOf([
      ...Array.from(good.timeSec, (t, i): Row => [t, good.depthUm[i]]),
      [6.2, Number.NaN],
      [8.5, 200], // bins 6 and 7 are empty
    ]);
    const { events, result } = await finish(holed, { ...few, min_spikes: 2 });
    expect(warningsOf(events)).toEqual([
      "1 of 92 spikes have no depth; they take no part.",
      "3 of 9 time bins have fewer than 2 spikes; their motion is filled in from their neighbours.",
    ]);
    const last = [...result.motion!.displacementUm.slice(10, 12)];
    expect([...result.motion!.displacementUm.slice(12)]).toEqual([...last, ...last, ...last]);
    result.motion!.displacementUm.slice(0, 12).forEach((v, i) => {
      expect(v).toBeCloseTo(expected.motion!.displacementUm[i], 3);
    });
  });
});
