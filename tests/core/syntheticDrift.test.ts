import { describe, expect, it } from "vitest";
import { displacementAt } from "../../src/core/motion.ts";
import { type DriftKind, driftAsMotion, driftKinds, syntheticDrift } from "../../src/core/syntheticDrift.ts";

const config = { seed: 4, durationSec: 200, topUm: 1500, peakToPeakUm: 40, periodSec: 60 };
const driftOf = (kind: DriftKind, seed = config.seed) => syntheticDrift({ ...config, kind, seed });
const stepSec = 0.1;
const sampled = (kind: DriftKind, seed?: number) => {
  const drift = driftOf(kind, seed);
  return Array.from({ length: Math.round(config.durationSec / stepSec) }, (_, i) => drift(i * stepSec, 700));
};
const speeds = (values: number[]) => values.slice(1).map((v, i) => Math.abs(v - values[i]) / stepSec);

describe("simulated drift", () => {
  it.each(["rigid", "jump", "walk", "bumps", "fast"] as const)("%s is the same at every depth", (kind) => {
    const drift = driftOf(kind);
    for (const t of [-1, 0, 3.3, 100, 199.9, 200, 205]) {
      expect(drift(t, 0)).toBe(drift(t, 1500));
      expect(Number.isFinite(drift(t, 0))).toBe(true);
    }
  });

  it("jumps once, by 40 µm", () => {
    const values = sampled("jump");
    expect(new Set(values)).toEqual(new Set([0, 40]));
    expect(values.filter((v, i) => i > 0 && v !== values[i - 1])).toEqual([40]);
  });

  it("walks 3 µm in a second, √t times as far in t", () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => sampled("walk", seed));
    const rms = (after: number) => {
      const squares = seeds.flatMap((v) =>
        Array.from({ length: Math.floor((v.length - 1) / after) }, (_, i) => (v[(i + 1) * after] - v[i * after]) ** 2),
      );
      return Math.sqrt(squares.reduce((s, d) => s + d, 0) / squares.length);
    };
    expect(rms(10)).toBeCloseTo(3, 0);
    expect(rms(90) / rms(10)).toBeCloseTo(3, 0);
    expect(seeds[0]).not.toEqual(seeds[1]);
  });

  it("bumps for 2 s in every 10, by up to 25 µm", () => {
    const values = sampled("bumps");
    const moving = values.filter((v) => v !== 0).length / values.length;
    expect(Math.abs(moving - 0.2)).toBeLessThan(0.02);
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(24.5);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(25);
    expect(Math.min(...values)).toBeLessThan(-20); // either way
  });

  it("zigzags 100 µm at 8 µm/s", () => {
    const values = sampled("fast");
    expect(Math.max(...values) - Math.min(...values)).toBeCloseTo(100, 0);
    const median = speeds(values).sort((a, b) => a - b)[1000];
    expect(median).toBeCloseTo(8, 6);
  });

  it.each(driftKinds)("%s as an estimator states it is what is seen", (kind) => {
    const drift = driftOf(kind);
    const motion = driftAsMotion(drift, kind, config.durationSec, config.topUm);
    for (const t of [10.05, 99.05, 150.05]) {
      const rest = 600;
      const seen = rest + drift(t, rest);
      expect(displacementAt(motion, t, seen)).toBeCloseTo(seen - rest, 0);
    }
  });
});
