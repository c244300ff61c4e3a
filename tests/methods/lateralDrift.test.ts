import { describe, expect, it } from "vitest";
import { interpolateUnknown, lateralDrift as lateral } from "../../src/core/lateralDrift.ts";
import { Random } from "../../src/core/random.ts";
import type { Motion } from "../../src/core/types.ts";
import { lateralDrift } from "../../src/methods/lateralDrift/lateralDrift.ts";
import { estimatorBadInputs, linearProbe, runToEnd, spikesOf } from "./estimatorInputs.ts";

/** Units at fixed x that are all moved across by `moved` at each time. */
function movedAcross(moved: (timeSec: number) => number, nSpikes = 20_000, durationSec = 40) {
  const random = new Random(2);
  const units = Array.from({ length: 12 }, () => -10 + 60 * random.uniform());
  return spikesOf(
    Array.from({ length: nSpikes }, (_, i) => {
      const t = (durationSec * i) / nSpikes;
      return [t, 300 * random.uniform(), -60, units[random.integer(12)] + moved(t) + 3 * random.normal()];
    }),
  );
}

const step = (timeSec: number) => (timeSec < 30 ? 0 : 8);

describe("lateral drift", () => {
  it("is +8 µm where spikes move by +8 µm, and correcting x by it brings them back", async () => {
    const spikes = movedAcross(step);
    const { result } = await runToEnd(lateralDrift, { spikes, probe: linearProbe(16, 20) }, { sub_bin: false });
    const across = result.motion!.lateralUm!;
    expect(across.length).toBe(40);
    const at = (t: number) => across[t] - across[10];
    expect(Array.from({ length: 40 }, (_, t) => at(t))).toEqual(Array.from({ length: 40 }, (_, t) => step(t + 0.5)));
    const corrected = spikes.xUm!.map((x, i) => x - across[Math.floor(spikes.timeSec[i])]);
    const mean = (from: number, to: number) => {
      const rows = Array.from(corrected).filter((_, i) => spikes.timeSec[i] >= from && spikes.timeSec[i] < to);
      return rows.reduce((sum, x) => sum + x, 0) / rows.length;
    };
    expect(Math.abs(mean(30, 40) - mean(0, 30))).toBeLessThan(1);
  });

  it("follows between the bins of the histogram", async () => {
    const slow = (timeSec: number) => 6 * Math.sin((2 * Math.PI * timeSec) / 40);
    const { result } = await runToEnd(lateralDrift, { spikes: movedAcross(slow), probe: linearProbe(16, 20) });
    const error = result.motion!.lateralUm!.map((x, t) => x - slow(t + 0.5));
    const mean = error.reduce((sum, e) => sum + e, 0) / error.length;
    const meanAbs = error.reduce((sum, e) => sum + Math.abs(e - mean), 0) / error.length;
    console.info(`lateral drift of ±6 µm: mean |error| ${meanAbs.toFixed(2)} µm`);
    expect(meanAbs).toBeLessThan(0.8);
  });

  it("adds to the motion it is given, on that motion's time bins", async () => {
    const motion: Motion = {
      displacementUm: Float64Array.from({ length: 40 }, (_, at) => at),
      timeBinCentersSec: Float64Array.from({ length: 20 }, (_, t) => 2 * t + 1),
      depthBinCentersUm: Float64Array.of(0, 300),
    };
    const inputs = { spikes: movedAcross(step), probe: linearProbe(16, 20), motion };
    const found = (await runToEnd(lateralDrift, inputs, { sub_bin: false })).result.motion!;
    expect(found.displacementUm).toEqual(motion.displacementUm);
    expect(found.lateralUm![19] - found.lateralUm![5]).toBe(8);
  });

  it("says what is missing, and is 0 where hardly a spike is", async () => {
    const { xUm: _, ...without } = movedAcross(step, 200);
    await expect(runToEnd(lateralDrift, { spikes: without })).rejects.toThrow(
      "Lateral drift: expected spikes with a position across the probe (x), found none among 200;",
    );
    const few = await runToEnd(lateralDrift, { spikes: movedAcross(step, 200) });
    expect(few.warnings).toEqual([
      "No time bin holds 50 spikes; the lateral drift is 0 throughout. Ask for fewer spikes or make the bins longer.",
    ]);
    expect(few.result.motion!.lateralUm!.every((x) => x === 0)).toBe(true);
  });

  it("stops when it is stopped", async () => {
    const controller = new AbortController();
    controller.abort();
    const context = { seed: 0, signal: controller.signal, wantsImage: () => false, resume: false };
    const run = lateralDrift.run({ spikes: movedAcross(step), recording: null, waveforms: null }, {}, context);
    await run.next();
    expect((await run.next()).value).toMatchObject({ complete: false });
  });

  it("prefers no shift among shifts of equal merit", () => {
    const x = new Float64Array(100).fill(20);
    const options = { binUm: 4, maxShiftUm: 32, minSpikes: 10, subBin: true };
    const { lateralUm } = lateral(
      x,
      Int32Array.from(x, (_, i) => i % 2),
      3,
      [20, 20],
      options,
    );
    expect([...lateralUm]).toEqual([0, 0, Number.NaN]);
  });

  it("interpolates what is not known", () => {
    const values = Float64Array.of(NaN, 2, NaN, NaN, 8, NaN);
    interpolateUnknown(values);
    expect([...values]).toEqual([2, 2, 4, 6, 8, 8]);
    const nothing = Float64Array.of(NaN, NaN);
    interpolateUnknown(nothing);
    expect([...nothing]).toEqual([0, 0]);
  });
});

describe("lateral drift on odd spikes", () => {
  estimatorBadInputs(lateralDrift, { min_spikes: 5 });
});
