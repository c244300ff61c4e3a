import { describe, expect, it } from "vitest";
import { dredge } from "../../src/core/dredge/dredge.ts";
import { type DredgeOptions, dredgeDefaults } from "../../src/core/dredge/options.ts";
import { amplitudeHistogram, binEdges, dredgeRaster } from "../../src/core/dredge/raster.ts";
import { slidingProductsBySpectrum } from "../../src/core/dredge/slidingProducts.ts";
import { type DredgeWindows, dredgeWindows } from "../../src/core/dredge/windows.ts";
import { AppError } from "../../src/core/errors.ts";
import { correctDepths, median } from "../../src/core/motion.ts";
import { Random } from "../../src/core/random.ts";
import { gaussianTaps } from "../../src/core/smoothLines.ts";
import type { SpikeTable } from "../../src/core/types.ts";

function spikesOf(rows: [timeSec: number, depthUm: number, ampUv: number][]): SpikeTable {
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (row) => row[0]),
    depthUm: Float64Array.from(rows, (row) => row[1]),
    ampUv: Float32Array.from(rows, (row) => row[2]),
  };
}

const sum = (values: Float64Array) => values.reduce((total, v) => total + v, 0);

describe("the raster", () => {
  it("has the reference's edges", () => {
    expect([...binEdges(0, 2.9, 1)]).toEqual([0, 1, 2, 3]);
    expect([...binEdges(0, 3, 1)]).toEqual([0, 1, 2, 3]);
    expect([...binEdges(-4, 3, 5)]).toEqual([-4, 1, 6]);
    expect([...binEdges(7, 7, 1)]).toEqual([7, 8]);
    expect(binEdges(0, 3820, 1).length).toBe(3821);
  });

  it("sums or averages |amplitude| in half-open cells, the last closed, and drops what lies outside", () => {
    const spikes = spikesOf([
      [0, 0, -1],
      [0.5, 9.99, -2],
      [1, 10, -4],
      [2, 20, -8], // on both last edges
      [2.01, 5, -100],
      [1, -0.01, -100],
      [1, Number.NaN, -100],
    ]);
    const edges = [binEdges(0, 2, 1), binEdges(0, 20, 10)] as const;
    expect([...amplitudeHistogram(spikes, ...edges, false)]).toEqual([3, 0, 0, 12]);
    expect([...amplitudeHistogram(spikes, ...edges, true)]).toEqual([1.5, 0, 0, 6]);
  });

  it("puts spikes on edges that are not whole numbers above them", () => {
    const edges = binEdges(0, 1, 0.1);
    const spikes = spikesOf(Array.from(edges.slice(0, -1), (edge) => [0, edge, 1]));
    expect([...amplitudeHistogram(spikes, binEdges(0, 1, 1), edges, false)]).toEqual(
      new Array(edges.length - 1).fill(1),
    );
  });

  it("says so when no spike lies on the probe", () => {
    const run = () => dredgeRaster(spikesOf([[1, 900, -9]]), [0, 100], 2, dredgeDefaults);
    expect(run).toThrow(AppError);
    expect(run).toThrow("(0 to 100 µm), found none of 1 there");
  });

  it("smooths with nine taps that sum to 1; the sum stays, and a spike becomes their outer product", () => {
    const taps = gaussianTaps(1);
    expect(taps.length).toBe(5);
    expect(2 * sum(taps) - taps[0]).toBeCloseTo(1, 15);
    expect(taps[1] / taps[0]).toBeCloseTo(Math.exp(-0.5), 15);
    const { values, nTimes, nDepths } = dredgeRaster(spikesOf([[9.5, 9.5, -10]]), [0, 20], 20, dredgeDefaults);
    expect([nTimes, nDepths]).toEqual([20, 20]);
    expect(sum(values)).toBeCloseTo(10, 13);
    expect(values[9 * 20 + 9]).toBeCloseTo(10 * taps[0] * taps[0], 14);
    expect(values[6 * 20 + 11]).toBeCloseTo(10 * taps[3] * taps[2], 14);
  });

  it("loses what is smoothed over an edge; the original mirrors it and takes the logarithm in between", () => {
    const corner = spikesOf([
      [0.5, 0.5, -10],
      [19.5, 19.5, -10],
    ]);
    const taps = gaussianTaps(1);
    const inside = sum(taps); // of one side with the centre
    const zeros = dredgeRaster(corner, [0, 20], 19.9, dredgeDefaults);
    expect(sum(zeros.values)).toBeCloseTo(20 * inside * inside, 12);
    const original = dredgeRaster(corner, [-500, 500], 19.9, { ...dredgeDefaults, variant: "original" });
    expect(original.depthRangeUm).toEqual([0, 20]);
    const folded = [0, 1, 2, 3, 4].map((k) => taps[k] + (taps[k + 1] ?? 0));
    expect(sum(original.values)).toBeCloseTo(2 * sum(Float64Array.from(folded, (tap) => Math.log1p(10 * tap))), 12);
  });

  it("is the histogram itself without smoothing", () => {
    const spikes = spikesOf([[0.5, 0.5, -10]]);
    const { values } = dredgeRaster(spikes, [0, 2], 1.5, { ...dredgeDefaults, depthSmoothUm: 0, timeSmoothSec: 0 });
    expect([...values]).toEqual([10, 0, 0, 0]);
  });
});

