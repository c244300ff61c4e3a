import { describe, expect, it } from "vitest";
import { crossCorrelation } from "../../src/core/dredge/crossCorrelation.ts";
import { type OnlineChunk, onlineDisplacement } from "../../src/core/dredge/online.ts";
import { refineShifts } from "../../src/core/dredge/refineShifts.ts";
import { solveDisplacement } from "../../src/core/dredge/solve.ts";
import { depthRows } from "../../src/core/lfp/depthRows.ts";
import { idealProbe } from "../../src/core/probeGeometry.ts";
import { Random } from "../../src/core/random.ts";

const options = { lambdaTime: 1, lambdaSpace: 1, ridge: 1e-3 };

function solve(chunk: OnlineChunk): Float64Array {
  const work = onlineDisplacement(chunk, options);
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
}

function randomPairs(nWindows: number, nRows: number, nColumns: number, seed: number) {
  const random = new Random(seed);
  const size = nWindows * nRows * nColumns;
  return {
    displacementUm: Float32Array.from({ length: size }, () => 20 * random.normal()),
    weights: Float32Array.from({ length: size }, () => (random.uniform() < 0.4 ? random.uniform() : 0)),
  };
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
}

describe("DREDge chunk by chunk", () => {
  it.each([1, 2, 4])("solves a first chunk of %i windows as the dense system does", (nWindows) => {
    const nTimes = 23;
    const pairs = randomPairs(nWindows, nTimes, nTimes, nWindows);
    const dense = solveDisplacement(pairs.displacementUm, pairs.weights, nWindows, nTimes, options);
    expect(worst(solve({ nWindows, nTimes, ...pairs, before: null }), dense)).toBeLessThan(1e-5);
  });

  it("minimises the sum of squares with the chunk before held fast", () => {
    const [nTimes, nBefore] = [9, 7];
    const within = randomPairs(1, nTimes, nTimes, 8);
    const across = randomPairs(1, nTimes, nBefore, 9);
    const solutionUm = Float64Array.from({ length: nBefore }, (_, j) => 30 + j);
    const cost = (p: Float64Array) => {
      let sum = 0;
      for (let i = 0; i < nTimes; i++) {
        for (let j = 0; j < nTimes; j++) {
          const at = i * nTimes + j;
          sum += within.weights[at] * (within.displacementUm[at] - (p[i] - p[j])) ** 2;
        }
        for (let j = 0; j < nBefore; j++) {
          const at = i * nBefore + j; // both orders of the pair
          sum += 2 * across.weights[at] * (across.displacementUm[at] - (p[i] - solutionUm[j])) ** 2;
        }
        if (i > 0) sum += 0.5 * (p[i] - p[i - 1]) ** 2;
        const isUsed = within.weights.subarray(i * nTimes, (i + 1) * nTimes).some((weight) => weight > 0);
        sum += isUsed ? options.ridge * p[i] ** 2 : 0;
      }
      return sum;
    };
    const p = solve({ nWindows: 1, nTimes, ...within, before: { nTimes: nBefore, ...across, solutionUm } });
    const step = 1e-3;
    p.forEach((value, i) => {
      const at = (x: number) => cost(p.with(i, x));
      expect(Math.abs(at(value + step) - at(value - step)) / (2 * step)).toBeLessThan(1e-4);
    });
  });
});

describe("displacements between bins", () => {
  it("are where a smooth raster was really shifted to", () => {
    const shifts = [0, 0.3, -0.4, 1.25];
    const nDepths = 40;
    const raster = Float32Array.from({ length: shifts.length * nDepths }, (_, at) => {
      const y = (at % nDepths) - shifts[Math.floor(at / nDepths)];
      return Math.sin(y / 2.5) + Math.exp(-(((y - 17) / 4) ** 2));
    });
    const weights = new Float64Array(nDepths).fill(1 / nDepths);
    const windows = { nWindows: 1, nDepths, weights, centersUm: Float64Array.of(20), reduced: false };
    const correlations = { binUm: 1, maxDisplacementBins: 5, horizonBins: Number.POSITIVE_INFINITY };
    const { correlation, displacementUm } = crossCorrelation(raster, 4, windows, correlations);
    const request = {
      raster,
      weights,
      rows: [0, 4],
      columns: [0, 4],
      maxDisplacementBins: 5,
      minCorrelation: 0.5,
    } as const;
    for (const _part of refineShifts(request, correlation, displacementUm));
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++)
        expect(Math.abs(displacementUm[4 * i + j] - (shifts[i] - shifts[j]))).toBeLessThan(0.05);
  });
});

describe("channels to rows of depth", () => {
  const ideal = idealProbe("np1", 40).sites;
  const probe = { ...ideal, connected: ideal.connected.map((_, c) => c !== 9) };
  const applied = (derivative: boolean, field: (depthUm: number) => number) => {
    const rows = depthRows(probe, 0, derivative);
    const n = rows.channels.length;
    return Array.from(rows.depthUm, (_, r) =>
      Array.from(rows.channels).reduce(
        (sum, c, k) => sum + rows.weights[r * n + k] * field(probe.positionsUm[c][1]),
        0,
      ),
    );
  };

  it("average contacts of one depth, on an even grid", () => {
    const rows = depthRows(probe, 0, false);
    expect([rows.pitchUm, rows.depthUm.length, rows.channels.length]).toEqual([20, 20, 39]);
    expect(
      worst(
        applied(false, (y) => 3 + 0.1 * y),
        Array.from(rows.depthUm, (y) => 3 + 0.1 * y),
      ),
    ).toBeLessThan(1e-12);
  });

  it("take the second derivative, which is 0 for what all share", () => {
    expect(
      worst(
        applied(true, () => 800),
        new Float64Array(20),
      ),
    ).toBeLessThan(1e-10);
    const inner = applied(true, (y) => 0.5 * y * y).slice(6, 14);
    expect(inner.every((value) => Math.abs(value - 1) < 1e-9)).toBe(true);
  });

  it("fill rows that were not recorded", () => {
    const gap = { ...probe, connected: probe.connected.map((_, c) => c < 10 || c >= 14) };
    const rows = depthRows(gap, 0, false);
    expect([rows.depthUm.length, rows.largestGapUm]).toEqual([20, 60]);
  });
});
