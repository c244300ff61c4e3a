import { describe, expect, it } from "vitest";
import { checkParams, type Machine, type MethodInputs } from "../../src/methods/defineMethod.ts";
import { slnJoint } from "../../src/methods/slnJoint/slnJoint.ts";
import { slnPretrain } from "../../src/methods/slnPretrain/slnPretrain.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { scatteredSpikes } from "../paint/synthetic.ts";

const cpu: Machine = { mode: "cpu", threads: 2 };
const gpu: Machine = { mode: "webgpu", threads: 1 };

/** MB that a step says it needs on spikes of 100 s. */
function megabytes(
  method: typeof slnJoint,
  nSpikes: number,
  params: ParamValues,
  machine: Machine,
  more: Partial<MethodInputs> = {},
): number {
  const inputs: MethodInputs = { spikes: scatteredSpikes(nSpikes), recording: null, waveforms: null, ...more };
  return method.estimate!(inputs, checkParams(method, params), machine)!.memoryBytes / 1e6;
}

describe("what a training needs, before it starts", () => {
  it("is nothing to be said without spikes", () => {
    const inputs: MethodInputs = { spikes: null, recording: null, waveforms: null };
    for (const method of [slnPretrain, slnJoint])
      expect(method.estimate!(inputs, checkParams(method, {}), cpu)).toBeNull();
  });

  it("grows with spikes, by a few hundred bytes each", () => {
    for (const method of [slnPretrain, slnJoint]) {
      const perSpike = (megabytes(method, 110_000, {}, cpu) - megabytes(method, 100_000, {}, cpu)) / 0.01;
      expect(perSpike).toBeGreaterThan(200);
      expect(perSpike).toBeLessThan(600);
    }
  });

  it("is bounded by the parts that a block goes in, on either machine", () => {
    const narrow = megabytes(slnJoint, 100_000, { block_bins: 32 }, gpu);
    const wide = megabytes(slnJoint, 100_000, { block_bins: 96, window_bins: 32 }, gpu);
    expect(wide - narrow).toBeLessThan(20);
    expect(narrow).toBeLessThan(700);
    const running = megabytes(slnJoint, 100_000, {}, cpu);
    const batch = megabytes(slnJoint, 100_000, { batch_norm: "batch" }, cpu);
    expect(batch - running).toBeCloseTo(0.062 * 2048, 6);
  });

  it("counts what is there of places already", () => {
    const there = { monopolar: new Float32Array(0), com: new Float32Array(0) };
    const more = megabytes(slnJoint, 100_000, {}, cpu, { locations: there }) - megabytes(slnJoint, 100_000, {}, cpu);
    expect(more).toBeCloseTo((2 * 16 * 100_000) / 1e6, 6);
  });

  it("is larger for the transformer", () => {
    const [cnn, transformer] = ["cnn", "transformer"].map((network) =>
      megabytes(slnPretrain, 20_000, { network }, gpu),
    );
    expect(transformer).toBeGreaterThan(cnn + 200);
  });
});
