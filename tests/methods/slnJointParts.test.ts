import { describe, expect, it } from "vitest";
import { displacementAt } from "../../src/core/motion.ts";
import { Random } from "../../src/core/random.ts";
import { type GateFigures, gate } from "../../src/core/scoreboard/gate.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { BlockSampler, type BlockSettings } from "../../src/methods/slnJoint/blocks.ts";
import { MotionTable } from "../../src/methods/slnJoint/motionTable.ts";
import { checkedMotion } from "../../src/methods/slnJoint/phaseA.ts";
import { RunPace } from "../../src/methods/slnJoint/runPace.ts";
import { annealedGrid } from "../../src/methods/slnJoint/settings.ts";

const published: BlockSettings = {
  binSec: 1,
  minSpikes: 50,
  blockBins: 32,
  stride: 1,
  sampling: "consecutive",
  trainFraction: 0.7,
  maxValidationBlocks: 20,
};

/** nPerBin spikes in each of the bins of 1 s, spread evenly over it. */
function spikesOf(nPerBin: readonly number[]): SpikeTable {
  const timeSec = Float64Array.from(nPerBin.flatMap((n, t) => Array.from({ length: n }, (_, i) => t + (i + 0.5) / n)));
  return {
    nSpikes: timeSec.length,
    timeSec,
    depthUm: new Float64Array(timeSec.length),
    ampUv: new Float32Array(timeSec.length),
  };
}

const even = (nBins: number, n: number) => spikesOf(new Array<number>(nBins).fill(n));

describe("blocks", () => {
  it("of 1958 bins begin at every bin of the first 1370 but the last 31, as published, and at every eighth", () => {
    const spikes = even(1958, 1);
    const one = { ...published, minSpikes: 1 };
    expect(new BlockSampler(spikes, one, 0).nBlocks).toBe(1339);
    expect(new BlockSampler(spikes, { ...one, stride: 8 }, 0).nBlocks).toBe(168);
  });

  it("hold all spikes of their bins, and say which bins have enough", () => {
    const sampler = new BlockSampler(
      spikesOf([60, 10, 70, 80, 50, 90, 60, 60, 60, 60]),
      { ...published, blockBins: 5 },
      0,
    );
    const block = sampler.gather(Int32Array.of(0, 1, 2, 3, 4));
    expect([...block.valid]).toEqual([1, 0, 1, 1, 1]);
    expect(block).toMatchObject({ nValid: 4, maxPerBin: 80 });
    expect(block.rows.length).toBe(270);
    expect([...block.bin].filter((b) => b === 2).length).toBe(70);
    expect(block.rows[60 + 10]).toBe(70); // first row of bin 2
  });

  it("with fewer than four full bins are skipped, counted and reported", () => {
    const nPerBin = new Array<number>(40).fill(60);
    for (let t = 10; t < 17; t++) nPerBin[t] = 3;
    const sampler = new BlockSampler(spikesOf(nPerBin), { ...published, blockBins: 8 }, 0);
    // 21 starts in 28 bins; of those from 7 to 12 at most three bins are full
    expect([sampler.nBlocks, sampler.nSkipped]).toEqual([15, 6]);
    expect(sampler.warnings.join()).toMatch(/^6 of 21 blocks of an epoch are skipped: fewer than 4/);
  });

  it("come in another order each epoch and iteration, and in the same for the same seed", () => {
    const sampler = new BlockSampler(even(100, 60), published, 5);
    const starts = (outer: number, epoch: number) => sampler.epoch(outer, epoch).map((bins) => bins[0]);
    expect(starts(1, 1)).toEqual(starts(1, 1));
    expect(starts(1, 1)).not.toEqual(starts(1, 2));
    expect(starts(1, 1)).not.toEqual(starts(2, 1));
    expect(starts(1, 1).sort((a, b) => a - b)).toEqual(Array.from({ length: 39 }, (_, i) => i));
  });

  it("validate on at most so many fixed blocks of the time that is not trained on", () => {
    const { validation } = new BlockSampler(even(400, 60), published, 1);
    expect(validation.length).toBe(20);
    expect(validation.every((bins) => bins[0] >= 280 && bins[31] < 400)).toBe(true);
  });

  it("of random bins are drawn from full ones of the training time, each once", () => {
    const sampler = new BlockSampler(even(100, 60), { ...published, sampling: "random" }, 1);
    for (const bins of sampler.epoch(1, 1)) {
      expect(new Set(bins).size).toBe(32);
      expect([...bins]).toEqual([...bins].sort((a, b) => a - b));
      expect(bins[31]).toBeLessThan(70);
    }
  });

  it("of a recording shorter than a block are one, and it validates on what it trains on", () => {
    const sampler = new BlockSampler(even(6, 60), { ...published, trainFraction: 1 }, 0);
    expect([sampler.nBlocks, sampler.validation.length]).toEqual([1, 1]);
    expect(sampler.warnings.length).toBe(2);
  });

  it("cannot be made of too few spikes, and it is said what is missing", () => {
    const expected =
      /expected at least 4 of 1 s with 50 spikes each among 32 to train on, found 0 in the whole recording/;
    expect(() => new BlockSampler(even(100, 20), published, 0)).toThrow(expected);
    expect(() => new BlockSampler(even(1, 1), published, 0)).toThrow(/bring more spikes/);
    expect(() => new BlockSampler(even(3, 900), published, 0)).toThrow(/found 3/);
  });
});

