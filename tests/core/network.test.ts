import { describe, expect, it } from "vitest";
import { activityFeatures, activityLayers, activityLoss, nActivityParameters } from "../../src/core/activityNetwork.ts";
import { adam, adamDefaults, clipScale } from "../../src/core/adam.ts";
import { Random } from "../../src/core/random.ts";
import { meanPerCell, raster } from "../../src/core/raster.ts";
import { orderByBin, shiftDepths, shiftDepthsGrad } from "../../src/core/shiftDepths.ts";
import { smoothMotion, smoothMotionGrad, triangularTaps } from "../../src/core/smoothMotion.ts";
import { initLinear } from "../../src/nn/linearInit.ts";
import { fixtureFloats } from "../fixture.ts";

/** Central difference of f in entry i of `at`. */
function numericGrad(f: (v: Float64Array) => number, at: ArrayLike<number>, i: number, step = 1e-5): number {
  const moved = (d: number) => f(Float64Array.from(at, (v, k) => (k === i ? v + d : v)));
  return (moved(step) - moved(-step)) / (2 * step);
}

describe("activity network", () => {
  it("has the reference's number of parameters and its features", () => {
    expect(nActivityParameters([256, 256])).toBe(69889);
    const features = new Float64Array(14);
    activityFeatures(0.5, 0.25, features, 0);
    expect(features[0]).toBe(0.5);
    expect(features[6]).toBeCloseTo(Math.sin(16), 12);
    expect(features[7]).toBe(0.25);
    expect(features[13]).toBeCloseTo(Math.sin(8), 12);
  });

  it("has the gradient that finite differences give", () => {
    const random = new Random(5);
    const hidden = [6, 5];
    const weights = initLinear(activityLayers(hidden), random);
    const y = Float64Array.from({ length: 8 }, () => random.uniform());
    const a = Float64Array.from({ length: 8 }, () => random.uniform());
    const loss = (w: ArrayLike<number>, depth: ArrayLike<number>) => {
      const { real, fake } = activityLoss(w, hidden, depth, a, 3);
      return real + fake;
    };
    const { paramGrad, depthGrad } = activityLoss(weights, hidden, y, a, 3);
    for (const i of [0, 40, 90, 100, weights.length - 1]) {
      expect(paramGrad[i]).toBeCloseTo(
        numericGrad((w) => loss(w, y), weights, i),
        7,
      );
    }
    for (const i of [0, 2, 3, 7])
      expect(depthGrad[i]).toBeCloseTo(
        numericGrad((d) => loss(weights, d), y, i),
        7,
      );
  });

  it("starts within torch's bounds, weights and biases alike", () => {
    const layers = activityLayers([256, 256]);
    const flat = initLinear(layers, new Random(1));
    const bounds = layers.map(({ nIn, nOut, weights, bias }) => [
      Math.max(...flat.subarray(weights, bias + nOut).map(Math.abs)),
      1 / Math.sqrt(nIn),
    ]);
    for (const [largest, limit] of bounds) {
      expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
      expect(largest).toBeGreaterThan(0.95 * limit);
    }
  });
});

describe("smoothed motion", () => {
  it("has the reference's taps", async () => {
    const taps = triangularTaps(30, 1);
    expect(taps).toHaveLength(15);
    const reference = await fixtureFloats("medicine_steps/common/time_kernel.npy");
    const sum = 2 * taps.reduce((s, v) => s + v, 0) - 1;
    const both = [...taps.slice(1)]
      .reverse()
      .concat([...taps])
      .map((v) => v / sum);
    const worst = Math.max(...both.map((v, i) => Math.abs(v - reference[i])));
    expect(worst).toBeLessThan(1e-7);
    expect([...triangularTaps(1, 2)]).toEqual([1]);
    expect([...triangularTaps(0, 1)]).toEqual([1]);
  });

  it("keeps a constant table at zero after centring, and has the gradient finite differences give", () => {
    const taps = triangularTaps(6, 1);
    expect(Math.max(...smoothMotion(new Float64Array(20).fill(0.4), 2, 10, 0.3, taps).map(Math.abs))).toBeLessThan(
      1e-15,
    );
    const random = new Random(2);
    const table = Float64Array.from({ length: 18 }, () => random.normal());
    const weight = Float64Array.from({ length: 18 }, () => random.normal());
    const grad = smoothMotionGrad(table, weight, 2, 9, 0.3, taps);
    // the subtracted mean is constant in the gradient: hold it at its value while differencing
    const means = [0, 1].map((k) => smoothMeans(table, taps)[k]);
    const value = (v: Float64Array) => {
      const centred = smoothMotion(v, 2, 9, 0.3, taps);
      const now = smoothMeans(v, taps);
      return centred.reduce((s, c, i) => s + weight[i] * (c + now[Math.floor(i / 9)] - means[Math.floor(i / 9)]), 0);
    };
    for (const i of [0, 4, 8, 9, 17]) expect(grad[i]).toBeCloseTo(numericGrad(value, table, i), 7);
  });
});

