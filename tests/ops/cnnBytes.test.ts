import { expect, it } from "vitest";
import { cnnBytesPerSpike, mostSpikes } from "../../src/ops/webgpu/cnnCall.ts";

const baselineBinding = 128 * 2 ** 20;

it("takes 96 kB of GPU memory per spike in training: a block of 40,000 in batches of 4096 stays far below a gigabyte", () => {
  const { all } = cnnBytesPerSpike(3);
  expect(all / 1e3).toBeCloseTo(95.5, 0);
  const positions = 40_000 * 4 * 8;
  expect(4096 * all + positions).toBeLessThan(0.5e9);
  expect(8192 * all + positions).toBeLessThan(1e9);
  expect(mostSpikes(3, baselineBinding)).toBe(11_650);
});