describe("windows", () => {
  const windowsOver = (low: number, high: number, options: Partial<DredgeOptions> = {}): DredgeWindows =>
    dredgeWindows(
      { depthEdgesUm: binEdges(low, high, 1), depthRangeUm: [low, high] },
      { ...dredgeDefaults, ...options },
    );
  const support = ({ weights, nDepths }: DredgeWindows, b: number) => {
    const row = weights.subarray(b * nDepths, (b + 1) * nDepths);
    return [row.findIndex((w) => w > 0), row.findLastIndex((w) => w > 0) + 1];
  };

  it("are one when rigid", () => {
    const { nWindows, weights, centersUm, reduced } = windowsOver(-600, 740, { rigid: true });
    expect([nWindows, centersUm[0], reduced]).toEqual([1, 70, false]);
    expect(weights.every((w) => w === 1 / 1340)).toBe(true);
  });

  it("lie on Neuropixels 1.0 as the reference's, and each sums to 1", () => {
    const windows = windowsOver(0, 3820);
    expect([...windows.centersUm]).toEqual([310, 710, 1110, 1510, 1910, 2310, 2710, 3110, 3510]);
    expect(support(windows, 0)).toEqual([0, 2469]);
    expect(support(windows, 8)).toEqual([1351, 3820]);
    for (let b = 0; b < 9; b++) {
      expect(sum(windows.weights.subarray(b * 3820, (b + 1) * 3820))).toBeCloseTo(1, 13);
    }
  });

  it("are half as wide in the original", () => {
    const windows = windowsOver(0, 3820, { variant: "original" });
    const [from, to] = support(windows, 4);
    const reachUm = (to - from) / 2;
    // the cut is at 10⁻⁵ of a Gaussian of area 1, σ 225
    expect(reachUm).toBeCloseTo(225 * Math.sqrt(-2 * Math.log(1e-5 * 225 * Math.sqrt(2 * Math.PI))), -1);
  });

  it("can be boxes and triangles", () => {
    const box = windowsOver(0, 2000, { windowShape: "rect" });
    expect(support(box, 0)).toEqual([box.centersUm[0] - 225, box.centersUm[0] + 225]);
    expect(box.weights[box.centersUm[0]]).toBeCloseTo(1 / 450, 15);
    const triangle = windowsOver(0, 2000, { windowShape: "triangle" });
    expect(triangle.weights[triangle.centersUm[0] + 112] / triangle.weights[triangle.centersUm[0]]).toBeCloseTo(0.5, 2);
  });

  it("are one in the middle of a probe too short for two, and it says so", () => {
    const { nWindows, centersUm, reduced } = windowsOver(0, 620);
    expect([nWindows, [...centersUm], reduced]).toEqual([1, [310], true]);
    expect(windowsOver(0, 850).nWindows).toBe(2);
  });

  it("must cover a bin", () => {
    const empty = () => windowsOver(0, 1000, { windowScaleUm: 0.1, windowShape: "rect" });
    expect(empty).toThrow("make the window scale larger");
  });
});

