import { describe, expect, it } from "vitest";
import { OptimisationLog, thinMotion } from "../../src/app/optimisationLog.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import type { JobEvent } from "../../src/protocol/methods.ts";

const limits = { moments: 8, spikes: 10, timeBins: 5, depthBins: 2 };
const spikes: SpikeTable = {
  nSpikes: 100,
  timeSec: new Float64Array(100),
  depthUm: new Float64Array(100),
  ampUv: new Float32Array(100),
};
const motion = (value: number): Motion => ({
  displacementUm: new Float64Array(3).fill(value),
  timeBinCentersSec: Float64Array.from([0, 1, 2]),
  depthBinCentersUm: Float64Array.from([0]),
});
const metric = (step: number, rho_val: number): JobEvent => ({ kind: "metric", step, values: { rho_val } });
const moved = (value: number): JobEvent => ({ kind: "motion", motion: motion(value) });
const placed = (value: number, rows: Int32Array | null = null, n = 100): JobEvent => ({
  kind: "positions",
  localizer: "cnn",
  rows,
  xyza: Float32Array.from({ length: 4 * n }, (_, i) => (i % 4 === 0 ? Math.floor(i / 4) : value)),
});
const stage = (name: string): JobEvent => ({ kind: "stage", name, title: name });

describe("the course of a run", () => {
  it("puts positions and motion of one step together, with ρ̄ and the outer iteration", () => {
    const log = new OptimisationLog(limits);
    log.begin();
    for (const event of [stage("phase-a"), moved(1), metric(0, 0.1)]) log.take(event, spikes);
    for (const event of [stage("phase-b"), metric(5, 0.2), placed(7), moved(2)]) log.take(event, spikes);
    for (const event of [stage("phase-a"), moved(3)]) log.take(event, spikes);
    const { moments, scoreName } = log.film();
    expect(scoreName).toBe("ρ̄");
    expect(moments.map(({ step, iteration, score }) => [step, iteration, score])).toEqual([
      [0, 1, Number.NaN],
      [5, 1, 0.2],
      [5, 2, 0.2],
    ]);
    const [first, second, third] = log.snapshots();
    expect(first.xyza).toBeNull();
    expect([second.motion?.displacementUm[0], second.xyza?.[1]]).toEqual([2, 7]);
    expect([third.motion?.displacementUm[0], third.xyza]).toEqual([3, second.xyza]);
    expect(moments[1].displacementUm).toEqual([2, 2]);
  });

  it("keeps few moments, evenly over a run of any length, the first and the newest among them", () => {
    const log = new OptimisationLog(limits);
    log.begin();
    for (let step = 0; step < 1000; step++) {
      log.take(metric(step, step), spikes);
      log.take(placed(step), spikes);
      const steps = log.film().moments.map((moment) => moment.step);
      expect(steps.length).toBeLessThanOrEqual(limits.moments);
      expect([steps[0], steps.at(-1)]).toEqual([0, step]);
    }
    const gaps = log
      .film()
      .moments.slice(0, -1)
      .map(({ step }, i, all) => step - (all[i - 1]?.step ?? 0));
    expect(new Set(gaps.slice(1)).size).toBe(1);
  });

  it("keeps some of many spikes, in order of their rows, and the same ones every time", () => {
    const log = new OptimisationLog(limits);
    log.begin();
    log.take(metric(0, 0), spikes);
    log.take(placed(1), spikes);
    const [{ rows, xyza }] = log.snapshots();
    expect([...rows]).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(Array.from({ length: 10 }, (_, i) => xyza?.[4 * i])).toEqual([...rows]);
    log.take(metric(1, 0), spikes);
    log.take(placed(1, Int32Array.from([9, 3, 5]), 3), spikes);
    const unsorted = log.snapshots()[1];
    expect([...unsorted.rows]).toEqual([3, 5, 9]);
    expect(Array.from({ length: 3 }, (_, i) => unsorted.xyza?.[4 * i])).toEqual([1, 2, 0]);
  });

  it("gives way to the next run when that has something to show", () => {
    const log = new OptimisationLog(limits);
    log.begin();
    log.take(placed(1), spikes);
    log.begin();
    log.take(stage("reading"), spikes);
    expect(log.film().moments).toHaveLength(1);
    log.take(moved(4), spikes);
    expect(log.film().moments).toHaveLength(1);
    expect(log.snapshots()[0].xyza).toBeNull();
  });

  it("thins a motion to bins of its own, ends included", () => {
    const long: Motion = {
      displacementUm: Float64Array.from({ length: 27 }, (_, i) => i),
      timeBinCentersSec: Float64Array.from({ length: 9 }, (_, i) => i),
      depthBinCentersUm: Float64Array.from([0, 1, 2]),
    };
    const thin = thinMotion(long, limits);
    expect([...thin.timeBinCentersSec]).toEqual([0, 2, 4, 6, 8]);
    expect([...thin.depthBinCentersUm]).toEqual([0, 2]);
    expect([...thin.displacementUm]).toEqual([0, 2, 6, 8, 12, 14, 18, 20, 24, 26]);
  });
});
