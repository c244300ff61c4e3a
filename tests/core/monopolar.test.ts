import { describe, expect, it } from "vitest";
import { type MonopolarOptions, monopolar, monopolarObjective } from "../../src/core/monopolar.ts";
import { Random } from "../../src/core/random.ts";
import { nearestSlots, pointSources, staggeredProbe } from "../cases/localizeProbe.ts";

const positionsUm = staggeredProbe(32);
const slots = nearestSlots(positionsUm, 10);
const exact: MonopolarOptions = { maxDistanceUm: 150, logPenalty: false };
const penalised: MonopolarOptions = { maxDistanceUm: 150, logPenalty: true };

describe("monopolar", () => {
  it("finds a noiseless point source", () => {
    const { truth, channel, feature } = pointSources(new Random(1), 300, positionsUm, slots, 0);
    const fit = monopolar(feature, channel, slots, positionsUm, exact);
    for (let n = 0; n < channel.length; n++) {
      // float32 features: 6e-8 of 300 µV
      for (let j = 0; j < 3; j++) expect(Math.abs(fit[5 * n + j] - truth[4 * n + j])).toBeLessThan(1e-2);
      expect(fit[5 * n + 3] / truth[4 * n + 3]).toBeCloseTo(1, 4);
      expect(fit[5 * n + 4]).toBeLessThan(1e-12);
    }
  });

  it("has the objective of its formula, by hand on two contacts", () => {
    // contacts at x = 0 and 30, a source above the first at z = 40: distances 40 and 50
    const pair = Float32Array.of(0, 0, 30, 0);
    const both = { nSlots: 2, channels: Int32Array.of(0, 1, 1, 0) };
    const at = (feature: number[], options: MonopolarOptions) =>
      monopolarObjective([0, 0, 40], 3, feature, [0], both, pair, options)[0];
    expect(at([50, 40], exact)).toBeCloseTo(0, 14); // 2000/40, 2000/50
    expect(at([50, 40], penalised)).toBeCloseTo(-Math.log1p(400) / 10000, 14);
    // u = (1, 1): α = Σq / Σq² with q = 1/40, 1/50
    const alpha = (1 / 40 + 1 / 50) / (1 / 1600 + 1 / 2500);
    expect(at([7, 7], exact)).toBeCloseTo(((1 - alpha / 40) ** 2 + (1 - alpha / 50) ** 2) / 2, 14);
  });

  it("mirrors when the probe is mirrored, and scales α with the unit of the feature", () => {
    const { channel, feature } = pointSources(new Random(2), 60, positionsUm, slots, 0.03);
    const fit = monopolar(feature, channel, slots, positionsUm, penalised);
    const mirrored = positionsUm.map((v, i) => (i % 2 === 0 ? -v : v));
    const other = monopolar(feature, channel, slots, mirrored, penalised);
    const doubled = monopolar(
      feature.map((v) => -2 * v), // the sign of a trough is ignored
      channel,
      slots,
      positionsUm,
      penalised,
    );
    for (let n = 0; n < channel.length; n++) {
      expect(other[5 * n]).toBeCloseTo(-fit[5 * n], 6);
      for (const j of [1, 2]) expect(other[5 * n + j]).toBeCloseTo(fit[5 * n + j], 6);
      for (const j of [0, 1, 2]) expect(doubled[5 * n + j]).toBeCloseTo(fit[5 * n + j], 6);
      expect(doubled[5 * n + 3]).toBeCloseTo(2 * fit[5 * n + 3], 6);
    }
  });

  it("is stationary: no point nearby is better", () => {
    const { channel, feature } = pointSources(new Random(3), 40, positionsUm, slots, 0.1);
    const fit = monopolar(feature, channel, slots, positionsUm, penalised);
    const value = (p: Float64Array) => monopolarObjective(p, 5, feature, channel, slots, positionsUm, penalised);
    const least = value(fit);
    for (let j = 0; j < 3; j++) {
      for (const d of [-0.05, 0.05]) {
        const near = value(fit.map((v, i) => (i % 5 === j ? v + d : v)));
        near.forEach((v, n) => {
          if (fit[5 * n + 2] > 1.1) expect(v).toBeGreaterThanOrEqual(least[n] - 1e-12);
        });
      }
    }
  });

  it("stays inside its bounds with flat amplitudes, and gives NaN where there are none", () => {
    const feature = new Float32Array(30).fill(100);
    feature.fill(0, 10, 20);
    feature[25] = Number.NaN;
    const fit = monopolar(feature, [12, 12, 12], slots, positionsUm, { maxDistanceUm: 40, logPenalty: true });
    expect(fit[2]).toBeCloseTo(400, 6); // flat: as far away as allowed
    expect([...fit.subarray(5)].every(Number.isNaN)).toBe(true);
  });
});
