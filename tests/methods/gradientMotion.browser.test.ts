import { expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { checkParams, type MethodResult } from "../../src/methods/defineMethod.ts";
import { gradientMotion } from "../../src/methods/gradientMotion/gradientMotion.ts";
import { chooseCompute } from "../../src/ops/compute.ts";

/** Two rows of units that move together, with a lateral position. */
function fewSpikes(): SpikeTable {
  const random = new Random(11);
  const n = 400;
  const unit = Array.from({ length: n }, () => random.integer(6));
  const timeSec = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / 50);
  return {
    nSpikes: n,
    timeSec,
    depthUm: timeSec.map((t, i) => 60 + 40 * unit[i] + 10 * Math.sin(t) + 2 * random.normal()),
    xUm: Float64Array.from(unit, (u) => 16 * (u % 2) + random.normal()),
    ampUv: new Float32Array(n).fill(-60),
  };
}

async function motion(timeHorizonSec: number): Promise<Float64Array> {
  const params = { iterations: 12, bin_um: 8, sigma_end_um: 8, smoothing_bins: 1, time_horizon_s: timeHorizonSec };
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const inputs = { spikes: fewSpikes(), recording: null, waveforms: null };
  const run = gradientMotion.run(inputs, checkParams(gradientMotion, params), context);
  let next = await run.next();
  while (!next.done) next = await run.next();
  return (next.value as MethodResult).motion!.displacementUm;
}

it("gives the same motion on webgpu as on the CPU, with and without a horizon", async () => {
  const horizons = [0, 3];
  const onGpu: Float64Array[] = [];
  await chooseCompute("webgpu", () => undefined);
  for (const horizon of horizons) onGpu.push(await motion(horizon));
  await chooseCompute("cpu", () => undefined);
  for (const [i, horizon] of horizons.entries()) {
    const onCpu = await motion(horizon);
    const largest = Math.max(...onCpu.map(Math.abs));
    const difference = Math.max(...onGpu[i].map((v, at) => Math.abs(v - onCpu[at])));
    console.info(`motion up to ${largest.toFixed(2)} µm, largest difference ${difference.toExponential(1)} µm`);
    expect(largest).toBeGreaterThan(3);
    expect(difference).toBeLessThan(0.01 * largest); // float32; Adam's first steps follow the sign of a gradient
  }
});
