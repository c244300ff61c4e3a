import { beforeAll, describe, expect, it } from "vitest";
import { correctDepths, median, motionOfShank } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import { joinShanks, shanksOf, sitesOfShank, spikesOfShank } from "../../src/core/shankMotion.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { checkParams, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { methodById } from "../../src/methods/registry.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const base = { ...syntheticDefaults, durationSec: 90, nUnits: 60, rateHz: 2, depthUm: 1000 };
/** Tissue around the second shank moves against that around the first. */
const drifts = [zigzagMotion(40, 45, 0, base.depthUm), zigzagMotion(-25, 45, 0, base.depthUm)];

/** One table in order of time, a shank for each of the given ones. */
function onShanks(tables: readonly SpikeTable[]): SpikeTable {
  const rows = tables.flatMap((table, shank) =>
    Array.from(table.timeSec, (timeSec, i) => ({ timeSec, shank, depthUm: table.depthUm[i], ampUv: table.ampUv[i] })),
  );
  rows.sort((a, b) => a.timeSec - b.timeSec);
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (row) => row.timeSec),
    depthUm: Float64Array.from(rows, (row) => row.depthUm),
    ampUv: Float32Array.from(rows, (row) => row.ampUv),
    shank: Int32Array.from(rows, (row) => row.shank),
  };
}

async function estimate(spikes: SpikeTable, given: ParamValues): Promise<{ result: MethodResult; events: Yielded[] }> {
  const method = methodById("dredge");
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const run = method.run({ spikes, recording: null, waveforms: null }, checkParams(method, given), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { result: next.value, events };
    events.push(next.value);
  }
}

describe("spikes on several shanks", () => {
  const [first, second] = drifts.map((motion, k) => syntheticSpikes({ ...base, motion, seed: 5 + k }));
  const alone: SpikeTable = {
    nSpikes: 1,
    timeSec: Float64Array.of(3),
    depthUm: Float64Array.of(Number.NaN),
    ampUv: Float32Array.of(-80),
  };
  const spikes = onShanks([first.spikes, second.spikes, alone]);

  it("are estimated shank by shank, and a shank with too little follows the mean", async () => {
    const { result, events } = await estimate(spikes, { rigid: true });
    const motion = result.motion!;
    expect(motion.byShank).toHaveLength(3);
    for (const [shank, { truth }] of [first, second].entries()) {
      const { gain, meanAbsUm } = scoreMotion(motionOfShank(motion, shank), truth);
      console.info(`shank ${shank}: mean |error| ${meanAbsUm.toFixed(2)} µm, gain ${gain.toFixed(3)}`);
      expect(meanAbsUm).toBeLessThan(1);
      expect(gain).toBeGreaterThan(0.95);
    }
    expect(motion.byShank![2].displacementUm).toEqual(motion.displacementUm);
    expect(events).toContainEqual(expect.objectContaining({ kind: "warning", code: "shank-left-out" }));
    expect(result.summary.n_shanks).toBe(2);
    const corrected = correctDepths(motion, spikes.timeSec, spikes.depthUm, spikes.shank);
    const row = spikes.shank!.findIndex((shank, i) => shank === 1 && spikes.timeSec[i] > 20);
    const own = correctDepths(
      motion.byShank![1],
      spikes.timeSec.subarray(row, row + 1),
      spikes.depthUm.subarray(row, row + 1),
    );
    expect(corrected[row]).toBe(own[0]);
  });

  it("report one progress over all shanks", async () => {
    const { events } = await estimate(spikes, { rigid: true });
    const progress = events.filter((event) => event.kind === "progress");
    expect(progress.every((event, i) => i === 0 || event.done > progress[i - 1].done)).toBe(true);
    expect(progress.every((event) => event.done <= event.total && event.secondsLeft >= 0)).toBe(true);
    const titles = events.flatMap((event) => (event.kind === "stage" ? [event.title] : []));
    expect(titles.some((title) => title.startsWith("Shank 1: "))).toBe(true);
    expect(titles.some((title) => title.startsWith("Shank 2: "))).toBe(true);
  });

  it("are one when asked to be", async () => {
    const { result } = await estimate(spikes, { rigid: true, shanks: "joined" });
    expect(result.motion!.byShank).toBeUndefined();
  });
});

describe("shanks", () => {
  const rigid = (values: number[], startSec: number): Motion => ({
    displacementUm: Float64Array.from(values),
    timeBinCentersSec: Float64Array.from(values, (_, t) => startSec + t),
    depthBinCentersUm: Float64Array.of(100),
  });

  it("are cut out of tables and probes in their order", () => {
    const table: SpikeTable = {
      nSpikes: 4,
      timeSec: Float64Array.of(1, 2, 3, 4),
      depthUm: Float64Array.of(10, 20, 30, 40),
      ampUv: Float32Array.of(-1, -2, -3, -4),
      shank: Int32Array.of(3, 0, 3, 0),
    };
    expect(shanksOf(table)).toEqual([0, 3]);
    const { nSpikes, depthUm, ampUv } = spikesOfShank(table, 3);
    expect([nSpikes, [...depthUm], [...ampUv]]).toEqual([2, [10, 30], [-1, -3]]);
    const probe = {
      ...{ model: "m", partNumber: "", nShanks: 2 },
      positionsUm: [
        [0, 0],
        [250, 0],
        [250, 20],
      ] as [number, number][],
      shank: [0, 1, 1],
      connected: [true, true, false],
    };
    expect(sitesOfShank(probe, 1)).toMatchObject({
      nShanks: 1,
      positionsUm: [
        [250, 0],
        [250, 20],
      ],
      connected: [true, false],
    });
  });

  it("join to their mean on the finest bins, and those left out follow it", () => {
    const joined = joinShanks([rigid([0, 2, 4], 0), rigid([4, 4], 0.5)], [0, 2], 3);
    expect([...joined.displacementUm]).toEqual([2, 3, 4]);
    const across = (lateral: number) => ({ ...rigid([0, 0], 0), lateralUm: Float64Array.of(lateral, lateral) });
    expect(joined.lateralUm).toBeUndefined();
    expect([...joinShanks([across(2), across(6)], [0, 1], 2).lateralUm!]).toEqual([4, 4]);
    expect(joined.byShank!.map((one) => median(one.displacementUm))).toEqual([2, 3, 4]);
    expect([...motionOfShank(joined, 7).displacementUm]).toEqual([2, 3, 4]);
  });
});
