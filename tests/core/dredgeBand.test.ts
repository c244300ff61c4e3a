import { describe, expect, it } from "vitest";
import { type BandFrame, PairBand } from "../../src/core/dredge/band.ts";
import { solveBand } from "../../src/core/dredge/bandSolve.ts";
import { pairHorizon } from "../../src/core/dredge/horizon.ts";
import { dredgeDefaults } from "../../src/core/dredge/options.ts";
import { dredgeRaster, rasterGrid, rasterRows } from "../../src/core/dredge/raster.ts";
import { solveDisplacement } from "../../src/core/dredge/solve.ts";
import { pairWeights } from "../../src/core/dredge/weights.ts";
import { AppError } from "../../src/core/errors.ts";
import { median } from "../../src/core/motion.ts";
import { Random } from "../../src/core/random.ts";

const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Array.from(expected).reduce((most, v, i) => Math.max(most, Math.abs(found[i] - v)), 0);

interface Pairs {
  nWindows: number;
  nTimes: number;
  /** [B, T, T] */
  correlation: Float32Array;
  displacementUm: Float32Array;
  /** [B, T] */
  gate: Float64Array;
}

/** Noisy differences of a slow motion; some bins cold, some pairs unlike. */
function noisyPairs(nWindows: number, nTimes: number, cold: (b: number, t: number) => boolean): Pairs {
  const random = new Random(8);
  const size = nWindows * nTimes * nTimes;
  const correlation = Float32Array.from({ length: size }, () => random.uniform());
  const displacementUm = Float32Array.from({ length: size }, (_, at) => {
    const [b, i, j] = [Math.floor(at / nTimes / nTimes), Math.floor(at / nTimes) % nTimes, at % nTimes];
    const motion = (t: number) => (20 + 5 * b) * Math.sin((3 * t) / nTimes) - 10 * b;
    return Math.round(motion(i) - motion(j) + 3 * random.normal());
  });
  for (let at = 0; at < nWindows * nTimes; at++) correlation[at * nTimes + (at % nTimes)] = 1;
  const gate = Float64Array.from({ length: nWindows * nTimes }, (_, at) =>
    cold(Math.floor(at / nTimes), at % nTimes) ? 0 : at % 7 === 3 ? 0.5 : Number.POSITIVE_INFINITY,
  );
  return { nWindows, nTimes, correlation, displacementUm, gate };
}

type Options = typeof dredgeDefaults;

function frameOf({ nWindows, nTimes, gate }: Pairs, options: Options): BandFrame {
  const solution = new Float64Array(nWindows * nTimes);
  const { minCorrelation } = options;
  return { nWindows, nTimes, gate, solution, minCorrelation, horizon: pairHorizon(nTimes, options) };
}

/** The band of a stretch, filled in tiles of `size`. */
function bandOf(pairs: Pairs, frame: BandFrame, start: number, end: number, size: number): PairBand {
  const { nTimes } = pairs;
  const band = new PairBand(frame, start, end, 30);
  const part = (window: number, values: Float32Array, rows: number[], columns: number[]) => {
    const out: number[] = [];
    for (let i = rows[0]; i < rows[1]; i++)
      for (let j = columns[0]; j < columns[1]; j++) out.push(values[(window * nTimes + i) * nTimes + j]);
    return out;
  };
  for (let b = 0; b < pairs.nWindows; b++) {
    for (let first = start; first < end; first += size) {
      for (let from = 0; from < first + size && from < end; from += size) {
        const rows = [from, Math.min(from + size, end)] as [number, number];
        const columns = [first, Math.min(first + size, end)] as [number, number];
        const directed = (i: number[], j: number[]) => ({
          correlation: part(b, pairs.correlation, i, j),
          displacementUm: part(b, pairs.displacementUm, i, j),
        });
        band.addTile(b, { rows, columns, forward: directed(rows, columns), backward: directed(columns, rows) });
      }
    }
  }
  return band;
}

