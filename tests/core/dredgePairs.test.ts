import { describe, expect, it } from "vitest";
import { crossCorrelation, lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeDefaults } from "../../src/core/dredge/options.ts";
import { slidingProducts, slidingProductsBySpectrum } from "../../src/core/dredge/slidingProducts.ts";
import { solveDisplacement } from "../../src/core/dredge/solve.ts";
import { gateHeat, pairWeights, windowHeat } from "../../src/core/dredge/weights.ts";
import { type DredgeWindows, dredgeWindows } from "../../src/core/dredge/windows.ts";
import { Random } from "../../src/core/random.ts";
import { fixtureNpy } from "../fixture.ts";

const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Array.from(expected).reduce((most, v, i) => Math.max(most, Math.abs(found[i] - v)), 0);

/** Windows of the given supports, random weights inside. */
function windowsOf(nDepths: number, supports: [number, number][], random: Random): DredgeWindows {
  const weights = new Float64Array(supports.length * nDepths);
  supports.forEach(([from, to], b) => {
    for (let d = from; d < to; d++) weights[b * nDepths + d] = 0.1 + random.uniform();
  });
  const centersUm = Float64Array.from(supports, ([from, to]) => (from + to) / 2);
  return { nWindows: supports.length, nDepths, weights, centersUm, reduced: false };
}

describe("sliding products", () => {
  it("by hand", () => {
    expect([...slidingProducts(Float64Array.of(1, 2), 1, Float64Array.of(3, 4, 5), 1, 2)]).toEqual([11, 14]);
  });

  it.each([
    [3, 4, 5, 2],
    [1, 1, 1, 7],
    [2, 5, 9, 40],
  ])(
    "are the same by spectrum: %i templates, %i frames of %i samples, %i lags",
    (nTemplates, nFrames, length, nLags) => {
      const random = new Random(6);
      const templates = Float64Array.from({ length: nTemplates * length }, () => random.normal());
      const frames = Float64Array.from({ length: nFrames * (length + nLags - 1) }, () => random.normal());
      const found = slidingProductsBySpectrum(templates, nTemplates, frames, nFrames, nLags);
      expect(worst(found, slidingProducts(templates, nTemplates, frames, nFrames, nLags))).toBeLessThan(1e-13);
      expect(found.length).toBe(nLags * nTemplates * nFrames);
    },
  );
});

