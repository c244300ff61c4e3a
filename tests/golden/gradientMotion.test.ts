import { beforeAll, describe, expect, it } from "vitest";
import { scoreMotion } from "../../src/core/motionScore.ts";
import type { Motion } from "../../src/core/types.ts";
import { checkParams, type MethodResult } from "../../src/methods/defineMethod.ts";
import { gradientMotion } from "../../src/methods/gradientMotion/gradientMotion.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { type DriftSet, realSetAgainstMedicine, simulatedSet } from "../driftSets.ts";
import { fixtureJson } from "../fixture.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

async function estimate({ spikes }: DriftSet, params: ParamValues): Promise<Motion> {
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const inputs = { spikes, recording: null, waveforms: null };
  const run = gradientMotion.run(inputs, checkParams(gradientMotion, params), context);
  let next = await run.next();
  while (!next.done) next = await run.next();
  return (next.value as MethodResult).motion!;
}

const say = (what: string, s: ReturnType<typeof scoreMotion>) =>
  console.info(
    `${what}: RMSE ${s.rmseUm.toFixed(3)} µm, mean |error| ${s.meanAbsUm.toFixed(3)}, r ${s.r.toFixed(4)}, gain ${s.gain.toFixed(3)}`,
  );

interface Accuracy {
  accuracy_dredge_ap_same_metric: { mean_abs_um: number; rmse_um: number };
}

describe("simulated spikes", () => {
  it("non-rigid, with bumps of a few seconds: nearer to the truth than the reference DREDge", async () => {
    const set = await simulatedSet("nonrigid_zigzag_bumps");
    const score = scoreMotion(await estimate(set, {}), set.truth);
    say(set.name, score);
    const { accuracy_dredge_ap_same_metric: dredge } = await fixtureJson<Accuracy>(
      "ref_medicine_2000steps/accuracy.json",
      "../shared/golden/sim_peaks/nonrigid_zigzag_bumps",
    );
    expect(score.rmseUm).toBeLessThan(dredge.rmse_um);
    expect(score.meanAbsUm).toBeLessThan(dredge.mean_abs_um);
  });

  it("rigid: within half a µm, where DREDge, which looks at whole microns, happens to be at 0.1", async () => {
    const set = await simulatedSet("rigid_zigzag");
    const score = scoreMotion(await estimate(set, { num_depth_levels: 1 }), set.truth);
    say(set.name, score);
    expect(score.rmseUm).toBeLessThan(0.5);
  });
});

describe("the real recording", () => {
  it("moves as MEDiCINe says it does, by another principle", async () => {
    const set = await realSetAgainstMedicine();
    const score = scoreMotion(await estimate(set, {}), set.truth);
    say(set.name, score);
    expect(score.r).toBeGreaterThan(0.99);
    expect(score.meanAbsUm).toBeLessThan(6);
    expect(Math.abs(score.gain - 1)).toBeLessThan(0.05);
  });
});