/** Mean over time of the smoothed, not yet centred rows. */
function smoothMeans(table: Float64Array, taps: Float32Array): number[] {
  return [0, 1].map((k) => {
    let mean = 0;
    for (let t = 0; t < 9; t++) {
      let sum = 0;
      let weight = 0;
      for (let s = 0; s < 9; s++) {
        const tap = Math.abs(t - s) < taps.length ? taps[Math.abs(t - s)] : 0;
        sum += tap * 0.3 * Math.tanh(table[k * 9 + s]);
        weight += tap;
      }
      mean += sum / weight / 9;
    }
    return mean;
  });
}

describe("motion at spikes", () => {
  it("is the level's own motion at a level, and its gradient is the transpose", () => {
    const smoothed = Float64Array.of(0.1, 0.2, 0.3, -0.4, -0.5, -0.6); // 2 levels × 3 bins
    const bins = orderByBin([0, 2, 1], 3);
    const out = shiftDepths(smoothed, 2, 3, [0, 2, 1], [0, 1, 0.5], [1, 2, 3]);
    expect(out[0]).toBeCloseTo(0 + 1 + 0.1, 2); // the reference's widened hats mix in 0.1 % of the neighbour
    expect(out[1]).toBeCloseTo(1 + 2 - 0.6, 2);
    expect(out[2]).toBeCloseTo(0.5 + 3 + 0.5 * (0.2 - 0.5), 5);
    const grad = shiftDepthsGrad([1, 10, 100], 2, [0, 1, 0.5], bins);
    const forward = (s: Float64Array) =>
      shiftDepths(s, 2, 3, [0, 2, 1], [0, 1, 0.5], [0, 0, 0]).reduce((t, v, i) => t + 10 ** i * v, 0);
    for (let i = 0; i < 6; i++) expect(grad[i]).toBeCloseTo(numericGrad(forward, smoothed, i), 6);
  });

  it("groups spikes by bin in order", () => {
    const { order, binStart } = orderByBin([2, 0, 2, 1], 4);
    expect([...order]).toEqual([1, 3, 0, 2]);
    expect([...binStart]).toEqual([0, 1, 2, 4, 4]);
  });
});

describe("Adam", () => {
  it("takes a first step of the learning rate against the gradient's sign, whatever its size", () => {
    const next = adam([1, 1], [3e-3, -40], [0, 0], [0, 0], 1e-9, 1, {
      ...adamDefaults,
      clipNorm: Number.POSITIVE_INFINITY,
    });
    expect(next.param[0]).toBeCloseTo(1 - 5e-4, 6);
    expect(next.param[1]).toBeCloseTo(1 + 5e-4, 6);
  });

  it("takes the decay off the parameter itself, not off its gradient", () => {
    const config = { ...adamDefaults, learningRate: 0.1, weightDecay: 0.5 };
    const next = adam([2, -4], [0, 0], [0, 0], [0, 0], 0, 1, config);
    expect([...next.param]).toEqual([2 * 0.95, -4 * 0.95].map(Math.fround));
    expect([...next.firstMoment, ...next.secondMoment]).toEqual([0, 0, 0, 0]);
  });

  it("clips by the global norm as torch does", () => {
    expect(clipScale(4, 1)).toBeCloseTo(0.5, 6);
    expect(clipScale(0.01, 1)).toBe(1);
    expect(clipScale(1e9, Number.POSITIVE_INFINITY)).toBe(1);
  });
});

describe("raster", () => {
  const grid = { xLow: 0, xHigh: 10, yLow: 0, yHigh: 4, nx: 5, ny: 2 };

  it("puts spikes where they belong, row 0 at the low end, the last cell closed", () => {
    const { count, sum } = raster([0, 1.9, 10, 10.1, -0.1, 5], [0, 0, 4, 1, 1, Number.NaN], [2, 4, 7, 1, 1, 1], grid);
    expect([...count]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...sum]).toEqual([6, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    expect([...meanPerCell({ count, sum })].map((v) => (Number.isNaN(v) ? null : v))).toEqual([
      3,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      7,
    ]);
  });

  it("loses no spike inside the ranges", () => {
    const random = new Random(9);
    const x = Float64Array.from({ length: 5000 }, () => 10 * random.uniform());
    const y = Float64Array.from({ length: 5000 }, () => 4 * random.uniform());
    expect(raster(x, y, null, grid).count.reduce((s, v) => s + v, 0)).toBe(5000);
    expect(raster(x, y, null, grid, 100, 200).count.reduce((s, v) => s + v, 0)).toBe(100);
  });
});

describe("random numbers", () => {
  it("repeat for a seed and have the right moments", () => {
    const a = new Random(7);
    const b = new Random(7);
    const normals = Array.from({ length: 40000 }, () => a.normal());
    expect(Array.from({ length: 40000 }, () => b.normal())).toEqual(normals);
    const mean = normals.reduce((s, v) => s + v, 0) / 40000;
    const variance = normals.reduce((s, v) => s + v * v, 0) / 40000;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    const cells = new Array(10).fill(0);
    for (let i = 0; i < 100000; i++) cells[a.integer(10)]++;
    expect(Math.min(...cells)).toBeGreaterThan(9500);
  });
});
