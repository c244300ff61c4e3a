import { beforeAll, describe, expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { goldenDifferences, goldenTolerance } from "./goldenSteps.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

describe("MEDiCINe against ten steps of the reference, wasm", () => {
  it("default start", async () => {
    const found = await goldenDifferences("default_D2");
    console.info("medicine steps, wasm:", JSON.stringify(found));
    for (const [name, limit] of Object.entries(goldenTolerance)) {
      expect(found[name as keyof typeof found], name).toBeLessThanOrEqual(limit);
    }
  });
});
