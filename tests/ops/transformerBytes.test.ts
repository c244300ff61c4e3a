import { expect, it } from "vitest";
import { transformerBytesPerSpike } from "../../src/ops/webgpu/transformerCall.ts";

it("keeps a batch of 4096 spikes within a baseline GPU's bindings and 1.1 GB", () => {
  const { all, largest } = transformerBytesPerSpike();
  expect(4096 * largest).toBeLessThanOrEqual(128 * 2 ** 20);
  expect(4096 * all).toBeLessThan(1.1e9);
  expect(all).toBeGreaterThan(4 * largest); // four layers keep q, k and v
});
