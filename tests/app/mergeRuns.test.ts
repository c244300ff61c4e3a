import { describe, expect, it } from "vitest";
import { keptOf, mergeRuns } from "../../src/app/mergeRuns.ts";
import { outcomeOf } from "../../src/app/outcome.ts";
import { noSpikes } from "../../src/app/spikeColumns.ts";
import type { RunResult, StepResult } from "../../src/protocol/methods.ts";

function step(method: string, changes: Partial<StepResult> = {}): StepResult {
  return {
    method,
    params: {},
    stageSeconds: { [`${method}-stage`]: 2 },
    metrics: {},
    summary: {},
    complete: true,
    ...changes,
  };
}

function run(seed: number, steps: StepResult[], startedAt: string): RunResult {
  return {
    recipe: { driftscope: 1, title: "t", seed, steps: steps.map(({ method, params }) => ({ method, params })) },
    steps,
    provenance: {
      driftscope: "0",
      commit: "c",
      startedAt,
      seed,
      compute: { mode: "cpu", adapter: "a", threads: 1 },
      runtime: "r",
      inputs: [{ path: startedAt, bytes: 1, sha1OfFirstMb: "" }],
      stageSeconds: {},
      peakMemoryBytes: seed,
      complete: steps.every((one) => one.complete),
    },
    log: [{ atSec: 0, event: { kind: "state", state: "done" } }],
  };
}

const order = ["detect", "medicine"];
const detection = run(5, [step("detect")], "first");

describe("mergeRuns", () => {
  it("makes one run of steps that were run one by one, under the recipe's seed", () => {
    const merged = mergeRuns(detection, run(6, [step("medicine", { complete: false })], "second"), 5);
    expect(merged.recipe).toMatchObject({ seed: 5, steps: [{ method: "detect" }, { method: "medicine" }] });
    expect(merged.steps.map((one) => one.method)).toEqual(order);
    expect(merged.provenance).toMatchObject({
      seed: 5,
      startedAt: "first",
      inputs: [{ path: "first" }],
      stageSeconds: { "detect-stage": 2, "medicine-stage": 2 },
      peakMemoryBytes: 6,
      complete: false,
    });
    expect(merged.log).toHaveLength(2);
  });
  it("is the run itself when nothing came before", () => {
    expect(mergeRuns(null, detection, 5)).toBe(detection);
  });
});

describe("keptOf", () => {
  const both = mergeRuns(detection, run(6, [step("medicine", { complete: false })], "second"), 5);
  it("is the steps before the one that runs again", () => {
    expect(keptOf(both, (method) => method === "detect")).toMatchObject({
      recipe: { steps: [{ method: "detect" }] },
      steps: [{ method: "detect" }],
      provenance: { complete: true },
    });
  });
  it("is nothing when the first step runs again, or none had run", () => {
    expect(keptOf(both, () => false)).toBeNull();
    expect(keptOf(null, () => true)).toBeNull();
  });
});

describe("outcomeOf", () => {
  it("names spikes with their rate, channels left out, and the motion", () => {
    const spikes = { ...noSpikes(), nSpikes: 12345 };
    expect(outcomeOf(step("detect", { spikes, summary: { channels_bad: 3 } }), 10)).toBe(
      "12,345 spikes, 1,235/s; 3 channels left out",
    );
    const motion = {
      displacementUm: Float64Array.of(0, 10),
      timeBinCentersSec: Float64Array.of(0, 1),
      depthBinCentersUm: Float64Array.of(5),
    };
    expect(outcomeOf(step("medicine", { motion }), 10)).toBe("Displacement: range 10 µm, 2 time × 1 depth bins");
  });
});