describe("the gate", () => {
  const start: GateFigures = { sdXUm: 28, sdZUm: 11.2, tetherRmsUm: [0, 0, 0], residual: 0.004, deltaRho: 0.44 };
  const failed = (now: Partial<GateFigures>) =>
    gate(start, { ...start, ...now })
      .checks.filter(({ passed }) => !passed)
      .map(({ sentence }) => sentence);

  it("lets a network pass that stayed where it was", () => {
    expect(gate(start, start).passed).toBe(true);
    expect(gate(start, start).checks.map(({ name }) => name)).toEqual([
      "sd of x",
      "sd of z",
      "tether",
      "monopole residual",
      "Δρ̄",
    ]);
  });

  it("names what a collapsed one gave up", () => {
    expect(failed({ sdZUm: 8 })).toEqual(["sd of z 11.2 → 8.0 µm (−29 %), allowed ±15 %"]);
    expect(failed({ sdXUm: 1.7 })).toEqual(["sd of x 28.0 → 1.7 µm (−94 %), allowed ±15 %"]);
    expect(failed({ tetherRmsUm: [1, 1, 9.1] })).toEqual([
      "moved by 1.0, 1.0, 9.1 µm rms along x, y, z, allowed under 4 µm each",
    ]);
    expect(failed({ residual: 0.008 })).toEqual(["monopole residual 0.0040 → 0.0080, allowed 1.2 times the start"]);
    expect(failed({ deltaRho: -0.04 })).toEqual(["Δρ̄ by correction −0.040 (0.440 at the start), at least 0.1 asked"]);
  });

  it("does not judge what is not known, and never passes what is not a number", () => {
    const blind = { ...start, residual: Number.NaN, deltaRho: Number.NaN };
    expect(gate(blind, blind).passed).toBe(true);
    expect(failed({ sdXUm: Number.NaN })).toHaveLength(1);
    expect(failed({ tetherRmsUm: [Number.NaN, 0, 0] })).toHaveLength(1);
  });
});

