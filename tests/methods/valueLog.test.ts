import { memory, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { ValueLog } from "../../src/methods/estimators/valueLog.ts";
import { chooseCompute } from "../../src/ops/compute.ts";

beforeAll(() => chooseCompute("cpu", () => undefined));

describe("values of an optimisation", () => {
  it("are read in order, in groups, and nothing of them stays on the backend", async () => {
    const before = memory().numTensors;
    const log = new ValueLog({ names: ["rho", "entropy"], what: "ρ̄", unit: "step" });
    expect(log.last()).toEqual({ rho: Number.NaN, entropy: Number.NaN });
    await log.read();
    log.push(tensor1d([1, 2]));
    log.push(tensor1d([3, 4, 5, 6]));
    expect([log.nPending, log.nSteps]).toEqual([2, 0]);
    await log.read();
    expect([log.nPending, log.nSteps]).toEqual([0, 3]);
    expect(log.values("entropy")).toEqual([2, 4, 6]);
    expect(log.last()).toEqual({ rho: 5, entropy: 6 });
    expect([...log.series().rho.step]).toEqual([0, 1, 2]);
    expect([...log.series().rho.value]).toEqual([1, 3, 5]);
    log.push(tensor1d([7, 8]));
    log.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it("can be made of other numbers, and stop the run with a sentence when they are none", async () => {
    const log = new ValueLog({
      names: ["loss", "real", "fake"],
      nTerms: 2,
      valuesOf: ([real, fake]) => [real + fake, real, fake],
      what: "The loss",
      unit: "step",
    });
    log.push(tensor1d([1, 2]));
    log.push(tensor1d([3, 4]));
    await log.read();
    expect(log.values("loss")).toEqual([3, 7]);
    expect([...log.series().fake.value]).toEqual([2, 4]);
    log.push(tensor1d([Number.NaN, 1]));
    await expect(log.read()).rejects.toThrow(
      "The loss stopped being a number at step 3; a smaller learning_rate usually helps.",
    );
  });
});