describe("the cross-correlation", () => {
  const np1 = dredgeWindows(
    { depthEdgesUm: Float64Array.from({ length: 3821 }, (_, d) => d), depthRangeUm: [0, 3820] },
    dredgeDefaults,
  );

  it("looks further on the side that is not clipped", () => {
    const row = (b: number) => lagGeometry(np1.weights.subarray(b * 3820, (b + 1) * 3820), 112);
    const first = { start: 0, stop: 2469, low: 0, high: 2581, pad: 112, nLeft: 112, nRight: 224 };
    expect(row(0)).toEqual(first);
    expect(row(4)).toEqual({ start: 0, stop: 3820, low: 0, high: 3820, pad: 112, nLeft: 112, nRight: 112 });
    expect(row(8)).toEqual({ start: 1351, stop: 3820, low: 1239, high: 3820, pad: 112, nLeft: 224, nRight: 112 });
  });

  /** The definition, pair by pair and lag by lag. */
  function byDefinition(raster: Float64Array, weights: Float64Array, i: number, j: number, maxBins: number) {
    const nDepths = weights.length;
    const { start, stop, low, high, nLeft, nRight } = lagGeometry(weights, maxBins);
    let best = { c: Number.NEGATIVE_INFINITY, shift: 0 };
    for (let shift = -nLeft; shift <= nRight; shift++) {
      const cells = Array.from({ length: stop - start }, (_, k) => start + k).filter(
        (d) => d + shift >= low && d + shift < high,
      );
      const q = cells.map((d) => weights[d]);
      const a = cells.map((d) => raster[i * nDepths + d]);
      const x = cells.map((d) => raster[j * nDepths + d + shift]);
      const n = q.reduce((s, v) => s + v, 0);
      const mean = (f: (k: number) => number) => (n > 0 ? q.reduce((s, v, k) => s + v * f(k), 0) / n : 0);
      const [ei, ej] = [mean((k) => a[k]), mean((k) => x[k])];
      const vi = mean((k) => (a[k] - ei) ** 2) || 1;
      const vj = mean((k) => (x[k] - ej) ** 2) || 1;
      const c = mean((k) => (a[k] - ei) * (x[k] - ej)) / Math.sqrt(vi * vj);
      if (c > best.c + 1e-12) best = { c, shift };
    }
    return best;
  }

  it.each([
    ["plain", slidingProducts],
    ["by spectrum", slidingProductsBySpectrum],
  ])("is the maximum of its definition (%s)", (_, products) => {
    const random = new Random(9);
    const [nTimes, nDepths] = [19, 30]; // more time bins than templates go at a time
    const raster = Float64Array.from({ length: nTimes * nDepths }, () => 5 * random.uniform());
    const windows = windowsOf(
      nDepths,
      [
        [0, 12],
        [9, 21],
        [4, 30],
        [0, 30],
        [29, 30],
      ],
      random,
    );
    const options = { binUm: 2, maxDisplacementBins: 4, horizonBins: Number.POSITIVE_INFINITY };
    const { correlation, displacementUm } = crossCorrelation(raster, nTimes, windows, options, undefined, products);
    for (let b = 0; b < 4; b++) {
      for (let ij = 0; ij < nTimes * nTimes; ij++) {
        const weights = windows.weights.subarray(b * nDepths, (b + 1) * nDepths);
        const { c, shift } = byDefinition(raster, weights, Math.floor(ij / nTimes), ij % nTimes, 4);
        expect(correlation[b * nTimes * nTimes + ij]).toBeCloseTo(c, 6);
        expect(displacementUm[b * nTimes * nTimes + ij] + 2 * shift).toBe(0);
      }
    }
    // a window of one bin has no variance: nothing correlates
    expect(correlation.subarray(4 * nTimes * nTimes).every((c) => Math.abs(c) < 1e-12)).toBe(true);
  });

  it("gives p_i − p_j, 1 for equal bins, and 0 at the first lag for an empty one", () => {
    const nDepths = 40;
    const raster = new Float64Array(3 * nDepths);
    for (const [d, v] of [
      [15, 1],
      [17, 4],
      [22, 2],
    ]) {
      raster[d] = v;
      raster[nDepths + d + 3] = v; // 3 bins higher
    }
    const windows = windowsOf(nDepths, [[0, 40]], new Random(1));
    const options = { binUm: 1, maxDisplacementBins: 5, horizonBins: 10 };
    const { correlation, displacementUm } = crossCorrelation(raster, 3, windows, options);
    expect([...displacementUm]).toEqual([0, -3, 5, 3, 0, 5, 5, 5, 5]);
    expect(worst(correlation, [1, 1, 0, 1, 1, 0, 0, 0, 0])).toBeLessThan(1e-6);
    const only = crossCorrelation(raster, 3, windows, options, [1]);
    expect([...only.displacementUm]).toEqual([3, 0, 5]);
  });

  it("leaves out blocks of time beyond the horizon", () => {
    const random = new Random(2);
    const nTimes = 1030;
    const raster = Float64Array.from({ length: nTimes * 4 }, () => random.uniform());
    const options = { binUm: 1, maxDisplacementBins: 1, horizonBins: 512 };
    const rows = [0, 511, 512, 1029];
    const { correlation } = crossCorrelation(raster, nTimes, windowsOf(4, [[0, 4]], random), options, rows);
    const seen = (row: number, from: number, to: number) =>
      correlation.subarray(row * nTimes + from, row * nTimes + to).every((c) => c !== 0);
    const unseen = (row: number, from: number, to: number) =>
      correlation.subarray(row * nTimes + from, row * nTimes + to).every((c) => c === 0);
    for (const row of [0, 1]) expect(seen(row, 0, 1024) && unseen(row, 1024, 1030)).toBe(true); // 513 bins apart
    expect(seen(2, 0, 1030)).toBe(true);
    expect(unseen(3, 0, 512) && seen(3, 512, 1030)).toBe(true);
  });
});

describe("weights", () => {
  const windows: DredgeWindows = {
    nWindows: 1,
    nDepths: 2,
    weights: Float64Array.of(0.5, 0.5),
    centersUm: Float64Array.of(1),
    reduced: false,
  };

  it("take the heat of each time bin", () => {
    const heat = windowHeat([1, 3, 0, 0.2, 10, 10], 3, windows);
    expect(worst(heat, [2, 0.1, 10])).toBeLessThan(1e-15);
    expect([...gateHeat(heat, 3, windows, { heatLow: 0.2, heatHigh: 0.2 })]).toEqual([Infinity, 0, Infinity]);
    expect([...gateHeat(heat, 3, windows, { heatLow: 0.2, heatHigh: 5 })]).toEqual([2, 0, Infinity]);
    const spikes = (nSpikes: number) => ({ nSpikes, ampUv: Math.E - 1 }); // ln(e)·nSpikes·1/2
    expect([...gateHeat(heat, 3, windows, { heatLow: spikes(3.9), heatHigh: spikes(10) })]).toEqual([2, 0, Infinity]);
    expect([...gateHeat(heat, 3, windows, { heatLow: spikes(4.1), heatHigh: 5 })]).toEqual([0, 0, Infinity]);
  });

  it("square the correlation, cut what is small, cold or far apart", () => {
    const options = { minCorrelation: 0.5, horizonSec: 0, binSec: 1 };
    const hot = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
    const c = Float32Array.of(1, 0.75, 0.25, 0.5);
    expect([...pairWeights(c, hot, 2, options)]).toEqual([1, 0.5625, 0, 0.25]);
    expect([...pairWeights(c, Float64Array.of(Number.POSITIVE_INFINITY, 0), 2, options)]).toEqual([1, 0, 0, 0]);
    expect([...pairWeights(c, Float64Array.of(1, 1), 2, options)]).toEqual(
      [1 / 3, 1 / (2 + 1 / 0.5625), 0, 1 / 6].map(Math.fround),
    );
    expect([...pairWeights(c, hot, 2, { ...options, horizonSec: 1, binSec: 2 })]).toEqual([1, 0, 0, 0.25]);
    // seconds against the number of bins, as the reference
    expect([...pairWeights(c, hot, 2, { ...options, horizonSec: 2, binSec: 3 })]).toEqual([1, 0.5625, 0, 0.25]);
  });
});