describe("a motion that is trained", () => {
  const depths = Float64Array.of(100, 300);
  const start: Motion = {
    displacementUm: new Float64Array(8),
    timeBinCentersSec: Float64Array.of(0.5, 1.5, 2.5, 3.5),
    depthBinCentersUm: depths,
  };

  it("follows the gradient: towards where the loss falls, at the depths it was asked at", () => {
    const table = new MotionTable(start, 4, 1, 0.05);
    const wanted = [3, -1, 2, -4];
    const bins = Int32Array.of(0, 1, 2, 3);
    const random = new Random(1);
    for (let step = 0; step < 400; step++) {
      const bin = Int32Array.from({ length: 40 }, (_, n) => n % 4);
      const depthUm = Float64Array.from(bin, () => 80 + 240 * random.uniform());
      // L = ½(corrected − (depth − wanted))², as if that were where the spike belongs
      const yGrad = Float64Array.from(bin, (b, n) => wanted[b] - displacementAt(table.motion, b + 0.5, depthUm[n]));
      table.step(yGrad, depthUm, bins, bin, [1, 1, 1, 1]);
    }
    for (const [t, um] of wanted.entries())
      for (const depthUm of [100, 200, 300]) expect(displacementAt(table.motion, t + 0.5, depthUm)).toBeCloseTo(um, 0);
  });

  it("leaves bins alone that are not in the block or do not count, and moves no block as a whole", () => {
    const table = new MotionTable(start, 4, 1, 0.2);
    table.step([1, 1, 1, 1], [100, 100, 300, 300], Int32Array.of(1, 2, 3), Int32Array.of(0, 1, 0, 1), [1, 1, 0]);
    expect([...table.motion.displacementUm].every((um) => Math.abs(um) < 1e-9)).toBe(true);
    table.step([1, -1], [100, 100], Int32Array.of(1, 2, 3), Int32Array.of(0, 1), [1, 1, 0]);
    expect([...table.motion.displacementUm].map((um) => Math.round(100 * um))).toEqual([0, 0, 15, 0, -15, 0, 0, 0]);
  });

  it("goes on from a kept state as if it had not stopped", () => {
    const step = (table: MotionTable) =>
      table.step([1, -2], [120, 250], Int32Array.of(0, 1), Int32Array.of(0, 1), [1, 1]);
    const whole = new MotionTable(start, 4, 1, 0.2);
    step(whole);
    const resumed = new MotionTable(whole.motion, 4, 1, 0.2);
    resumed.restore(JSON.parse(JSON.stringify(whole.state())));
    step(whole);
    step(resumed);
    expect(resumed.motion).toEqual(whole.motion);
  });

  it("keeps shanks apart", () => {
    const table = new MotionTable(MotionTable.zero([100, 300], 2, 1, 2), 2, 1, 0.2);
    table.step([1, -1], [100, 100], Int32Array.of(0, 1), Int32Array.of(0, 1), [1, 1], [1, 1]);
    const [first, second] = table.motion.byShank!;
    expect([...first.displacementUm]).toEqual([0, 0, 0, 0]);
    expect(second.displacementUm[0]).toBeCloseTo(0.2, 2);
  });
});

describe("parts of the loop", () => {
  it("let the blur fall to its own, with cells that grow and shrink with it", () => {
    const grid = { x0: -40, y0: 0, nx: 31, ny: 961, pitchUm: 4, sigmaUm: 4 };
    expect(annealedGrid(grid, 0.7)).toEqual(grid);
    expect(annealedGrid(grid, 0)).toMatchObject({ sigmaUm: 40, pitchUm: 40, nx: 4, ny: 97 });
  });

  it("refuse a motion of another time", () => {
    const spikes = even(20, 5);
    const times = (from: number) => ({
      displacementUm: new Float64Array(2),
      timeBinCentersSec: Float64Array.of(from, from + 1),
      depthBinCentersUm: Float64Array.of(0),
    });
    expect(() => checkedMotion(times(500), spikes)).toThrow(
      "The given motion is of another time: it covers 500.0 to 501.0 s, the spikes 0.1 to 19.9 s; open the motion of this recording.",
    );
    expect(() => checkedMotion(undefined, spikes)).toThrow(/under a given motion, found none/);
    expect(checkedMotion(times(3), spikes).timeBinCentersSec[0]).toBe(3);
  });

  it("say how far they are, never backwards, and end with nothing left", () => {
    const pace = new RunPace({ motion: 100, apply: 100, train: 200 });
    const shown = [];
    for (const kind of ["motion", "apply", "train", "train"] as const) {
      pace.add(kind, 100);
      shown.push(pace.event());
    }
    expect(shown.map((e) => (e.kind === "progress" ? e.done : null))).toEqual([100, 200, 300, 400]);
    expect(shown.at(-1)).toMatchObject({ total: 400, secondsLeft: 0 });
    expect(pace.event()).toEqual({ kind: "tick" });
  });
});
