import { getBackend, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { exclusivePeaks } from "../../src/ops/exclusivePeaks.ts";
import { detectionCutOut, detectionSettings } from "../cases/detectionFixture.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
});

it.each(detectionSettings)("finds SpikeInterface's peaks on webgpu, $name", async (setting) => {
  expect(getBackend()).toBe("webgpu");
  const { traces, nRows, nChannels, rules, expected } = await detectionCutOut(setting);
  const { row, channel, amplitude } = await exclusivePeaks(tensor2d(traces, [nRows, nChannels]), rules);
  expect(Array.from(row, (r, i) => [r, channel[i], amplitude[i]]).flat()).toEqual(expected);
});
