import { beforeAll, describe, expect, it } from "vitest";
import type { Motion } from "../../src/core/types.ts";
import { runRecipe } from "../../src/methods/runRecipe.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ComputeStatus, ParamValues } from "../../src/protocol/methods.ts";
import { rigid } from "../core/motionEdits/curves.ts";

let status: ComputeStatus;
beforeAll(async () => {
  status = await chooseCompute("cpu", () => undefined);
});

function run(motion: Motion | null, params: ParamValues[]) {
  const steps = params.map((one) => ({ method: "clean-motion", params: one }));
  const inputs = { spikes: null, recording: null, waveforms: null, ...(motion ? { motion } : {}) };
  return runRecipe({ driftscope: 1, title: "", seed: 0, steps }, inputs, {
    signal: new AbortController().signal,
    gate: async () => undefined,
    onEvent: () => undefined,
    wantsImage: () => false,
    deliverImage: () => undefined,
    status,
    resume: false,
    inputs: [],
    runtime: "test",
    peakMemoryBytes: () => null,
  });
}

describe("clean-motion as a step of a recipe", () => {
  it("cuts what is too fast and says how much", async () => {
    const { steps } = await run(rigid([0, 2, 90, 91, 8, 8]), [{}]);
    expect([...steps[0].motion!.displacementUm]).toEqual([0, 2, 4, 6, 8, 8]);
    expect(steps[0].summary).toEqual({ n_excursions: 1, cut_fraction: 2 / 6 });
    expect(steps[0]).toMatchObject({ complete: true, params: { speed_threshold: 30, sigma_smooth_s: 0 } });
  });

  it("works on the motion of the step before", async () => {
    const { steps } = await run(rigid([0, 20, 0, 100, 0]), [{ speed_threshold: 50 }, { speed_threshold: 10 }]);
    expect([...steps[0].motion!.displacementUm]).toEqual([0, 20, 0, 0, 0]);
    expect([...steps[1].motion!.displacementUm]).toEqual([0, 0, 0, 0, 0]);
  });

  it("says that it needs a motion", async () => {
    await expect(run(null, [{}])).rejects.toThrow(
      "Clean motion needs a motion; open one, or run a step that estimates one first.",
    );
  });
});
