import { beforeAll, describe, expect, it } from "vitest";
import { meanCorrelation, meanEntropy, tether } from "../../src/core/histogramLosses.ts";
import { roundHalfEven, type SoftGrid, softHistogram, softHistogramGrad } from "../../src/core/softHistogram.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";

/** The published test case of the specification: 400 points, 4 bins, 31 × 151 voxels of 4 µm. */
const grid: SoftGrid = { x0: -40, y0: 0, nx: 31, ny: 151, pitchUm: 4, sigmaUm: 4 };
const n = 400;
const nBins = 4;
const fraction = (v: number) => v - Math.floor(v);
const x = Float64Array.from({ length: n }, (_, i) => -30 + 97 * fraction(0.6180339887 * i));
const y = Float64Array.from({ length: n }, (_, i) => 200 + 300 * fraction(0.7548776662 * i));
const bin = Int32Array.from({ length: n }, (_, i) => (7 * i) % 4);
const baseline = Float64Array.from({ length: 2 * n }, (_, i) =>
  i < n ? x[i] + 1.5 * Math.sin(i) : y[i - n] - 2 * Math.cos(i - n),
);
const valid = [1, 1, 1, 1];

interface Loss {
  histogram: Float64Array;
  rho: number;
  entropy: number;
  tether: number;
  total: number;
  gradX: Float64Array;
  gradY: Float64Array;
}

function loss(px: Float64Array, py: Float64Array): Loss {
  const histogram = softHistogram(px, py, bin, nBins, grid);
  const rho = meanCorrelation(histogram, nBins, valid, 2);
  const entropy = meanEntropy(histogram, nBins, valid);
  const stay = tether([...px, ...py], baseline);
  const outGrad = histogram.map((_, i) => -rho.grad[i] - 0.1 * entropy.grad[i]);
  const grad = softHistogramGrad(px, py, bin, outGrad, grid);
  return {
    histogram,
    rho: rho.value,
    entropy: entropy.value,
    tether: stay.value,
    total: -rho.value - 0.1 * entropy.value + 0.01 * stay.value,
    gradX: grad.x.map((g, i) => g + 0.01 * stay.grad[i]),
    gradY: grad.y.map((g, i) => g + 0.01 * stay.grad[n + i]),
  };
}

const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

describe("soft histogram, correlation, entropy and tether against the specification's numbers", () => {
  let found: Loss;
  beforeAll(() => {
    found = loss(x, y);
  });

  it.each([
    ["sum of H", () => found.histogram.reduce((s, v) => s + v, 0), 2510.924193405],
    ["ρ̄", () => found.rho, 0.24636878593],
    ["H̄", () => found.entropy, 6.793187515683],
    ["tether", () => found.tether, 1.563605857169],
    ["L", () => found.total, -0.910051478926],
    ["|∂L|", () => Math.hypot(...found.gradX, ...found.gradY), 0.0023810947844],
    ["∂L/∂x₀", () => found.gradX[0], -2.0485320279e-5],
    ["∂L/∂y₀", () => found.gradY[0], 7.0417070998e-5],
    ["∂L/∂x₁₂₃", () => found.gradX[123], -6.0332509e-6],
    ["∂L/∂y₁₂₃", () => found.gradY[123], 7.2016342e-6],
  ])("%s to 1e-6 relative", (_name, value, expected) => {
    expect(relative(value(), expected)).toBeLessThan(1e-6);
  });

  it("equals the reference histogram and gradients voxel by voxel", async () => {
    const histogram = (await fixtureNpy("softHistogram/H_4x31x151.npy")).values;
    const gradX = (await fixtureNpy("softHistogram/dL_dx.npy")).values;
    const gradY = (await fixtureNpy("softHistogram/dL_dy.npy")).values;
    const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])));
    expect(histogram.length).toBe(found.histogram.length);
    expect(worst(found.histogram, histogram)).toBeLessThan(1e-12);
    expect(worst(found.gradX, gradX)).toBeLessThan(1e-14);
    expect(worst(found.gradY, gradY)).toBeLessThan(1e-14);
    const { pairs } = await fixtureJson<{ pairs: number }>("softHistogram/values.json");
    expect(pairs).toBe(5);
  });

  it("has the gradient that finite differences give", () => {
    for (const i of [57, 123, 201, 399]) {
      // (point 0 lies exactly between two voxels, where the definition jumps)
      const step = 1e-4;
      const moved = (d: number) =>
        loss(
          x.map((v, k) => (k === i ? v + d : v)),
          y,
        ).total;
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(numeric - found.gradX[i])).toBeLessThan(2e-8);
    }
  });
});

describe("soft histogram", () => {
  it("adds 2π per interior spike within the truncation, wherever it lies between centres", () => {
    for (const offset of [0, 0.7, 1.99, 2, 3.1]) {
      const mass = softHistogram([20 + offset], [300 + offset], [0], 1, grid).reduce((s, v) => s + v, 0);
      expect(mass).toBeGreaterThan(6.27);
      expect(mass).toBeLessThan(6.281);
    }
  });

  it("lets a spike beyond the edge leak in only through its taps inside, and drops NaN", () => {
    const sum = (px: number) => softHistogram([px], [300], [0], 1, grid).reduce((s, v) => s + v, 0);
    expect(sum(-46)).toBeGreaterThan(0);
    expect(sum(-46)).toBeLessThan(1);
    expect(sum(-60)).toBe(0);
    expect(sum(Number.NaN)).toBe(0);
  });

  it("rounds halves to even", () => {
    expect([-1.5, -0.5, 0.5, 1.5, 2.5, 2.4].map(roundHalfEven)).toEqual([-2, -0, 0, 2, 2, 2]);
  });

  it("gives 0 correlation without a valid pair, and no gradient", () => {
    const histogram = softHistogram(x, y, bin, nBins, grid);
    const none = meanCorrelation(histogram, nBins, [1, 0, 0, 0], 30);
    expect(none.value).toBe(0);
    expect(Math.max(...none.grad.map(Math.abs))).toBe(0);
  });
});