describe("the equations", () => {
  const options = { lambdaTime: 1, lambdaSpace: 1, ridge: 1e-3 };

  it("by hand: one pair, its prior, and the ridge on the bin that has it", () => {
    const found = solveDisplacement(Float32Array.of(0, 2, 0, 0), Float32Array.of(0, 1, 0, 0), 1, 2, options);
    expect(worst(found, [0, -4 / 3])).toBeLessThan(1e-12);
    expect([...solveDisplacement(new Float32Array(1), Float32Array.of(1), 1, 1, options)]).toEqual([0]);
  });

  /** What the displacement minimises, written out; the ridge counts twice where there are several windows. */
  function misfit(p: Float64Array, d: Float32Array, u: Float32Array, nB: number, nT: number): number {
    const change = (b: number, t: number) => p[b * nT + t + 1] - p[b * nT + t];
    let total = 0;
    u.forEach((weight, at) => {
      const b = Math.floor(at / (nT * nT));
      const i = Math.floor(at / nT) % nT;
      total += weight * (d[at] - p[b * nT + i] + p[b * nT + (at % nT)]) ** 2;
    });
    for (let b = 0; b < nB; b++) {
      for (let t = 0; t + 1 < nT; t++) {
        total += 0.5 * options.lambdaTime * change(b, t) ** 2;
        if (b > 0) total += 0.25 * options.lambdaSpace * (change(b, t) - change(b - 1, t)) ** 2;
      }
    }
    p.forEach((value, bt) => {
      const used = u.subarray(bt * nT, (bt + 1) * nT).some((weight) => weight > 0);
      if (used) total += (nB > 1 ? 2 : 1) * options.ridge * value ** 2;
    });
    return total;
  }

  it.each([1, 2, 4])("give the least misfit with %i windows, cold bins included", (nWindows) => {
    const random = new Random(3);
    const nTimes = 7;
    const size = nWindows * nTimes * nTimes;
    const d = Float32Array.from({ length: size }, () => Math.round(20 * random.normal()));
    const u = Float32Array.from({ length: size }, (_, at) => {
      const share = random.uniform();
      return at % nTimes === 2 || share < 0.3 ? 0 : share;
    });
    u.fill(0, 14, 21); // row 2 as well as column 2 of the first window: a cold bin
    const found = solveDisplacement(d, u, nWindows, nTimes, options);
    const slopes = found.map((_, at) => {
      const moved = (byUm: number) =>
        misfit(
          found.map((v, i) => (i === at ? v + byUm : v)),
          d,
          u,
          nWindows,
          nTimes,
        );
      return (moved(1) - moved(-1)) / 2; // exact: the misfit is quadratic
    });
    expect(worst(slopes, new Float64Array(slopes.length))).toBeLessThan(1e-9);
    expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(1);
  });

  it("say when nothing sets the level", () => {
    const open = () => solveDisplacement(new Float32Array(4), new Float32Array(4), 1, 2, { ...options, ridge: 0 });
    expect(open).toThrow("raise the ridge");
  });

  it("give the reference's motion from its pairs", async () => {
    const [nWindows, nTimes] = [9, 80];
    const correlation = (await fixtureNpy("dredge/C_BxTxT.npy")).values as Float32Array;
    const d = Float32Array.from((await fixtureNpy("dredge/D_BxTxT_um.npy")).values);
    const expected = (await fixtureNpy("dredge/displacement_TxB.npy")).values;
    const hot = new Float64Array(nWindows * nTimes).fill(Number.POSITIVE_INFINITY);
    const found = solveDisplacement(
      d,
      pairWeights(correlation, hot, nTimes, dredgeDefaults),
      nWindows,
      nTimes,
      options,
    );
    const byTime = found.map((_, at) => found[(at % nWindows) * nTimes + Math.floor(at / nWindows)]);
    expect(worst(byTime, expected)).toBeLessThan(1e-4); // weights in float32: 10⁻⁶ of a µm
  });
});
