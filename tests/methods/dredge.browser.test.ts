import { expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { runDredge, spikesOf } from "./dredgeRuns.ts";

/** Forty units over 300 µm for 140 s that sway by ±12 µm: more time bins than a tile has. */
const random = new Random(3);
const units = Array.from({ length: 40 }, () => [300 * random.uniform(), 40 + 60 * random.uniform()]);
const spikes = spikesOf(
  Array.from({ length: 9000 }, (_, i) => {
    const timeSec = (140 * i) / 9000;
    const [depthUm, ampUv] = units[random.integer(units.length)];
    return [timeSec, depthUm + 12 * Math.sin(timeSec / 9) + 2 * random.normal(), -ampUv] as const;
  }),
);
const params = { bin_um: 6, win_step_um: 120, win_scale_um: 120, max_disp_um: 36, probe_low_um: 0, probe_high_um: 320 };

it("gives the same motion on webgpu as on the CPU, over several tiles and windows", async () => {
  await chooseCompute("webgpu", () => undefined);
  const onGpu = (await runDredge(spikes, params)).result.motion!;
  await chooseCompute("cpu", () => undefined);
  const onCpu = (await runDredge(spikes, params)).result.motion!;
  expect(onGpu.depthBinCentersUm.length).toBeGreaterThan(1);
  expect(onGpu.timeBinCentersSec.length).toBe(140);
  const difference = Math.max(...onGpu.displacementUm.map((v, at) => Math.abs(v - onCpu.displacementUm[at])));
  console.info(`DREDge on webgpu: largest difference from CPU mode ${difference.toExponential(1)} µm`);
  expect(Math.max(...onCpu.displacementUm)).toBeGreaterThan(8);
  expect(difference).toBeLessThan(0.05); // a tie between two lags may fall the other way
}, 60_000);
