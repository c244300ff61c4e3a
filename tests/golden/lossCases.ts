import {
  add,
  mul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { it } from "vitest";
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
import { countPairs, meanCorrelation } from "../../src/ops/meanCorrelation.ts";
import { meanEntropy } from "../../src/ops/meanEntropy.ts";
import { softHistogram, softHistogramGrad } from "../../src/ops/softHistogram.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { float64, hold, largest, largestDifference } from "./report.ts";

/** Reference cases of the histogram losses; tolerances are those its description states for float64 and float32. */
const root = "../shared/golden/sln/histogram";

interface Values {
  T: number;
  W: number;
  valid?: boolean[];
  grid: { x0: number; y0: number; nx: number; ny: number; pitch: number; sigma: number };
  rho: number;
  /** of case_large: within two bins */
  rho_W2?: number;
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
  /** some voxels, or all: their index in [T, V], and the value there */
  voxels: { at: ArrayLike<number>; value: Float64Array };
  /** correlation of each two bins, [T, T] */
  ncc: Float64Array;
  /** of case_large: gradients of ρ̄ and of H̄ alone, ordered as `grad` */
  alone?: { rho: Float64Array; entropy: Float64Array };
}

/** All of x, then all of y, of a table of both. */
const columnwise = (xy: Float64Array) =>
  Float64Array.of(...xy.filter((_, i) => i % 2 === 0), ...xy.filter((_, i) => i % 2 === 1));

async function read(name: string): Promise<Case> {
  const values = await fixtureJson<Values>(`${name}/values.json`, root);
  const column = async (file: string) => Float64Array.from((await fixtureNpy(`${name}/${file}.npy`, root)).values);
  const { x0, y0, nx, ny, pitch, sigma } = values.grid;
  const [x, y] = [await column("x_um"), await column("y_um")];
  const baseline = [...(await column("baseline_x_um")), ...(await column("baseline_y_um"))];
  const spec = name === "case_spec";
  const grad = spec ? [...(await column("dL_dx")), ...(await column("dL_dy"))] : columnwise(await column("dL_dxy"));
  const value = await column(spec ? "H_4x31x151" : "voxel_value");
  const place = spec ? null : await column("voxel_index_bin_ix_iy");
  const at = Array.from(value, (_, k) => (place ? (place[3 * k] * nx + place[3 * k + 1]) * ny + place[3 * k + 2] : k));
  return {
    values,
    grid: { x0, y0, nx, ny, pitchUm: pitch, sigmaUm: sigma },
    x,
    y,
    bin: Int32Array.from(await column("bin")),
    valid: Float32Array.from({ length: values.T }, (_, t) => (values.valid?.[t] === false ? 0 : 1)),
    baseline: Float64Array.from(baseline),
    grad: Float64Array.from(grad),
    voxels: { at, value },
    ncc: await column(spec ? "ncc_4x4" : "ncc_8x8"),
    ...(spec
      ? {}
      : { alone: { rho: columnwise(await column("drho_dxy")), entropy: columnwise(await column("dHbar_dxy")) } }),
  };
}

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

/** Entropy of each bin, and correlation of each two, from the means over all: of one bin, or two, alone. */
function ofBins(histogram: Float64Array, { values: { T } }: Case) {
  const only = (...bins: number[]) => Array.from({ length: T }, (_, t) => bins.includes(t));
  const entropy = Array.from({ length: T }, (_, t) => entropyOracle(histogram, T, only(t)).value);
  const ncc = Array.from({ length: T * T }, (_, at) => {
    const [i, j] = [Math.floor(at / T), at % T];
    return i === j ? 1 : correlationOracle(histogram, T, only(i, j), T).value;
  });
  return { entropy, ncc };
}

/** In plain loops; needs nothing of a backend. */
export function lossOracleCase(name: string): void {
  it(`${name} in float64`, async () => {
    const set = await read(name);
    const { values, valid, x, y, bin, grid, grad, baseline, voxels, alone } = set;
    const check = (quantity: string, difference: number, tolerance: number) =>
      hold(`${name}: ${quantity}`, Math.abs(difference), tolerance, float64);
    const histogram = histogramOracle(x, y, bin, values.T, grid);
    const stay = tether([...x, ...y], baseline);
    const sampled = Array.from(voxels.at, (at) => histogram[at]);
    check("H / its largest", largestDifference(sampled, voxels.value) / largest(histogram), 1e-10);
    check("sums of H per bin", largestDifference(rowSums(histogram, values.T), values.sum_H_per_bin), 1e-9);
    const occupied = values.nonzero_voxels_per_bin;
    if (occupied) check("voxels that are not 0", largestDifference(filled(histogram, values.T), occupied), 0);
    const rho = correlationOracle(histogram, values.T, valid, values.W);
    const entropy = entropyOracle(histogram, values.T, valid);
    check("ρ̄, H̄, L", rho.value - values.rho, 1e-10);
    if (values.rho_W2) check("ρ̄, H̄, L", correlationOracle(histogram, values.T, valid, 2).value - values.rho_W2, 1e-10);
    check("ρ̄, H̄, L", entropy.value - values.Hbar, 1e-10);
    check("ρ̄, H̄, L", -rho.value - 0.1 * entropy.value + 0.01 * stay.value - values.L, 1e-10);
    check("tether", stay.value - values.tether, 1e-10);
    const bins = ofBins(histogram, set);
    check("entropy per bin", largestDifference(bins.entropy, values.entropy), 1e-10);
    check("correlations of bins", largestDifference(bins.ncc, set.ncc), 1e-10);
    const toSpikes = (toHistogram: Float64Array) => {
      const { x: xGrad, y: yGrad } = gradOracle(x, y, bin, toHistogram, grid);
      return [...xGrad, ...yGrad];
    };
    for (const [part, expected] of Object.entries(alone ?? {})) {
      const own = toSpikes({ rho, entropy }[part as "rho" | "entropy"].grad);
      check("∂ρ̄/∂xy, ∂H̄/∂xy / their largest", largestDifference(own, expected) / largest(expected), 1e-9);
    }
    const toHistogram = histogram.map((_, i) => -rho.grad[i] - 0.1 * entropy.grad[i]);
    const found = toSpikes(toHistogram).map((g, i) => g + 0.01 * stay.grad[i]);
    check("∂L/∂xy / its largest", largestDifference(found, grad) / largest(grad), 1e-9);
  });
}

/** On the current backend. The tether, which no kernel computes, comes from plain loops. */
export function lossCase(name: string): void {
  it(`${name} on tensors`, async () => {
    const set = await read(name);
    const { values, valid, bin, grid, grad, voxels, alone } = set;
    const check = (quantity: string, difference: number, tolerance: number) =>
      hold(`${name}: ${quantity}`, Math.abs(difference), tolerance);
    const stay = tether([...set.x, ...set.y], set.baseline);
    const [x, y] = [tensor1d(Float32Array.from(set.x)), tensor1d(Float32Array.from(set.y))];
    const bins = tensor1d(bin, "int32") as Tensor1D;
    const cells = softHistogram(x, y, bins, values.T, set.x.length, grid);
    const flat = reshape(cells, [values.T, grid.nx * grid.ny]) as Tensor2D;
    const mask = tensor2d(valid, [values.T, 1]);
    const rho = meanCorrelation(flat, mask, countPairs(valid, values.W), values.W);
    const entropy = meanEntropy(flat, mask, valid.filter(Boolean).length);
    const toSpikes = (toHistogram: Tensor) =>
      softHistogramGrad(x, y, bins, reshape(toHistogram, cells.shape) as Tensor3D, grid).data();
    const both = await toSpikes(add(mul(rho.grad, -1), mul(entropy.grad, -0.1)));
    const found = Float64Array.from(both, (g, i) => g + 0.01 * stay.grad[i]);
    for (const [part, expected] of Object.entries(alone ?? {})) {
      const own = await toSpikes({ rho, entropy }[part as "rho" | "entropy"].grad);
      check("∂ρ̄/∂xy, ∂H̄/∂xy / their largest", largestDifference(own, expected) / largest(expected), 3e-4);
    }

    const histogram = await flat.data();
    const sampled = Array.from(voxels.at, (at) => histogram[at]);
    check("H / its largest", largestDifference(sampled, voxels.value) / largest(histogram), 1e-5);
    const occupied = values.nonzero_voxels_per_bin;
    if (occupied) check("voxels that are not 0", largestDifference(filled(histogram, values.T), occupied), 0);
    const [rhoValue, entropyValue] = [(await rho.value.data())[0], (await entropy.value.data())[0]];
    check("ρ̄, H̄, L", rhoValue - values.rho, 5e-6);
    check("ρ̄, H̄, L", entropyValue - values.Hbar, 5e-6);
    check("ρ̄, H̄, L", -rhoValue - 0.1 * entropyValue + 0.01 * stay.value - values.L, 5e-6);
    const perBin = values.entropy.map((h, t) => valid[t] * h);
    check("entropy per bin", largestDifference(await entropy.perBin.data(), perBin), 1e-5);
    check("∂L/∂xy / its largest", largestDifference(found, grad) / largest(grad), 3e-4);
  });
}
