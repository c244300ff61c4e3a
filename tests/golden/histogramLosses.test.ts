import {
  add,
  mul,
  reshape,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  meanCorrelation as correlationOracle,
  meanEntropy as entropyOracle,
  tether,
} from "../../src/core/histogramLosses.ts";
import {
  softHistogramGrad as gradOracle,
  softHistogram as histogramOracle,
  type SoftGrid,
} from "../../src/core/softHistogram.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { countPairs, meanCorrelation } from "../../src/ops/meanCorrelation.ts";
import { meanEntropy } from "../../src/ops/meanEntropy.ts";
import { softHistogram, softHistogramGrad } from "../../src/ops/softHistogram.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";

/** Both reference cases of the histogram losses; tolerances are those its description states for float64 and float32. */
const root = "../shared/golden/sln/histogram";

interface Values {
  T: number;
  W: number;
  valid?: boolean[];
  grid: { x0: number; y0: number; nx: number; ny: number; pitch: number; sigma: number };
  rho: number;
  Hbar: number;
  entropy: number[];
  tether: number;
  L: number;
  sum_H_per_bin: number[];
  nonzero_voxels_per_bin?: number[];
}

interface Case {
  values: Values;
  grid: SoftGrid;
  x: Float64Array;
  y: Float64Array;
  bin: Int32Array;
  valid: Float32Array;
  baseline: Float64Array;
  /** gradient of L: all of x, then all of y */
  grad: Float64Array;
}

async function read(name: string): Promise<Case> {
  const values = await fixtureJson<Values>(`${name}/values.json`, root);
  const column = async (file: string) => Float64Array.from((await fixtureNpy(`${name}/${file}.npy`, root)).values);
  const { x0, y0, nx, ny, pitch, sigma } = values.grid;
  const [x, y] = [await column("x_um"), await column("y_um")];
  const baseline = [...(await column("baseline_x_um")), ...(await column("baseline_y_um"))];
  const grad =
    name === "case_spec"
      ? [...(await column("dL_dx")), ...(await column("dL_dy"))]
      : await column("dL_dxy").then((g) => [...g.filter((_, i) => i % 2 === 0), ...g.filter((_, i) => i % 2 === 1)]);
  return {
    values,
    grid: { x0, y0, nx, ny, pitchUm: pitch, sigmaUm: sigma },
    x,
    y,
    bin: Int32Array.from(await column("bin")),
    valid: Float32Array.from({ length: values.T }, (_, t) => (values.valid?.[t] === false ? 0 : 1)),
    baseline: Float64Array.from(baseline),
    grad: Float64Array.from(grad),
  };
}

const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(found.length).toBe(expected.length);
  return Array.from(found).reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i])), 0);
};
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const rowSums = (cells: ArrayLike<number>, nBins: number) => {
  const nVoxels = cells.length / nBins;
  const sums = new Float64Array(nBins);
  for (let i = 0; i < cells.length; i++) sums[Math.floor(i / nVoxels)] += cells[i];
  return sums;
};
const filled = (cells: ArrayLike<number>, nBins: number) =>
  rowSums(
    Array.from(cells, (v) => (v === 0 ? 0 : 1)),
    nBins,
  );

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe.each(["case_spec", "case_large"])("%s", (name) => {
  let set: Case;
  let histogram: Float64Array;
  let stay: ReturnType<typeof tether>;

  beforeAll(async () => {
    set = await read(name);
    const { x, y, bin, values, grid } = set;
    histogram = histogramOracle(x, y, bin, values.T, grid);
    stay = tether([...x, ...y], set.baseline);
  });

  it("in float64: sums, ρ̄, H̄, tether and L to 1e-10, gradient to 1e-9 of its largest entry", () => {
    const { values, valid, x, y, bin, grid, grad } = set;
    expect(worst(rowSums(histogram, values.T), values.sum_H_per_bin)).toBeLessThan(1e-9);
    if (values.nonzero_voxels_per_bin) {
      expect([...filled(histogram, values.T)]).toEqual(values.nonzero_voxels_per_bin);
    }
    const rho = correlationOracle(histogram, values.T, valid, values.W);
    const entropy = entropyOracle(histogram, values.T, valid);
    expect(rho.value).toBeCloseTo(values.rho, 10);
    expect(entropy.value).toBeCloseTo(values.Hbar, 10);
    expect(stay.value).toBeCloseTo(values.tether, 10);
    expect(-rho.value - 0.1 * entropy.value + 0.01 * stay.value).toBeCloseTo(values.L, 10);
    const toHistogram = histogram.map((_, i) => -rho.grad[i] - 0.1 * entropy.grad[i]);
    const toSpikes = gradOracle(x, y, bin, toHistogram, grid);
    const found = [...toSpikes.x, ...toSpikes.y].map((g, i) => g + 0.01 * stay.grad[i]);
    expect(worst(found, grad)).toBeLessThan(1e-9 * largest(grad));
  });

  it("on tensors: H to 1e-5 of its maximum, ρ̄, H̄ and L to 5e-6, gradient to 3e-4 of its largest entry", async () => {
    const { values, valid, bin, grid, grad } = set;
    const [x, y] = [tensor1d(Float32Array.from(set.x)), tensor1d(Float32Array.from(set.y))];
    const bins = tensor1d(bin, "int32") as Tensor1D;
    const cells = softHistogram(x, y, bins, values.T, set.x.length, grid);
    const flat = reshape(cells, [values.T, grid.nx * grid.ny]) as Tensor2D;
    const mask = tensor2d(valid, [values.T, 1]);
    const rho = meanCorrelation(flat, mask, countPairs(valid, values.W), values.W);
    const entropy = meanEntropy(flat, mask, valid.filter(Boolean).length);
    const toHistogram = reshape(add(mul(rho.grad, -1), mul(entropy.grad, -0.1)), cells.shape) as Tensor3D;
    const toSpikes = await softHistogramGrad(x, y, bins, toHistogram, grid).data();
    const found = Float64Array.from(toSpikes, (g, i) => g + 0.01 * stay.grad[i]);

    const [rhoValue, entropyValue] = [(await rho.value.data())[0], (await entropy.value.data())[0]];
    expect(worst(await flat.data(), histogram)).toBeLessThan(1e-5 * largest(histogram));
    expect(Math.abs(rhoValue - values.rho)).toBeLessThan(5e-6);
    expect(Math.abs(entropyValue - values.Hbar)).toBeLessThan(5e-6);
    expect(Math.abs(-rhoValue - 0.1 * entropyValue + 0.01 * stay.value - values.L)).toBeLessThan(5e-6);
    const perBin = values.entropy.map((h, t) => valid[t] * h);
    expect(worst(await entropy.perBin.data(), perBin)).toBeLessThan(1e-5);
    expect(worst(found, grad)).toBeLessThan(3e-4 * largest(grad));
  });
});