function solved(band: PairBand, options: Options) {
  const steps = solveBand(band, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

function dense(pairs: Pairs, options: Options): Float64Array {
  const weights = pairWeights(pairs.correlation, pairs.gate, pairs.nTimes, options);
  return solveDisplacement(pairs.displacementUm, weights, pairs.nWindows, pairs.nTimes, options);
}

describe("the horizon of pairs", () => {
  it("counts seconds where they are fewer than the time bins", () => {
    expect(pairHorizon(1800, { horizonSec: 1000, binSec: 1 }).reach).toBe(1000);
    expect(pairHorizon(1800, { horizonSec: 1000, binSec: 0.3 }).reach).toBe(1799);
    expect(pairHorizon(9000, { horizonSec: 1000, binSec: 0.3 }).reach).toBe(3333);
    expect(pairHorizon(700, { horizonSec: 10, binSec: 20 }).reach).toBe(0);
  });

  it("counts blocks of 512 where they are not", () => {
    const { reach, counts } = pairHorizon(2000, { horizonSec: 2000, binSec: 20 });
    expect(reach).toBe(100 + 1022);
    expect(counts(0, 1023)).toBe(true);
    expect(counts(0, 1024)).toBe(false);
    expect(pairHorizon(2000, { horizonSec: 0, binSec: 1 })).toMatchObject({ reach: 1999 });
  });
});

describe("a band of pairs", () => {
  const gap = (b: number, t: number) => t % 17 === 5 || (b === 1 && t > 30 && t < 60);

  it.each([
    { what: "one window", nWindows: 1, nTimes: 90, options: {} },
    { what: "three windows", nWindows: 3, nTimes: 90, options: {} },
    { what: "three windows, short horizon", nWindows: 3, nTimes: 90, options: { horizonSec: 20 } },
    { what: "a horizon shorter than the gap", nWindows: 1, nTimes: 120, options: { horizonSec: 7 } },
    { what: "long bins", nWindows: 2, nTimes: 60, options: { horizonSec: 50, binSec: 7 } },
    { what: "strong priors", nWindows: 4, nTimes: 50, options: { lambdaTime: 30, lambdaSpace: 200 } },
    { what: "no prior across windows", nWindows: 3, nTimes: 50, options: { lambdaSpace: 0 } },
    { what: "nothing correlates", nWindows: 2, nTimes: 20, options: { minCorrelation: 2 } },
    { what: "two time bins", nWindows: 2, nTimes: 2, options: {} },
    { what: "one time bin", nWindows: 2, nTimes: 1, options: {} },
  ])("gives the motion of the whole matrices: $what", ({ what, nWindows, nTimes, options: given }) => {
    const options = { ...dredgeDefaults, ...given };
    const pairs = noisyPairs(nWindows, nTimes, what.includes("gap") ? (_, t) => t > 50 && t < 70 : gap);
    const band = bandOf(pairs, frameOf(pairs, options), 0, nTimes, 16);
    const { displacementUm, state } = solved(band, options);
    const difference = worst(displacementUm, dense(pairs, options));
    console.info(`${what}: ${state.iteration} iterations, ${difference.toExponential(1)} µm`);
    expect(difference).toBeLessThan(1e-6);
    expect(
      worst(solved(bandOf(pairs, frameOf(pairs, options), 0, nTimes, 100), options).displacementUm, displacementUm),
    ).toBeLessThan(1e-9);
  });

  it("counts pairs with weight and those at the limit", () => {
    const pairs = noisyPairs(1, 30, () => false);
    const band = bandOf(pairs, frameOf(pairs, dredgeDefaults), 0, 30, 8);
    const counted = Array.from(pairs.correlation, (c, at) => c >= 0.1 && at % 31 !== 0); // but a bin with itself
    expect(band.nCounted).toBe(counted.filter(Boolean).length);
    expect(band.nAtLimit).toBe(counted.filter((yes, at) => yes && Math.abs(pairs.displacementUm[at]) >= 30).length);
  });

  it("has no solution where nothing holds a time bin", () => {
    const options = { ...dredgeDefaults, lambdaTime: 0, lambdaSpace: 0 };
    const pairs = noisyPairs(1, 20, (_, t) => t === 4);
    const run = () => solved(bandOf(pairs, frameOf(pairs, options), 0, 20, 8), options);
    expect(run).toThrow(AppError);
    expect(run).toThrow("none at time bin 4");
  });

  it("in stretches that follow what is solved, comes close to the whole", () => {
    const options = { ...dredgeDefaults, horizonSec: 40 };
    const pairs = noisyPairs(2, 200, (_, t) => t % 17 === 5);
    const frame = frameOf(pairs, options);
    for (let start = 0; start < 200; start += 50) {
      const { displacementUm } = solved(bandOf(pairs, frame, start, start + 50, 16), options);
      for (let b = 0; b < 2; b++) frame.solution.set(displacementUm.subarray(b * 50, (b + 1) * 50), b * 200 + start);
    }
    const whole = dense(pairs, options);
    for (let b = 0; b < 2; b++) {
      const level = (p: Float64Array) => median(p.subarray(b * 200, (b + 1) * 200));
      const moved = level(frame.solution) - level(whole); // which the ridge sets by the first stretch alone
      const found = frame.solution.subarray(b * 200, (b + 1) * 200).map((v) => v - moved);
      // pairs are good to 3 µm each; a bin at the start of a stretch has half of its about 70 partners
      expect(worst(found, whole.subarray(b * 200, (b + 1) * 200))).toBeLessThan(1);
    }
  });
});

describe("a stretch of the raster", () => {
  const random = new Random(2);
  const rows = Array.from({ length: 400 }, (_, i) => [(40 * i) / 400, 100 * random.uniform(), 50 * random.uniform()]);
  const spikes = {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (r) => r[0]),
    depthUm: Float64Array.from(rows, (r) => r[1]),
    ampUv: Float32Array.from(rows, (r) => -r[2]),
  };

  it.each(["spikeinterface", "original"] as const)("is the same part of the whole (%s)", (variant) => {
    for (const timeSmoothSec of [0, 1, 20]) {
      const options = { ...dredgeDefaults, variant, timeSmoothSec, averageInBin: true };
      const whole = dredgeRaster(spikes, [0, 100], 39.9, options);
      const grid = rasterGrid(spikes, [0, 100], 39.9, options);
      for (const [from, to] of [
        [0, 3],
        [17, 30],
        [39, 40],
      ]) {
        const part = rasterRows(spikes, grid, options, from, to);
        expect(part).toEqual(whole.values.slice(from * whole.nDepths, to * whole.nDepths));
      }
    }
  });
});
