import { tensor3d } from "@tensorflow/tfjs-core";
import { it } from "vitest";
import { denoiseTpca, fitTpca, projectTpca, type TpcaModel } from "../../src/core/tpca.ts";
import { denoise, project } from "../../src/ops/tpca.ts";
import { float64, hold, largestDifference } from "./report.ts";
import { stored } from "./slnNetworks.ts";

async function fitted(): Promise<{ traces: Float64Array; model: TpcaModel }> {
  const traces = await stored("tpca/traces_counts");
  return { traces, model: fitTpca(traces, 90, 8) };
}

const check = async (name: string, file: string, found: ArrayLike<number>, tolerance: number, machine?: string) =>
  hold(`tPCA: ${name}`, largestDifference(found, await stored(`tpca/${file}`)), tolerance, machine);

/** The fit, which is float64 on every backend, and the projections in plain loops. */
export function tpcaOracleCase(): void {
  it("tPCA in float64", async () => {
    const { traces, model } = await fitted();
    await check("mean", "mean", model.mean, 1e-9, float64);
    await check("components", "components_8x90", model.components, 1e-9, float64);
    await check("shares of the variance", "explained_variance_ratio", model.explained, 1e-9, float64);
    const coefficients = projectTpca(traces.subarray(0, 200 * 90), model);
    await check("coefficients", "coefficients_20x10x8", coefficients, 1e-9, float64);
    // stored as float32
    await check("denoised traces", "denoised_20x10x90", denoiseTpca(coefficients, model), 1.3e-5, float64);
  });
}

/** Projections on the current backend. */
export function tpcaCase(): void {
  it("tPCA on tensors", async () => {
    const { traces, model } = await fitted();
    const coefficients = project(tensor3d(Float32Array.from(traces.subarray(0, 200 * 90)), [20, 10, 90]), model);
    await check("coefficients", "coefficients_20x10x8", await coefficients.data(), 1e-3);
    await check("denoised traces", "denoised_20x10x90", await denoise(coefficients, model).data(), 1e-3);
  });
}
