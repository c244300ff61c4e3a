import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { symmetricEigen } from "../../src/core/symmetricEigen.ts";
import { denoiseTpca, fitTpca, projectTpca } from "../../src/core/tpca.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Array.from(expected).reduce((most, v, i) => Math.max(most, Math.abs(found[i] - v)), 0);

describe("eigenvectors of a symmetric matrix", () => {
  it("by hand", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(worst(values, [3, 1])).toBeLessThan(1e-15);
    expect(worst(vectors.map(Math.abs), [Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2])).toBeLessThan(1e-15);
  });

  it("are orthonormal and give the matrix back, equal eigenvalues and zeros included", () => {
    const n = 12;
    const random = new Random(1);
    const half = Float64Array.from({ length: n * n }, (_, i) => (i % n < 7 ? random.normal() : 0)); // rank 7
    const matrix = Float64Array.from({ length: n * n }, (_, ij) => {
      const [i, j] = [Math.floor(ij / n), ij % n];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += half[i * n + k] * half[j * n + k];
      return sum;
    });
    const { values, vectors } = symmetricEigen(matrix, n);
    const back = new Float64Array(n * n);
    const gram = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) {
          back[i * n + j] += values[k] * vectors[k * n + i] * vectors[k * n + j];
          gram[i * n + j] += vectors[i * n + k] * vectors[j * n + k];
        }
      }
    }
    expect(worst(back, matrix)).toBeLessThan(1e-13);
    expect(
      worst(
        gram,
        Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
      ),
    ).toBeLessThan(1e-14);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
  });
});

describe("tPCA against a singular value decomposition", () => {
  it("has its mean, components, shares, coefficients and denoised traces", async () => {
    const traces = await fixtureFloats("tpca/traces_counts.npy");
    const read = async (name: string) => (await fixtureNpy(`tpca/${name}.npy`)).values;
    const model = fitTpca(traces, 90, 8);
    expect(worst(model.mean, await read("mean"))).toBeLessThan(1e-9);
    expect(worst(model.components, await read("components_8x90"))).toBeLessThan(1e-9);
    expect(worst(model.explained, await read("explained_variance_ratio"))).toBeLessThan(1e-9);
    const coefficients = projectTpca(traces.subarray(0, 200 * 90), model);
    expect(worst(coefficients, await read("coefficients_20x10x8"))).toBeLessThan(1e-9);
    // the stored denoised traces are float32
    expect(worst(denoiseTpca(coefficients, model), await read("denoised_20x10x90"))).toBeLessThan(1.3e-5);
  });

  it("survives traces without any variance", () => {
    const model = fitTpca(new Float32Array(40).fill(3), 10, 2);
    expect([...model.explained]).toEqual([0, 0]);
    expect(worst(denoiseTpca(projectTpca(new Float32Array(10).fill(3), model), model), new Array(10).fill(3))).toBe(0);
  });
});