describe("the whole", () => {
  /** Units at fixed depths, all moved by `motionUm`. */
  function drifting(motionUm: (timeSec: number, depthUm: number) => number): SpikeTable {
    const random = new Random(4);
    const units = Array.from({ length: 40 }, () => [300 * random.uniform(), 20 + 80 * random.uniform()]);
    const rows = Array.from({ length: 6000 }, (_, i): [number, number, number] => {
      const timeSec = (20 * i) / 6000;
      const [depthUm, ampUv] = units[random.integer(units.length)];
      return [timeSec, depthUm + motionUm(timeSec, depthUm) + 0.5 * random.normal(), -ampUv];
    });
    return spikesOf(rows);
  }

  const centred = (values: Float64Array) => {
    const middle = median(values);
    return values.map((v) => v - middle);
  };

  it.each(["spikeinterface", "original"] as const)("finds a rigid shift and its sign (%s)", (variant) => {
    const truth = (timeSec: number) => (timeSec < 8 ? 0 : 12);
    const spikes = drifting(truth);
    const options: DredgeOptions = { ...dredgeDefaults, variant, rigid: true, timeSmoothSec: 0 };
    const { motion, frames } = dredge(spikes, [0, 320], 20 - 1e-4, options, slidingProductsBySpectrum);
    expect(motion.timeBinCentersSec.length).toBe(20);
    expect(frames.warnings).toEqual([]);
    const expected = centred(motion.timeBinCentersSec.map(truth));
    centred(motion.displacementUm).forEach((found, t) => {
      expect(Math.abs(found - expected[t])).toBeLessThan(1);
    });
    const still = drifting(() => 0).depthUm;
    const corrected = centred(correctDepths(motion, spikes.timeSec, spikes.depthUm).map((v, i) => v - still[i]));
    expect(Math.sqrt(sum(corrected.map((v) => v * v)) / corrected.length)).toBeLessThan(2); // moved: 6 µm
  });

  it("finds different shifts at the two ends, and gives a value per window", () => {
    const options: DredgeOptions = {
      ...dredgeDefaults,
      windowStepUm: 100,
      windowScaleUm: 60,
      maxDisplacementUm: 20,
      timeSmoothSec: 0,
      lambdaSpace: 0.01,
    };
    const step = (timeSec: number, depthUm: number) => (timeSec < 8 ? 0 : depthUm < 150 ? 0 : 10);
    const { motion } = dredge(drifting(step), [0, 310], 20 - 1e-4, options, slidingProductsBySpectrum);
    const { displacementUm: p, depthBinCentersUm } = motion;
    const s = depthBinCentersUm.length;
    expect(s).toBe(3);
    const jumpUm = (b: number) => p[15 * s + b] - p[3 * s + b];
    expect(Math.abs(jumpUm(0))).toBeLessThan(1.5);
    expect(Math.abs(jumpUm(s - 1) - 10)).toBeLessThan(1.5);
  });

  it("warns of a probe too short for windows", () => {
    const { motion, frames } = dredge(
      drifting(() => 0),
      [0, 320],
      19.9,
      dredgeDefaults,
      slidingProductsBySpectrum,
    );
    expect(motion.depthBinCentersUm.length).toBe(1);
    expect(frames.warnings[0]).toContain("found 320 µm; one window over its middle is used");
  });
});
